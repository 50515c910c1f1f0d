"""`need`: a table of streams with what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.streams import Stream, offences, read, told

FIRST = "b (#1) came before any a, which it needs"

CASES: list[tuple[dict[str, Any], Stream, list[str]]] = [
    ({"need": "a", "before": ["b"]}, "", []),
    ({"need": "a", "before": ["b"]}, "a", []),
    ({"need": "a", "before": ["b"]}, "a b b", []),
    ({"need": "a", "before": "b"}, "b", [FIRST]),
    ({"need": "a", "before": ["b"]}, "b a b", [FIRST]),
    ({"need": "a", "before": ["b"]}, "b b b", [FIRST]),
    ({"need": "a", "before": ["b", "c"]}, "b c", [FIRST]),
    ({"need": "a", "before": ["b", "c"]}, "c b", ["c (#1) came before any a, which it needs"]),
    ({"need": "a", "before": ["b"]}, "c st.on b a", ["b (#3) came before any a, which it needs"]),
    # a name stands for its variants, on both sides
    ({"need": "st", "before": ["b"]}, "st.off b", []),
    ({"need": "st.on", "before": ["b"]}, "st.off b", ["b (#2) came before any st.on, which it needs"]),
    ({"need": "a", "before": ["st"]}, "st.off", ["st.off (#1) came before any a, which it needs"]),
    # on both sides at once: it does not come before itself
    ({"need": "a", "before": ["a"]}, "a a", ["a (#1) came before any a, which it needs"]),
]


@pytest.mark.parametrize(("rule", "stream", "sentences"), CASES)
def test_what_is_needed_must_have_come_before(rule: dict[str, Any], stream: Stream, sentences: list[str]) -> None:
    assert told(offences(rule, stream)) == sentences


def test_the_offence_names_the_event_and_what_is_missing() -> None:
    (offence,) = offences({"need": "a", "before": ["b"]}, "c b")
    assert offence.event is not None
    assert (offence.event.index, offence.since, offence.missing) == (2, None, ("a",))


def test_both_sides_are_watched_and_nothing_else() -> None:
    assert read({"need": "a", "before": ["st"]}).watches == {"a", "st.on", "st.off"}
