"""A stream, heard message by message: what breaks the form of its contract, and what that would be elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from wscheck.checker.messages import Named, Namer
from wscheck.checker.names import find_names, known_names
from wscheck.contract.model import Contract, EventDefinition
from wscheck.dialect.moved import Difference, differences
from wscheck.dialect.outline import Outline, outline
from wscheck.pointer import MISSING, Pointer
from wscheck.record import Message, Record
from wscheck.text import safe, shorten

_NAMES = 5


class Listener:
    """Counts, over the received messages of a stream, how they differ from ``contract`` and whether ``others`` fit."""

    def __init__(self, contract: Contract, others: Sequence[Contract]) -> None:
        self.received = 0
        self._contract = contract
        self._namer = Namer(contract)
        self._names = known_names(contract, "received")
        self._others = [(other, Namer(other)) for other in others]
        self._outlines: dict[str, Outline] = {}
        self._fit: Counter[str] = Counter()
        self._fit_instead: Counter[str] = Counter()
        self._broken = 0
        self._told: Counter[Difference] = Counter()
        self._unknown: Counter[str] = Counter()
        self._hidden: Counter[tuple[str, str, str]] = Counter()
        self._seen: set[str] = set()

    def take(self, record: Record) -> None:
        """Hear one record."""
        if not isinstance(record, Message) or record.direction != "received":
            return
        for named in self._namer.name(record):
            if named.readable:
                self.received += 1
                self._hear(named, record)

    def count(self, other: Contract) -> int:
        """Return how many of the messages that break the contract fit ``other``."""
        return self._fit_instead[other.version]

    def all_spoken(self, other: Contract) -> bool:
        """Whether every message fits ``other``."""
        return self._fit[other.version] == self.received

    def spoken(self) -> Contract | None:
        """Return the version that most of the messages fit which break the contract, None where none does."""
        best = max((other for other, _ in self._others), key=self.count, default=None)
        # A single event of many may fit another version by chance.
        return best if best and self.count(best) * 10 >= max(self._broken, 1) else None

    def sentences(self) -> list[str]:
        """Return the differences, the weightiest and then the most frequent first, each with its count."""
        told = self._told.copy()
        for (name, place, bearer), times in self._hidden.items():
            if name not in self._seen:
                where = f"the name stands at {place} of a message named {bearer}, not at {self._due()}"
                told[Difference(0, where)] += times
        if self._unknown:
            names = [f"'{name}'" for name, _ in self._unknown.most_common(_NAMES)]
            more = f" and {len(self._unknown) - _NAMES} more" if len(self._unknown) > _NAMES else ""
            told[Difference(1, f"no event here is called {', '.join(names)}{more}")] += self._unknown.total()
        ranked = sorted(told.items(), key=lambda told: (told[0].weight, -told[1]))
        return [f"{told.sentence} ({times} event{'s' if times > 1 else ''})" for told, times in ranked]

    def _hear(self, named: Named, record: Message) -> None:
        definition = named.definition
        broken = definition is None or self._lacks_form(named, definition)
        self._broken += broken
        self._try_others(named, record, broken=broken)
        if definition:
            self._seen.update((definition.name, self._written(named.value) or ""))
        if definition and (self._look_inside(named, definition) or not broken):
            return
        found = self._find_name(named.value, definition)
        if found is None and definition is None:
            written = self._written(named.value)
            if written is not None:
                self._unknown[_safe(written)] += 1
            return
        name = definition.name if definition else found
        self._compare(named.value, name or "", named=definition is not None)

    def _lacks_form(self, named: Named, definition: EventDefinition) -> bool:
        if any(fault.code == "schema" for fault in named.faults):
            return True
        required = self._outline(definition).required if definition.schema is None else {}
        return any(Pointer(place).find(named.value) is MISSING for place in required)

    def _try_others(self, named: Named, record: Message, *, broken: bool) -> None:
        for other, namer in self._others:
            heard = namer.name_one(named.text, record.direction)
            fits = heard.definition is not None and not any(fault.code == "schema" for fault in heard.faults)
            self._fit[other.version] += fits
            self._fit_instead[other.version] += fits and broken

    def _find_name(self, value: Any, definition: EventDefinition | None) -> str | None:
        """Tell where the name of the event stands, if not only where it is due; return it."""
        due = [pointer.text for pointer in self._contract.event_name]
        for place, name in find_names(value, self._names):
            if place in due:
                continue
            where, here = _safe(place), self._due()
            if definition is None:
                self._told[Difference(0, f"the name stands at {where}, not at {here}")] += 1
                return name
            if definition.schema and name == self._written(value) and place not in self._outline(definition).known:
                self._told[Difference(0, f"the name stands twice: at {here} and at {where}")] += 1
            return name
        return None

    def _look_inside(self, named: Named, definition: EventDefinition) -> bool:
        """Note the name of another event in the message, and return whether there is one."""
        own = {definition.name, self._written(named.value)}
        due = {pointer.text for pointer in self._contract.event_name}
        found = [(name, place) for place, name in find_names(named.value, self._names) if place not in due]
        others = [(name, place) for name, place in found if name not in own]
        for name, place in others[:1]:
            self._hidden[name, _safe(place), definition.name] += 1
        return bool(others)

    def _compare(self, value: Any, name: str, *, named: bool) -> None:
        definition = self._contract.definitions.get(name)
        if definition is None:
            return
        due = self._outline(definition)
        if not named:
            # That the name is elsewhere has been told.
            places = {pointer.text for pointer in self._contract.event_name}
            due = Outline(known=due.known, required={place: None for place in due.required if place not in places})
        for difference in differences(value, due):
            self._told[difference] += 1

    def _due(self) -> str:
        return " or ".join(pointer.text for pointer in self._contract.event_name) or "its place"

    def _written(self, value: Any) -> str | None:
        for pointer in self._contract.event_name:
            found = pointer.find(value)
            if isinstance(found, str):
                return found
        return None

    def _outline(self, definition: EventDefinition) -> Outline:
        if definition.name not in self._outlines:
            self._outlines[definition.name] = outline(self._contract, definition)
        return self._outlines[definition.name]


def _safe(text: str) -> str:
    return shorten(safe(text), 80)
