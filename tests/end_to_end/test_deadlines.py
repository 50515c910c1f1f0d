"""A welcome, then nothing: a failure only where a deadline of the contract passed while we provably listened."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.end_to_end.runs import errors, merged, run_against
from tests.support.raw_server import CLOSE, PING, PONG, TEXT, Peer, close_frame, frame, raw_server
from wscheck.capture import read_capture
from wscheck.record import Stall
from wscheck.run import Ran

CONTRACT = """
wscheck: 1
name: brisk
version: "1.0.0"
event_name: /type
events:
  hello:
  question: {from: client}
  answer:
  began:
  went_on:
  ended:
scopes:
  connection:
    order: $open, hello, (question | answer | job)*, $close?
    rules:
      - {id: answered, ask: question, with: [answer, began], within: 0.5}
  job:
    key: /id
    order: began, went_on*, ended
"""
SCENARIO = """
wscheck: 1
scenario: brisk
contract: brisk.yaml
deadline: {welcome: 0.5}
sessions:
  ada:
    identity: ada-0001
    steps:
      - {expect: hello}
      - {send: {type: question}}
      - {expect: ended, within: LISTEN}
"""
LATE, QUIET = "    within: 0.5\n", "    gap: 0.5\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the server does after the question: says ``says``, and ``seconds`` later ``then``, answering pings or not.

    ``deadline`` is added to the contract's scope job; ``listen`` is how long the scenario waits, in seconds.
    """

    says: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    seconds: float = 0.0
    pongs: bool = True
    ending: str = ""
    deadline: str = ""
    listen: float = 1.0
    exit: int
    codes: tuple[str, ...]


SILENT = Row(exit=1, codes=("ask", "expect"))
BEGUN = Row(says=("began",), exit=4, codes=("expect", "incomplete"))
GOING_ON = Row(says=("began",), then=("went_on",), seconds=0.7, exit=4, codes=("expect", "incomplete"))

ROWS = {
    "no answer, and a pong after the deadline": SILENT,
    "no answer, and we stopped before the deadline": replace(SILENT, listen=0.05, exit=4, codes=("expect", "ask")),
    "no answer, and no pong either": replace(SILENT, pongs=False, exit=4, codes=("expect", "ask")),
    "no answer, no pong, and we stopped before": replace(
        SILENT, pongs=False, listen=0.05, exit=4, codes=("expect", "ask")
    ),
    "an answer after the deadline": replace(SILENT, then=("answer",), seconds=0.7),
    "an answer after the deadline, but no pong": replace(SILENT, then=("answer",), seconds=0.7, pongs=False),
    "no answer, and a closing": replace(SILENT, ending="close", codes=("expect", "ask")),
    "no answer, and TCP is lost": replace(SILENT, ending="drop", exit=4, codes=("expect", "abnormal-close", "ask")),
    "a job without a deadline": BEGUN,
    "a job that is late": replace(BEGUN, deadline=LATE, exit=1, codes=("too-late", "expect")),
    "a job that is not late yet": replace(BEGUN, deadline=LATE, listen=0.05),
    "a job that is late, and no pong": replace(BEGUN, deadline=LATE, pongs=False, codes=("expect", "too-late")),
    "a job that is quiet": replace(BEGUN, deadline=QUIET, exit=1, codes=("too-quiet", "expect", "incomplete")),
    "a job that is not quiet yet": replace(BEGUN, deadline=QUIET, listen=0.05),
    "a job that is quiet, and no pong": replace(BEGUN, deadline=QUIET, pongs=False,
                                                codes=("expect", "too-quiet", "incomplete")),
    "a job that was quiet for a time": replace(GOING_ON, deadline=QUIET, exit=1,
                                               codes=("too-quiet", "expect", "incomplete")),
    "a job that ends late": replace(BEGUN, deadline=LATE, then=("ended",), seconds=0.7, exit=1, codes=("too-late",)),
    "a job that ends in time": replace(BEGUN, deadline=LATE + QUIET, then=("ended",), exit=0, codes=()),
}  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Ran]]]:
    """A run for each row, all at once: they do little but wait."""
    with ThreadPoolExecutor(len(ROWS)) as pool:
        yield {name: pool.submit(_run, row, tmp_path_factory.mktemp("brisk")) for name, row in ROWS.items()}


def _run(row: Row, folder: Path) -> Ran:
    (folder / "brisk.yaml").write_text(CONTRACT + row.deadline)
    (folder / "scenario.yaml").write_text(SCENARIO.replace("LISTEN", str(row.listen)))
    return asyncio.run(run_against(_serve(row), folder / "scenario.yaml", folder))


@asynccontextmanager
async def _serve(row: Row) -> AsyncIterator[str]:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=_events("hello"))
        async with asyncio.TaskGroup() as tasks:
            while True:
                opcode, data = await peer.read_frame()
                if opcode == TEXT:
                    tasks.create_task(_answer(peer, row))
                elif opcode == PING and row.pongs:
                    await peer.send(frame(PONG, data))
                elif opcode == CLOSE:
                    await peer.send(frame(CLOSE, data))
                    return

    async with raw_server(behave) as address:
        yield f"ws://{address}/ws"


async def _answer(peer: Peer, row: Row) -> None:
    await peer.send(_events(*row.says))
    await asyncio.sleep(row.seconds)
    await peer.send(_events(*row.then))
    if row.ending == "close":
        await peer.send(close_frame(1000))
    elif row.ending == "drop":
        peer.reset()


def _events(*names: str) -> bytes:
    return b"".join(frame(TEXT, json.dumps({"type": name, "id": 1}).encode()) for name in names)


@pytest.mark.parametrize("name", ROWS)
def test_silence_is_a_failure_only_past_a_deadline_and_with_proof_of_attention(
    name: str, runs: Mapping[str, Future[Ran]]
) -> None:
    ran, row = runs[name].result(), ROWS[name]
    code, codes = merged(ran.outcome).exit_code, errors(ran.outcome)
    if _has_stalled(ran):  # on a busy machine: then less can be proven, and it is found elsewhere
        assert code in {row.exit, 4}, ran.outcome.why
        assert sorted(codes) == sorted(row.codes), ran.outcome.why
    else:
        assert (code, tuple(codes)) == (row.exit, row.codes), ran.outcome.why


def _has_stalled(ran: Ran) -> bool:
    with read_capture(ran.capture) as capture:
        return any(isinstance(record, Stall) for record in capture)
