"""An event: one message of the stream, named and decoded."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from wscheck.finding import EventRef
from wscheck.immutable import immutable
from wscheck.record import Direction


@immutable
class Event:
    """One event, as the contract names it. ``value`` is its decoded JSON.

    ``index`` is its record's position in the capture, from 1; ``at`` is in seconds since the run began. ``part`` is its
    place among the events of one message, from 0: always 0 but under ``frame: array`` and ``frame: lines``.
    """

    name: str
    value: Any
    index: int
    at: float
    direction: Direction
    session: str
    connection: int = 1
    part: int = 0
    _ref: EventRef | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def ref(self) -> EventRef:
        """This event without its value: one for all who remember it."""
        ref = self._ref
        if ref is None:
            ref = EventRef(index=self.index, name=self.name, at=self.at, direction=self.direction, part=self.part)
            object.__setattr__(self, "_ref", ref)
        return ref

    @property
    def place(self) -> str:
        """Where it stands, as sentences say it."""
        return self.ref.place


@immutable
class Observation:
    """What the checker made of one event.

    ``given`` are the (scope, instance number) that were given it, ``closed`` those that it closed.
    """

    event: Event
    given: tuple[tuple[str, int], ...] = ()
    closed: tuple[tuple[str, int], ...] = ()
