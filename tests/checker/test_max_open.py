"""A limit of wscheck: where too much is open at once, nothing more is held against the peer."""

from __future__ import annotations

import json
from typing import Literal

import pytest

from wscheck.checker import Checker
from wscheck.contract.load import parse_contract
from wscheck.finding import Verdict
from wscheck.record import Closed, Message, Opened
from wscheck.result import Outcome

CONTRACT = parse_contract(
    """
wscheck: 1
name: jobs
version: "1.0.0"
event_name: /t
events: {begin: , end: }
scopes:
  connection: {order: "$open, job*, $close"}
  job: {key: /k, order: "begin, end", within: 5}
"""
)


def _check(words: str, *, max_open: int, closer: Literal["peer", "tool"] = "peer") -> Outcome:
    """Check a stream of words such as `begin:1`."""
    checker = Checker(CONTRACT, max_open=max_open)
    checker.observe(Opened(at=0, session="s"))
    for at, word in enumerate(words.split(), 1):
        name, _, key = word.partition(":")
        checker.observe(Message(at=at, session="s", direction="received", text=json.dumps({"t": name, "k": key})))
    checker.observe(Closed(at=100, session="s", code=1000, initiator=closer))
    return checker.conclude()


FULL = "begin:1 begin:2 begin:3 end:1 end:2 end:3"


def test_at_the_limit_a_stream_is_judged_as_ever() -> None:
    assert _check(FULL, max_open=3).verdict is Verdict.PASS
    assert _check(FULL + " end:3", max_open=3).verdict is Verdict.FAIL


@pytest.mark.parametrize("closer", ["peer", "tool"])
@pytest.mark.parametrize("words", [FULL, FULL + " end:3", "begin:1 begin:2 begin:3", "begin:1 begin:2 begin:3 end:9"])
def test_past_the_limit_nothing_is_decided(words: str, closer: Literal["peer", "tool"]) -> None:
    outcome = _check(words, max_open=2, closer=closer)
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert any("max-open" in note for note in outcome.notes)


def test_what_was_broken_before_the_limit_stays_broken() -> None:
    assert _check("end:9 " + FULL, max_open=2).verdict is Verdict.FAIL


def test_a_message_is_judged_past_the_limit_too() -> None:
    assert _check(FULL + " other:1", max_open=2).findings[0].code == "unknown-event"
