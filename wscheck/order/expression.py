"""The order expression, parsed: text in, a tree out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

MAX_NESTING = 64
"""Levels of parentheses that are read."""

_TOKEN = re.compile(
    r"(?P<blank>\s+|\#[^\n]*)|(?P<name>[^\s,|&()?*+{}\#]+)|(?P<count>\{\s*\d+\s*(?:,\s*\d*\s*)?\})|(?P<mark>[,|&()?*+])"
)
_QUANTIFIERS = {"?": (0, 1), "*": (0, None), "+": (1, None)}


class OrderError(Exception):
    """An order expression that cannot be used. ``offset`` is the character it was found at, from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message, offset)
        self.message = message
        self.offset = offset

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Named:
    """A name as written: an event, a group or an inner scope."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Interleaving:
    """All of, interleaved in any way."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Repetition:
    """``item`` at least ``least`` times and at most ``most`` times; without end where ``most`` is None."""

    item: Expression
    least: int
    most: int | None


Expression: TypeAlias = Named | Sequence | Choice | Interleaving | Repetition

_OPERATORS: dict[str, type[Sequence] | type[Choice] | type[Interleaving]] = {
    ",": Sequence,
    "|": Choice,
    "&": Interleaving,
}


def parse(text: str) -> Expression:
    """Parse an order expression. Raises OrderError."""
    parser = _Parser(text)
    tree = parser.expression(0)
    if parser.kind:
        raise parser.error(f"{parser.word!r} stands where the expression should have ended")
    return tree


def names(tree: Expression) -> Iterator[Named]:
    """Yield every name of ``tree``, left to right."""
    match tree:
        case Named():
            yield tree
        case Repetition(item=item):
            yield from names(item)
        case Sequence(items=items) | Choice(items=items) | Interleaving(items=items):
            for item in items:
                yield from names(item)


class _Parser:
    """One token of look-ahead: ``kind`` ('' at the end), ``word`` and ``offset``."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = 0
        self.kind: str = ""
        self.word = ""
        self.offset = 0
        self._advance()

    def expression(self, depth: int) -> Expression:
        if depth > MAX_NESTING:
            raise self.error(f"more than {MAX_NESTING} levels of parentheses")
        items = [self._item(depth)]
        operator = self.word if self.word in _OPERATORS else ""
        while self.word in _OPERATORS:
            if self.word != operator:
                raise self.error(
                    f"{operator!r} and {self.word!r} are mixed at one level: put one of them in parentheses"
                )
            self._advance()
            items.append(self._item(depth))
        return _OPERATORS[operator](tuple(items)) if operator else items[0]

    def _item(self, depth: int) -> Expression:
        item: Expression
        if self.word == "(":
            self._advance()
            item = self.expression(depth + 1)
            if self.word != ")":
                raise self.error("a parenthesis is not closed")
        elif self.kind == "name":
            item = Named(self.word, self.offset)
        else:
            raise self.error(
                f"a name or '(' is due here, not {self.word!r}" if self.kind else "a name or '(' is due at the end"
            )
        self._advance()
        return self._quantified(item)

    def _quantified(self, item: Expression) -> Expression:
        if self.word in _QUANTIFIERS:
            least, most = _QUANTIFIERS[self.word]
        elif self.kind == "count":
            least, most = self._count()
        else:
            return item
        self._advance()
        return Repetition(item, least, most)

    def _count(self) -> tuple[int, int | None]:
        first, comma, second = self.word[1:-1].partition(",")
        if len(self.word) > 20:
            raise self.error(f"the repetition {self.word} is too large")
        least = int(first)
        most = least if not comma else int(second) if second.strip() else None
        if most is not None and (most < least or most == 0):
            raise self.error(f"the repetition {self.word} holds no number of times")
        return least, most

    def _advance(self) -> None:
        while True:
            self.offset = self._next
            if self._next == len(self._text):
                self.kind = self.word = ""
                return
            token = _TOKEN.match(self._text, self._next)
            if token is None:
                raise self.error(f"{self._text[self._next]!r} cannot stand here")
            self._next = token.end()
            if token.lastgroup != "blank":
                self.kind, self.word = token.lastgroup or "", token[0]
                return

    def error(self, message: str) -> OrderError:
        return OrderError(message, self.offset)
