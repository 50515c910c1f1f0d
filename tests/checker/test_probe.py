"""Sessions that must be turned away: what is a failure, what is none, and what cannot be told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.streams import check, contract, session
from wscheck.checker import Checker, Choice
from wscheck.finding import Verdict
from wscheck.record import Closed, Cut, Message, Opened, Record, Refused

CONTRACT = contract('{s: {key: /k, order: "a, b"}}', events="a: , b: , err: {cause: /why}, ping: ", ignore="[ping]")
REFUSED: dict[str, Any] = {"expect": "refused"}
STATUS: dict[str, Any] = {"expect": "refused", "status": [401]}
CLOSED: dict[str, Any] = {"expect": "closed"}
CODE: dict[str, Any] = {"expect": "closed", "code": 1008}


def _let_in(probe: Any, *names: str, end: Record | None) -> list[Record]:
    records: list[Record] = [Opened(at=0.0, session="m", probe=probe)]
    for name in names:
        text = json.dumps({"t": name, "why": "no"})
        records.append(Message(at=0.1, session="m", direction="received", text=text))
    return [*records, end] if end else records


def _closed(code: int, initiator: Any = "peer") -> Closed:
    return Closed(at=1.0, session="m", code=code, initiator=initiator)


def _refused(status: int, probe: Any) -> list[Record]:
    return [Refused(at=0.0, session="m", status=status, probe=probe)]


CUT = Cut(at=1.0, session="m", cause="deadline")
DROPPED = Cut(at=1.0, session="m", cause="dropped")

# The records, the verdict, and of the finding: its event's place and its verdict; None where there is none.
ROWS: dict[str, tuple[list[Record], Verdict, tuple[int | None, Verdict] | None]] = {
    "refused as it must be": (_refused(403, REFUSED), Verdict.NONE, None),
    "refused with the very status": (_refused(401, STATUS), Verdict.NONE, None),
    "refused with another rejection": (_refused(403, STATUS), Verdict.FAIL, (None, Verdict.FAIL)),
    "refused for want of the server": (_refused(503, STATUS), Verdict.ERROR, None),
    "refused with a status that is listed": (_refused(500, {"expect": "refused", "status": [500]}), Verdict.NONE, None),
    "refused, where a close was due": (_refused(403, CODE), Verdict.FAIL, (None, Verdict.FAIL)),
    "let in": (_let_in(REFUSED, end=_closed(1000)), Verdict.FAIL, (None, Verdict.FAIL)),
    "let in, and cut": (_let_in(REFUSED, end=CUT), Verdict.FAIL, (None, Verdict.FAIL)),
    "let in, and no ending": (_let_in(REFUSED, end=None), Verdict.FAIL, (None, Verdict.FAIL)),
    "let in and welcomed": (_let_in(REFUSED, "a", "b", end=_closed(1008)), Verdict.FAIL, (2, Verdict.FAIL)),
    "let in, told off and closed": (_let_in(REFUSED, "err", end=_closed(1008)), Verdict.FAIL, (None, Verdict.FAIL)),
    "closed": (_let_in(CLOSED, end=_closed(4401)), Verdict.NONE, None),
    "closed after pings and a reason": (_let_in(CODE, "ping", "err", end=_closed(1008)), Verdict.NONE, None),
    "closed with another code": (_let_in(CODE, end=_closed(1000)), Verdict.FAIL, (2, Verdict.FAIL)),
    "lost": (_let_in(CODE, end=_closed(1006)), Verdict.INCONCLUSIVE, (2, Verdict.INCONCLUSIVE)),
    "lost, whatever the code": (_let_in(CLOSED, end=_closed(1006)), Verdict.INCONCLUSIVE, (2, Verdict.INCONCLUSIVE)),
    "restarting": (_let_in(CODE, end=_closed(1012)), Verdict.INCONCLUSIVE, (2, Verdict.INCONCLUSIVE)),
    "welcomed before it was closed": (_let_in(CODE, "a", end=_closed(1008)), Verdict.FAIL, (2, Verdict.FAIL)),
    "closed by us": (_let_in(CODE, end=_closed(1000, "tool")), Verdict.FAIL, (None, Verdict.FAIL)),
    "cut": (_let_in(CODE, end=CUT), Verdict.INCONCLUSIVE, (None, Verdict.INCONCLUSIVE)),
    "dropped": (_let_in(CODE, end=DROPPED), Verdict.INCONCLUSIVE, (None, Verdict.INCONCLUSIVE)),
    "let be, and no ending": (_let_in(CODE, end=None), Verdict.INCONCLUSIVE, (None, Verdict.INCONCLUSIVE)),
    "welcomed and cut": (_let_in(CODE, "a", end=CUT), Verdict.FAIL, (2, Verdict.FAIL)),
}


@pytest.mark.parametrize(("records", "verdict", "finding"), ROWS.values(), ids=ROWS)
def test_a_probe_is_judged_by_whether_it_was_turned_away(
    records: list[Record], verdict: Verdict, finding: tuple[int | None, Verdict] | None
) -> None:
    outcome = check(CONTRACT, records)
    made = [(each.code, each.event.index if each.event else None, each.verdict) for each in outcome.findings]
    assert made == ([("probe", *finding)] if finding else [])
    assert outcome.verdict is verdict
    choice = Choice([CONTRACT])
    for record in records:
        choice.observe(record)
    assert choice.conclude() == outcome


def test_a_probe_takes_nothing_from_what_another_session_proves_and_adds_nothing() -> None:
    good = [
        Opened(at=0.0, session="s"),
        *(Message(at=0.1, session="s", direction="received", text=json.dumps({"t": name, "k": 1})) for name in "ab"),
        Closed(at=0.2, session="s", code=1000),
    ]
    outcome = check(CONTRACT, [*good, *_let_in(CODE, "err", end=_closed(1008))])
    assert outcome.verdict is Verdict.PASS
    assert outcome.why == "2 events of 1 session held to the contract"
    assert [session.phase for session in outcome.sessions] == [None, None]


def test_a_probe_that_no_record_shows_turned_away_takes_the_pass_from_what_another_session_proves() -> None:
    records = [*session({"t": "a", "k": 1}, {"t": "b", "k": 1}), *_let_in(CODE, end=None)]
    assert check(CONTRACT, records).verdict is Verdict.INCONCLUSIVE


def test_the_events_of_a_probe_are_observed_but_given_to_nothing() -> None:
    checker = Checker(CONTRACT)
    seen = [one for record in _let_in(CODE, "err", end=_closed(1008)) for one in checker.observe(record)]
    assert [(one.event.name, one.given) for one in seen] == [("$open", ()), ("err", ()), ("$close", ())]


def test_a_session_that_the_scenario_dropped_is_no_trouble_of_its_own() -> None:
    records = [
        Opened(at=0.0, session="s"),
        *(Message(at=0.1, session="s", direction="received", text=json.dumps({"t": name, "k": 1})) for name in "ab"),
    ]
    assert check(CONTRACT, [*records, Cut(at=1.0, session="s", cause="dropped")]).verdict is Verdict.PASS
    assert check(CONTRACT, [*records, Cut(at=1.0, session="s", cause="scenario")]).verdict is Verdict.INCONCLUSIVE
    pending = check(CONTRACT, [*records[:2], Cut(at=1.0, session="s", cause="dropped")])
    assert [(each.code, each.verdict) for each in pending.findings] == [("incomplete", Verdict.INCONCLUSIVE)]
