"""What is as right as the stream it was made from: mutants that a contract lets pass because it says so."""

from __future__ import annotations

from collections.abc import Iterator

from wscheck.contract.model import Contract, Scope
from wscheck.order import expression
from wscheck.order.automaton import Automaton
from wscheck.order.expression import Choice, Expression, Interleaving, Named, Repetition, Sequence
from wscheck.strength.model import Mutant
from wscheck.strength.specimen import Place

IGNORED = "events that the contract ignores: how many come, and where, is nothing to it"
OUTSIDE = "events that belong to no instance in the good stream either: the contract lets them be"
CONCURRENT = "events of different instances changed places: instances run concurrently"
INTERLEAVED = "events changed places that the order interleaves with &"
RENAMED = "an id that stands nowhere else became another, as if it had been given out so"


def why_allowed(contract: Contract, mutant: Mutant) -> str | None:
    """Return why the mutant breaks nothing, None where it does."""
    if mutant.moved:
        return _why_unordered(contract, mutant)
    reasons = {_why_nothing(contract, place) for place in mutant.touched}
    if reasons and None not in reasons:
        return OUTSIDE if OUTSIDE in reasons else IGNORED
    if mutant.renamed is not None and mutant.specimen.texts.count(mutant.renamed) == 1:
        return RENAMED
    return None


def find_disorder(contract: Contract, mutant: Mutant) -> tuple[Place, Place, str | None] | None:
    """Return the first two events that changed places though nothing says they may, and the scope that has both.

    None where each of them may.
    """
    for one, other in _inverted(mutant):
        if _may_change_places(contract, one, other) is None:
            return one, other, next((scope for scope, _ in one.given if _shares(one, other, scope)), None)
    return None


def find_symbol(contract: Contract, scope: Scope, place: Place) -> str:
    """Return what ``place`` is to the order of ``scope``: itself, or the inner scope that it opens."""
    if place.event.name in scope.ordered:
        return place.event.name
    inner = (name for name, _ in place.given if contract.scopes[name].parent == scope.name)
    return next(inner, place.event.name)


def _why_unordered(contract: Contract, mutant: Mutant) -> str | None:
    reasons = {_may_change_places(contract, one, other) for one, other in _inverted(mutant)}
    if None in reasons:
        return None
    return next(reason for reason in (INTERLEAVED, CONCURRENT, OUTSIDE, IGNORED) if reason in reasons)


def _inverted(mutant: Mutant) -> Iterator[tuple[Place, Place]]:
    """Yield every two events that came in this order, and come the other way round."""
    for rank, one in enumerate(mutant.moved):
        for other in mutant.moved[rank + 1 :]:
            if one.slot > other.slot:
                yield other, one


def _may_change_places(contract: Contract, one: Place, other: Place) -> str | None:
    if nothing := _why_nothing(contract, one) or _why_nothing(contract, other):
        return nothing
    if not one.given or not other.given:
        return None
    reason = CONCURRENT
    for instance in one.given:
        if instance in other.given:
            scope = contract.scopes[instance[0]]
            here, there = find_symbol(contract, scope, one), find_symbol(contract, scope, other)
            # Two instances of one inner scope that open the other way round: the order is given the same word.
            if here == there and here in contract.scopes:
                continue
            if scope.order is None or not _interleaves(scope.order, here, there):
                return None
            reason = INTERLEAVED
    return reason


def _why_nothing(contract: Contract, place: Place) -> str | None:
    """Return why it is nothing to the contract how often ``place`` comes, and when; None where it is something."""
    name = place.event.name
    if name in contract.ignore:
        return IGNORED
    # An order names it, and yet the stream passes: then `orphan` or `no-key` is ignored, on purpose.
    outside = not place.given and any(name in scope.ordered for scope in contract.scopes.values())
    return OUTSIDE if outside else None


def _shares(one: Place, other: Place, scope: str) -> bool:
    return any(name == scope and (name, number) in other.given for name, number in one.given)


def _interleaves(order: Automaton, one: str, other: str) -> bool:
    return any(
        one in here and other in there
        for groups in _interleavings(order)
        for here in groups
        for there in groups
        if here is not there
    )


def _interleavings(order: Automaton) -> tuple[tuple[frozenset[str], ...], ...]:
    meanings = {name.text: name.symbols for name in order.names}
    return tuple(
        tuple(frozenset().union(*(meanings[named.name] for named in expression.names(item))) for item in node.items)
        for node in _nodes(expression.parse(order.text))
        if isinstance(node, Interleaving)
    )


def _nodes(tree: Expression) -> Iterator[Expression]:
    yield tree
    match tree:
        case Named():
            return
        case Repetition(item=item):
            yield from _nodes(item)
        case Sequence(items=items) | Choice(items=items) | Interleaving(items=items):
            for item in items:
                yield from _nodes(item)
