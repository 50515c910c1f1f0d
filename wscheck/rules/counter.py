"""`counter: /p`: each value is the one before it plus a step: sequence numbers, block numbers."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isinf
from typing import Any, TypeAlias

from wscheck.event import Event
from wscheck.json_text import canonical
from wscheck.pointer import MISSING, Pointer
from wscheck.rules.rule import Meaning, Offence, demands_value, nothing_at, show

_Number: TypeAlias = int | Fraction
"""Exact: of a double that is not whole, what its shortest spelling says."""

_HEXADECIMAL = re.compile(r"(0[xX])?[0-9a-fA-F]{1,400}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """``value`` is the previous event's ``last`` plus ``step``, or with ``increasing`` merely greater."""

    watches: frozenset[str]
    value: Pointer
    last: Pointer
    step: _Number
    start: _Number | None = None
    increasing: bool = False
    hexadecimal: bool = False
    per: Pointer | None = None
    demanding: bool = False

    def monitor(self) -> CounterMonitor:
        """Return a monitor for a new instance."""
        return CounterMonitor(self)


def read(members: Mapping[str, Any], meaning: Meaning) -> Counter:
    """Read the rule's members."""
    start = members.get("start")
    return Counter(
        watches=meaning.watched(members),
        value=Pointer(members["counter"]),
        last=Pointer(members.get("last", members["counter"])),
        step=_exact(members.get("step", 1)),
        start=None if start is None else _exact(start),
        increasing=members.get("mode", "exact") == "increasing",
        hexadecimal=members.get("as") == "hex",
        per=Pointer(members["per"]) if "per" in members else None,
        demanding=demands_value(members),
    )


class CounterMonitor:
    """The last value, one for each ``per``."""

    def __init__(self, law: Counter) -> None:
        self._law = law
        self._last: dict[Hashable, _Number] = {}

    def see(self, name: str, event: Event) -> Iterable[Offence]:
        """Hold the event's value against the last, and go on from it."""
        law = self._law
        found = law.value.find(event.value)
        if found is MISSING:
            return (nothing_at(law.value, event),) if law.demanding else ()
        value = self._number(found)
        if value is None:
            return (self._no_number(event, law.value, found),)
        per = canonical(law.per.find(event.value)) if law.per else None
        offence = self._held(event, value, self._last.get(per))
        if law.last == law.value:
            self._last[per] = value
            return (offence,) if offence else ()
        found = law.last.find(event.value)
        last = self._number(found)
        self._last[per] = value if last is None else last
        if found is MISSING and law.demanding:
            offence = offence or nothing_at(law.last, event)
        elif found is not MISSING and last is None:
            offence = offence or self._no_number(event, law.last, found)
        return (offence,) if offence else ()

    def _held(self, event: Event, value: _Number, last: _Number | None) -> Offence | None:
        problem = self._problem(value, last)
        if problem is None:
            return None
        shown = show(self._law.value.find(event.value))
        return _offence(event, self._law.value, f"{shown}, {problem}")

    def _no_number(self, event: Event, pointer: Pointer, found: Any) -> Offence:
        kind = "hexadecimal string" if self._law.hexadecimal else "number"
        return _offence(event, pointer, f"{show(found)}, which is no {kind}")

    def _problem(self, value: _Number, last: _Number | None) -> str | None:
        law = self._law
        if last is None:
            return None if law.start in (None, value) else f"where {self._written(law.start)} is the start"
        if law.increasing:
            return None if value > last else f"which is not greater than {self._written(last)}"
        due = last + law.step
        return None if value == due else f"where {self._written(due)} was due"

    def _number(self, value: Any) -> _Number | None:
        if self._law.hexadecimal:
            return int(value, 16) if isinstance(value, str) and _HEXADECIMAL.fullmatch(value) else None
        if isinstance(value, float) and not isinf(value):
            return Fraction(repr(value))
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _written(self, value: _Number | None) -> str:
        if value is not None and value.denominator == 1:
            return hex(value.numerator) if self._law.hexadecimal else str(value.numerator)
        # A half of a hexadecimal number may be too large for a double.
        return str(value) if value is None or self._law.hexadecimal else str(float(value))


def _exact(value: float) -> _Number:
    exact = Fraction(str(value))
    return exact.numerator if exact.denominator == 1 else exact


def _offence(event: Event, pointer: Pointer, what: str) -> Offence:
    message = f"{event.name} ({event.place}) has at {pointer.text} {what}"
    return Offence(message=message, event=event, instance_path=pointer.text)
