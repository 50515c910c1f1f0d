"""What all rules have in common: how they are read, what they watch, and how they speak."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from wscheck.event import Event
from wscheck.finding import EventRef, Severity
from wscheck.pointer import Pointer
from wscheck.text import safe, shorten


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """A rule that was broken. ``event`` is None where something did not come: then ``since`` began the waiting.

    ``due`` is when it ended, in seconds since the run began, where something came too late.
    """

    message: str
    event: Event | None = None
    since: EventRef | None = None
    due: float | None = None
    missing: tuple[str, ...] = ()
    instance_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Something is due ``at`` that many seconds; ``expire`` is asked when that has passed."""

    at: float
    since: EventRef
    expire: Callable[[], Offence | None]


class Monitor(Protocol):
    """A law over one instance (runtime verification: a monitor). It is shown only names that its law watches."""

    def see(self, name: str, event: Event) -> Iterable[Offence | Deadline]:
        """Take ``event`` in. ``name`` is its name, or that of an inner scope that it opens."""
        ...


class Law(Protocol):
    """A rule's content."""

    @property
    def watches(self) -> frozenset[str]:
        """The names that its monitors must be shown."""
        ...

    def monitor(self) -> Monitor:
        """Return a monitor for a new instance."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a scope. ``names`` are the events it names itself; without an order they open an instance."""

    id: str
    keyword: str
    path: str
    law: Law
    names: frozenset[str]
    severity: Severity | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a rule's members mean in its scope.

    Given a member, ``names`` are the events that stand there, ``names_or_scopes`` the events and the scopes whose
    parent this one is, and ``table`` what stands there by event; each refuses a name that stands for nothing.
    ``looked_at`` are the events that a rule without ``events`` looks at.
    """

    names: Callable[[str], frozenset[str]]
    names_or_scopes: Callable[[str], frozenset[str]]
    table: Callable[[str], Mapping[str, Any]]
    looked_at: frozenset[str]

    def watched(self, members: Mapping[str, Any]) -> frozenset[str]:
        """Return the events that a rule with these members looks at."""
        return self.names("events") if "events" in members else self.looked_at


def demands_value(members: Mapping[str, Any]) -> bool:
    """Say whether an event in which the rule's pointer finds nothing breaks it."""
    return "events" in members and not members.get("optional", False)


def nothing_at(pointer: Pointer, event: Event) -> Offence:
    """Return the offence of an event that does not hold what the rule looks at."""
    return Offence(
        message=f"{event.name} ({event.place}) holds nothing at {pointer.text}, which the rule looks at",
        event=event,
        instance_path=pointer.text,
    )


def show(value: Any) -> str:
    """Return a value of the stream as it may stand in a sentence."""
    return shorten(safe(json.dumps(value, ensure_ascii=False)))
