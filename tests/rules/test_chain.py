"""`chain`: a table of streams with what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.rules.streams import offences, read, told

CHAIN = {"chain": "/p", "previous": "/h", "events": ["a"]}
PASSING = {"chain": "/p", "previous": "/h"}


def links(*pairs: tuple[Any, Any]) -> list[str]:
    """Return events `a` with these texts at /p and /h; None: nothing."""
    members = [[f'"{name}": {text}' for name, text in zip("ph", pair, strict=True) if text] for pair in pairs]
    return [f"a {{{', '.join(parts)}}}" for parts in members]


BROKEN_2 = "a (#2) has at /p 9, where the one before it has at /h 1"

CASES: list[tuple[Mapping[str, Any], list[str], list[str]]] = [
    (CHAIN, [], []),
    (CHAIN, links(("7", "1"), ("1", "2"), ("2", "3")), []),
    (CHAIN, links(("0", "1"), ("9", "2"), ("2", "3")), [BROKEN_2]),
    (
        CHAIN,
        links(("0", "1"), ("9", "2"), ("1", "3")),
        [BROKEN_2, "a (#3) has at /p 1, where the one before it has at /h 2"],
    ),
    # values compare as JSON: 1 is 1.0, never "1" or true; null is a value; objects and arrays are too
    (CHAIN, links(("0", "1"), ("1.0", "2")), []),
    (CHAIN, links(("0", "1"), ('"1"', "2")), ['a (#2) has at /p "1", where the one before it has at /h 1']),
    (CHAIN, links(("0", "1"), ("true", "2")), ["a (#2) has at /p true, where the one before it has at /h 1"]),
    (CHAIN, links(("0", "null"), ("null", "1")), []),
    (CHAIN, links(("0", "null"), ("0", "1")), ["a (#2) has at /p 0, where the one before it has at /h null"]),
    (CHAIN, links(("0", '{"x": [1], "y": 2}'), ('{"y": 2, "x": [1.0]}', "1")), []),
    # nothing there: told once an event with `events`, else passed over; a link that is not there binds nothing
    (CHAIN, links((None, "1"), ("1", "2")), ["a (#1) holds nothing at /p, which the rule looks at"]),
    (CHAIN, links(("0", None), ("9", "2")), ["a (#1) holds nothing at /h, which the rule looks at"]),
    (CHAIN, links((None, None), ("9", "2")), ["a (#1) holds nothing at /p, which the rule looks at"]),
    (CHAIN, links(("0", "1"), ("9", None)), [BROKEN_2]),
    ({**CHAIN, "optional": True}, links((None, "1"), ("1", None), ("9", "2")), []),
    (PASSING, links((None, "1"), ("1", None), ("9", "2")), []),
    (PASSING, links(("0", "1"), (None, None), ("1", "2")), []),
    (PASSING, links((None, "1"), ("9", "2")), [BROKEN_2]),
    # per: a chain of its own for each value
    (
        {**CHAIN, "per": "/k"},
        ['a {"k": 1, "p": 0, "h": 1}', 'a {"k": 2, "p": 0, "h": 2}', 'a {"k": 1, "p": 1, "h": 3}'],
        [],
    ),
    ({**CHAIN, "per": "/k"}, ['a {"k": 1, "p": 0, "h": 1}', 'a {"k": 1.0, "p": 9, "h": 2}'], [BROKEN_2]),
    ({**CHAIN, "per": "/k"}, ['a {"p": 0, "h": 1}', 'a {"k": null, "p": 5, "h": 2}', 'a {"p": 1, "h": 3}'], []),
]


@pytest.mark.parametrize(("rule", "stream", "sentences"), CASES)
def test_each_link_repeats_the_one_before(rule: Any, stream: list[str], sentences: list[str]) -> None:
    assert told(offences(rule, stream)) == sentences


def test_the_offence_names_where_the_value_stands_or_is_lacking() -> None:
    stream = links(("0", "1"), ("9", "2"), (None, "3"), ("3", None))
    assert [offence.instance_path for offence in offences(CHAIN, stream)] == ["/p", "/p", "/h"]


def test_a_rule_without_events_watches_what_its_scope_orders() -> None:
    assert read(PASSING, looked_at=("b", "c")).watches == {"b", "c"}
    assert read(CHAIN, looked_at=("b", "c")).watches == {"a"}
