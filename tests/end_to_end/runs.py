"""What the end-to-end tests share: scenarios against a server on loopback, in this process or as a command."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from examples.agent_server import DEMO_KEY
from wscheck.cli import main
from wscheck.finding import Severity
from wscheck.result import Outcome, Result, merge
from wscheck.run import Options, Ran, run_scenario
from wscheck.shipped import schemas

KEY = "AGENT_JWT_KEY"
AGENT_EVENTS = schemas() / "agent-events" / "2.0.0"
TRIAGE = AGENT_EVENTS / "scenarios" / "triage-run.yaml"
CONFORMING = AGENT_EVENTS / "captures" / "conforming" / "two-runs-interleaved.jsonl"
BREAKING = AGENT_EVENTS / "captures" / "breaking" / "completed-twice.jsonl"
NOWHERE = "ws://127.0.0.1:9/ws"
"""Where nothing listens."""
T = TypeVar("T")
COMMAND = (sys.executable, "-m", "wscheck")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A command that has ended. A negative ``code`` is the signal that killed it."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything that it printed."""
        return self.out + self.err


def write_triage(folder: Path, *, listen: float = 5.0, welcome: float = 10.0) -> Path:
    """Write the shipped scenario into ``folder``, with deadlines of its own, in seconds."""
    text = TRIAGE.read_text(encoding="utf-8")
    path = folder / "triage.yaml"
    path.write_text(text.replace("within: 30\n", f"within: {listen}\n").replace("within: 10\n", f"within: {welcome}\n"))
    return path


def run_here(scenario: Path, url: str, folder: Path, **options: Any) -> Ran:
    """Run a scenario in this process. Its capture is kept in ``folder``."""
    return run_scenario(scenario, Options(url=url, keep=folder, **{"environ": {KEY: DEMO_KEY}, **options}))


async def run_against(server: AbstractAsyncContextManager[Any], scenario: Path, folder: Path, **options: Any) -> Ran:
    """Run a scenario in this process against ``server``, which gives a URL, or has one."""
    async with server as found:
        url = found if isinstance(found, str) else found.url
        return await asyncio.to_thread(run_here, scenario, url, folder, **options)


@contextmanager
def background(server: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Let ``server`` serve from a thread of its own."""
    found: Future[tuple[T, Callable[[], object]]] = Future()

    async def hold() -> None:
        loop, leave = asyncio.get_running_loop(), asyncio.Event()
        async with server as value:
            found.set_result((value, partial(loop.call_soon_threadsafe, leave.set)))
            await leave.wait()

    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(asyncio.run, hold())
        value, leave = found.result(timeout=10)
        try:
            yield value
        finally:
            leave()
            held.result()


async def start(
    *arguments: object, folder: Path, environ: Mapping[str, str] | None = None, **options: Any
) -> asyncio.subprocess.Process:
    """Start a command in ``folder``, where its captures go."""
    ours = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    environ = {**ours, "PYTHONPATH": str(Path(__file__).parents[2]), KEY: DEMO_KEY, **(environ or {})}
    options = {"stdin": asyncio.subprocess.DEVNULL, "stdout": PIPE, "stderr": PIPE, **options}
    return await asyncio.create_subprocess_exec(
        *COMMAND, *map(str, arguments), cwd=folder, env=environ, start_new_session=True, **options
    )


async def finish(process: asyncio.subprocess.Process, stdin: bytes | None = None) -> Finished:
    """Wait for a command to end."""
    async with asyncio.timeout(60):
        out, err = await process.communicate(stdin)
    assert process.returncode is not None
    return Finished(code=process.returncode, out=(out or b"").decode(), err=(err or b"").decode())


async def wscheck(*arguments: object, folder: Path, **options: Any) -> Finished:
    """Run a command to its end."""
    return await finish(await start(*arguments, folder=folder, **options))


def wscheck_here(capsys: pytest.CaptureFixture[str], *arguments: object) -> Finished:
    """Run a command in this process: a second faster."""
    code = main(list(map(str, arguments)))
    out, err = capsys.readouterr()
    return Finished(code=code, out=out, err=err)


def merged(*outcomes: Outcome) -> Result:
    """Return what a report would be made from."""
    return merge(outcomes, tool="wscheck", engine="none", fail_on=Severity.ERROR)


def errors(outcome: Outcome) -> list[str]:
    """Return the codes of the findings of severity error, in their order."""
    return [finding.code for finding in outcome.findings if finding.severity is Severity.ERROR]
