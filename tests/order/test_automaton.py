"""The order, compiled: what it accepts, how large it may be, the shortest ways through it, and what it requires."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.order.words import MEANINGS, TREES, Tree, matches, words, written
from wscheck.order.automaton import MAX_PATH, MAX_STATES, Automaton, compile_order
from wscheck.order.expression import OrderError


def itself(name: str) -> frozenset[str]:
    return frozenset((name,))


def compiled(tree: Tree) -> Automaton:
    return compile_order(written(tree), MEANINGS.__getitem__)


def walk(automaton: Automaton, word: Iterable[str], state: int | None = 0) -> int | None:
    for symbol in word:
        state = None if state is None else automaton.moves[state].get(symbol)
    return state


def accepts(automaton: Automaton, word: Iterable[str]) -> bool:
    state = walk(automaton, word)
    return state is not None and automaton.accepting[state]


# An expression over one-letter events, words of it, and words not of it.
LANGUAGES = [
    ("a", "a", " b aa ab"),
    ("a?", "a ", "aa b"),
    ("a*, a", "a aa aaaa", " b"),
    ("a{2,3}", "aa aaa", "a aaaa"),
    ("(a?){3}", " a aa aaa", "aaaa"),
    ("(a, b){2}", "abab", "ab ababab aabb"),
    ("a | (a, b)", "a ab", "b abb"),
    ("(a | b)*, a", "a ba aaba", " ab"),
    ("a & b & c", "abc cba bac", "ab abca"),
    ("(a, b) & (c, d)", "abcd cdab acbd cadb", "acdba bacd abdc"),
    ("(a, b) & (a, c)", "abac aabc aacb acab", "abca aab"),
    ("a* & b{2}", "bb abab aabba", "b abbb"),
    ("(a & b)+", "ab ba abba baab", " aabb a"),
    ("(a*)*", " aaa", "b"),
    ("(a | a?), b", "b ab", "aab"),
]


@pytest.mark.parametrize(("text", "inside", "outside"), LANGUAGES)
def test_an_order_accepts_its_words_and_no_others(text: str, inside: str, outside: str) -> None:
    automaton = compile_order(text, itself)
    assert {word: accepts(automaton, word) for word in inside.split(" ")} == dict.fromkeys(inside.split(" "), True)
    assert {word: accepts(automaton, word) for word in outside.split(" ")} == dict.fromkeys(outside.split(" "), False)


@given(TREES)
def test_a_compiled_order_and_a_naive_matcher_accept_the_same_words(tree: Tree) -> None:
    automaton = compiled(tree)
    assert [word for word in words(4) if accepts(automaton, word)] == [word for word in words(4) if matches(tree, word)]


@given(TREES)
def test_every_state_can_still_be_accepted(tree: Tree) -> None:
    automaton = compiled(tree)
    alive = {state for state, accepted in enumerate(automaton.accepting) if accepted}
    for _ in automaton.moves:
        alive |= {state for state, row in enumerate(automaton.moves) if alive.intersection(row.values())}
    assert alive == set(range(len(automaton.moves)))


def test_what_an_order_begins_with_and_where_it_is_exhausted_can_be_asked() -> None:
    automaton = compile_order("(a | b), c?", itself)
    assert [automaton.starts(symbol) for symbol in "abc"] == [True, True, False]
    assert not automaton.exhausted(0)
    after = walk(automaton, "a")
    assert after is not None
    assert automaton.accepting[after]
    assert not automaton.exhausted(after)
    last = walk(automaton, "ac")
    assert last is not None
    assert automaton.exhausted(last)
    assert automaton.alphabet == {"a", "b", "c"}


# -- what it may cost


@pytest.mark.parametrize("text", ["a{4095}", " & ".join("abcdefghijkl"), "(a|b)*, a, (a|b){11}"])
def test_so_many_states_are_allowed(text: str) -> None:
    assert len(compile_order(text, itself).moves) == MAX_STATES == 4096


@pytest.mark.parametrize("text", ["a{4096}", " & ".join("abcdefghijklm"), "a{1000000000}", "(a|b)*,\n a, (a|b){12}"])
def test_one_more_state_is_an_error_that_quotes_the_expression(text: str) -> None:
    with pytest.raises(OrderError) as caught:
        compile_order(text, itself)
    assert caught.value.message == f"the order needs more than 4096 states: {text.replace(chr(10), '')}"


def test_an_expression_that_would_take_too_long_is_an_error_that_quotes_it() -> None:
    with pytest.raises(OrderError, match=r"too intricate; write it with fewer repetitions: \(a\{1,100\}\)\{1,100\}"):
        compile_order("(a{1,100}){1,100}", itself)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        (", ".join(f"e{n}" for n in range(4095)), 4096),
        (", ".join(f"e{n}?" for n in range(400)), 401),
        (" & ".join(f"e{n}*" for n in range(400)), 1),
        (" | ".join(f"(e{n}, f{n})" for n in range(400)), 402),
    ],
    ids=["sequence", "optional", "interleaved", "choice"],
)
def test_a_long_expression_compiles_without_deep_recursion(text: str, states: int) -> None:
    assert len(compile_order(text, itself).moves) == states


def test_a_name_that_stands_for_nothing_is_told_with_its_place() -> None:
    def meaning(name: str) -> frozenset[str]:
        raise LookupError(f"{name} is unknown")

    with pytest.raises(OrderError) as caught:
        compile_order("  (nope, a)", meaning)
    assert (caught.value.message, caught.value.offset) == ("nope is unknown", 3)


# -- the shortest way

# An expression (capitals are the client's events), a word that leads to a state, a symbol, and the way to it.
WAYS = [
    ("a, b", "", "b", "a"),
    ("a, b, c", "", "c", "ab"),
    ("a, b, c, d", "", "d", "abc"),
    ("a, b, c, d, e", "", "e", None),
    ("a, b, c, d, e", "a", "e", "bcd"),
    ("a, b", "a", "a", None),
    ("a, b", "", "z", None),
    ("(b | a), c", "", "c", "a"),
    ("(A | b), c", "", "c", "b"),
    ("(B | A), c", "", "c", "A"),
    ("((a, B) | (a, c)), d", "", "d", "ac"),
    ("((A, b) | (c, D)), e", "", "e", "cD"),
    ("((a, b, c) | D), e", "", "e", "D"),
    ("(a & b), c", "", "c", "ab"),
    ("(a & b), c", "b", "c", "a"),
    ("x*, a, y", "xx", "y", "a"),
]


@pytest.mark.parametrize(("text", "word", "symbol", "way"), WAYS)
def test_the_shortest_way_prefers_the_server_and_then_the_code_point(
    text: str, word: str, symbol: str, way: str | None
) -> None:
    automaton = compile_order(text, itself, late=str.isupper)
    state = walk(automaton, word)
    assert state is not None
    for _ in range(2):  # the second time it is remembered
        assert automaton.path(state, symbol) == (None if way is None else tuple(way))


@given(TREES, st.sampled_from("abc"), st.sampled_from("abc"))
def test_the_way_is_the_least_of_the_shortest(tree: Tree, symbol: str, client: str) -> None:
    automaton = compile_order(written(tree), MEANINGS.__getitem__, late=lambda name: name == client)
    alphabet = sorted("abc", key=lambda name: (name == client, name))
    for state, row in enumerate(automaton.moves):
        if symbol not in row:
            all_ways = (way for length in range(1, MAX_PATH + 1) for way in product(alphabet, repeat=length))
            ways = (way for way in all_ways if walk(automaton, (*way, symbol), state) is not None)
            assert automaton.path(state, symbol) == next(ways, None)


# -- what is required

# An expression, what is left out, and what every word left holds. `output` stands for o and p.
REQUIRED = [
    ("a, b?, c", "", "a c"),
    ("a+, (b | c)", "", "a"),
    ("a & b{2,}", "", "a b"),
    ("a*", "", ""),
    ("a, output+, c", "", "a output c"),
    ("a, output, c", "o", "a output c"),
    ("a, output?, c", "op", "a c"),
    ("a, ((b, c) | (d, e))", "", "a"),
    ("a, ((b, c) | (d, e))", "e", "a b c"),
    ("a, ((b, c) | e)", "e", "a b c"),
    ("a, b", "b", ""),
    ("a, (b, a)?", "", "a"),
]


@pytest.mark.parametrize(("text", "without", "required"), REQUIRED)
def test_required_is_what_every_accepted_word_holds(text: str, without: str, required: str) -> None:
    automaton = compile_order(text, lambda name: frozenset("op") if name == "output" else itself(name))
    assert " ".join(name.text for name in automaton.required(frozenset(without))) == required


@given(TREES, st.frozensets(st.sampled_from("abc"), max_size=1))
def test_no_accepted_word_lacks_what_is_required(tree: Tree, without: frozenset[str]) -> None:
    required = compiled(tree).required(without)
    for word in words(4):
        if matches(tree, word) and not without.intersection(word):
            assert all(name.symbols.intersection(word) for name in required)
