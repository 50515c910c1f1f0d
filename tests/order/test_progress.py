"""One instance's way through its order: every fault as a table of what each event is taken for."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.order.words import MEANINGS, TREES, Tree, written
from wscheck.finding import EventRef
from wscheck.order.automaton import compile_order
from wscheck.order.progress import (
    AfterEnd,
    Debt,
    Duplicate,
    Missing,
    Owed,
    Paid,
    Progress,
    Remains,
    Step,
    StepAtEnd,
    Taken,
    Unexpected,
)

# An order over one-letter names (capitals are the client's events), and what each event is taken for. `S` in an order
# is an inner scope, which opens. Steps: ok, paid (with what skipped it), dup, end, -ab (missing a and b), !ab
# (unexpected, a or b was due).
WAYS: list[tuple[str, str]] = [
    ("a, b, c", "a:ok b:ok c:ok"),
    ("(a | b)*, c", "b:ok b:ok a:ok c:ok"),
    # 1: what is owed pays, whether or not it has a way on
    ("a, b, c, d", "a:ok c:-b b:paid d:ok"),
    ("a, b, c, b, d", "a:ok c:-b b:paid b:ok d:ok"),
    ("a, b, c, (b, x)?, d", "a:ok c:-b b:paid d:ok"),
    ("a, b, c, d", "a:ok d:-bc c:paid b:paid"),
    ("a, b, c, d", "a:ok d:-bc c:paid c:dup"),
    ("a, b, c, d, e", "c:-ab e:-d a:paid d:paid b:paid"),
    ("a{2}, b", "b:-aa a:paid a:paid a:dup"),
    ("a, b, c", "a:ok c:-b b:paid c:end"),
    # 2: a repetition of the last event given, a fault's too
    ("a, b", "a:ok a:dup b:ok b:dup a:end"),
    ("a, b, c", "a:ok a:dup a:dup b:ok c:ok"),
    ("a, b, c", "a:ok c:-b c:dup b:paid b:dup a:end"),
    ("a, b, c, d", "a:ok c:-b b:paid b:dup d:ok"),
    ("a{2}, b", "a:ok a:ok a:dup b:ok"),
    ("a, b", "x:!a x:dup a:ok b:ok"),
    ("a, b, x", "a:ok z:!b a:!b b:ok x:ok"),
    # 3: nothing more may come
    ("a, b", "a:ok b:ok a:end b:end b:dup x:end"),
    ("a?", "a:ok x:end"),
    # 4: a way of at most three
    ("a, b, c, d", "d:-abc"),
    ("a, b, c, d, e", "e:!a a:ok e:-bcd"),
    ("(b | a), c", "c:-a"),
    ("(A | b), c", "c:-b"),
    ("a, b?, c", "c:-a b:end"),
    ("(a & b), c", "b:ok c:-a a:paid"),
    ("(a, b)+, c", "a:ok c:-b a:end"),
    ("(a, b)+, c", "b:-a b:dup a:paid a:ok b:ok c:ok"),
    # 5: no place, nor soon
    ("a, b, c, d, e", "e:!a b:-a"),
    ("a, (b | c)", "x:!a a:ok x:!bc c:ok"),
    # an inner scope's opening is given, is skipped, is owed, and is itself never a duplicate
    ("a, S, b", "a:ok S:ok b:ok"),
    ("a, S, b", "a:ok b:-S S:paid"),
    ("a, S, b", "a:ok S:ok S:!b b:ok"),
    ("a, S+, b", "a:ok S:ok S:ok a:!Sb b:ok"),
    ("S, a", "S:ok S:!a a:ok"),
    ("a, S", "a:ok S:ok a:end"),
]


def is_late(name: str) -> bool:
    return name.isupper() and name != "S"


def start(order: str) -> Progress:
    return Progress(compile_order(order, lambda name: frozenset((name,)), late=is_late))


def shown(step: Step | StepAtEnd) -> str:
    match step:
        case Taken():
            return "ok"
        case Paid():
            return "paid"
        case Duplicate():
            return "dup"
        case AfterEnd():
            return "end"
        case Missing(names=names):
            return f"-{''.join(names)}"
        case Unexpected(expected=expected):
            return f"!{''.join(expected)}"


@pytest.mark.parametrize(("order", "way"), WAYS)
def test_each_event_is_taken_or_is_one_fault(order: str, way: str) -> None:
    progress = start(order)
    names = [step.partition(":")[0] for step in way.split()]
    assert " ".join(f"{name}:{shown(progress.give(name, opening=name == 'S'))}" for name in names) == way


def test_a_debt_is_the_one_of_the_step_that_skipped() -> None:
    progress = start("a, b, c, d, e")
    first, second = progress.give("c"), progress.give("e")
    assert isinstance(first, Missing)
    assert isinstance(second, Missing)
    assert [progress.give(name) for name in "bda"] == [Paid(first.debt), Paid(second.debt), Paid(first.debt)]
    assert first.debt is not second.debt
    assert not any(name in progress.owed for name in "abcde")


def test_of_several_debts_of_one_name_the_oldest_is_paid_first() -> None:
    progress = start("a, b, a, c, d")
    first, second = progress.give("b"), progress.give("c")
    assert isinstance(first, Missing)
    assert isinstance(second, Missing)
    assert (first.names, second.names) == (("a",), ("a",))
    assert [progress.give("a"), progress.give("a"), progress.give("a")] == [
        Paid(first.debt),
        Paid(second.debt),
        Duplicate(),
    ]


# An order, the events given, and what can then be said: accepted, exhausted, confused.
@dataclass(frozen=True, slots=True)
class State:
    accepted: bool = False
    exhausted: bool = False
    confused: bool = False


STATES = [
    ("a, b", "", State()),
    ("a?", "", State(accepted=True)),
    ("a, b?", "a", State(accepted=True)),
    ("a, b?", "ab", State(accepted=True, exhausted=True)),
    ("a, b", "ax", State(confused=True)),
    ("a, b", "axx", State(confused=True)),
    ("a, b, c", "axb", State()),
    ("a, b, c, d, e", "eb", State()),
    ("a, b, c", "b", State()),
    ("a, b", "ba", State(accepted=True, exhausted=True)),
    ("a, b", "abx", State(accepted=True, exhausted=True)),
]


@pytest.mark.parametrize(("order", "events", "state"), STATES)
def test_a_state_says_whether_it_is_accepted_exhausted_or_confused(order: str, events: str, state: State) -> None:
    progress = start(order)
    for name in events:
        progress.give(name)
    assert State(progress.accepted, progress.exhausted, progress.confused) == state


# An order, the events given, an event, and whether it cannot go on but can begin anew.
REOPENINGS = [
    ("a, b", "ab", "a", True),
    ("a, b", "a", "a", False),
    ("a, b", "ab", "b", False),
    ("a, b?", "a", "a", True),
    ("a+, b?", "a", "a", False),
    ("a, b*, c?", "abb", "a", True),
    ("a, b, c", "bc", "a", False),
    ("a, b, c", "bca", "a", True),
]


@pytest.mark.parametrize(("order", "events", "name", "anew"), REOPENINGS)
def test_an_accepted_instance_gives_way_to_what_begins_anew_unless_it_is_owed_that(
    order: str, events: str, name: str, anew: bool
) -> None:
    progress = start(order)
    for event in events:
        progress.give(event)
    assert progress.gives_way_to(name) is anew


def test_what_is_expected_is_told_server_first_and_then_by_code_point() -> None:
    assert start("(B | a | c | A)").expected == ("a", "c", "A", "B")


# -- after the end

# The last event, what is owed, and what each event is taken for.
ENDS = [
    ("b", "", "b:dup a:end b:dup"),
    ("b", "", "a:end a:end"),
    ("b", "a", "a:paid a:end b:dup"),
    ("b", "bb", "b:paid b:paid b:dup"),
    (None, "", "a:end"),
]


@pytest.mark.parametrize(("last", "owed", "way"), ENDS)
def test_what_comes_after_the_end_pays_repeats_or_is_too_late(last: str | None, owed: str, way: str) -> None:
    end = EventRef(index=9, name="b", at=0.0, direction="received")
    debts = Owed()
    for name in owed:
        debts.add(name, Debt())
    remains = Remains(last, debts, ended=1, end=end)
    names = [step.partition(":")[0] for step in way.split()]
    assert " ".join(f"{name}:{shown(remains.give(name))}" for name in names) == way
    assert remains.last == last


# -- laws


@given(TREES, st.integers(0, 1000))
def test_a_word_of_the_order_is_taken_from_its_first_event_to_its_last(tree: Tree, seed: int) -> None:
    automaton = compile_order(written(tree), MEANINGS.__getitem__)
    progress, chance = Progress(automaton), random.Random(seed)
    while progress.expected and chance.random() < 0.9:
        assert progress.give(chance.choice(progress.expected)) == Taken()
    assert progress.accepted is automaton.accepting[progress.state]


@given(TREES, st.lists(st.sampled_from("abcx"), max_size=12))
def test_whatever_comes_the_way_goes_on_and_no_debt_is_paid_twice(tree: Tree, events: list[str]) -> None:
    progress = Progress(compile_order(written(tree), MEANINGS.__getitem__))
    owed: list[tuple[str, Debt]] = []
    for name in events:
        step = progress.give(name)
        if isinstance(step, Missing):
            owed += [(skipped, step.debt) for skipped in step.names]
        elif isinstance(step, Paid):
            oldest = next(debt for skipped, debt in owed if skipped == name)
            assert step.debt is oldest
            owed.remove((name, oldest))
        assert {name for name in "abcx" if name in progress.owed} == {skipped for skipped, _ in owed}
        assert progress.last == name
