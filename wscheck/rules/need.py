"""`need: A, before: [B]`: B only after some A (Dwyer's precedence)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.event import Event
from wscheck.rules.rule import Meaning, Offence


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Some ``needed`` event must come before the first ``dependent`` one."""

    needed: frozenset[str]
    dependent: frozenset[str]
    written: str

    @property
    def watches(self) -> frozenset[str]:
        """Both sides."""
        return self.needed | self.dependent

    def monitor(self) -> NeedMonitor:
        """Return a monitor for a new instance."""
        return NeedMonitor(self)


def read(members: Mapping[str, Any], meaning: Meaning) -> Need:
    """Read the rule's members."""
    return Need(needed=meaning.names("need"), dependent=meaning.names("before"), written=members["need"])


class NeedMonitor:
    """Settled once the needed event has come, or its absence was reported."""

    def __init__(self, law: Need) -> None:
        self._law = law
        self._settled = False

    def see(self, name: str, event: Event) -> Iterator[Offence]:
        """Report the first dependent event without the needed one, once."""
        if not self._settled and name in self._law.dependent:
            self._settled = True
            yield Offence(
                message=f"{name} ({event.place}) came before any {self._law.written}, which it needs",
                event=event,
                missing=(self._law.written,),
            )
        elif name in self._law.needed:
            self._settled = True
