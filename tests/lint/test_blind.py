"""Blind spots: what is claimed is what the checker cannot see, by trial of every short stream."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lint.looked import HEAD
from tests.order.words import COUNTS, SYMBOLS, Tree, Word, words, written
from tests.support.streams import check as judge
from tests.support.streams import codes, session
from wscheck.contract.load import parse_contract
from wscheck.contract.model import Contract
from wscheck.lint import find_blind_spots

SHORT, LONG = 4, 6
"""Events of the streams that are tried: first few, for there are 3 ** n."""
SMALL: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(SYMBOLS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(COUNTS[:3])).map(lambda pair: (pair[0], *pair[1])),
        st.tuples(st.sampled_from(",|&"), st.lists(inner, min_size=2, max_size=3)).map(
            lambda pair: (pair[0], *pair[1])
        ),
    ),
    max_leaves=3,
)


def contract(scopes: str, events: str = "a: , b: , c: , d: ") -> Contract:
    return parse_contract(f"{HEAD}events: {{{events}}}\nscopes: {scopes}")


def spots(found: Contract) -> dict[str, str]:
    """Return what is claimed, by event."""
    return {spot.event: spot.what for spot in find_blind_spots(found)}


def tried(held: Contract, most: int) -> dict[str, str]:
    """Return what no short stream shows: there is one that conforms with and without the fault."""

    @cache
    def conforms(word: Word) -> bool:
        return codes(judge(held, session(*({"type": name} for name in word)))) == []

    lost, repeated = set(), set()
    for word in words(most):
        if conforms(word):
            for place, name in enumerate(word):
                if conforms((*word[:place], *word[place + 1 :])):
                    lost.add(name)
                if conforms((*word[:place], name, *word[place:])):
                    repeated.add(name)
    both = "was lost or came twice"
    told = {name: both if name in lost & repeated else "was lost" if name in lost else "came twice" for name in SYMBOLS}
    return {name: what for name, what in told.items() if name in lost | repeated}


@settings(max_examples=15)
@given(SMALL)
def test_a_blind_spot_is_claimed_where_and_only_where_the_checker_is_blind(order: Tree) -> None:
    text = written(order)
    held = contract(f"{{run: {{order: '{text}'}}}}", "a: , b: , c: ")
    claimed = spots(held)
    # Two instances, one after the other, may need a longer stream.
    assert claimed == _named(tried(held, SHORT), text) or claimed == _named(tried(held, LONG), text)


def _named(told: dict[str, str], order: str) -> dict[str, str]:
    return {name: what for name, what in told.items() if name in order}


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        # What one event opens and ends leaves no trace, unless the parent misses it.
        ("{run: {key: /id, order: a}}", {"a": "was lost or came twice"}),
        ("{run: {key: /id, order: a, severity: {reused-key: error}}}", {"a": "was lost"}),
        ("{connection: {order: '$open, run, $close'}, run: {key: /id, order: a}}", {}),
        ("{connection: {order: '$open, run, $close'}, run: {key: /id, order: 'a?'}}", {}),
        ("{connection: {order: '$open, run+, $close'}, run: {key: /id, order: a}}", {"a": "was lost or came twice"}),
        ("{connection: {rules: [{id: n, count: run, min: 1, max: 2}]}, run: {key: /id, order: a}}", {}),
        ("{connection: {rules: [{id: n, count: run, max: 2}]}, run: {key: /id, order: a}}", {"a": "was lost"}),
        # Rules that tell.
        ("{run: {key: /id, order: 'a, b*, c'}}", {"b": "was lost or came twice"}),
        ("{run: {key: /id, order: 'a, b*, c', rules: [{id: r, counter: /n, events: [b]}]}}", {}),
        ("{run: {key: /id, order: 'a, b*, c', rules: [{id: r, unique: /n, events: [b]}]}}", {"b": "was lost"}),
        (
            "{run: {key: /id, order: 'a, b*, c', rules: [{id: r, counter: /n, mode: increasing, events: [b]}]}}",
            {"b": "was lost"},
        ),
        ("{run: {key: /id, order: 'a, b*, c', rules: [{id: r, chain: /n, previous: /m, events: [b]}]}}", {}),
        ("{run: {key: /id, order: 'a, b*, c', rules: [{id: r, count: b, max: 2}]}}", {"b": "was lost"}),
        ("{run: {key: /id, order: 'a, b*, c', rules: [{id: r, count: b, min: 2}]}}", {"b": "came twice"}),
        ("{run: {key: /id, order: 'a, b*, c', rules: [{id: r, same: /n}]}}", {"b": "was lost or came twice"}),
        # Events that only rules name.
        ("{run: {key: /id, order: 'a, c'}, side: {rules: [{id: r, ask: b, with: d}]}}", {}),
        (
            "{run: {key: /id, order: 'a, c'}, side: {rules: [{id: r, ask: b, with: d, unsolicited: allow}]}}",
            {"b": "was lost", "d": "was lost or came twice"},
        ),
        # Of two scopes under one key an event goes to one alone; of others to both.
        ("{one: {key: /id, order: 'a, b*'}, two: {key: /id, order: 'c, b, d'}}", {"a": "x", "b": "x"}),
        ("{one: {key: /id, order: 'a, b*, c'}, two: {key: /other, order: 'b, d'}}", {}),
    ],
)
def test_a_blind_spot_takes_every_scope_and_rule_into_account(scopes: str, expected: dict[str, str]) -> None:
    found = spots(contract(scopes))
    assert found.keys() == expected.keys()
    assert all(what in ("x", found[name]) for name, what in expected.items())


def test_what_we_send_is_ignored_or_stands_nowhere_is_no_blind_spot() -> None:
    held = contract("{run: {key: /id, order: 'a, b*, d'}}", "a: , b: {from: client}, c: , d: ")
    assert spots(held) == {}
