"""Streams that conform because they are made so: a contract's orders walked at random, its rules obeyed."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from random import Random
from typing import Any

from tests.oracle.contract import Scope
from tests.oracle.expression import DONE, NOTHING, Expression, accepts, after, allowed, names_in
from tests.oracle.message import closing_name
from tests.oracle.speaker import Line, Open, Speaker, key_pointers
from tests.oracle.subjects import Subject

Made = tuple[list[Line], dict[str, Any]]
CODES = [1000, 1000, 1000, 1001, 1005, *range(1007, 1016), 4000, 4001, 4400, 4401, 4403, 4408, 4409, 4429, 4500]


def walk(rng: Random, subject: Subject, session: str = "s") -> Made | None:
    """Lines and an ending; None where the walk came to a place that it could not go on from."""
    try:
        return _Walk(rng, subject, session).make(rng.choice([1, 3, 6, 10, 16]))
    except _StuckError:
        return None


class _StuckError(Exception):
    """There is no way on."""


class _Walk:
    def __init__(self, rng: Random, subject: Subject, session: str) -> None:
        self.rng = rng
        self.contract = subject.contract
        self.speaker = Speaker(rng, subject, session)
        self.lines: list[Line] = []
        self.root = Open(self.contract.scopes["connection"], None, None, DONE)
        order = self.root.scope.order
        if order is not None:
            self.root.left = after(order, "$open") if "$open" in allowed(order) else order
        self.opens = [self.root]
        self.gone: list[Open] = []
        self.unsaid: set[tuple[Scope, str]] = set()
        self.alone = {scope for scope in self.contract.scopes.values() if self._is_alone(scope)}

    def make(self, steps: int) -> Made:
        """So many steps at random, then whatever is still due."""
        for _ in range(steps):
            choices = [(each, name) for each in self.opens for name in self._ways(each)]
            if self.rng.random() < 0.15:
                choices += [(self.root, name) for name in self._loose_events()] * 3
            if not choices:
                break
            self._go(*self.rng.choice(choices))
        self._finish_all()
        self._answer_questions()
        return self.lines, self._close()

    # where to go

    def _ways(self, instance: Open) -> list[str]:
        """The events and scopes that may come next in one instance."""
        order = instance.scope.order
        inside = [scope for scope in self.contract.scopes.values() if scope.parent is instance.scope]
        free = [each.name for each in inside if order is None or each.name not in names_in(order)]
        ways = [name for name in free if not self._is_shared(name)]
        if order is not None:
            ways += [name for name in sorted(allowed(instance.left)) if self._is_open_to(instance, name)]
        elif instance is not self.root:
            ways += sorted(instance.scope.ruled - self.contract.ignored)
        ways = [name for name in ways if (instance.scope, name) not in self.unsaid]
        return [name for name in ways if self._is_permitted(instance, name)]

    def _is_open_to(self, instance: Open, name: str) -> bool:
        if name.startswith("$"):
            return False
        left = after(instance.left, name)
        ending = accepts(left) and not allowed(left)
        closing = name in instance.scope.ends or (ending and name not in self.contract.scopes)
        pending = [each for each in self._inside(instance) if not accepts(each.left)]
        return not (closing and pending) or name in instance.scope.abandons

    def _is_permitted(self, instance: Open, name: str) -> bool:
        """Whether the rules that forbid, need and count let it come."""
        scope = self.contract.scopes.get(name)
        if scope is not None:
            most = scope.document.get("max_open")
            inside = [each for each in self._inside(instance) if each.scope is scope]
            if most is not None and len(inside) >= most:
                return False
            others = [each for each in self.opens if each.scope is scope]
            return scope not in self.alone or not others or self.rng.random() < 0.02
        return not any(self._is_against(rule, each, name) for each in instance.chain() for rule in each.scope.rules)

    def _is_against(self, rule: dict[str, Any], instance: Open, name: str) -> bool:
        named = self.contract.resolve
        if "need" in rule:
            return name in named(rule["before"]) and not instance.seen & named(rule["need"])
        if "forbid" in rule:
            return name in named(rule["forbid"]) and bool(instance.seen & named(rule["after"]))
        if "max" in rule and name in named(rule["count"]):
            return sum(instance.counts.get(one, 0) for one in named(rule["count"])) >= rule["max"]
        return False

    def _is_alone(self, scope: Scope) -> bool:
        """Whether two open instances could not be told apart by all events that are for one of them."""
        inner = [each for each in self.contract.scopes.values() if each.parent is scope]
        if scope.parent is None:
            return False
        if any("parent_key" not in each.document for each in inner) or not scope.keyed:
            return True
        return any(not key_pointers(scope.document["key"], name) for name in scope.named)

    def _is_shared(self, name: str) -> bool:
        scope = self.contract.scopes[name]
        starts = allowed(scope.order) if scope.order is not None else scope.ruled
        return any(starts & each.named for each in self.contract.scopes.values() if each is not scope)

    def _loose_events(self) -> list[str]:
        """What no order places: ignored events, and those that only rules of the connection know."""
        placed = set().union(*(scope.named for scope in self.contract.scopes.values()))
        loose = (self.root.scope.ruled | self.contract.ignored) - placed
        return [name for name in sorted(loose) if not name.startswith("$") and self._is_permitted(self.root, name)]

    def _inside(self, instance: Open) -> list[Open]:
        return [each for each in self.opens if instance in each.chain()[1:]]

    def _may_end(self, instance: Open) -> bool:
        return instance.scope.order is None or accepts(instance.left)

    # going there

    def _go(self, instance: Open, name: str) -> None:
        if name in self.contract.scopes:
            self._open(instance, self.contract.scopes[name])
            return
        line = self.speaker.say(instance, name)
        if line is None and instance.seen:
            self.unsaid.add((instance.scope, name))
            return
        if line is None:
            raise _StuckError
        line.wait = self.rng.choice([0.0, 0.125, 0.125, 0.25])
        self.lines.append(line)
        moved = after(instance.left, name)
        instance.left = instance.left if moved == NOTHING else moved
        if name in instance.scope.ends | instance.scope.abandons:
            self._shut(self._inside(instance))
        if instance is not self.root and instance.scope.order is not None and not allowed(instance.left):
            self._shut([instance, *self._inside(instance)])

    def _open(self, parent: Open, scope: Scope, event: str | None = None) -> None:
        if parent.scope.order is not None and scope.name in names_in(parent.scope.order):
            parent.left = after(parent.left, scope.name)
        starts = allowed(scope.order) if scope.order is not None else scope.ruled - self.contract.ignored
        usable = [name for name in sorted(starts) if not name.startswith("$") and name not in self.contract.scopes]
        if not usable:
            raise _StuckError
        event = event or self.rng.choice(usable)
        key = self.speaker.key_for(scope, event, parent)
        again = [each for each in self.gone if each.scope is scope and each.parent is parent and each.key]
        if again and self.contract.severity("reused-key", scope) == "ignore" and self.rng.random() < 0.3:
            key = self.rng.choice(again).key
            if any(each.scope is scope and each.key == key for each in self.opens):
                raise _StuckError
        instance = Open(scope, key, parent, scope.order if scope.order is not None else DONE)
        self.opens.append(instance)
        self._go(instance, event)

    def _shut(self, instances: list[Open]) -> None:
        for each in instances:
            self.opens.remove(each)
            self.gone.append(each)

    def _finish_all(self) -> None:
        """Bring every open instance, those inside others first, to where it may end."""
        for _ in range(60):
            pending = [each for each in self.opens if each is not self.root and not self._may_end(each)]
            if not pending:
                return
            self._finish_one(self.rng.choice([each for each in pending if not self._inside(each)] or pending))
        raise _StuckError

    def _finish_one(self, instance: Open) -> None:
        way = way_to(instance.left, frozenset())
        if way is None or not self._is_permitted(instance, way[0]):
            ways = self._ways(instance)
            if not ways:
                raise _StuckError
            way = (self.rng.choice(ways),)
        self._go(instance, way[0])

    def _answer_questions(self) -> None:
        for rule in [each for each in self.root.scope.rules if "ask" in each and not each.get("optional")]:
            answers = self.contract.resolve(rule["with"])
            asked = sum(line.event in self.contract.resolve(rule["ask"]) for line in self.lines)
            for _ in range(asked - sum(line.event in answers for line in self.lines)):
                self._give_one_of(sorted(answers))

    def _give_one_of(self, answers: list[str]) -> None:
        for name in self.rng.sample(answers, len(answers)):
            if name in allowed(self.root.left) or name in self._loose_events():
                self._go(self.root, name)
                return
            for scope in self.contract.scopes.values():
                if scope.parent is self.root.scope and scope.order is not None and name in allowed(scope.order):
                    self._open(self.root, scope, name)
                    self._finish_all()
                    return
        raise _StuckError

    def _close(self) -> dict[str, Any]:
        fitting: list[tuple[str, dict[str, Any]]] = []
        for code in CODES:
            for initiator in ("peer", "tool"):
                name = closing_name(self.contract, code, "", initiator)
                if name:
                    ending = {"kind": "closed", "code": code, "reason": "", "initiator": initiator}
                    fitting.append((name, ending))
        named = names_in(self.root.scope.order) if self.root.scope.order is not None else frozenset()
        if any(name.startswith("$close") for name in named):
            closings = frozenset(name for name, _ in fitting) & named
            for _ in range(12):
                ways = allowed(self.root.left) & closings
                if ways and (len(ways) > 1 or self.rng.random() < 0.8):
                    chosen = self.rng.choice(sorted(ways))
                    return self.rng.choice([ending for name, ending in fitting if name == chosen])
                way = way_to(self.root.left, closings)
                if way is None or not self._is_permitted(self.root, way[0]) or way[0].startswith("$"):
                    raise _StuckError
                self._go(self.root, way[0])
                self._finish_all()
            raise _StuckError
        return self.rng.choice([ending for _, ending in fitting])


@lru_cache(maxsize=100_000)
def way_to(left: Expression, ends: frozenset[str]) -> tuple[str, ...] | None:
    """The shortest way to where the word may end, or to one of ``ends``; None where none is short."""
    waiting, seen = deque([(left, ())]), {left}
    while waiting:
        state, way = waiting.popleft()
        if way and (allowed(state) & ends if ends else accepts(state)):
            return way
        for name in sorted(allowed(state)):
            step = after(state, name)
            if not name.startswith("$") and step not in seen and len(way) < 8:
                seen.add(step)
                waiting.append((step, (*way, name)))
    return None
