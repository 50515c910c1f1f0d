"""What a name in a contract stands for: the event of that name, and its variants `name.more`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")

ANY = "*"
"""In a table by name: every other event."""


def variants(name: str, declared: Iterable[str]) -> frozenset[str]:
    """Return the declared names that ``name`` stands for."""
    return frozenset(other for other in declared if other == name or other.startswith(f"{name}."))


def spread(table: Mapping[str, T], declared: Collection[str]) -> dict[str, T]:
    """Return ``table`` by declared name: the longest listed prefix wins, then `*`. Others are left out."""
    spread_out = {}
    for name in declared:
        listed = next((prefix for prefix in _prefixes(name) if prefix in table), ANY)
        if listed in table:
            spread_out[name] = table[listed]
    return spread_out


def _prefixes(name: str) -> Iterable[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]
