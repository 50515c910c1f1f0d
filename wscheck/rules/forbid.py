"""`forbid: [B], after: A`: never B after A (Dwyer's absence after)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.event import Event
from wscheck.rules.rule import Meaning, Offence


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbid:
    """No ``forbidden`` event may follow an ``after`` one."""

    forbidden: frozenset[str]
    after: frozenset[str]

    @property
    def watches(self) -> frozenset[str]:
        """Both sides."""
        return self.forbidden | self.after

    def monitor(self) -> ForbidMonitor:
        """Return a monitor for a new instance."""
        return ForbidMonitor(self)


def read(members: Mapping[str, Any], meaning: Meaning) -> Forbid:
    """Read the rule's members."""
    return Forbid(forbidden=meaning.names("forbid"), after=meaning.names("after"))


class ForbidMonitor:
    """Waits for the event after which others are forbidden."""

    def __init__(self, law: Forbid) -> None:
        self._law = law
        self._since: Event | None = None
        self._reported = False

    def see(self, name: str, event: Event) -> Iterator[Offence]:
        """Report the first forbidden event, once."""
        if self._since and not self._reported and name in self._law.forbidden:
            self._reported = True
            yield Offence(
                message=f"{name} ({event.place}) came after {self._since.name} ({self._since.place}), which forbids it",
                event=event,
            )
        if self._since is None and name in self._law.after:
            self._since = event
