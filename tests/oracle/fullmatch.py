"""A second judge of orders, with Python's own regular expressions: an order is made into a pattern, a word is matched.

Names become characters. What comes in any mixture (`&`) has no sign there; it is spelled out as all that can come next,
state by state, and the states are then taken out one by one (Kleene 1956).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from typing import Any

from tests.oracle.expression import Expression, accepts, after, allowed, names_in

FIRST = 0xE000  # a private area: no character there means anything to a pattern


class Matcher:
    """Matches words, each a list of names, against one order as the oracle has read it."""

    def __init__(self, order: Expression) -> None:
        self.names = sorted(names_in(order))
        self.pattern = re.compile(self._pattern(order))

    def matches(self, word: Iterable[str]) -> bool:
        """Whether the whole word is one of the order's."""
        return self.pattern.fullmatch(self.write(word)) is not None

    def write(self, word: Iterable[str]) -> str:
        """The word as the pattern reads it."""
        return "".join(map(self._sign, word))

    def _sign(self, name: str) -> str:
        return chr(FIRST + self.names.index(name)) if name in self.names else "!"

    def _pattern(self, part: Expression) -> str:
        match part:
            case ("done",):
                return ""
            case ("name", name):
                return self._sign(name)
            case ("in turn", parts):
                return "".join(map(self._pattern, parts))
            case ("either", parts):
                return "(?:" + "|".join(map(self._pattern, parts)) + ")"
            case ("repeated", item, least, most):
                return f"(?:{self._pattern(item)}){{{least},{'' if most is None else most}}}"
            case ("interleaved", _):
                return self._spelled_out(part)
            case _:
                raise ValueError(f"{part[0]} has no pattern")

    def _spelled_out(self, start: Expression) -> str:
        """The pattern of all that leads from ``start`` to where the word may end."""
        arrows: dict[Any, dict[Any, str]] = {"begin": {start: ""}}
        waiting = [start]
        while waiting:
            state = waiting.pop()
            if state not in arrows:
                steps = {name: after(state, name) for name in sorted(allowed(state))}
                arrows[state] = {}
                for name, to in steps.items():
                    arrows[state][to] = _either(arrows[state].get(to), self._sign(name))
                if accepts(state):
                    arrows[state]["end"] = _either(arrows[state].get("end"), "")
                waiting += steps.values()
        for state in [each for each in arrows if each != "begin"]:
            _take_out(state, arrows)
        return f"(?:{arrows['begin']['end']})"


def _take_out(state: Any, arrows: dict[Any, dict[Any, str]]) -> None:
    """Let every way through ``state`` be an arrow of its own."""
    onwards = arrows.pop(state)
    loop = onwards.pop(state, None)
    again = "" if loop is None else f"(?:{loop})*"
    for targets in arrows.values():
        into = targets.pop(state, None)
        if into is not None:
            for to, on in onwards.items():
                targets[to] = _either(targets.get(to), f"(?:{into}){again}(?:{on})")


def _either(one: str | None, other: str) -> str:
    return other if one is None else reduce(lambda left, right: f"(?:{left}|{right})", [one, other])
