"""Regular terms, each kept once and known by its number, with their derivatives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

EMPTY = 0
"""The term that nothing matches."""
EPSILON = 1
"""The term that only the empty word matches."""


@dataclass(frozen=True, slots=True)
class _Epsilon:
    pass


@dataclass(frozen=True, slots=True)
class _Symbol:
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Sequence:
    head: int  # never a sequence itself
    tail: int


@dataclass(frozen=True, slots=True)
class _Choice:
    items: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Interleaving:
    items: tuple[int, ...]  # sorted: their order means nothing


@dataclass(frozen=True, slots=True)
class _Repetition:
    item: int
    least: int
    most: int | None


_Term: TypeAlias = _Epsilon | _Symbol | _Sequence | _Choice | _Interleaving | _Repetition


class Terms:
    """A table of terms. Equal terms get equal numbers, up to the simplifications made on the way."""

    def __init__(self) -> None:
        self._terms: list[_Term] = []
        self._numbers: dict[_Term, int] = {}
        self._nullable: list[bool] = []
        self._first: list[frozenset[str]] = []
        self._derivatives: dict[tuple[int, str], int] = {}
        self._size = 0
        self._number(_Choice(frozenset()), nullable=False, first=frozenset())
        self._number(_Epsilon(), nullable=True, first=frozenset())

    @property
    def size(self) -> int:
        """The number of terms and of the parts they have, which memory and time grow with."""
        return self._size

    def symbol(self, names: frozenset[str]) -> int:
        """Return the term for one of ``names``."""
        return self._number(_Symbol(names), nullable=False, first=names) if names else EMPTY

    def sequence(self, items: Iterable[int]) -> int:
        """Return the term for ``items`` one after the other."""
        tail = EPSILON
        for item in reversed(list(items)):
            tail = self._put_before(item, tail)
        return tail

    def choice(self, items: Iterable[int]) -> int:
        """Return the term for one of ``items``."""
        flat: set[int] = set()
        for item in items:
            term = self._terms[item]
            flat.update(term.items if isinstance(term, _Choice) else (item,))
        if EPSILON in flat and any(self.nullable(item) for item in flat if item != EPSILON):
            flat.discard(EPSILON)
        if len(flat) == 1:
            return flat.pop()
        return self._number(
            _Choice(frozenset(flat)),
            nullable=any(map(self.nullable, flat)),
            first=self._all_first(flat),
            parts=len(flat),
        )

    def interleaving(self, items: Iterable[int]) -> int:
        """Return the term for all ``items``, interleaved in any way."""
        flat: list[int] = []
        for item in items:
            term = self._terms[item]
            if item == EMPTY:
                return EMPTY
            if item != EPSILON:
                flat.extend(term.items if isinstance(term, _Interleaving) else (item,))
        if len(flat) <= 1:
            return flat[0] if flat else EPSILON
        term = _Interleaving(tuple(sorted(flat)))
        if (known := self._numbers.get(term)) is not None:
            return known
        return self._number(
            term,
            nullable=all(map(self.nullable, flat)),
            first=self._all_first(flat),
            parts=len(flat),
        )

    def repetition(self, item: int, least: int, most: int | None) -> int:
        """Return the term for ``item``, ``least`` to ``most`` times; None: without end."""
        if most == 0 or item == EPSILON:
            return EPSILON
        if item == EMPTY:
            return EMPTY if least else EPSILON
        if self.nullable(item):
            least = 0
        if (least, most) == (1, 1):
            return item
        return self._number(_Repetition(item, least, most), nullable=least == 0, first=self._first[item])

    def nullable(self, term: int) -> bool:
        """Whether the empty word matches."""
        return self._nullable[term]

    def first(self, term: int) -> frozenset[str]:
        """Return the symbols that a word of ``term`` can begin with."""
        return self._first[term]

    def derivative(self, term: int, symbol: str) -> int:
        """Return the term for what may follow ``symbol`` at the beginning of ``term``."""
        if symbol not in self._first[term]:
            return EMPTY
        if (term, symbol) not in self._derivatives:
            self._derivatives[term, symbol] = self._derive(term, symbol)
        return self._derivatives[term, symbol]

    def _put_before(self, item: int, tail: int) -> int:
        if EMPTY in (item, tail):
            return EMPTY
        if EPSILON in (item, tail):
            return item if tail == EPSILON else tail
        heads = []
        while isinstance(term := self._terms[item], _Sequence):
            heads.append(term.head)
            item = term.tail
        for head in reversed([*heads, item]):
            nullable = self._nullable[head]
            first = self._first[head] | self._first[tail] if nullable else self._first[head]
            tail = self._number(_Sequence(head, tail), nullable=nullable and self._nullable[tail], first=first)
        return tail

    def _all_first(self, items: Iterable[int]) -> frozenset[str]:
        return frozenset[str]().union(*(self._first[item] for item in items))

    def _number(self, term: _Term, *, nullable: bool, first: frozenset[str], parts: int = 1) -> int:
        number = self._numbers.setdefault(term, len(self._terms))
        if number == len(self._terms):
            self._terms.append(term)
            self._nullable.append(nullable)
            self._first.append(first)
            self._size += 1 + parts
        return number

    def _derive(self, number: int, symbol: str) -> int:
        match self._terms[number]:
            case _Epsilon():
                return EMPTY
            case _Symbol():
                return EPSILON
            case _Sequence():
                return self._derive_sequence(number, symbol)
            case _Choice(items=items):
                return self.choice([self.derivative(item, symbol) for item in items])
            case _Interleaving(items=items):
                return self.choice(
                    [
                        self.interleaving((*items[:place], self.derivative(item, symbol), *items[place + 1 :]))
                        for place, item in enumerate(items)
                        # Of equal items, which stand side by side, one is enough.
                        if symbol in self._first[item] and items[place - 1 : place] != (item,)
                    ]
                )
            case _Repetition(item=item, least=least, most=most):
                rest = self.repetition(item, max(least - 1, 0), None if most is None else most - 1)
                return self.sequence((self.derivative(item, symbol), rest))

    def _derive_sequence(self, number: int, symbol: str) -> int:
        # A loop and not a recursion: a sequence of optional items may be longer than Python's stack is deep.
        passed: list[tuple[int, _Sequence]] = []
        while (
            isinstance(term := self._terms[number], _Sequence)
            and symbol in self._first[number]
            and (number, symbol) not in self._derivatives
        ):
            passed.append((number, term))
            number = term.tail if self._nullable[term.head] else EMPTY
        later = self.derivative(number, symbol)
        for number, term in reversed(passed):
            if symbol in self._first[term.head]:
                here = self.sequence((self.derivative(term.head, symbol), term.tail))
                later = self.choice((here, later))
            self._derivatives[number, symbol] = later
        return later
