"""The Autobahn cases, served by kosoku, against wscheck's own client: nothing fails but what its library documents."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import pytest

from wscheck.auth import Handshake
from wscheck.event import Event, Observation
from wscheck.record import Closed, Message, Record, Violation
from wscheck.scenario.actions import Action, Answered, Send, StepOutcome, Unasked, Wait
from wscheck.scenario.model import Deadlines
from wscheck.wire.client import hold
from wscheck.wire.plan import Plan

pytestmark = [
    pytest.mark.skipif(
        find_spec("kosoku") is None,
        reason="NO AUTOBAHN CASE IS RUN: no kosoku here; pip install -e '.[servers]'",
    ),
]

SECTIONS = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"]
CASES = 247
AT_ONCE = 16

DOCUMENTED = {"7.1.5"}
"""A close frame inside a fragmented message: websockets fails the connection with 1002, where an answer is due."""

BREAKS_FRAMING = {
    *(f"3.{number}" for number in range(1, 8)),  # reserved bits
    *(f"4.{part}.{number}" for part in (1, 2) for number in range(1, 6)),  # reserved opcodes
    "2.5",  # a ping of 126 bytes
    *("5.1", "5.2", "5.9", "5.10", "5.11", "5.12", "5.13", "5.14", "5.15", "5.16", "5.17", "5.18"),  # fragments
    *("7.1.5", "7.3.2", "7.3.6", "7.5.1"),  # close frames
    *(f"7.9.{number}" for number in range(1, 10)),  # close codes that nobody may send
    *("7.13.1", "7.13.2"),
}
"""The cases in which the server breaks the framing of RFC 6455, and wscheck says so."""

SEEN_AT_ONCE = {"7.1.4"}
"""The case in which a message comes after the close frame: it is told where both came at once, which is chance."""


@dataclass(slots=True)
class Echo:
    """Sends every message back, but text that is no UTF-8, which nobody could send; ends when the peer does."""

    said: deque[Send] = field(default_factory=deque)

    def act(self, now: float) -> Action:
        return self.said.popleft() if self.said else Wait(until=now + 60, awaiting="a message")

    def see(self, observations: Sequence[Observation], now: float) -> None:
        for message in (one.event.value for one in observations):
            if isinstance(message, Message) and message.opcode is None:
                self.said.append(Send(text=message.text, binary=message.binary))

    def answered(self, answer: Answered | Unasked | str, now: float) -> None:
        raise AssertionError("nothing was asked")

    def ended(self, now: float) -> StepOutcome | None:
        return None

    def reconnects(self, now: float) -> float | None:
        return None

    def over(self, now: float) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What kosoku says of each case, and what wscheck recorded in it."""

    said: Mapping[str, Any]
    records: Mapping[str, Sequence[Record]]


@pytest.fixture(scope="module")
def verdicts() -> Verdicts:
    return asyncio.run(run_cases())


async def run_cases() -> Verdicts:
    """Run every case: some wait for a second or three, so several at once."""
    from kosoku import FailureError, run_fuzzingserver  # noqa: PLC0415 - where it is not, this is skipped

    room = asyncio.Semaphore(AT_ONCE)

    async def run(case: int) -> list[Record]:
        async with room:
            return await echo(f"{base}/runCase?case={case}&agent=wscheck")

    async with run_fuzzingserver(SECTIONS, port=0) as server:
        base = f"ws://{server.address}:{server.port}"
        count = next(record for record in await echo(f"{base}/getCaseCount") if isinstance(record, Message))
        assert count.text == str(CASES)
        records = await asyncio.gather(*map(run, range(1, CASES + 1)))
        await echo(f"{base}/updateReports?agent=wscheck")
        try:
            results = await server.get_result()
        except FailureError as failure:
            results = failure.results
    return Verdicts(
        said={result.case_id: result for result in results},
        records={result.case_id: records[result.case_index - 1] for result in results},
    )


async def echo(url: str) -> list[Record]:
    """Hold one session that says back what it hears; return its records."""
    records: list[Record] = []
    start = time.monotonic()

    def keep(record: Record) -> Sequence[Observation]:
        records.append(record)
        if not isinstance(record, Message) or record.direction == "sent":
            return []
        event = Event(name="message", value=record, index=1, at=record.at, direction="received", session="ada")
        return [Observation(event=event)]

    plan = Plan(session="ada", handshake=Handshake(url=url), deadlines=Deadlines(session=60))
    await hold(plan, Echo(), keep, lambda: time.monotonic() - start)
    return records


def test_every_case_of_the_sections_was_run(verdicts: Verdicts) -> None:
    assert len(verdicts.said) == CASES


def test_nothing_fails_but_what_websockets_documents(verdicts: Verdicts) -> None:
    failed = {
        name: (said.behavior.value, said.behavior_close.value, said.result, said.result_close)
        for name, said in verdicts.said.items()
        if not said.passed
    }
    assert set(failed) == DOCUMENTED, failed


def test_row_37_what_breaks_framing_is_told_and_nothing_else_is(verdicts: Verdicts) -> None:
    told = {
        name: [record.code for record in records if isinstance(record, Violation)]
        for name, records in verdicts.records.items()
    }
    for name in SEEN_AT_ONCE:
        told.pop(name)
    assert {name: codes for name, codes in told.items() if codes} == {name: ["framing"] for name in BREAKS_FRAMING}


def test_row_35_text_that_is_no_utf_8_is_kept_as_it_came(verdicts: Verdicts) -> None:
    kept = {
        name
        for name, records in verdicts.records.items()
        if any(isinstance(record, Message) and record.opcode == "text" for record in records)
    }
    bad = {name for name, said in verdicts.said.items() if 1007 in (said.expected_close["closeCode"] or [])}
    assert kept == {name for name in bad if name.startswith("6.")}
    assert len(kept) > 70


def test_every_session_has_one_ending_and_it_comes_last(verdicts: Verdicts) -> None:
    for name, records in verdicts.records.items():
        assert [type(record) for record in records].count(Closed) == 1, name
        assert isinstance(records[-1], Closed), name
