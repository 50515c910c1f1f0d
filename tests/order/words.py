"""Order expressions as plain data, made at random, with a matcher that owes nothing to automata."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, TypeAlias

from hypothesis import strategies as st

Tree: TypeAlias = Any
"""A name, (item, least, most), or an operator with its items."""
Word: TypeAlias = tuple[str, ...]

SYMBOLS = ("a", "b", "c")
MEANINGS = {"a": frozenset("a"), "b": frozenset("b"), "c": frozenset("c"), "ab": frozenset("ab")}
COUNTS = [(0, 1), (0, None), (1, None), (2, 2), (1, 3), (0, 2), (2, None)]

TREES: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(sorted(MEANINGS)),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(COUNTS)).map(lambda pair: (pair[0], *pair[1])),
        st.tuples(st.sampled_from(",|&"), st.lists(inner, min_size=2, max_size=3)).map(
            lambda pair: (pair[0], *pair[1])
        ),
    ),
    max_leaves=6,
)


def written(tree: Tree) -> str:
    """Return ``tree`` as the language writes it."""
    match tree:
        case str() as name:
            return name
        case ("," | "|" | "&") as operator, *items:
            return f"({str(operator).join(map(written, items))})"
        case item, least, most:
            return f"({written(item)}){{{least},{'' if most is None else most}}}"
        case _:
            raise AssertionError(tree)


def words(most: int) -> Iterator[Word]:
    """Yield every word of at most ``most`` symbols, the shortest first."""
    for length in range(most + 1):
        yield from product(SYMBOLS, repeat=length)


@cache
def matches(tree: Tree, word: Word) -> bool:
    """Say by trial and error whether ``word`` is one of ``tree``."""
    match tree:
        case str():
            return len(word) == 1 and word[0] in MEANINGS[tree]
        case "|", *items:
            return any(matches(item, word) for item in items)
        case ",", first, *rest:
            return _follows(word, first, (",", *rest))
        case "&", first, *rest:
            return any(matches(first, mine) and matches(("&", *rest), others) for mine, others in _shared_out(word))
        case ("," | "&",):
            return not word
        case item, least, most:
            return _repeats(item, least, most, word)
        case _:
            raise AssertionError(tree)


def _follows(word: Word, first: Tree, rest: Tree) -> bool:
    return any(matches(first, word[:cut]) and matches(rest, word[cut:]) for cut in range(len(word) + 1))


def _shared_out(word: Word) -> Iterator[tuple[Word, Word]]:
    for choice in product((True, False), repeat=len(word)):
        pairs = list(zip(word, choice, strict=True))
        yield tuple(name for name, mine in pairs if mine), tuple(name for name, mine in pairs if not mine)


def _repeats(item: Tree, least: int, most: int | None, word: Word) -> bool:
    if not word:
        return least == 0 or matches(item, ())
    if most == 0:
        return False
    fewer = None if most is None else most - 1
    return any(
        matches(item, word[:cut]) and _repeats(item, max(least - 1, 0), fewer, word[cut:])
        for cut in range(1, len(word) + 1)
    )
