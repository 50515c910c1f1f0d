"""Who gets an event: in each scope an instance, open or ended, or the code of what stands in the way."""

from __future__ import annotations

from typing import Any

from tests.oracle.contract import NO_KEY, UNDECLARED, Scope, key_of, plain
from tests.oracle.expression import accepts, allowed
from tests.oracle.instance import Instance, Place
from tests.oracle.rules import VALUE_RULES, Event, kind_of
from tests.oracle.state import State


def find_places(state: State, event: Event) -> list[Place]:
    """Return where the event goes, once all that it opens is open, outermost first, and the rest is reported."""
    if event.name.startswith("$"):
        return _places_of_session_event(state, event)
    located = {scope: _locate_or_leave(state, scope, event) for scope in state.contract.outermost_first}
    was_open = {scope for scope, place in located.items() if place and place.open_one}
    places: list[Place] = []
    for depth in sorted({scope.depth for scope in located}):
        found: list[Place] = []
        for scope in [each for each in located if each.depth == depth]:
            place = located[scope]
            if scope in was_open and place and not place.open_one:
                place = _locate_or_leave(state, scope, event)  # an outer scope that opened again has closed it
            found += [place] if place else []
        for place in found:
            if place.opens:
                state.open_place(place, event)
        places += _report_homeless(state, found, event)
    return places


def takes(scope: Scope, event: str) -> bool:
    """Whether the event belongs to the scope, and by that to what it lies in; an order's rules only look on."""
    return event in (scope.ruled if scope.order is None else scope.named)


def _places_of_session_event(state: State, event: Event) -> list[Place]:
    places = []
    for scope in state.contract.outermost_first:
        if event.name in scope.named | scope.ruled:
            live = state.open_of(scope)
            places += [Place(scope, each, for_rules=event.name not in scope.named) for each in live]
            if not live and not scope.keyed and scope.order and event.name in allowed(scope.order):
                places.append(Place(scope, opens=True))
                state.open_place(places[-1], event)
    return places


def _locate_or_leave(state: State, scope: Scope, event: Event) -> Place | None:
    """Where the event goes in this scope, before siblings are asked; None where it is not the scope's business."""
    if _is_linked(state, scope, event):
        return None
    in_order = event.name in scope.named
    if not (in_order or event.name in scope.ruled or _is_looked_at(state, scope, event)):
        return None
    if scope.parent is None:
        return Place(scope, state.root, for_rules=not in_order)
    if not in_order and (scope.order is not None or event.name not in scope.ruled):
        open_one = _find_for_rules(state, scope, event)
        return Place(scope, open_one, for_rules=True) if open_one else None
    return _locate(state, scope, event)


def _is_linked(state: State, scope: Scope, event: Event) -> bool:
    """Whether an inner instance takes the event, which then comes to this scope's rules by that link."""
    if event.name in scope.named or scope.parent is None:
        return False
    for inner in state.contract.outermost_first:
        if scope in inner.chain()[1:] and takes(inner, event.name):
            place = _locate(state, inner, event)
            around = state.parent_of(inner, event)[0] if place.opens else place.open_one
            if around and any(each.scope is scope for each in around.chain()):
                return True
    return False


def _is_looked_at(state: State, scope: Scope, event: Event) -> bool:
    """Whether a rule that names no events looks at this one."""
    free = [rule for rule in scope.rules if kind_of(rule) in VALUE_RULES and "events" not in rule]
    return any(event.name in state.contract.looks_at(scope, rule) for rule in free)


def _find_for_rules(state: State, scope: Scope, event: Event) -> Instance | None:
    """The open instance that gets the event only for its rules, which open none."""
    if not scope.keyed:
        parent, code, _ = state.parent_of(scope, event)
        inside = [each for each in state.open_of(scope) if each.parent is parent]
        return inside[0] if inside and code != "ambiguous" else None
    key = key_of(scope.document["key"], event.name, event.value)
    if key is UNDECLARED:
        return _locate_without_saying(state, scope, event).open_one
    return next((each for each in state.open_of(scope) if each.has_key(key)), None)


