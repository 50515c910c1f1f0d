"""`count: A, min: n, max: m`: A occurs so often in the scope (Dwyer's bounded existence)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.event import Event
from wscheck.finding import EventRef
from wscheck.rules.rule import Meaning, Offence


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """At least ``least`` and at most ``most`` of ``counted``: events, or openings of one inner scope."""

    counted: frozenset[str]
    written: str
    least: int = 0
    most: int | None = None

    @property
    def watches(self) -> frozenset[str]:
        """What is counted."""
        return self.counted

    def monitor(self) -> CountMonitor:
        """Return a monitor for a new instance."""
        return CountMonitor(self)


def read(members: Mapping[str, Any], meaning: Meaning) -> Count:
    """Read the rule's members."""
    name = members["count"]
    return Count(
        counted=meaning.names_or_scopes("count"),
        written=name if isinstance(name, str) else " or ".join(name),
        least=members.get("min", 0),
        most=members.get("max"),
    )


class CountMonitor:
    """The number seen so far."""

    def __init__(self, law: Count) -> None:
        self._law = law
        self._seen = 0
        self._reported = False

    def see(self, name: str, event: Event) -> Iterator[Offence]:
        """Report the first one too many, once."""
        self._seen += 1
        most = self._law.most
        if most is not None and self._seen > most and not self._reported:
            self._reported = True
            due = f"at most {most} may come" if most else "none may come"
            seen = f"makes {self._seen} of {self._law.written}"
            yield Offence(message=f"{event.name} ({event.place}) {seen}, where {due}", event=event)

    def conclude(self, opening: EventRef) -> Iterator[Offence]:
        """Report a number that was not reached."""
        if self._seen < self._law.least:
            times = {0: "not once", 1: "once"}.get(self._seen, f"{self._seen} times")
            due = f"at least {self._law.least} {'is' if self._law.least == 1 else 'are'} due"
            yield Offence(
                message=f"{self._law.written} came {times}, where {due}",
                since=opening,
                missing=(self._law.written,),
            )
