"""The small words of a story: lists, numbers, times and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wscheck.text import safe


def either(names: str | Iterable[str], word: str = "or") -> str:
    """Return names as they stand in a sentence: `a, b or c`."""
    listed = [safe(name) for name in ([names] if isinstance(names, str) else names)]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {word} {listed[-1]}"


def seconds(number: float) -> str:
    """Return a time in seconds."""
    return f"{number:g} s"


def times(least: int, most: int | None) -> str:
    """Return how often something comes."""
    if most == 0:
        return "never comes"
    if most is None:
        return f"comes at least {_often(least)}"
    if least == most:
        return f"comes exactly {_often(least)}"
    lower = f"at least {_often(least)} and " if least else ""
    return f"comes {lower}at most {_often(most)}"


def places(pointers: str | list[str] | Mapping[str, Any]) -> str:
    """Return where something stands, as a contract writes it: a pointer, several, or a table of those by event."""
    if isinstance(pointers, str):
        return f"at {safe(pointers) or 'the top'}"
    if isinstance(pointers, list):
        return f"at {either([pointer or 'the top' for pointer in pointers], 'and')}"
    told = [
        f"{places(where)} of {'every other event' if name == '*' else safe(name)}"
        for name, where in pointers.items()
        if where is not None
    ]
    none = [name for name, where in pointers.items() if where is None]
    if none:
        told.append(f"nowhere in {either(['any other event' if name == '*' else name for name in none])}")
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _often(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
