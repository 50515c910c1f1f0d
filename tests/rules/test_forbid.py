"""`forbid`: a table of streams with what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.streams import Stream, offences, read, told

CASES: list[tuple[dict[str, Any], Stream, list[str]]] = [
    ({"forbid": ["b"], "after": "a"}, "", []),
    ({"forbid": ["b"], "after": "a"}, "b b a", []),
    ({"forbid": "b", "after": "a"}, "a b", ["b (#2) came after a (#1), which forbids it"]),
    ({"forbid": ["b"], "after": "a"}, "b a c b b", ["b (#4) came after a (#2), which forbids it"]),
    ({"forbid": ["b"], "after": "a"}, "a a b a b", ["b (#3) came after a (#1), which forbids it"]),
    ({"forbid": ["b", "c"], "after": "a"}, "a c b", ["c (#2) came after a (#1), which forbids it"]),
    # a name stands for its variants, on both sides
    ({"forbid": ["st"], "after": "a"}, "a st.off", ["st.off (#2) came after a (#1), which forbids it"]),
    ({"forbid": ["st.on"], "after": "a"}, "a st.off", []),
    ({"forbid": ["b"], "after": "st"}, "st.on b", ["b (#2) came after st.on (#1), which forbids it"]),
    # on both sides at once: one is allowed, a second is not
    ({"forbid": ["a"], "after": "a"}, "a b", []),
    ({"forbid": ["a"], "after": "a"}, "a b a a", ["a (#3) came after a (#1), which forbids it"]),
]


@pytest.mark.parametrize(("rule", "stream", "sentences"), CASES)
def test_what_is_forbidden_must_not_come_any_more(rule: dict[str, Any], stream: Stream, sentences: list[str]) -> None:
    assert told(offences(rule, stream)) == sentences


def test_both_sides_are_watched_and_nothing_else() -> None:
    assert read({"forbid": ["st"], "after": "a"}).watches == {"a", "st.on", "st.off"}
