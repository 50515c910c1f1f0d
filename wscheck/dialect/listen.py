"""A stream, heard message by message: what breaks the form of its contract, and what that would be elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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
        self._elsewhere: dict[Difference, Counter[Difference]] = {}
        self._unknown: Counter[str] = Counter()
        self._nameless: Counter[Difference | None] = Counter()
        self._hidden: Counter[tuple[str, str, str]] = Counter()
        self._misplaced: Counter[tuple[str, str, str]] = Counter()
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
        return best if best and self._is_telling(self.count(best)) else None

    def sentences(self) -> list[str]:
        """Return the differences, the weightiest and then the most frequent first, each with its count."""
        told = self._told.copy()
        told.update(self._tell_hidden())
        nameless = self._nameless[None]
        for where, differing in self._elsewhere.items():
            if self._is_telling(differing[where]):
                told.update(differing)
            else:
                nameless += self._nameless[where]
        if nameless and self._contract.event_name:
            told[Difference(1, f"no name stands at {self._due()}")] += nameless
        if self._unknown:
            names = _list([f"'{name}'" for name, _ in self._unknown.most_common()])
            told[Difference(1, f"no event here is called {names}")] += self._unknown.total()
        ranked = sorted(told.items(), key=lambda told: (told[0].weight, -told[1]))
        return [f"{told.sentence} ({times} event{'s' if times > 1 else ''})" for told, times in ranked]

    def _is_telling(self, times: int) -> bool:
        """Whether so many of the messages that break the contract are more than chance: a single one of many may be."""
        return times > 0 and times * 10 >= self._broken

    def _tell_hidden(self) -> dict[Difference, int]:
        """Return the places at which names of events stand in messages of another name.

        A message may well speak of an event that comes by itself as well: not so where its schema breaks just there.
        """
        hidden: dict[tuple[str, str], Counter[str]] = {}
        for (name, place, bearer), times in self._hidden.items():
            sure = self._misplaced[name, place, bearer] if name in self._seen else times
            if sure:
                hidden.setdefault((place, bearer), Counter())[name] = sure
        told = {}
        for (place, bearer), names in hidden.items():
            listed = _list([name for name, _ in names.most_common()])
            stand = f"names {listed} stand" if len(names) > 1 else f"name {listed} stands"
            where = f"the {stand} at {place} of a message named {bearer}, not at {self._due()}"
            told[Difference(0, where)] = names.total()
        return told

    def _hear(self, named: Named, record: Message) -> None:
        definition = named.definition
        broken = definition is None or self._lacks_form(named, definition)
        self._broken += broken
        self._try_others(named, record, broken=broken)
        if definition:
            self._seen.update((definition.name, self._written(named.value) or ""))
        if definition and (self._look_inside(named, definition) or not broken):
            return
        if definition:
            self._note_second_name(named.value, definition)
            self._compare(named.value, definition.name, self._told, named=True)
        else:
            self._hear_unknown(named.value)

    def _hear_unknown(self, value: Any) -> None:
        """Note where the name of an event stands in a message that is none, or that there is none."""
        written, found = self._written(value), next(self._names_elsewhere(value), None)
        if found is None and written is not None:
            self._unknown[_safe(written)] += 1
        where = found and Difference(0, f"the name stands at {_safe(found[0])}, not at {self._due()}")
        self._nameless[where] += written is None
        if found and where:
            told = self._elsewhere.setdefault(where, Counter())
            told[where] += 1
            self._compare(value, found[1], told, named=False)

    def _lacks_form(self, named: Named, definition: EventDefinition) -> bool:
        if any(fault.code == "schema" for fault in named.faults):
            return True
        required = self._outline(definition).required if definition.schema is None else {}
        return any(Pointer(place).find(named.value) is MISSING for place in required)

    def _try_others(self, named: Named, record: Message, *, broken: bool) -> None:
        for other, namer in self._others:
            fits = namer.fits(named.value, record.direction)
            self._fit[other.version] += fits
            self._fit_instead[other.version] += fits and broken

    def _names_elsewhere(self, value: Any) -> Iterator[tuple[str, str]]:
        """Yield where names of events stand in a message but where they are due, and which."""
        due = {pointer.text for pointer in self._contract.event_name}
        return (found for found in find_names(value, self._names) if found[0] not in due)

    def _note_second_name(self, value: Any, definition: EventDefinition) -> None:
        """Note where the name of the event stands once more, where its schema knows no such place."""
        place, name = next(self._names_elsewhere(value), ("", None))
        known = self._outline(definition).known
        if definition.schema and name is not None and name == self._written(value) and place not in known:
            self._told[Difference(0, f"the name stands twice: at {self._due()} and at {_safe(place)}")] += 1

    def _look_inside(self, named: Named, definition: EventDefinition) -> bool:
        """Note the name of another event where the message's schema wants none, and return whether there is one."""
        own = {definition.name, self._written(named.value)}
        known, broken = self._outline(definition).known, _broken_places(named)
        others = [
            (name, place, _lies_in(place, broken))
            for place, name in self._names_elsewhere(named.value)
            if name not in own
        ]
        others = [each for each in others if each[2] or each[1] not in known]
        for name, place, wrong in others[:1]:
            self._hidden[name, _safe(place), definition.name] += 1
            self._misplaced[name, _safe(place), definition.name] += wrong
        return bool(others)

    def _compare(self, value: Any, name: str, told: Counter[Difference], *, named: bool) -> None:
        definition = self._contract.definitions.get(name)
        if definition is None:
            return
        due = self._outline(definition)
        if not named:
            # That the name is elsewhere has been told.
            places = {pointer.text for pointer in self._contract.event_name}
            due = Outline(known=due.known, required={place: None for place in due.required if place not in places})
        for difference in differences(value, due):
            told[difference] += 1

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


def _broken_places(named: Named) -> list[str]:
    return [fault.instance_path for fault in named.faults if fault.code == "schema" and fault.instance_path]


def _lies_in(place: str, others: Sequence[str]) -> bool:
    return any(f"{place}/".startswith(f"{other}/") for other in others)


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f"{', '.join(names[:_NAMES])}{more}"


def _safe(text: str) -> str:
    return shorten(safe(text), 80)
