"""The automaton of an order as a diagram: states, and arrows with what is written on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from wscheck.contract.model import Contract, Scope
from wscheck.order.automaton import Automaton


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A way from one state to another; ``labels`` are the names of which any leads there."""

    source: int
    target: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """The states of one scope, from 0, which is the first. In those that are ``accepting`` the order may end."""

    scope: str
    accepting: tuple[bool, ...]
    arrows: tuple[Arrow, ...]


def draw(contract: Contract, *, scope: str | None = None) -> tuple[Diagram, ...]:
    """Return a diagram for each scope that has an order, in the document's order, or for ``scope`` alone."""
    return tuple(
        _draw(each, each.order, {name for name, other in contract.scopes.items() if other.parent == each.name})
        for each in contract.scopes.values()
        if each.order is not None and scope in (None, each.name)
    )


def _draw(scope: Scope, order: Automaton, inner: Collection[str]) -> Diagram:
    arrows = [
        Arrow(
            source=source,
            target=target,
            labels=tuple(_labels(order, {symbol for symbol, there in row.items() if there == target}, inner)),
        )
        for source, row in enumerate(order.moves)
        for target in dict.fromkeys(row.values())
    ]
    return Diagram(scope=scope.name, accepting=order.accepting, arrows=tuple(arrows))


def _labels(order: Automaton, symbols: set[str], inner: Collection[str]) -> Iterator[str]:
    """Yield the fewest names, as the order writes them, that stand for ``symbols``."""
    left = set(symbols)
    for name in sorted(order.names, key=lambda name: -len(name.symbols)):
        if name.symbols <= symbols and name.symbols & left:
            left -= name.symbols
            yield f"opens {name.text}" if name.text in inner else name.text
    yield from sorted(left)
