"""wscheck itself stands still, stopped or kept busy: that is told as a stall, and never held against the server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen

from tests.end_to_end.runs import finish, run_here, start
from tests.support.toy import write_toy
from wscheck.capture import read_capture
from wscheck.finding import Verdict
from wscheck.record import Message, Record, Stall

STOPPED = 1.4
"""More than the second after which silence proves nothing."""

STEPS = "[{expect: welcome}, {send: {type: say, id: x}}, {expect: turn, within: WITHIN}]"


@dataclass(slots=True)
class Told:
    """A server at ``url`` that begins a turn, sets ``began``, and ends it when ``go_on`` is set."""

    url: str = ""
    began: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    sent: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def serve_turn() -> AsyncIterator[Told]:
    told = Told()

    async def hold(connection: ServerConnection) -> None:
        await connection.send('{"type": "welcome"}')
        await connection.recv()
        await connection.send('{"type": "said", "id": "x"}')
        await (await connection.ping())
        told.began.set()
        await told.go_on.wait()
        await connection.send('{"type": "done", "id": "x"}')
        told.sent.set()
        await connection.wait_closed()

    async with listen(hold, "127.0.0.1", 0, ping_interval=None) as server:
        told.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
        yield told


def stalls(path: Path) -> list[Record]:
    with read_capture(path) as capture:
        records = list(capture)
    assert not capture.truncated
    return [record for record in records if isinstance(record, Stall) and record.seconds >= 1]


@pytest.mark.parametrize(
    ("within", "limit", "codes"),
    [
        (30, "", {0}),
        (30, ", within: 0.5", {4}),
        (0.5, "", {0, 4}),
    ],  # the last: as it wakes, what came may be heard first
    ids=["no deadline", "a deadline of the contract", "a deadline of the scenario"],
)
async def test_a_process_that_is_stopped_for_a_while_blames_nobody(
    within: float, limit: str, codes: set[int], tmp_path: Path
) -> None:
    scenario = write_toy(tmp_path, f"  a: {{steps: {STEPS.replace('WITHIN', str(within))}}}\n")
    contract = tmp_path / "toy.yaml"
    contract.write_text(contract.read_text().replace('order: "said+, done"', f'order: "said+, done"{limit}'))
    async with serve_turn() as server:
        options = ["--url", server.url, "--save-capture", "c.jsonl", "--format", "json"]
        process = await start("run", scenario, *options, folder=tmp_path)
        await server.began.wait()
        os.kill(process.pid, signal.SIGSTOP)
        server.go_on.set()
        await server.sent.wait()
        await asyncio.sleep(STOPPED)  # the time itself is what is looked at
        os.kill(process.pid, signal.SIGCONT)
        done = await finish(process)
    assert done.code in codes, done.said
    assert stalls(tmp_path / "c.jsonl")
    findings = json.loads(done.out)["findings"]
    assert [one for one in findings if one["verdict"] == "fail"] == []


async def test_an_event_loop_that_stands_still_is_told_as_well(tmp_path: Path) -> None:
    scenario = write_toy(tmp_path, f"  a: {{steps: {STEPS.replace('WITHIN', '30')}}}\n")

    def dawdle(record: Record) -> None:
        if isinstance(record, Message) and "said" in (record.text or ""):
            time.sleep(STOPPED)  # what is looked at, as above

    async with serve_turn() as server:
        server.go_on.set()
        ran = await asyncio.to_thread(run_here, scenario, server.url, tmp_path, follow=dawdle)
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome.why
    assert stalls(ran.capture)
