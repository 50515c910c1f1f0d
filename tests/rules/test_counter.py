"""`counter`: a table of streams with what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.streams import offences, read, told

COUNTER = {"counter": "/n", "events": ["a"]}
PASSING = {"counter": "/n"}
HEX = {**COUNTER, "as": "hex"}
RISING = {**COUNTER, "mode": "increasing"}
LAST = {**COUNTER, "last": "/m"}
HUGE = 10**300


def values(*written: Any) -> list[str]:
    """Return events `a`, each with what is written at /n; None: nothing."""
    return ["a {}" if value is None else f'a {{"n": {value}}}' for value in written]


# A rule, what stands at /n of the events, and what is told.
VALUES: list[tuple[Mapping[str, Any], list[str], list[str]]] = [
    (COUNTER, values(1, 2, 3), []),
    (COUNTER, values(-1, 0, 1), []),
    (COUNTER, values(1, 2, 4, 5), ["a (#3) has at /n 4, where 3 was due"]),
    (COUNTER, values(1, 1), ["a (#2) has at /n 1, where 2 was due"]),
    (COUNTER, values(5, 6, 1, 2), ["a (#3) has at /n 1, where 7 was due"]),
    # start
    ({**COUNTER, "start": 1}, values(1, 2), []),
    ({**COUNTER, "start": 1}, values(2, 3), ["a (#1) has at /n 2, where 1 is the start"]),
    ({**COUNTER, "start": 0}, values(1), ["a (#1) has at /n 1, where 0 is the start"]),
    ({**COUNTER, "start": 0.5}, values(0.5, 1.5), []),
    # step: exact in decimals, as they were written
    ({**COUNTER, "step": 10}, values(5, 15, 16), ["a (#3) has at /n 16, where 25 was due"]),
    ({**COUNTER, "step": -1}, values(1, 0, -1), []),
    ({**COUNTER, "step": 0}, values(7, 7), []),
    ({**COUNTER, "step": 0.1}, values(*(f"{n / 10:.1f}" for n in range(30))), []),
    ({**COUNTER, "step": 0.1, "start": 0.1}, values(0.1, 0.2, 0.3, 0.5), ["a (#4) has at /n 0.5, where 0.4 was due"]),
    ({**COUNTER, "step": 0.5}, values("1e0", 1.5, 2, "2.50"), []),
    # a whole number is one however it is written, and as large as it may be
    (COUNTER, values(1, "2.0", "3e0"), []),
    (COUNTER, values(HUGE, HUGE + 1), []),
    (COUNTER, values(2**53, 2**53 + 1, 2**53 + 3), [f"a (#3) has at /n {2**53 + 3}, where {2**53 + 2} was due"]),
    # no number
    (COUNTER, values(1, '"2"', 2), ['a (#2) has at /n "2", which is no number']),
    (COUNTER, values("true"), ["a (#1) has at /n true, which is no number"]),
    (
        COUNTER,
        values("null", "[1]"),
        ["a (#1) has at /n null, which is no number", "a (#2) has at /n [1], which is no number"],
    ),
    (COUNTER, values("1e999"), ["a (#1) has at /n Infinity, which is no number"]),
    # nothing there
    (COUNTER, values(1, None, 2), ["a (#2) holds nothing at /n, which the rule looks at"]),
    ({**COUNTER, "optional": True}, values(1, None, 2), []),
    (PASSING, values(1, None, 2), []),
    (PASSING, values(1, None, 3), ["a (#3) has at /n 3, where 2 was due"]),
    # increasing
    (RISING, values(1, 5, 5.5, 6), []),
    (RISING, values(1, 1), ["a (#2) has at /n 1, which is not greater than 1"]),
    (RISING, values(5, 4, 4.5), ["a (#2) has at /n 4, which is not greater than 5"]),
    ({**RISING, "start": 3}, values(4, 5), ["a (#1) has at /n 4, where 3 is the start"]),
    # hexadecimal
    (HEX, values('"0x9"', '"0xa"', '"B"', '"0X0c"'), []),
    (HEX, values('"0x9"', '"0x10"'), ['a (#2) has at /n "0x10", where 0xa was due']),
    ({**HEX, "start": 10}, values('"0xa"'), []),
    ({**HEX, "start": 16}, values('"0xa"'), ['a (#1) has at /n "0xa", where 0x10 is the start']),
    (HEX, values("1"), ["a (#1) has at /n 1, which is no hexadecimal string"]),
    (HEX, values('"0x"'), ['a (#1) has at /n "0x", which is no hexadecimal string']),
    (
        HEX,
        values('"0x_1"', '"-0x1"'),
        [f'a (#{n}) has at /n "{text}", which is no hexadecimal string' for n, text in ((1, "0x_1"), (2, "-0x1"))],
    ),
    (HEX, values(f'"{"f" * 300}"', f'"1{"0" * 300}"'), []),
]

# A rule, whole events, and what is told.
EVENTS: list[tuple[Mapping[str, Any], list[str], list[str]]] = [
    # last: the end of a range, from which the next begins
    (LAST, ['a {"n": 1, "m": 5}', 'a {"n": 6, "m": 6}', 'a {"n": 7, "m": 9}'], []),
    (LAST, ['a {"n": 1, "m": 5}', 'a {"n": 5, "m": 6}'], ["a (#2) has at /n 5, where 6 was due"]),
    (LAST, ['a {"n": 1}', 'a {"n": 2, "m": 2}'], ["a (#1) holds nothing at /m, which the rule looks at"]),
    ({**LAST, "optional": True}, ['a {"n": 1}', 'a {"n": 2, "m": 2}'], []),
    ({"counter": "/n", "last": "/m"}, ['a {"n": 1, "m": "5"}'], ['a (#1) has at /m "5", which is no number']),
    # per: a counter of its own for each value, null and nothing among them
    ({**COUNTER, "per": "/k"}, ['a {"n": 1, "k": 1}', 'a {"n": 1, "k": "1"}', 'a {"n": 2, "k": 1.0}'], []),
    ({**COUNTER, "per": "/k"}, ['a {"n": 1, "k": null}', 'a {"n": 9}', 'a {"n": 2, "k": null}', 'a {"n": 10}'], []),
    (
        {**COUNTER, "per": "/k", "start": 1},
        ['a {"n": 1, "k": 1}', 'a {"n": 2, "k": 2}'],
        ["a (#2) has at /n 2, where 1 is the start"],
    ),
    (
        {**COUNTER, "per": "/k"},
        ['a {"n": 1, "k": {"x": [1]}}', 'a {"n": 3, "k": {"x": [1]}}'],
        ["a (#2) has at /n 3, where 2 was due"],
    ),
    # several events count together, others are not looked at
    (
        {**COUNTER, "events": ["a", "st"]},
        ['a {"n": 1}', 'st.on {"n": 2}', "b {}", 'st.off {"n": 4}'],
        ["st.off (#4) has at /n 4, where 3 was due"],
    ),
    # a step that is no whole one has no hexadecimal digits
    (
        {**HEX, "step": 0.5},
        [f'a {{"n": "{"f" * 400}"}}'] * 2,
        [f'a (#2) has at /n "{"f" * 119}… (282 more), where {2 * 16**400 - 1}/2 was due'],
    ),
]


@pytest.mark.parametrize(("rule", "stream", "sentences"), [*VALUES, *EVENTS])
def test_each_number_follows_from_the_one_before(rule: Any, stream: list[str], sentences: list[str]) -> None:
    assert told(offences(rule, stream)) == sentences


def test_the_offence_names_where_the_number_stands() -> None:
    assert [offence.instance_path for offence in offences(COUNTER, values(1, 3, None, '"x"'))] == ["/n"] * 3
    assert [offence.instance_path for offence in offences(LAST, ['a {"n": 1}'])] == ["/m"]


def test_a_rule_without_events_watches_what_its_scope_orders() -> None:
    assert read(PASSING, looked_at=("b", "c")).watches == {"b", "c"}
    assert read(COUNTER, looked_at=("b", "c")).watches == {"a"}


@given(st.decimals(-1000, 1000, places=3), st.decimals(-10, 10, places=3), st.integers(1, 50))
def test_no_sum_of_decimals_is_ever_off_by_a_binary_fraction(start: Any, step: Any, number: int) -> None:
    rule = {**COUNTER, "start": float(start), "step": float(step)}
    assert offences(rule, values(*(start + step * n for n in range(number)))) == []
