"""Commands as real processes, many at once: asked of one forker, and awaited."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "tests.transport.forker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended. A negative ``code`` is the signal that killed it. ``kilobytes``: its largest memory."""

    code: int
    seconds: float
    kilobytes: int


@dataclass(slots=True, kw_only=True)
class Child:
    """A command that has begun: its process id as soon as it is known, and how it ended."""

    pid: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    ended: asyncio.Future[Ended] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Forks:
    """Starts commands in a forker."""

    def __init__(self, forker: asyncio.subprocess.Process) -> None:
        self._forker = forker
        self._numbers = count(1)
        self._children: dict[int, Child] = {}

    def start(
        self,
        *arguments: str,
        folder: Path,
        environ: Mapping[str, str],
        limits: Mapping[str, int] | None = None,
        instead: Sequence[str] = (),
    ) -> Child:
        """Start a command in ``folder``; what it prints goes to the files stdout and stderr there."""
        number, child = next(self._numbers), Child()
        self._children[number] = child
        asked: dict[str, Any] = {"limits": dict(limits or {}), "instead": list(instead), "warm_up": False}
        self._ask({"number": number, "arguments": arguments, "folder": str(folder), "environ": dict(environ), **asked})
        return child

    def warm_up(self, *arguments: str, folder: Path, environ: Mapping[str, str]) -> None:
        """Let the forker itself run a command, so that no child after it has to load what it needs."""
        self._ask({"arguments": arguments, "folder": str(folder), "environ": dict(environ), "warm_up": True})

    def _ask(self, asked: Mapping[str, Any]) -> None:
        assert self._forker.stdin
        self._forker.stdin.write(json.dumps(asked).encode() + b"\n")

    async def listen(self) -> None:
        """Take in what the forker tells, until it ends."""
        assert self._forker.stdout
        async for line in self._forker.stdout:
            told = json.loads(line)
            child = self._children[told.pop("number")]
            if "pid" in told:
                child.pid.set_result(told["pid"])
            else:
                child.ended.set_result(Ended(**told))


@asynccontextmanager
async def forking() -> AsyncIterator[Forks]:
    """Give what starts commands; it ends with all that it started."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    forker = await asyncio.create_subprocess_exec(
        *COMMAND, cwd=ROOT, env=environ, stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    forks = Forks(forker)
    listening = asyncio.create_task(forks.listen())
    try:
        yield forks
    finally:
        assert forker.stdin
        forker.stdin.close()
        await listening
        await forker.wait()
