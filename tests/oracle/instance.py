"""What the oracle keeps of a stream: findings, and the instances of scopes, open and ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.oracle.contract import Scope, plain
from tests.oracle.expression import Expression, accepts, allowed
from tests.oracle.rules import Event, Monitor


@dataclass(eq=False, kw_only=True)
class Finding:
    """One finding, as the labelled rows write it. ``ignored`` ones are made, but not shown."""

    code: str
    scope: str | None = None
    key: list[Any] | None = None
    index: int | None = None
    related: list[int] = field(default_factory=list)
    verdict: str = "fail"
    rule: str | None = None
    ignored: bool = False

    def row(self) -> tuple[Any, ...]:
        """Code, rule, scope, key, index, related indices, verdict."""
        return (self.code, self.rule, self.scope, self.key, self.index, tuple(self.related), self.verdict)


@dataclass(eq=False, kw_only=True)
class Instance:
    """One instance of a scope. ``left`` is what its order still has to match.

    ``last`` is the name that its order was given last, ``unexpected`` whether that was. ``ended`` is 0 while it is
    open, later tells which ended first. ``awaits_children``: its order was exhausted by the opening of an inner scope.
    ``accepted``: it was, at some time. ``excused``: reported as left open or given up. ``heard`` is the event that its
    silence is measured from, ``quiet`` whether that silence was reported.
    """

    scope: Scope
    key: Any
    opening: Event
    parent: Instance | None
    left: Expression
    monitors: list[Monitor]
    heard: Event
    last: str | None = None
    owed: list[tuple[str, Finding]] = field(default_factory=list)
    ended: int = 0
    awaits_children: bool = False
    accepted: bool = False
    unexpected: bool = False
    too_late: bool = False
    excused: bool = False
    quiet: bool = False

    @property
    def pending(self) -> bool:
        """Whether its order cannot end here; without an order it never is."""
        return self.scope.order is not None and not accepts(self.left)

    @property
    def exhausted(self) -> bool:
        """Whether it is accepted and nothing more may follow."""
        return accepts(self.left) and not allowed(self.left)

    def chain(self) -> list[Instance]:
        """It, and what it lies in, from within outwards."""
        return [self, *(self.parent.chain() if self.parent else [])]

    def owes_name(self, name: str) -> bool:
        """Whether ``name`` was skipped, and has not come yet."""
        return any(owed == name for owed, _ in self.owed)

    def has_key(self, key: Any) -> bool:
        """Whether this is its key."""
        return bool(plain(self.key) == plain(key))


@dataclass(eq=False)
class Place:
    """Where an event goes in one scope: to ``instance``, open or ended; or else ``code`` says why to none.

    ``opens``: it opens one there, instead of ``instead`` where that is given. ``for_rules``: only rules look at it.
    """

    scope: Scope
    instance: Instance | None = None
    opens: bool = False
    code: str | None = None
    key: Any = None
    for_rules: bool = False
    instead: Instance | None = None

    @property
    def open_one(self) -> Instance | None:
        """The instance, where it is open."""
        return self.instance if self.instance and not self.instance.ended else None
