"""Several contracts offered: each connection is held to the one that it speaks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.support.streams import check, contract, session
from wscheck.checker import Choice
from wscheck.contract.model import Contract
from wscheck.event import Observation
from wscheck.finding import Verdict
from wscheck.record import Blocked, Closed, Cut, Message, Opened, Record, Refused
from wscheck.result import Outcome

EVENTS = "hello: , a: , b: , x: , y: "


def _contract(name: str, select: str, order: str = "a, b") -> Contract:
    return replace(contract(f'{{s: {{key: /k, order: "{order}"}}}}', events=EVENTS, select=select), name=name)


ONE = _contract("one", "{event: hello, at: /v, range: '1.x'}")
TWO = _contract("two", "{event: hello, at: /v, range: '>=2 <3'}", "x, y")
BY_NAME = _contract("named", "{subprotocol: chat}")
BY_PATH = _contract("path", "{path: '/v2/*'}")
ANY = _contract("any", "{}")


def _hello(version: Any) -> dict[str, Any]:
    return {"t": "hello", "v": version}


def _pair(first: str, second: str) -> list[dict[str, Any]]:
    return [{"t": first, "k": 1}, {"t": second, "k": 1}]


def _choose(contracts: list[Contract], records: Iterable[Record]) -> tuple[Outcome, list[list[Observation]]]:
    choice = Choice(contracts)
    seen = [list(choice.observe(record)) for record in records]
    return choice.conclude(), seen


def _chosen(contracts: list[Contract], records: Iterable[Record]) -> tuple[str, Verdict]:
    outcome, _ = _choose(contracts, records)
    return outcome.contract.name, outcome.verdict


def test_the_version_that_a_session_tells_chooses_the_contract() -> None:
    assert _chosen([ONE, TWO], session(_hello("1.4"), *_pair("a", "b"))) == ("one", Verdict.PASS)
    assert _chosen([ONE, TWO], session(_hello("2.0.0"), *_pair("x", "y"))) == ("two", Verdict.PASS)
    assert _chosen([ONE, TWO], session(_hello(2), *_pair("a", "b"))) == ("two", Verdict.NONE)


def test_the_outcome_is_that_of_the_contract_that_was_chosen() -> None:
    records = session(_hello("2.0.0"), *_pair("x", "x"))
    outcome, _ = _choose([ONE, TWO], records)
    assert outcome == check(TWO, records)


def test_what_was_held_back_is_observed_once_the_choice_is_clear() -> None:
    _, seen = _choose([ONE, TWO], session({"t": "a", "k": 1}, _hello("1.0"), {"t": "b", "k": 1}))
    names = [[observation.event.name for observation in each] for each in seen]
    assert names == [[], [], ["$open", "a", "hello"], ["b"], ["$close"]]
    assert [observation.event.index for observation in seen[2]] == [1, 2, 3]


def test_a_subprotocol_or_a_path_chooses_at_once() -> None:
    records = session(*_pair("a", "b"), subprotocol="chat", uri="ws://h/v2/room?x=/v1/")
    assert _choose([BY_NAME, ANY], records)[1][0]
    assert _chosen([BY_NAME, ANY], records) == ("named", Verdict.PASS)
    assert _chosen([BY_PATH, ANY], records) == ("path", Verdict.PASS)
    assert _chosen([BY_PATH, ANY], session(*_pair("a", "b"), uri="ws://h/v1/v2/")) == ("any", Verdict.PASS)


def test_the_first_that_fits_is_chosen_and_waited_for() -> None:
    assert _chosen([ONE, ANY], session(_hello("1.0"), *_pair("a", "b")))[0] == "one"
    assert _chosen([ONE, ANY], session(_hello("9"), *_pair("a", "b")))[0] == "any"
    outcome, seen = _choose([ONE, ANY], session(*_pair("a", "b")))
    assert (outcome.contract.name, outcome.verdict) == ("any", Verdict.PASS)
    assert [len(each) for each in seen] == [0, 0, 0, 4]


def test_the_only_one_left_is_held_though_nothing_told() -> None:
    outcome, _ = _choose([ONE, BY_NAME], session({"t": "a", "k": 1}))
    assert outcome.contract.name == "one"
    assert [finding.code for finding in outcome.findings] == ["incomplete"]


def test_a_stream_that_speaks_none_of_them_is_never_green_and_says_what_was_seen() -> None:
    outcome, _ = _choose([ONE, TWO], session(_hello("3.1"), *_pair("a", "b")))
    assert (outcome.verdict, outcome.findings) == (Verdict.NONE, ())
    assert outcome.why == (
        "session 's' speaks none of the contracts offered: one@1.0.0 is not it: it asks for 1.x at /v of hello, and "
        '"3.1" stands there; two@1.0.0 is not it: it asks for >=2 <3 at /v of hello, and "3.1" stands there'
    )
    outcome, _ = _choose([ONE, TWO], session(*_pair("a", "b")))
    assert outcome.verdict is Verdict.NONE
    assert "it waited for hello to tell its version, which did not come" in outcome.why


def test_what_was_seen_is_made_safe() -> None:
    outcome, _ = _choose([ONE, TWO], session(_hello("\x1b[31m" + "9" * 500)))
    assert "\x1b" not in outcome.why
    assert "… (" in outcome.why
    assert "which is no version" in outcome.why


def test_a_subprotocol_that_none_of_them_asks_for_is_the_servers_fault() -> None:
    other = _contract("other", "{subprotocol: talk}")
    outcome, _ = _choose([BY_NAME, other], session(*_pair("a", "b"), subprotocol=None, offered=("chat", "talk")))
    assert outcome.verdict is Verdict.FAIL
    [finding] = outcome.findings
    assert (finding.code, finding.event and finding.event.index) == ("subprotocol", 1)
    assert finding.message == "the server selected no subprotocol, where the contracts offered ask for 'chat' or 'talk'"
    # With one that asks for none it is a matter of choice.
    assert _chosen([BY_NAME, ANY], session(*_pair("a", "b")))[0] == "any"


def test_sessions_may_choose_differently_and_the_strongest_verdict_counts() -> None:
    good = session(_hello("1.0"), *_pair("a", "b"))
    other = [_as("t", record) for record in session(_hello("2.0"), *_pair("x", "y"))]
    outcome, _ = _choose([ONE, TWO], [record for pair in zip(good, other, strict=True) for record in pair])
    assert outcome.verdict is Verdict.PASS
    assert outcome.notes == ("session 's' was held to one@1.0.0", "session 't' was held to two@1.0.0")
    assert [scope.name for scope in outcome.scopes] == [
        "one@1.0.0 connection",
        "one@1.0.0 s",
        "two@1.0.0 connection",
        "two@1.0.0 s",
    ]
    broken = [_as("t", record) for record in session(_hello("2.0"), *_pair("x", "x"))]
    outcome, _ = _choose([ONE, TWO], [*good, *broken])
    assert (outcome.verdict, outcome.contract.name) == (Verdict.FAIL, "two")
    assert [(finding.code, finding.event and finding.event.index) for finding in outcome.findings] == [
        ("duplicate", 9),
        ("incomplete", None),
    ]


def test_a_pass_needs_every_session_checked() -> None:
    good = session(_hello("1.0"), *_pair("a", "b"))
    lost = [_as("t", record) for record in session(_hello("9"))]
    outcome, _ = _choose([ONE, TWO], [*good, *lost])
    assert (outcome.verdict, outcome.contract.name) == (Verdict.INCONCLUSIVE, "one")
    assert "session 't' speaks none" in outcome.why


def test_a_value_that_reaches_another_is_found_across_contracts() -> None:
    isolated = {"events": EVENTS, "isolate": "[/k]"}
    one = contract('{s: {key: /k, order: "a, b"}}', select="{subprotocol: p}", **isolated)
    two = contract('{s: {key: /k, order: "a, b"}}', select="{subprotocol: q}", **isolated)
    ada = session(*_pair("a", "b"), subprotocol="p", identity="ada")
    bob = [_as("t", record) for record in session(*_pair("a", "b"), subprotocol="q", identity="bob")]
    outcome, _ = _choose([one, two], [*ada, *bob])
    assert {finding.code for finding in outcome.findings} == {"isolation"}


def test_what_never_opened_is_told_as_ever() -> None:
    for record, verdict in (
        (Refused(at=0.0, session="s", status=403), Verdict.ERROR),
        (Blocked(at=0.0, session="s", phase="tcp", cause="connection-refused"), Verdict.ERROR),
        (Cut(at=0.0, session="s", cause="interrupted"), Verdict.INCONCLUSIVE),
    ):
        assert _choose([ONE, TWO], [record])[0].verdict is verdict
    assert _choose([ONE, TWO], [])[0].verdict is Verdict.NONE
    stray = Message(at=0.0, session="s", direction="received", text="{}")
    assert _choose([ONE, TWO], [stray, Closed(at=1.0, session="s", code=1000)])[0].verdict is Verdict.INCONCLUSIVE


def test_a_cut_before_the_version_was_told_is_inconclusive() -> None:
    records = [Opened(at=0.0, session="s"), Cut(at=1.0, session="s", cause="deadline")]
    assert _choose([ONE, TWO], records)[0].verdict is Verdict.INCONCLUSIVE


def test_one_contract_is_held_as_a_checker_would() -> None:
    for records in (session(*_pair("a", "b")), session(*_pair("b", "a")), session({"t": "zzz"})):
        assert _choose([ANY], records)[0] == check(ANY, records)


def _as(name: str, record: Record) -> Record:
    return replace(record, session=name)


def test_the_records_are_those_of_the_capture() -> None:
    text = json.dumps(_hello("1.0"))
    records = [Opened(at=0.0, session="s"), Message(at=0.1, session="s", direction="received", text=text)]
    assert _choose([ONE, TWO], records)[0].records == 2


def test_findings_stand_in_the_order_of_their_records_whatever_contract_made_them() -> None:
    one = session(_hello("1.0"), {"t": "a", "k": 1}, {"t": "a", "k": 1}, {"t": "a", "k": 1})
    two = [replace(record, session="z") for record in session(_hello("2.0"), *[{"t": "x", "k": 1}] * 3)]
    mixed = [record for pair in zip(two, one, strict=True) for record in pair]
    outcome, _ = _choose([ONE, TWO], mixed)
    made = [(finding.code, finding.event.index) for finding in outcome.findings if finding.event]
    assert made == [("duplicate", 7), ("duplicate", 8), ("duplicate", 9), ("duplicate", 10)]
    assert [finding.code for finding in outcome.findings][4:] == ["incomplete", "incomplete"]
