"""`unique: /p`: no value twice (redelivery)."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.event import Event
from wscheck.json_text import canonical
from wscheck.pointer import MISSING, Pointer
from wscheck.rules.rule import Meaning, Offence, demands_value, nothing_at, show

WINDOW = 10_000
"""Values that are remembered where the rule names no window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """No value stands twice among ``window`` values and the one that follows them."""

    watches: frozenset[str]
    value: Pointer
    window: int = WINDOW
    demanding: bool = False

    def monitor(self) -> UniqueMonitor:
        """Return a monitor for a new instance."""
        return UniqueMonitor(self)


def read(members: Mapping[str, Any], meaning: Meaning) -> Unique:
    """Read the rule's members."""
    return Unique(
        watches=meaning.watched(members),
        value=Pointer(members["unique"]),
        window=members.get("window", WINDOW),
        demanding=demands_value(members),
    )


class UniqueMonitor:
    """The last values, and by value the index of the event that had it last."""

    def __init__(self, law: Unique) -> None:
        self._law = law
        self._window: deque[tuple[Hashable, str]] = deque()
        self._latest: dict[Hashable, str] = {}

    def see(self, name: str, event: Event) -> Iterator[Offence]:
        """Report a value that is remembered, and remember this one."""
        law = self._law
        found = law.value.find(event.value)
        if found is MISSING:
            if law.demanding:
                yield nothing_at(law.value, event)
            return
        value = canonical(found)
        if value in self._latest:
            yield Offence(
                message=f"{event.name} ({event.place}) has at {law.value.text} {show(found)} again, after "
                f"{self._latest[value]}",
                event=event,
                instance_path=law.value.text,
            )
        self._latest[value] = event.place
        self._window.append((value, event.place))
        if len(self._window) > law.window:
            oldest, place = self._window.popleft()
            if self._latest[oldest] == place:
                del self._latest[oldest]
