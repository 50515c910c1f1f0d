"""`same`: a table of streams with what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.rules.streams import offences, read, told

SAME = {"same": "/u", "events": ["a", "b"]}
TABLE = {"same": {"a": "/u", "*": "/v"}, "events": ["a", "b"]}

CASES: list[tuple[Mapping[str, Any], list[str], list[str]]] = [
    (SAME, [], []),
    (SAME, ['a {"u": 1}'], []),
    (SAME, ['a {"u": 1}', 'b {"u": 1}', 'c {"u": 2}', 'a {"u": 1}'], []),
    (SAME, ['a {"u": 1}', 'b {"u": 2}', 'a {"u": 2}'], ["b (#2) has at /u 2, where a (#1) had 1"]),
    (
        SAME,
        ['a {"u": 1}', 'b {"u": 2}', 'a {"u": 1}'],
        ["b (#2) has at /u 2, where a (#1) had 1", "a (#3) has at /u 1, where b (#2) had 2"],
    ),
    # values compare as JSON: 1 is 1.0, never "1" or true; null is a value
    (SAME, ['a {"u": 1}', 'a {"u": 1.0}'], []),
    (SAME, ['a {"u": 1}', 'a {"u": "1"}'], ['a (#2) has at /u "1", where a (#1) had 1']),
    (SAME, ['a {"u": 1}', 'a {"u": true}'], ["a (#2) has at /u true, where a (#1) had 1"]),
    (SAME, ['a {"u": null}', 'a {"u": null}'], []),
    (SAME, ['a {"u": null}', 'a {"u": 1}'], ["a (#2) has at /u 1, where a (#1) had null"]),
    (SAME, ['a {"u": {"x": 1, "y": []}}', 'a {"u": {"y": [], "x": 1}}'], []),
    # nothing there
    (SAME, ['a {"u": 1}', "b {}", 'a {"u": 1}'], ["b (#2) holds nothing at /u, which the rule looks at"]),
    ({**SAME, "optional": True}, ['a {"u": 1}', "b {}", 'a {"u": 2}'], ["a (#3) has at /u 2, where a (#1) had 1"]),
    ({"same": "/u"}, ['a {"u": 1}', "b {}", 'c {"u": 1}'], []),
    # a table by event
    (TABLE, ['a {"u": 1, "v": 2}', 'b {"u": 2, "v": 1}'], []),
    (TABLE, ['a {"u": 1}', 'b {"u": 1, "v": 2}'], ["b (#2) has at /v 2, where a (#1) had 1"]),
    ({"same": {"a": "/u"}, "events": ["a", "b"]}, ['a {"u": 1}', "b {}", 'a {"u": 1}'], []),
    (
        {"same": {"st": "/u", "st.on": "/v"}},
        ['st.on {"v": 1}', 'st.off {"u": 2}'],
        ["st.off (#2) has at /u 2, where st.on (#1) had 1"],
    ),
]


@pytest.mark.parametrize(("rule", "stream", "sentences"), CASES)
def test_a_value_stays_the_same(rule: Any, stream: list[str], sentences: list[str]) -> None:
    assert told(offences(rule, stream)) == sentences


# A rule, what its scope orders, and what it watches.
WATCHED: list[tuple[Mapping[str, Any], set[str]]] = [
    (SAME, {"a", "b"}),
    ({"same": "/u"}, {"b", "st.on"}),
    ({"same": {"b": "/u"}}, {"b"}),
    ({"same": {"a": "/u", "*": "/v"}}, {"b", "st.on"}),
    ({"same": {"st": "/u"}, "events": ["st", "a"]}, {"st.on", "st.off"}),
]


@pytest.mark.parametrize(("rule", "watched"), WATCHED)
def test_only_events_that_have_a_pointer_are_watched(rule: Any, watched: set[str]) -> None:
    assert read(rule, looked_at=("b", "st.on")).watches == watched


def test_the_offence_names_where_the_value_stands() -> None:
    found = offences(TABLE, ['a {"u": 1}', 'b {"v": 2}', "b {}"])
    assert [offence.instance_path for offence in found] == ["/v", "/v"]
