"""The sentence that says why a verdict is what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest

from tests.support.streams import check, contract, session
from wscheck.checker.outcome import _CUT_SHORT
from wscheck.finding import Verdict
from wscheck.record import Closed, Cut, Record

CONTRACT = contract("{run: {key: /k, order: a}}")
RUN = {"t": "a", "k": 1}


def named(name: str, *events: Any, connection: int = 1) -> list[Record]:
    """Return the records of a session that comes to its end."""
    records = session(*events)
    return [replace(record, session=name, connection=connection) for record in records]


HELD = [
    (named("ada", RUN), "1 event of 1 session held to the contract"),
    ([*named("ada", RUN), *named("bob", RUN)], "2 events of 2 sessions held to the contract"),
    (
        [*named("ada", RUN), *named("ada", RUN, connection=2)],
        "2 events of 1 session over 2 connections held to the contract",
    ),
]


@pytest.mark.parametrize(("records", "why"), HELD)
def test_a_pass_counts_sessions_and_not_their_connections(records: list[Record], why: str) -> None:
    outcome = check(CONTRACT, records)
    assert (outcome.verdict, outcome.why) == (Verdict.PASS, why)


@pytest.mark.parametrize("cause", [cause for cause in get_args(get_type_hints(Cut)["cause"]) if cause != "dropped"])
def test_what_cut_a_session_short_is_said_in_a_sentence(cause: Any) -> None:
    records = [*named("ada", RUN)[:-1], Cut(at=1.0, session="ada", cause=cause)]
    outcome = check(CONTRACT, records)
    assert outcome.why == f"session 'ada' {_CUT_SHORT[cause]} ({cause})"


def test_the_connection_that_was_cut_short_is_named() -> None:
    second = [*named("ada", RUN, connection=2)[:-1], Cut(at=1.0, session="ada", connection=2, cause="scenario")]
    outcome = check(CONTRACT, [*named("ada", RUN), *second])
    assert outcome.why == (
        "session 'ada', connection 2, was cut short, for a step of its scenario could not be done (scenario)"
    )


def test_a_session_whose_token_expired_is_told_so() -> None:
    first, *rest = session(RUN)
    records = [replace(first, expires=0.0), *rest[:-1], Closed(at=1.0, session="s", code=4401, initiator="peer")]
    contradicted = check(contract("{run: {key: /k, order: 'a, b'}}"), records)
    assert contradicted.why == "session 's' was closed by the server after its token had expired (auth-expired)"
