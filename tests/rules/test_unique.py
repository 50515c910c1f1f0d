"""`unique`: a table of streams with what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.rules.streams import offences, read, told
from wscheck.rules.unique import WINDOW

UNIQUE = {"unique": "/i", "events": ["a"]}


def ids(*written: Any) -> list[str]:
    """Return events `a` with these texts at /i; None: nothing."""
    return ["a {}" if text is None else f'a {{"i": {text}}}' for text in written]


CASES: list[tuple[Mapping[str, Any], list[str], list[str]]] = [
    (UNIQUE, ids(), []),
    (UNIQUE, ids(1, 2, 3), []),
    (UNIQUE, ids(1, 2, 1), ["a (#3) has at /i 1 again, after #1"]),
    (UNIQUE, ids(1, 1, 1), ["a (#2) has at /i 1 again, after #1", "a (#3) has at /i 1 again, after #2"]),
    # values compare as JSON: 1 is 1.0, never "1" or true; null is a value
    (UNIQUE, ids(1, '"1"', "true", "[1]", "null", '{"x": 1}', '"null"', "false", 0), []),
    (UNIQUE, ids(1, "1.0"), ["a (#2) has at /i 1.0 again, after #1"]),
    (UNIQUE, ids("null", "null"), ["a (#2) has at /i null again, after #1"]),
    (UNIQUE, ids('{"x": 1, "y": 2}', '{"y": 2, "x": 1}'), ['a (#2) has at /i {"y": 2, "x": 1} again, after #1']),
    # nothing there
    (UNIQUE, ids(1, None, None), [f"a (#{n}) holds nothing at /i, which the rule looks at" for n in (2, 3)]),
    ({**UNIQUE, "optional": True}, ids(1, None, None), []),
    ({"unique": "/i"}, ids(None, None), []),
    # others are not looked at
    (UNIQUE, ['a {"i": 1}', 'b {"i": 1}'], []),
    ({"unique": "/i"}, ['a {"i": 1}', 'b {"i": 1}'], ["b (#2) has at /i 1 again, after #1"]),
    # a window holds so many values
    ({**UNIQUE, "window": 1}, ids(1, 1), ["a (#2) has at /i 1 again, after #1"]),
    ({**UNIQUE, "window": 1}, ids(1, 2, 1), []),
    ({**UNIQUE, "window": 2}, ids(1, 2, 1), ["a (#3) has at /i 1 again, after #1"]),
    ({**UNIQUE, "window": 2}, ids(1, 2, 3, 1), []),
    (
        {**UNIQUE, "window": 2},
        ids(1, 1, 2, 1),
        ["a (#2) has at /i 1 again, after #1", "a (#4) has at /i 1 again, after #2"],
    ),
    ({**UNIQUE, "window": 2}, ids(1, 1, 2, 3, 1), ["a (#2) has at /i 1 again, after #1"]),
]


@pytest.mark.parametrize(("rule", "stream", "sentences"), CASES)
def test_no_value_comes_twice(rule: Any, stream: list[str], sentences: list[str]) -> None:
    assert told(offences(rule, stream)) == sentences


def test_without_a_window_ten_thousand_values_are_remembered() -> None:
    within, beyond = ids(*range(WINDOW), 0), ids(*range(WINDOW + 1), 0)
    assert WINDOW == 10_000
    assert told(offences(UNIQUE, within)) == ["a (#10001) has at /i 0 again, after #1"]
    assert offences(UNIQUE, beyond) == []


def test_the_offence_names_where_the_value_stands() -> None:
    assert [offence.instance_path for offence in offences(UNIQUE, ids(1, 1, None))] == ["/i", "/i"]


def test_a_rule_without_events_watches_what_its_scope_orders() -> None:
    assert read({"unique": "/i"}, looked_at=("b", "c")).watches == {"b", "c"}
    assert read(UNIQUE, looked_at=("b", "c")).watches == {"a"}
