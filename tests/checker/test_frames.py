"""Messages that hold several events: each is judged, at its record's place, in its turn."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.streams import check, codes, contract, facts, session
from wscheck.checker import Checker
from wscheck.finding import Verdict

ORDER = '{s: {key: /k, order: "a, b"}}'
SCHEMA = "a: {schema: {required: [k]}}, b: , c: , d: , q: {from: client}"
A, B = '{"t":"a","k":1}', '{"t":"b","k":1}'

# frame, messages, the codes that are due with the place of their event.
ROWS: dict[str, tuple[str, list[Any], list[tuple[str, int | None]]]] = {
    "two events": ("array", [f"[{A},{B}]"], []),
    "two lines": ("lines", [f"{A}\n{B}"], []),
    "a trailing newline, and CRLF": ("lines", [f"{A}\r\n{B}\r\n"], []),
    "empty lines carry nothing": ("lines", [f"\n\n{A}\n \t\n{B}\n", "", "\n"], []),
    "a lone carriage return is white space": ("lines", [f"{A}\r{B}", A, B], [("not-json", 2)]),
    "a line separator within a string": ("lines", ['{"t":"a","k":1,"x":"\u2028"}', B], []),
    "an empty array carries nothing": ("array", ["[]", f"[{A}]", f"[ {B} ]"], []),
    "one line is no JSON": ("lines", [f"{A}\nnonsense\n{B}"], [("not-json", 2)]),
    "one event over two lines": ("lines", [f'{A}\n{{"t":\n"b"}}\n{B}'], [("not-json", 2), ("not-json", 2)]),
    "an array that is none": ("array", [A, f"[{B}]"], [("schema", 2)]),
    "an event by itself that is unknown": ("array", ['{"t":"z"}'], [("unknown-event", 2)]),
    "a number": ("array", ["7"], [("unknown-event", 2)]),
    "an array in the array": ("array", [f"[[{A}]]"], [("unknown-event", 2)]),
    "a torn array": ("array", [f"[{A},{B}"], [("not-json", 2)]),
    "what we send by itself is no fault": ("array", [['{"t":"q"}'], f"[{A},{B}]"], []),
    "a member twice in one of them": ("array", [f'[{A},{{"t":"b","t":"b","k":1}}]'], [("duplicate-member", 2)]),
    "many digits in one of them": ("array", [f'[{A},{{"t":"b","k":1,"n":{"1" * 500}}}]'], [("number-range", 2)]),
    "the schema of the second": ("array", [f'[{A},{B},{{"t":"a"}}]'], [("schema", 2), ("no-key", 2)]),
    "messages first, then the events in turn": (
        "lines",
        [f'{A}\n{A}\n{{"t":"z"}}\n{B}'],
        [("unknown-event", 2), ("duplicate", 2)],
    ),
    "too deep": ("array", ["[" * 200 + "]" * 200], [("too-deep", 2)]),
}


@pytest.mark.parametrize(("frame", "messages", "due"), ROWS.values(), ids=ROWS)
def test_a_message_of_several_events_gives_the_findings_that_are_due(
    frame: str, messages: list[Any], due: list[tuple[str, int | None]]
) -> None:
    outcome = check(contract(ORDER, events=SCHEMA, frame=frame), session(*messages))
    made = [facts(finding) for finding in outcome.findings if finding.code != "vacuous"]
    assert [(finding["code"], finding["index"]) for finding in made] == due


def test_deadlines_stand_between_the_faults_of_a_message_and_its_events() -> None:
    late = contract('{s: {key: /k, order: "a, b", within: 0.001}}', events="a: , b: ", frame="lines")
    outcome = check(late, session(A, f"{A}\nnonsense\n{B}\n{B}"))
    assert codes(outcome) == ["not-json", "too-late", "duplicate", "duplicate"]


def test_a_sentence_names_the_event_within_its_message() -> None:
    outcome = check(contract(ORDER, frame="array"), session(f"[{A},{B},{B}]"))
    assert outcome.findings[0].message.startswith("b (#2.3)")
    assert [event.part for event in outcome.findings[0].recent] == [0, 0, 1]


def test_every_event_of_a_message_is_observed_in_its_place() -> None:
    checker = Checker(contract(ORDER, frame="lines"))
    records = session(f"\n{A}\nnonsense\n{B}")
    seen = [observation.event for record in records for observation in checker.observe(record)]
    assert [(event.name, event.index, event.part) for event in seen] == [
        ("$open", 1, 0), ("a", 2, 0), ("b", 2, 2), ("$close", 3, 0),
    ]  # fmt: skip


def test_two_events_of_one_name_in_one_message_count_as_two() -> None:
    rules = contract("{s: {key: /k, order: 'a*', rules: [{id: u, unique: /n, window: 1, events: [a]}]}}", frame="array")
    first, second = '{"t":"a","k":1,"n":1}', '{"t":"a","k":1,"n":2}'
    assert codes(check(rules, session(f"[{first},{second},{second},{second}]"))) == ["unique", "unique"]


def test_the_cause_of_a_failure_is_shown_by_its_own_event() -> None:
    failing = contract(ORDER, events="a: , b: , c: {cause: /why}", frame="array")
    outcome = check(failing, session(f'[{A},{B},{{"t":"c","why":"no"}}]'))
    assert [(cause.reason, cause.text) for cause in outcome.causes] == [("no", '{"t":"c","why":"no"}')]
    assert outcome.verdict is Verdict.PASS
