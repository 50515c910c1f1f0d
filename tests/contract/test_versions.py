"""Ranges of versions: what each comparator takes, and what is turned away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.contract.versions import RangeError, parse_range, precedence, read_version

# A range, what lies in it, what does not.
RANGES = [
    (">=2 <3", "2.0.0 2.9.1 2.0.1", "1.9.9 3.0.0 3.0.0-rc.1 2.0.0-rc.1"),
    (">=1.2.0 <2.0.0", "1.2.0 1.9.9", "1.1.9 2.0.0 1.2.0-a"),
    (">1", "2.0.0", "1.9.9 1.0.0"),
    (">1.2", "1.3.0", "1.2.9"),
    (">1.2.3", "1.2.4", "1.2.3"),
    ("<=1", "1.9.9 0.0.1", "2.0.0"),
    ("<=1.2", "1.2.9", "1.3.0"),
    ("<=1.2.3", "1.2.3", "1.2.4"),
    ("<1.2", "1.1.9", "1.2.0"),
    ("^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0"),
    ("^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2"),
    ("^0.0.3", "0.0.3", "0.0.4 0.0.2"),
    ("^0.0", "0.0.9", "0.1.0"),
    ("^0", "0.9.9", "1.0.0"),
    ("^2", "2.9.9", "3.0.0"),
    ("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"),
    ("~1.2", "1.2.0 1.2.9", "1.3.0"),
    ("~1", "1.9.9", "2.0.0"),
    ("1.x", "1.0.0 1.9.9", "2.0.0"),
    ("1.2.*", "1.2.7", "1.3.0"),
    ("1", "1.9.9", "2.0.0 0.9.9"),
    ("=1.2.3", "1.2.3 1.2.3+build", "1.2.4"),
    ("*", "0.0.0 99.0.0", "1.0.0-rc"),
    ("<1 || >=3", "0.9.0 3.0.0", "1.0.0 2.9.9"),
    ("1.0.0||2.0.0", "1.0.0 2.0.0", "1.5.0"),
    (">= 1.2 < 2", "1.2.0", "2.0.0"),
    ("v1.2.3", "1.2.3", "1.2.4"),
    (">=2.0.0-rc.1 <3", "2.0.0-rc.1 2.0.0-rc.2 2.0.0", "2.0.0-beta 2.1.0-rc.1 3.0.0-rc"),
    ("<x", "", "0.0.0 1.0.0"),
    (">*", "", "1.0.0"),
]


@pytest.mark.parametrize(("text", "inside", "outside"), RANGES, ids=[row[0] for row in RANGES])
def test_a_range_takes_what_lies_in_it(text: str, inside: str, outside: str) -> None:
    due = parse_range(text)
    assert [one for one in inside.split() if not due.holds(precedence(one))] == []
    assert [one for one in outside.split() if due.holds(precedence(one))] == []


@pytest.mark.parametrize(
    "text", ["", " ", "||", "1 ||", "1.2 - 2", "1,2", "latest", "01", "1.2.3.4", ">>1", "1-rc", "1.x.3", "1" * 300]
)
def test_what_is_no_range_is_turned_away(text: str) -> None:
    with pytest.raises(RangeError):
        parse_range(text)


TOLD = [
    ("2.1.0", "2.1.0"),
    ("v2.1.0", "2.1.0"),
    ("2.1", "2.1.0"),
    ("2", "2.0.0"),
    (2, "2.0.0"),
    ("2.0.0-rc.1", "2.0.0-rc.1"),
    (2.1, None),
    (True, None),
    (None, None),
    (-1, None),
    ("", None),
    ("two", None),
    ("1.2.3.4", None),
    ("1" * 1000, None),
    ({"v": 1}, None),
]


@pytest.mark.parametrize(("value", "version"), TOLD, ids=lambda each: str(each)[:12])
def test_a_version_in_a_message_may_leave_numbers_out(value: object, version: str | None) -> None:
    assert read_version(value) == (precedence(version) if version else None)


@given(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)))
def test_every_release_lies_in_its_own_ranges(numbers: tuple[int, int, int]) -> None:
    written = ".".join(map(str, numbers))
    for sign in ("", "=", "^", "~", ">=", "<="):
        assert parse_range(sign + written).holds(precedence(written)), sign
    for sign in ("<", ">"):
        assert not parse_range(sign + written).holds(precedence(written)), sign
