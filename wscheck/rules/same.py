"""`same: /p`: constant within the scope."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.event import Event
from wscheck.finding import EventRef
from wscheck.json_text import canonical
from wscheck.naming import ANY, spread
from wscheck.pointer import MISSING, Pointer
from wscheck.rules.rule import Meaning, Offence, demands_value, nothing_at, show


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """All values at ``pointers``, which are by event name, are one."""

    pointers: Mapping[str, Pointer]
    demanding: bool = False

    @property
    def watches(self) -> frozenset[str]:
        """The events that have a pointer."""
        return frozenset(self.pointers)

    def monitor(self) -> SameMonitor:
        """Return a monitor for a new instance."""
        return SameMonitor(self)


def read(members: Mapping[str, Any], meaning: Meaning) -> Same:
    """Read the rule's members."""
    written = members["same"]
    table = {ANY: written} if isinstance(written, str) else meaning.table("same")
    pointers = spread(table, meaning.watched(members))
    return Same(
        pointers={name: Pointer(text) for name, text in pointers.items()},
        demanding=demands_value(members),
    )


class SameMonitor:
    """The value that was seen last."""

    def __init__(self, law: Same) -> None:
        self._law = law
        self._value: Any = MISSING
        self._known: Hashable = MISSING
        self._from: EventRef | None = None

    def see(self, name: str, event: Event) -> Iterable[Offence]:
        """Hold the event's value against the last, and go on from it."""
        pointer = self._law.pointers[name]
        value = pointer.find(event.value)
        if value is MISSING:
            return (nothing_at(pointer, event),) if self._law.demanding else ()
        known = canonical(value)
        offences: tuple[Offence, ...] = ()
        if self._from and known != self._known:
            offences = (
                Offence(
                    message=f"{event.name} ({event.place}) has at {pointer.text} {show(value)}, where "
                    f"{self._from.name} ({self._from.place}) had {show(self._value)}",
                    event=event,
                    instance_path=pointer.text,
                ),
            )
        self._value, self._known, self._from = value, known, event.ref
        return offences
