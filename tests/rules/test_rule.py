"""What all rules have in common: their names, their independence, and how values stand in their sentences."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.streams import events, offences, read, told
from wscheck.finding import CODES
from wscheck.rules import LAWS, OwedMonitor
from wscheck.rules.rule import show

# One rule of each keyword, and a stream that breaks it once.
RULES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "need": ({"need": "a", "before": "b"}, ["b"]),
    "forbid": ({"forbid": "b", "after": "a"}, ["a", "b"]),
    "ask": ({"ask": "a", "with": "b"}, ["a"]),
    "count": ({"count": "a", "max": 1}, ["a", "a"]),
    "counter": ({"counter": "/n"}, ['a {"n": 1}', 'a {"n": 3}']),
    "chain": ({"chain": "/n", "previous": "/n"}, ['a {"n": 1}', 'a {"n": 3}']),
    "same": ({"same": "/n"}, ['a {"n": 1}', 'a {"n": 3}']),
    "unique": ({"unique": "/n"}, ['a {"n": 1}', 'a {"n": 1}']),
}

SHOWN = [
    (1, "1"),
    (1.5, "1.5"),
    (None, "null"),
    (True, "true"),
    ("x", '"x"'),
    ("größer", '"größer"'),
    ("a\nb\x1b[2J", '"a\\nb\\u001b[2J"'),
    ("a\u202eb", '"a\\u{202e}b"'),
    ({"a": [1]}, '{"a": [1]}'),
    ("x" * 200, f'"{"x" * 119}… (82 more)'),
]


def test_every_keyword_is_a_finding_code_and_has_a_rule_here() -> None:
    assert set(LAWS) == set(RULES)
    assert set(LAWS) <= set(CODES)


@pytest.mark.parametrize("keyword", RULES)
def test_one_fault_is_one_offence_and_a_new_instance_begins_anew(keyword: str) -> None:
    rule, stream = RULES[keyword]
    assert len(offences(rule, stream)) == 1
    law = read(rule)
    first, second = law.monitor(), law.monitor()
    came = events(stream)
    for event in came[:-1]:
        list(first.see(event.name, event))
    if keyword != "need":
        assert not list(second.see(came[-1].name, came[-1]))


def test_only_a_question_and_a_count_can_still_be_owed_at_the_end() -> None:
    owing = {keyword for keyword, (rule, _) in RULES.items() if isinstance(read(rule).monitor(), OwedMonitor)}
    assert owing == {"ask", "count"}


@pytest.mark.parametrize("keyword", RULES)
def test_a_sentence_is_one_line_and_names_its_event(keyword: str) -> None:
    (sentence,) = told(offences(*RULES[keyword]))
    assert "\n" not in sentence
    assert "(#" in sentence


@pytest.mark.parametrize(("value", "text"), SHOWN)
def test_a_value_of_the_stream_stands_safe_and_short_in_a_sentence(value: Any, text: str) -> None:
    assert show(value) == text
