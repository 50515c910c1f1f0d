"""`count`: a table of streams with what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.streams import Stream, concluded, events, offences, read, told
from wscheck.rules import Offence

CASES: list[tuple[dict[str, Any], Stream, list[str]]] = [
    ({"count": "a", "min": 1, "max": 2}, "a", []),
    ({"count": "a", "min": 1, "max": 2}, "a b a", []),
    ({"count": "a", "max": 2}, "b", []),
    ({"count": "a", "min": 0}, "b", []),
    ({"count": "a", "max": 2}, "a a a a", ["a (#3) makes 3 of a, where at most 2 may come"]),
    ({"count": "a", "max": 0}, "b a a", ["a (#2) makes 1 of a, where none may come"]),
    ({"count": "a", "min": 2}, "b a", ["since #1: a came once, where at least 2 are due"]),
    ({"count": "a", "min": 2, "max": 2}, "b", ["since #1: a came not once, where at least 2 are due"]),
    ({"count": "a", "min": 3}, "a a", ["since #1: a came 2 times, where at least 3 are due"]),
    ({"count": "a", "min": 1}, "b", ["since #1: a came not once, where at least 1 is due"]),
    # lists, variants and inner scopes
    ({"count": ["a", "b"], "max": 1}, "a c b", ["b (#3) makes 2 of a or b, where at most 1 may come"]),
    ({"count": ["a", "b"], "min": 2}, "a b", []),
    ({"count": "st", "max": 1}, "st.on st.off", ["st.off (#2) makes 2 of st, where at most 1 may come"]),
    ({"count": "st.on", "max": 1}, "st.on st.off", []),
    ({"count": "tool", "min": 2}, "tool", ["since #1: tool came once, where at least 2 are due"]),
    ({"count": ["tool", "a"], "max": 1}, "tool a", ["a (#2) makes 2 of tool or a, where at most 1 may come"]),
]


@pytest.mark.parametrize(("rule", "stream", "sentences"), CASES)
def test_an_event_comes_so_often_and_no_more(rule: dict[str, Any], stream: Stream, sentences: list[str]) -> None:
    assert told(offences(rule, stream)) == sentences


def test_an_opening_of_an_inner_scope_is_told_with_the_event_that_opened_it() -> None:
    monitor = read({"count": "tool", "max": 0}).monitor()
    (opening,) = events("a")
    (offence,) = monitor.see("tool", opening)
    assert isinstance(offence, Offence)
    assert told([offence]) == ["a (#1) makes 1 of tool, where none may come"]


def test_a_count_that_is_not_reached_names_the_opening_and_what_is_missing() -> None:
    came = events("b")
    (offence,) = concluded(read({"count": "a", "min": 1}).monitor(), came)
    assert (offence.event, offence.since, offence.missing) == (None, came[0].ref, ("a",))


def test_only_what_is_counted_is_watched() -> None:
    assert read({"count": "st", "max": 1}).watches == {"st.on", "st.off"}
    assert read({"count": "tool", "max": 1}).watches == {"tool"}
