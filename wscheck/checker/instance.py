"""One instance of a scope, as the stream goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from wscheck.checker.alarm import Alarm
from wscheck.checker.plan import ScopePlan
from wscheck.finding import EventRef
from wscheck.order.progress import Progress
from wscheck.rules import Monitor

Key: TypeAlias = Hashable
RECENT = 6
"""Events that a finding shows of its instance."""


@dataclass(slots=True, eq=False, kw_only=True)
class Instance:
    """An open instance, or one that this very event ended.

    ``shown`` is its key as it stands in the events, None where it has none. ``settled``: it was reported as not
    whole, so that nothing more is concluded of it. ``quiet``: the present silence was reported. ``latest`` is the last
    event that it, or what lies in it, was given. ``seen`` are the names that its order was given, ``lacking`` the
    required events that instances inside it lacked. ``alarms`` are by the deadline's name.
    """

    plan: ScopePlan
    key: Key
    shown: tuple[Any, ...] | None
    number: int
    opening: EventRef
    parent: Instance | None
    progress: Progress | None
    monitors: tuple[Monitor, ...]
    latest: EventRef
    open: bool = True
    accepted_once: bool = False
    late: bool = False
    quiet: bool = False
    settled: bool = False
    children: dict[int, Instance] = field(default_factory=dict)
    recent: deque[EventRef] = field(default_factory=lambda: deque(maxlen=RECENT))
    seen: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)
    alarms: dict[str, Alarm] = field(default_factory=dict)

    @property
    def pending(self) -> bool:
        """Whether its order cannot end here."""
        return self.progress is not None and not self.progress.accepted

    @property
    def place(self) -> tuple[int, int, int]:
        """What sorts instances innermost first, then in the document's order, then as they were opened."""
        return (*self.plan.rank, self.number)

    @property
    def identity(self) -> tuple[str, int]:
        """What names it in observations."""
        return (self.plan.scope.name, self.number)

    def touch(self, event: EventRef) -> list[Instance]:
        """Remember that ``event`` was given to it; return which of it and all that it lies in had been quiet."""
        if not self.recent or self.recent[-1] is not event:
            self.recent.append(event)
        roused = [self] if self.quiet else []
        self.latest, around = event, self.parent
        # What it lies in was touched with it, where another one in there was given the same event before.
        while around and around.latest is not event:
            around.latest = event
            if around.quiet:
                roused.append(around)
            around = around.parent
        return roused

    def descendants(self) -> Iterator[Instance]:
        """Yield every open instance inside it."""
        for child in self.children.values():
            yield child
            yield from child.descendants()