def _locate(state: State, scope: Scope, event: Event) -> Place:
    if not scope.keyed:
        return _locate_by_parent(state, scope, event)
    key = key_of(scope.document["key"], event.name, event.value)
    if key is NO_KEY:
        return Place(scope, code="no-key")
    if key is UNDECLARED:
        return _locate_without_saying(state, scope, event)
    return _locate_among([each for each in state.of(scope) if each.has_key(key)], state, scope, event, key=key)


def _locate_by_parent(state: State, scope: Scope, event: Event) -> Place:
    """A scope without key has one instance a parent.

    Where the event does not say which parent, the language is silent: the only instance that can go on with the event,
    else an opening, else as for an event that carries no key.
    """
    parent, code, named = state.parent_of(scope, event)
    if code is None:
        return _locate_among([each for each in state.of(scope) if each.parent is parent], state, scope, event)
    if code == "ambiguous" and scope.order is None:
        return Place(scope, code=code)
    begins = state.contract.begins(scope, event.name)
    takers = [each for each in state.open_of(scope) if event.name in allowed(each.left)]
    if len(takers) == 1 and scope.order is not None and not (begins and named is not None):
        return Place(scope, takers[0])
    if begins:
        return _locate_among([each for each in state.of(scope) if each.parent is None], state, scope, event)
    return _locate_without_saying(state, scope, event)


def _locate_among(known: list[Instance], state: State, scope: Scope, event: Event, *, key: Any = None) -> Place:
    """Where the event goes among the instances, open and ended, that are one for it."""
    for_rules = event.name not in scope.named
    present = next((each for each in known if not each.ended), None)
    last_gone = max((each for each in known if each.ended), key=lambda each: each.ended, default=None)
    begins = state.contract.begins(scope, event.name)
    if present is not None:
        gives_way = begins and scope.order is not None and accepts(present.left)
        if gives_way and event.name not in allowed(present.left) and not present.owes_name(event.name):
            return Place(scope, opens=True, key=key, instead=present)
        return Place(scope, present, key=key, for_rules=for_rules)
    if begins and not (last_gone and last_gone.owes_name(event.name)):
        return Place(scope, opens=True, key=key, for_rules=for_rules)
    if last_gone is not None:
        return Place(scope, last_gone, key=key)
    return Place(scope, code="orphan", key=key)


def _locate_without_saying(state: State, scope: Scope, event: Event) -> Place:
    """The only open instance, or the only pending one; else it is ambiguous."""
    open_ones = state.open_of(scope)
    pending = [each for each in open_ones if each.pending]
    if not open_ones:
        return Place(scope, code="orphan")
    for candidates in (open_ones, pending):
        if len(candidates) == 1:
            return Place(scope, candidates[0], key=candidates[0].key, for_rules=event.name not in scope.named)
    return Place(scope, code="ambiguous")


def _report_homeless(state: State, found: list[Place], event: Event) -> list[Place]:
    """Return the places that hold; siblings that name the same event have one of them report."""
    kept: list[Place] = []
    for place in found:
        if _has_event(place, event):
            kept.append(place)
        elif place.code == "ambiguous":
            state.report("ambiguous", place.scope, place.key, event)
        elif not _is_to_report(place, found, event):
            continue
        elif place.instance is not None:
            kept.append(place)
        elif place.code is not None:
            once = event.name if place.code == "no-key" else plain(place.key)
            state.report_once(place.code, once, place.scope, place.key, event)
    return kept


def _has_event(place: Place, event: Event) -> bool:
    return place.instance is not None and (not place.instance.ended or place.instance.owes_name(event.name))


def _is_to_report(place: Place, found: list[Place], event: Event) -> bool:
    """Whether no sibling has the event, and among those that have it not, this is the one to say so."""
    siblings = [each for each in found if each.scope.parent is place.scope.parent]
    ordered = [each for each in siblings if event.name in each.scope.named]
    if event.name in place.scope.named:
        siblings = ordered  # a scope without an order takes all that its rules name: that proves nothing
    elif ordered:
        return False
    if any(each.code == "ambiguous" or _has_event(each, event) for each in siblings):
        return False
    ended = [each for each in siblings if each.instance is not None]
    return place is (max(ended, key=lambda each: each.instance.ended if each.instance else 0) if ended else siblings[0])
