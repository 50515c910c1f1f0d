"""kill -9 at chance moments: what a run had acted on is on disk, and the check says that the capture is cut."""

from __future__ import annotations

import asyncio
import json
import random
from itertools import count
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from tests.end_to_end.asked import RUN, THINKING, serve_asked
from tests.end_to_end.runs import finish, start, write_triage, wscheck_here
from wscheck.capture import read_capture
from wscheck.record import Message

_CHANCE = random.Random(9)
MOMENTS = [(_CHANCE.randrange(1, 400), suffix) for suffix in (".jsonl", ".jsonl.gz") for _ in range(10)]


class Thoughts:
    """One endless run of numbered thoughts; an answer is sent only after its thought was kept, so answers are proof."""

    def __init__(self, due: int) -> None:
        self.answers = 0
        self.enough = asyncio.Event()
        self._due = due

    async def tell(self, connection: ServerConnection) -> None:
        await connection.send(json.dumps(RUN[0]))
        for number in count(1):
            payload = {**THINKING["payload"], "step_number": number}
            await connection.send(json.dumps({**THINKING, "run_id": RUN[0]["run_id"], "payload": payload}))
            await connection.recv()
            self.answers += 1
            if self.answers >= self._due:
                self.enough.set()


@pytest.mark.parametrize(("moment", "suffix"), MOMENTS)
async def test_a_killed_run_loses_no_record_that_it_had_acted_on(
    moment: int, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = write_triage(tmp_path)
    scenario.write_text(f"{scenario.read_text()}      - {{on: agent_thinking, send: {{type: heartbeat}}}}\n")
    thoughts, capture = Thoughts(moment), tmp_path / f"c{suffix}"
    async with serve_asked(thoughts.tell) as server:
        process = await start("run", scenario, "--url", server.url, "--save-capture", capture, folder=tmp_path)
        async with asyncio.timeout(60):
            await thoughts.enough.wait()
        process.kill()
        done = await finish(process)
    assert done.code == -9, done.said
    with read_capture(capture) as reading:
        kept = [record for record in reading if isinstance(record, Message) and record.direction == "received"]
    assert reading.truncated
    assert len([record for record in kept if '"agent_thinking"' in (record.text or "")]) >= thoughts.answers
    checked = wscheck_here(capsys, "check", "agent-events@2", capture)
    assert checked.code == 4, checked.said
    assert "it was cut" in checked.out
    assert "Traceback" not in checked.said
