"""The edits: what they change, and what they leave."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.streams import session
from wscheck.pointer import MISSING, Pointer
from wscheck.record import Message, Record
from wscheck.strength import edits
from wscheck.strength.draw import Draw

STREAM = tuple(session({"t": "a"}, [{"t": "q"}], {"t": "b"}, {"t": "c"}))
VALUE = {"a": {"b": [1, {"c": 2}]}, "x/y": None}


def said(records: Sequence[Record]) -> str:
    return "".join(record.text[7] for record in records if isinstance(record, Message) and record.text)


@pytest.mark.parametrize(
    ("records", "left"),
    [
        (edits.drop(STREAM, 1), "qbc"),
        (edits.repeat(STREAM, 1), "aaqbc"),
        (edits.repeat(STREAM, 1, before=4), "aqbac"),
        (edits.rearrange(STREAM, (1, 3, 4), (4, 1, 3)), "cqab"),
        (edits.cut_short(STREAM, 3), "aq"),
        (edits.cut_short(STREAM, 1), "q"),
    ],
)
def test_an_edit_leaves_what_it_says(records: tuple[Record, ...], left: str) -> None:
    assert said(records) == left
    assert type(records[-1]) is type(STREAM[-1])


@given(order=st.permutations(range(len(STREAM))))
def test_rearranging_keeps_the_times_and_all_that_was_said(order: list[int]) -> None:
    changed = edits.rearrange(STREAM, range(len(STREAM)), order)
    assert [record.at for record in changed] == [record.at for record in STREAM]
    assert sorted(said(changed)) == sorted(said(STREAM))


def test_a_delay_moves_what_follows_in_its_connection_only() -> None:
    other = [Message(at=0.9, session="other", direction="received", text='{"t": "x"}')]
    changed = edits.delay((*STREAM, *other), 3, 5.0)
    assert [round(record.at - before.at, 6) for record, before in zip(changed, (*STREAM, *other), strict=True)] == [
        0, 0, 0, 5, 5, 5, 0,
    ]  # fmt: skip


@pytest.mark.parametrize("pointer", ["/a", "/a/b", "/a/b/0", "/a/b/1/c", "/x~1y"])
def test_a_value_is_put_where_the_pointer_leads_and_nowhere_else(pointer: str) -> None:
    changed = edits.put(VALUE, pointer, "new")
    assert Pointer(pointer).find(changed) == "new"
    assert edits.put(changed, pointer, Pointer(pointer).find(VALUE)) == VALUE


@pytest.mark.parametrize("pointer", ["/nowhere/at/all", "/a/b/7", "/x~1y/z"])
def test_where_a_pointer_leads_nowhere_nothing_is_put(pointer: str) -> None:
    assert edits.put(VALUE, pointer, "new") is MISSING


def test_a_member_is_taken_away() -> None:
    assert edits.put(VALUE, "/a/b/1/c", MISSING) == {"a": {"b": [1, {}]}, "x/y": None}


@given(items=st.lists(st.integers(), max_size=30), seed=st.integers(), most=st.integers(1, 10))
def test_what_is_drawn_keeps_its_order_and_more_is_never_less(items: list[int], seed: int, most: int) -> None:
    few, many = (Draw(seed=seed, most=one).some(range(len(items)), "x") for one in (most, most + 3))
    assert few == sorted(few)
    assert len(few) == min(most, len(items))
    assert set(few) <= set(many)
