"""A stall of ours is never a finding: processes stopped and continued by chance, while the server does what it must."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from websockets.asyncio.server import Server, ServerConnection
from websockets.asyncio.server import serve as listen
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request

from tests.support.toy import CONTRACT, write_toy
from tests.transport.forks import Forks, forking
from wscheck.capture import read_capture
from wscheck.record import Stall

MOMENTS = ("opening", "welcome", "turn", "turn")
"""What wscheck waits for as it is stopped; the server does just that meanwhile."""

LONG = 1.3
"""Surely more than the second after which silence proves nothing, as wscheck measures it: in tenths of a second."""

UNHEARD_OF = "unheard-of"
_SHORT = 0.9
_LOOSE = 10.0


@dataclass(slots=True, kw_only=True)
class Standstill:
    """One process that stands still for ``seconds`` at ``moment``; its deadlines are half of that where it is long.

    ``broken``: one event that the server sends is one that the contract does not know.
    """

    moment: str
    seconds: float
    broken: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def limit(self) -> float:
        """The deadlines, of the contract and of the scenario: what is read late must not be held against the server."""
        return self.seconds / 2 if self.seconds >= LONG else self.seconds + _LOOSE

    async def at(self, moment: str) -> None:
        """Wait until wscheck has been stopped, where ``moment`` is the one."""
        if self.moment == moment:
            self.reached.set()
            await self.stopped.wait()
            self.done.set()


def make_standstills(number: int, random: Random, *, longest: float) -> list[Standstill]:
    """Return so many, their seconds spread from a tenth to ``longest``, one in five with a broken stream."""
    step = (longest - 0.1) / max(number - 1, 1)
    seconds = [0.1 + place * step for place in range(number)]
    # About the second from which a stall proves nothing, nothing is promised of deadlines.
    return [
        Standstill(
            moment=random.choice(MOMENTS), seconds=each if not _SHORT < each < LONG else LONG, broken=not place % 5
        )
        for place, each in enumerate(seconds)
    ]


async def soak_stalls(number: int, *, seed: int, folder: Path, longest: float, at_once: int = 20) -> list[str]:
    """Let so many processes stand still, and return a sentence for each thing that was not as it must be."""
    turns, made = asyncio.Semaphore(at_once), make_standstills(number, Random(seed), longest=longest)
    async with forking() as forks:

        async def look(place: int, standstill: Standstill) -> list[str]:
            async with turns:
                own = folder / f"stall-{place}"
                own.mkdir()
                what = f"a stall of {standstill.seconds:.2f} s at the {standstill.moment}"
                return [f"{what}: {wrong}" for wrong in await look_at(standstill, own, forks)]

        found = await asyncio.gather(*(look(place, standstill) for place, standstill in enumerate(made)))
    return [wrong for each in found for wrong in each]


async def look_at(made: Standstill, folder: Path, forks: Forks) -> list[str]:
    """Run once against a server, with a standstill, and return what was not as it must be."""
    steps = f"{{expect: welcome, within: {_LOOSE + made.limit}}}, {{send: {{type: say, id: x}}}}"
    expect = f"{{expect: turn, within: {made.limit}, required: true}}"
    write_toy(folder, f"  a: {{steps: [{steps}, {expect}]}}\n")
    limits = f", within: {made.limit}, gap: {made.limit}}}"
    (folder / "toy.yaml").write_text(CONTRACT.replace('order: "said+, done"}', f'order: "said+, done"{limits}'))
    async with _serve(made) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
        options = ["--url", url, "--save-capture", "c.jsonl", "--report", "json=r.json"]
        child = forks.start("run", "trial.yaml", *options, folder=folder, environ={"PATH": "/usr/bin:/bin"})
        async with asyncio.timeout(300 + 3 * made.seconds):
            pid = await child.pid
            await made.reached.wait()
            os.kill(pid, signal.SIGSTOP)
            made.stopped.set()
            await made.done.wait()
            await asyncio.sleep(made.seconds)  # the time itself is what is looked at
            os.kill(pid, signal.SIGCONT)
            ended = await child.ended
    return _judge(made, ended.code, folder)


def _judge(made: Standstill, code: int, folder: Path) -> list[str]:
    findings = json.loads((folder / "r.json").read_text())["findings"]
    failing = [f"{one['code']}: {one['message']}" for one in findings if one["verdict"] == "fail"]
    stalls = _read_stalls(folder / "c.jsonl")
    due = [one for one in failing if UNHEARD_OF in one] if made.broken else []
    if made.broken and not due and code != 3:  # 3: for the stall, nothing was opened
        return [f"it exits with {code}, and the stream is broken"]
    wrong = [f"it finds {one}" for one in failing if one not in due]
    if due:
        return wrong + ([f"it exits with {code}"] if code != 1 else [])
    if code not in {0, 3, 4}:
        wrong.append(f"it exits with {code}")
    if code and not (made.seconds >= LONG or any(seconds > 1 for seconds in stalls)):
        wrong.append(f"it exits with {code}, and nothing stood still for long: {stalls}")
    if made.moment == "turn" and made.seconds >= LONG and not any(seconds > 1 for seconds in stalls):
        wrong.append("the capture does not tell of the stall")
    return wrong


def _read_stalls(path: Path) -> Sequence[float]:
    with read_capture(path) as capture:
        return [record.seconds for record in capture if isinstance(record, Stall)]


@asynccontextmanager
async def _serve(made: Standstill) -> AsyncIterator[Server]:
    async def look(_connection: ServerConnection, _request: Request) -> None:
        await made.at("opening")

    async def hold(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await made.at("welcome")
            await connection.send('{"type": "welcome"}')
            await connection.recv()
            await connection.send('{"type": "said", "id": "x"}')
            if made.broken:
                await connection.send(f'{{"type": "{UNHEARD_OF}"}}')
            await (await connection.ping())
            await made.at("turn")
            await connection.send('{"type": "done", "id": "x"}')
            await connection.wait_closed()

    async with listen(hold, "127.0.0.1", 0, process_request=look, ping_interval=None, open_timeout=None) as server:
        yield server
