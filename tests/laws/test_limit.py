"""A limit of ours counts what is open at once, not what has come and gone."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.faults import lines_of
from tests.laws.made import records_of
from wscheck.checker import Checker
from wscheck.contract.load import parse_contract

CONTRACT = parse_contract(
    json.dumps(
        {
            "wscheck": 1,
            "name": "comes-and-goes",
            "version": "1.0.0",
            "event_name": "/t",
            "events": {"a": None, "b": None},
            "scopes": {"s": {"key": "/k", "order": "a, b"}},
        }
    )
)


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(1, 4))
def test_a_stream_is_given_up_only_where_more_is_open_at_once_than_may_be(opens: list[bool], most: int) -> None:
    messages, open_ones, highest = [], list[int](), 0
    for key, begins in enumerate(opens):
        if begins or not open_ones:
            open_ones.append(key)
            messages.append({"t": "a", "k": key})
        else:
            messages.append({"t": "b", "k": open_ones.pop(0)})
        highest = max(highest, len(open_ones))
    checker = Checker(CONTRACT, max_open=most)
    for record in records_of(lines_of(messages)):
        checker.observe(record)
    notes = checker.conclude().notes
    assert [note.startswith(f"max-open: more than {most} instances are open") for note in notes] == [True] * (
        highest > most
    )
