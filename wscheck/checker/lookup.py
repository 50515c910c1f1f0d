"""Whose event it is: in each scope, the instance that gets it, or what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from wscheck.checker.instance import Instance, Key
from wscheck.checker.plan import ScopePlan
from wscheck.checker.stream import Stream
from wscheck.contract.model import CONNECTION, KeyTable
from wscheck.event import Event
from wscheck.json_text import canonical
from wscheck.order.progress import Remains
from wscheck.pointer import MISSING


@dataclass(frozen=True, slots=True)
class Opens:
    """It opens an instance; ``instead`` is the accepted one that it ends by that."""

    key: Key
    shown: tuple[Any, ...] | None
    instead: Instance | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """An instance of its key has ended."""

    key: Key
    shown: tuple[Any, ...] | None
    remains: Remains


@dataclass(frozen=True, slots=True)
class Never:
    """No instance of its key is remembered, and it can open none."""

    key: Key
    shown: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class NoKey:
    """It holds no key where one is due."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It could belong to any of ``several`` instances."""

    several: int


Answer: TypeAlias = Instance | Opens | Ended | Never | NoKey | Unclear
"""An Instance: an open one gets it."""


@dataclass(frozen=True, slots=True)
class Outside:
    """No parent of that key is open."""

    key: Key


def look_up(stream: Stream, plan: ScopePlan, event: Event) -> Answer:
    """Say which instance of a scope whose order names ``event`` gets it."""
    scope = plan.scope
    if scope.key is None:
        return _without_key(stream, plan, event)
    shown = find_key(scope.key, event)
    if shown is None:
        return _by_elimination(stream, plan)
    if not shown:
        return NoKey()
    return _by_key(stream, plan, tuple(map(canonical, shown)), shown, event)


def find_key(table: KeyTable, event: Event) -> tuple[Any, ...] | None:
    """Return the parts of an event's key, absent ones as None; () where all are, None where it carries none."""
    pointers = table.get(event.name, ())
    if pointers is None:
        return None
    # A pointer that finds nothing and one that finds null are both absent: null is no key.
    parts = [None if (part := pointer.find(event.value)) is MISSING else part for pointer in pointers]
    return () if parts.count(None) == len(parts) else tuple(parts)


def find_open(stream: Stream, plan: ScopePlan, event: Event) -> Instance | None:
    """Return the open instance of the key that ``event`` holds."""
    shown = find_key(plan.scope.key, event) if plan.scope.key else None
    return stream.live(plan.scope.name).get(tuple(map(canonical, shown))) if shown else None


def find_parent(stream: Stream, plan: ScopePlan, event: Event) -> Instance | Outside | Unclear:
    """Return the open instance that one opened by ``event`` lies in."""
    scope = plan.scope
    if scope.parent in (None, CONNECTION):
        return stream.root
    parents = stream.live(scope.parent or CONNECTION)
    parent_key = find_key(scope.parent_key, event) if scope.parent_key else None
    if parent_key and stream.plan.scopes[scope.parent or CONNECTION].scope.key is not None:
        key = tuple(map(canonical, parent_key))
        return parents.get(key) or Outside(key)
    if len(parents) == 1:
        return next(iter(parents.values()))
    return Unclear(len(parents)) if parents else Outside(None)


def look_up_without_order(stream: Stream, plan: ScopePlan, event: Event) -> Answer:
    """Say which instance of a scope without an order, of which a rule names ``event``, gets it."""
    scope, live = plan.scope, stream.live(plan.scope.name)
    if scope.key is None:
        parent = find_parent(stream, plan, event)
        if isinstance(parent, Unclear):
            return parent
        instance = live.get(key_in(parent if isinstance(parent, Instance) else None))
        return instance or Opens(None, None)
    shown = find_key(scope.key, event)
    if shown is None:
        return _by_elimination(stream, plan)
    if not shown:
        return NoKey()
    key = tuple(map(canonical, shown))
    return live[key] if key in live else Opens(key, shown)


def open_for(stream: Stream, plan: ScopePlan, event: Event) -> Instance | Unclear | None:
    """Return the open instance of a scope that gets ``event`` only for rules that do not open one, if it is there."""
    scope, live = plan.scope, stream.live(plan.scope.name)
    if scope.key is None:
        parent = find_parent(stream, plan, event)
        if isinstance(parent, Unclear):
            return parent
        return live.get(key_in(parent if isinstance(parent, Instance) else None))
    shown = find_key(scope.key, event)
    if shown is None:
        answer = _by_elimination(stream, plan)
        return answer if isinstance(answer, Instance | Unclear) else None
    return live.get(tuple(map(canonical, shown)))


def key_in(parent: Instance | None) -> Key:
    """Return what tells apart the instances of a scope without key: the one they lie in."""
    return ("in", parent.number if parent else None)


def _by_key(stream: Stream, plan: ScopePlan, key: Key, shown: tuple[Any, ...] | None, event: Event) -> Answer:
    scope = plan.scope
    instance = stream.live(scope.name).get(key)
    if instance:
        gives_way = instance.progress and instance.progress.gives_way_to(event.name)
        return Opens(key, shown, instead=instance) if gives_way else instance
    remains = stream.remains(scope.name, key)
    if scope.order and scope.order.starts(event.name) and not (remains and event.name in remains.owed):
        return Opens(key, shown)
    return Ended(key, shown, remains) if remains else Never(key, shown)


def _by_elimination(stream: Stream, plan: ScopePlan) -> Answer:
    live = stream.live(plan.scope.name)
    if len(live) > 1:
        pending = [instance for instance in live.values() if instance.pending]
        return pending[0] if len(pending) == 1 else Unclear(len(live))
    return next(iter(live.values())) if live else Never(None, None)


def _without_key(stream: Stream, plan: ScopePlan, event: Event) -> Answer:
    scope = plan.scope
    parent = find_parent(stream, plan, event)
    if isinstance(parent, Instance):
        return _by_key(stream, plan, key_in(parent), None, event)
    opens = scope.order is not None and scope.order.starts(event.name)
    if opens and isinstance(parent, Outside) and parent.key is not None:
        return _by_key(stream, plan, key_in(None), None, event)
    takers = [
        instance
        for instance in stream.live(scope.name).values()
        if instance.progress and event.name in instance.progress.expected
    ]
    if len(takers) == 1:
        return takers[0]
    return _by_key(stream, plan, key_in(None), None, event) if opens else _by_elimination(stream, plan)
