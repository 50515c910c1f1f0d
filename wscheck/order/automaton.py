"""The order expression, compiled: a deterministic automaton, by derivatives.

A state is what may still come; the state after a symbol is its derivative (Brzozowski, "Derivatives of regular
expressions", J. ACM 11(4), 1964), extended to interleaving and counted repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wscheck.order import expression
from wscheck.order.expression import Choice, Expression, Interleaving, Named, OrderError, Repetition, Sequence
from wscheck.order.terms import EMPTY, Terms

MAX_STATES = 4096
"""States that one order may have."""
MAX_SIZE = 500_000
"""What the terms of one order may come to (see ``Terms.size``) while its states are found."""
MAX_PATH = 3
"""The longest way over events that did not come."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the expression writes it, and the symbols it stands for: event names, or one inner scope."""

    text: str
    symbols: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Automaton:
    """A deterministic automaton without a dead state; state 0 is the first.

    ``moves[state]`` maps each symbol that is taken there to the next state; its order is the order in which symbols
    are tried where several would do.
    """

    text: str
    names: tuple[Name, ...]
    alphabet: frozenset[str]
    moves: tuple[Mapping[str, int], ...]
    accepting: tuple[bool, ...]
    _paths: dict[tuple[int, str], tuple[str, ...] | None] = field(default_factory=dict, compare=False, repr=False)

    def exhausted(self, state: int) -> bool:
        """Whether ``state`` is accepted and nothing more may follow."""
        return not self.moves[state]

    def starts(self, symbol: str) -> bool:
        """Whether a word may begin with ``symbol``."""
        return symbol in self.moves[0]

    def path(self, state: int, symbol: str) -> tuple[str, ...] | None:
        """Return the shortest way of at most MAX_PATH symbols from ``state`` to where ``symbol`` is taken, or None."""
        try:
            return self._paths[state, symbol]
        except KeyError:
            path = self._paths[state, symbol] = self._search(state, symbol)
            return path

    def _search(self, state: int, symbol: str) -> tuple[str, ...] | None:
        # Breadth first, each state's symbols in their order: the first way found is the least among the shortest.
        level: list[tuple[int, tuple[str, ...]]] = [(state, ())]
        seen = {state}
        for _ in range(MAX_PATH):
            following = []
            for here, way in level:
                for step, there in self.moves[here].items():
                    if there not in seen:
                        seen.add(there)
                        following.append((there, (*way, step)))
            for there, way in following:
                if symbol in self.moves[there]:
                    return way
            level = following
        return None

    def required(self, without: frozenset[str]) -> tuple[Name, ...]:
        """Return the names that every accepted word holds, once the symbols ``without`` are left out."""
        if not self._accepts_without(without):
            return ()
        return tuple(name for name in self.names if not self._accepts_without(without | name.symbols))

    def _accepts_without(self, symbols: frozenset[str]) -> bool:
        reached, waiting = {0}, [0]
        while waiting:
            state = waiting.pop()
            if self.accepting[state]:
                return True
            for symbol, there in self.moves[state].items():
                if symbol not in symbols and there not in reached:
                    reached.add(there)
                    waiting.append(there)
        return False


def compile_order(
    text: str, symbols: Callable[[str], frozenset[str]], *, late: Callable[[str], bool] = lambda _: False
) -> Automaton:
    """Compile an order expression.

    ``symbols`` gives what a name stands for, and raises LookupError with a sentence where it stands for nothing.
    Among symbols that would do equally well, those that are ``late`` are tried last, then by code point.
    Raises OrderError.
    """
    tree = expression.parse(text)
    written: dict[str, frozenset[str]] = {}
    for named in expression.names(tree):
        try:
            written[named.name] = symbols(named.name)
        except LookupError as error:
            raise OrderError(str(error.args[0]), named.offset) from None
    terms = Terms()
    moves, accepting = _explore(text, terms, _term(tree, terms, written), late)
    return Automaton(
        text=text,
        names=tuple(Name(name, meaning) for name, meaning in written.items()),
        alphabet=frozenset().union(*written.values()),
        moves=moves,
        accepting=accepting,
    )


def _term(tree: Expression, terms: Terms, written: Mapping[str, frozenset[str]]) -> int:
    match tree:
        case Named(name=name):
            return terms.symbol(written[name])
        case Sequence(items=items):
            return terms.sequence([_term(item, terms, written) for item in items])
        case Choice(items=items):
            return terms.choice([_term(item, terms, written) for item in items])
        case Interleaving(items=items):
            return terms.interleaving([_term(item, terms, written) for item in items])
        case Repetition(item=item, least=least, most=most):
            return terms.repetition(_term(item, terms, written), least, most)


def _explore(
    text: str, terms: Terms, start: int, late: Callable[[str], bool]
) -> tuple[tuple[Mapping[str, int], ...], tuple[bool, ...]]:
    numbers = {start: 0}
    states = [start]
    moves: list[Mapping[str, int]] = []
    for term in states:  # grows while it is gone through
        row: dict[str, int] = {}
        for symbol in sorted(terms.first(term), key=lambda name: (late(name), name)):
            there = terms.derivative(term, symbol)
            if there == EMPTY:
                continue
            if there not in numbers:
                numbers[there] = len(states)
                states.append(there)
            row[symbol] = numbers[there]
        if len(states) > MAX_STATES:
            raise OrderError(f"the order needs more than {MAX_STATES} states: {' '.join(text.split())}", 0)
        if terms.size > MAX_SIZE:
            raise OrderError(
                f"the order is too intricate; write it with fewer repetitions: {' '.join(text.split())}", 0
            )
        moves.append(row)
    return tuple(moves), tuple(map(terms.nullable, states))
