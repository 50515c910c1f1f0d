"""What can be worked out once for a contract, so that each event costs a few look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wscheck.contract.model import CONNECTION, Contract, Scope
from wscheck.rules import Rule


@dataclass(frozen=True, slots=True)
class ScopePlan:
    """One scope, with its rules by the name they watch (their places in ``scope.rules``).

    ``rank`` sorts scopes innermost first, those of one depth in the document's order.
    """

    scope: Scope
    watching: Mapping[str, tuple[int, ...]]
    required: tuple[str, ...]
    rank: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Route:
    """Where an event of one name goes, `connection` left out, outermost first.

    ``siblings`` are the scopes whose order names it, by their parent; ``opened`` those without an order, of which a
    rule names it; ``watched`` all others of which a rule looks at it. ``alone`` is the scope to whose open
    instances it goes and to no others, where that has a key.
    """

    siblings: tuple[tuple[ScopePlan, ...], ...] = ()
    opened: tuple[ScopePlan, ...] = ()
    watched: tuple[ScopePlan, ...] = ()
    alone: ScopePlan | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A contract, ready to be held against streams."""

    contract: Contract
    scopes: Mapping[str, ScopePlan] = field(init=False)
    routes: Mapping[str, Route] = field(init=False)

    def __post_init__(self) -> None:
        scopes = {name: _plan(self.contract, scope) for name, scope in self.contract.scopes.items()}
        object.__setattr__(self, "scopes", scopes)
        inner = sorted(
            (plan for name, plan in scopes.items() if name != CONNECTION),
            key=lambda plan: (plan.scope.depth, plan.scope.position),
        )
        routes = {event.name: _route(event.name, inner, self.root.scope) for event in self.contract.events}
        object.__setattr__(self, "routes", routes)

    @property
    def root(self) -> ScopePlan:
        """The plan of `connection`."""
        return self.scopes[CONNECTION]


def _plan(contract: Contract, scope: Scope) -> ScopePlan:
    watching: dict[str, tuple[int, ...]] = {}
    for place, rule in enumerate(scope.rules):
        for name in rule.law.watches:
            watching[name] = (*watching.get(name, ()), place)
    rank = (-scope.depth, scope.position)
    return ScopePlan(scope=scope, watching=watching, required=_required(contract, scope), rank=rank)


def _required(contract: Contract, scope: Scope) -> tuple[str, ...]:
    found: list[str] = []
    for name in scope.required:
        inner = contract.scopes.get(name.text)
        found += _required(contract, inner) if inner else [name.text]
    return tuple(found)


def _route(name: str, scopes: list[ScopePlan], connection: Scope) -> Route:
    siblings: dict[tuple[int, str | None], tuple[ScopePlan, ...]] = {}
    opened: list[ScopePlan] = []
    watched: list[ScopePlan] = []
    for plan in scopes:
        scope = plan.scope
        if name in scope.ordered:
            group = (scope.depth, scope.parent)
            siblings[group] = (*siblings.get(group, ()), plan)
        elif scope.order is None and any(_names(rule, name) for rule in scope.rules):
            opened.append(plan)
        elif name in plan.watching:
            watched.append(plan)
    alone = [plan for group in siblings.values() for plan in group]
    elsewhere = opened or name in connection.ordered
    by_key = len(alone) == 1 and alone[0].scope.key is not None and not name.startswith("$")
    opens = any(plan.scope.order and plan.scope.order.starts(name) for plan in alone)
    return Route(
        siblings=tuple(siblings.values()),
        opened=tuple(opened),
        watched=tuple(watched),
        alone=alone[0] if by_key and not opens and not elsewhere else None,
    )


def _names(rule: Rule, name: str) -> bool:
    return name in rule.names
