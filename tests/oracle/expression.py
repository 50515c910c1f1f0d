"""Order expressions, read and matched by derivatives (Brzozowski 1964): what is left of a language after one name.

No automaton is built. A state is an expression, the one that what follows has to match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeAlias

Expression: TypeAlias = tuple[Any, ...]

NOTHING: Expression = ("nothing",)
"""Matched by no word at all: there was no way on."""

DONE: Expression = ("done",)
"""Matched by the empty word only."""

_TOKEN = re.compile(
    r"\s+|#[^\n]*|(?P<repeat>\{\s*\d+\s*(?:,\s*\d*\s*)?\})|(?P<sign>[,|&()?*+])|(?P<name>[^\s,|&()?*+{}#]+)"
)


def parse(text: str, names: Callable[[str], Iterable[str]]) -> Expression:
    """Read an order. ``names`` gives what a name in it stands for. Raises ValueError where it cannot be read."""
    tokens: list[str] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError(f"cannot read {text[position:]!r}")
        position = found.end()
        if found.lastgroup:
            tokens.append(found[0])
    expression = _group(tokens, names)
    if tokens:
        raise ValueError(f"{tokens[0]!r} stands where the order should have ended")
    return expression


def _group(tokens: list[str], names: Callable[[str], Iterable[str]]) -> Expression:
    items = [_item(tokens, names)]
    operator = None
    while tokens and tokens[0] in ",|&":
        if operator not in (None, tokens[0]):
            raise ValueError("two operators at one level need parentheses")
        operator = tokens.pop(0)
        items.append(_item(tokens, names))
    if operator == "|":
        return either(items)
    if operator == "&":
        return interleaved(items)
    return in_turn(items)


def _item(tokens: list[str], names: Callable[[str], Iterable[str]]) -> Expression:
    if not tokens:
        raise ValueError("a name is missing at the end")
    token = tokens.pop(0)
    if token == "(":
        inner = _group(tokens, names)
        if not tokens or tokens.pop(0) != ")":
            raise ValueError("a parenthesis is not closed")
    elif token in ",|&)?*+" or token[0] == "{":
        raise ValueError(f"a name is missing before {token!r}")
    else:
        inner = either([("name", name) for name in names(token)])
    if tokens and tokens[0] in "?*+":
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}[tokens.pop(0)]
        return repeated(inner, least, most)
    if tokens and tokens[0][0] == "{":
        bounds = tokens.pop(0)[1:-1].split(",")
        least = int(bounds[0])
        most = least if len(bounds) == 1 else int(bounds[1]) if bounds[1].strip() else None
        return repeated(inner, least, most)
    return inner


def in_turn(items: Iterable[Expression]) -> Expression:
    """One after the other."""
    parts: list[Expression] = []
    for item in items:
        if item == NOTHING:
            return NOTHING
        parts += item[1] if item[0] == "in turn" else [] if item == DONE else [item]
    return DONE if not parts else parts[0] if len(parts) == 1 else ("in turn", tuple(parts))


def either(items: Iterable[Expression]) -> Expression:
    """One of."""
    parts: set[Expression] = set()
    for item in items:
        parts |= set(item[1]) if item[0] == "either" else set() if item == NOTHING else {item}
    ordered = sorted(parts, key=repr)
    return NOTHING if not ordered else ordered[0] if len(ordered) == 1 else ("either", tuple(ordered))


def interleaved(items: Iterable[Expression]) -> Expression:
    """All of, in any mixture."""
    parts = [item for item in items if item != DONE]
    if NOTHING in parts:
        return NOTHING
    parts.sort(key=repr)
    return DONE if not parts else parts[0] if len(parts) == 1 else ("interleaved", tuple(parts))


def repeated(item: Expression, least: int, most: int | None) -> Expression:
    """So often; without end where ``most`` is None."""
    if most == 0 or item == DONE:
        return DONE
    if (least, most) == (1, 1):
        return item
    return ("repeated", item, least, most)


@lru_cache(maxsize=200_000)
def accepts(state: Expression) -> bool:
    """Whether the word may end here."""
    match state:
        case ("done",):
            return True
        case ("in turn" | "interleaved", parts):
            return all(map(accepts, parts))
        case ("either", parts):
            return any(map(accepts, parts))
        case ("repeated", item, least, _):
            return least == 0 or accepts(item)
        case _:
            return False


@lru_cache(maxsize=200_000)
def allowed(state: Expression) -> frozenset[str]:
    """The names that may come next."""
    match state:
        case ("name", name):
            return frozenset([name])
        case ("either" | "interleaved", parts):
            return frozenset().union(*map(allowed, parts))
        case ("in turn", parts):
            names: frozenset[str] = frozenset()
            for part in parts:
                names |= allowed(part)
                if not accepts(part):
                    break
            return names
        case ("repeated", item, _, _):
            return allowed(item)
        case _:
            return frozenset()


@lru_cache(maxsize=200_000)
def after(state: Expression, name: str) -> Expression:
    """What has to follow once ``name`` has come; NOTHING where it had no way on."""
    match state:
        case ("name", own):
            return DONE if own == name else NOTHING
        case ("either", parts):
            return either(after(part, name) for part in parts)
        case ("interleaved", parts):
            return either(
                interleaved([*parts[:place], after(part, name), *parts[place + 1 :]])
                for place, part in enumerate(parts)
            )
        case ("in turn", parts):
            ways = []
            for place, part in enumerate(parts):
                ways.append(in_turn([after(part, name), *parts[place + 1 :]]))
                if not accepts(part):
                    break
            return either(ways)
        case ("repeated", item, least, most):
            rest = repeated(item, max(least - 1, 0), None if most is None else most - 1)
            return in_turn([after(item, name), rest])
        case _:
            return NOTHING


@lru_cache(maxsize=1_000)
def names_in(expression: Any) -> frozenset[str]:
    """Every name that stands in an expression."""
    if not isinstance(expression, tuple):
        return frozenset()
    if expression[:1] == ("name",):
        return frozenset([expression[1]])
    return frozenset().union(*map(names_in, expression))


def shortest_way(state: Expression, name: str, rank: Callable[[str], Any], longest: int) -> tuple[str, ...] | None:
    """The shortest path of at most ``longest`` names to where ``name`` is allowed; of equals the first by ``rank``."""
    for length in range(1, longest + 1):
        way = _way(state, name, rank, length)
        if way is not None:
            return way
    return None


def _way(state: Expression, name: str, rank: Callable[[str], Any], length: int) -> tuple[str, ...] | None:
    if length == 0:
        return () if name in allowed(state) else None
    for step in sorted(allowed(state), key=rank):
        rest = _way(after(state, step), name, rank, length - 1)
        if rest is not None:
            return (step, *rest)
    return None
