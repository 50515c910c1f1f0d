"""`chain: /p, previous: /q`: /p equals the previous event's /q: parent hashes, old and new state."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.event import Event
from wscheck.json_text import canonical
from wscheck.pointer import MISSING, Pointer
from wscheck.rules.rule import Meaning, Offence, demands_value, nothing_at, show


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """``value`` repeats what the previous event held at ``previous``."""

    watches: frozenset[str]
    value: Pointer
    previous: Pointer
    per: Pointer | None = None
    demanding: bool = False

    def monitor(self) -> ChainMonitor:
        """Return a monitor for a new instance."""
        return ChainMonitor(self)


def read(members: Mapping[str, Any], meaning: Meaning) -> Chain:
    """Read the rule's members."""
    return Chain(
        watches=meaning.watched(members),
        value=Pointer(members["chain"]),
        previous=Pointer(members["previous"]),
        per=Pointer(members["per"]) if "per" in members else None,
        demanding=demands_value(members),
    )


class ChainMonitor:
    """The value that the next link must repeat, one for each ``per``."""

    def __init__(self, law: Chain) -> None:
        self._law = law
        self._links: dict[Hashable, Any] = {}

    def see(self, name: str, event: Event) -> Iterator[Offence]:
        """Hold the event to the link before it, and become the next one."""
        law = self._law
        per = canonical(law.per.find(event.value)) if law.per else None
        value, following = law.value.find(event.value), law.previous.find(event.value)
        offence = nothing_at(law.value, event) if value is MISSING and law.demanding else None
        if value is not MISSING and per in self._links and canonical(value) != canonical(self._links[per]):
            offence = Offence(
                message=f"{event.name} ({event.place}) has at {law.value.text} {show(value)}, where the one before it "
                f"has at {law.previous.text} {show(self._links[per])}",
                event=event,
                instance_path=law.value.text,
            )
        if following is not MISSING:
            self._links[per] = following
        elif value is not MISSING:
            self._links.pop(per, None)
            if law.demanding and not offence:
                offence = nothing_at(law.previous, event)
        if offence:
            yield offence
