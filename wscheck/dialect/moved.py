"""What is elsewhere, of another kind or under another name in a message than its event's outline has it; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from wscheck.dialect.kinds import describe_due, describe_kind, fits_kind, fits_type
from wscheck.dialect.outline import Outline
from wscheck.pointer import MISSING, Pointer, join
from wscheck.text import safe, shorten

_DEEPEST = 5
_MOST = 300
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a message is not as its event should be. The weightiest are told first: 0 before 1."""

    weight: int
    sentence: str


def differences(value: Any, due: Outline) -> Iterator[Difference]:
    """Yield how ``value`` differs from ``due``, each difference once."""
    body = _other_body(value, due)
    if body:
        there, here = body
        where = f"under {_shown(there)}" if there else "at the top"
        yield Difference(0, f"the body stands {where}, not under {_shown(here)}")
        value = _with_body(value, there, here, due)
    written = _Places(body)
    there_now = _members(value)
    missing = [place for place in due.required if place not in there_now and not _lies_in_missing(place, there_now)]
    unknown = [place for place in there_now if place not in due.known and place not in due.required]
    for place, found in _moved(missing, unknown):
        missing.remove(place)
        unknown.remove(found)
        yield Difference(1, f"{_name(place)} is at {written.shown(found)}, due at {_shown(place)}")
        yield from _other_kind(place, there_now[found], due)
    for place in [place for place in due.known if place in there_now]:
        yield from _other_kind(place, there_now[place], due)
    for place, found in _renamed(missing, unknown, there_now, due):
        missing.remove(place)
        yield Difference(3, f"{written.shown(found)} is not known here; due {_shown(place)}")
    for place in missing:
        yield Difference(4, f"{_shown(place)} is missing")


@dataclass(frozen=True, slots=True)
class _Places:
    """Writes a place as it is in the message, whose body may stand elsewhere than the outline has it."""

    body: tuple[str, str] | None

    def shown(self, place: str) -> str:
        if self.body and f"{place}/".startswith(f"{self.body[1]}/"):
            place = self.body[0] + place[len(self.body[1]) :]
        return _shown(place)


def _other_body(value: Any, due: Outline) -> tuple[str, str] | None:
    """Return where the members stand that should stand in an object which is missing, and where that is due."""
    if not isinstance(value, dict):
        return None
    for here in due.required:
        inside = {_token(place) for place in due.known if place.rpartition("/")[0] == here}
        if here.count("/") != 1 or not inside or Pointer(here).find(value) is not MISSING:
            continue
        unknown = {name: member for name, member in value.items() if join("", name) not in due.known}
        for name, member in unknown.items():
            if isinstance(member, dict) and not inside.isdisjoint(member):
                return join("", name), here
        if not inside.isdisjoint(unknown):
            return "", here
    return None


def _with_body(value: Mapping[str, Any], there: str, here: str, due: Outline) -> dict[str, Any]:
    """Return ``value`` with its body where that is due."""
    body = Pointer(here).tokens[0]
    if there:
        name = Pointer(there).tokens[0]
        return {body if member == name else member: held for member, held in value.items()}
    known = {name: held for name, held in value.items() if join("", name) in due.known}
    return {**known, body: {name: held for name, held in value.items() if name not in known}}


def _members(value: Any) -> dict[str, Any]:
    """Return what stands in the objects of ``value``, by JSON Pointer, the outermost first."""
    found: dict[str, Any] = {}
    level: list[tuple[str, Any]] = [("", value)]
    for _ in range(_DEEPEST):
        inner = []
        for base, holder in level:
            for name, member in holder.items() if isinstance(holder, dict) else ():
                if len(found) >= _MOST:
                    return found
                found[join(base, name)] = member
                inner.append((join(base, name), member))
        level = inner
    return found


def _lies_in_missing(place: str, there: Mapping[str, Any]) -> bool:
    parent = place.rpartition("/")[0]
    return bool(parent) and parent not in there


def _moved(missing: list[str], unknown: list[str]) -> list[tuple[str, str]]:
    """Return the missing members that stand elsewhere under their own name."""
    pairs, taken = [], set()
    for place in missing:
        found = next((other for other in unknown if _token(other) == _token(place) and other not in taken), None)
        if found is not None:
            pairs.append((place, found))
            taken.add(found)
    return pairs


def _other_kind(place: str, value: Any, due: Outline) -> Iterator[Difference]:
    member = due.known.get(place)
    if member is None or fits_kind(value, member):
        return
    if fits_type(value, member) and member.constants is not None:
        yield Difference(2, f"{_name(place)} has another value than is due")
    else:
        yield Difference(2, f"{_name(place)} is {describe_kind(value, member)}, due {describe_due(member)}")


def _renamed(
    missing: list[str], unknown: list[str], there: Mapping[str, Any], due: Outline
) -> Iterator[tuple[str, str]]:
    """Yield the missing members beside which just one unknown one could be meant, or one of a like name."""
    left = list(unknown)
    for place in list(missing):
        # What may have one of a few values, or null, is rarely what another name stands for.
        member = due.known.get(place)
        if member is None or member.constants is not None or not member.types or "null" in member.types:
            continue
        parent = place.rpartition("/")[0]
        fitting = [one for one in left if one.rpartition("/")[0] == parent and fits_kind(there[one], member)]
        rivals = [
            other
            for other in missing
            if other.rpartition("/")[0] == parent
            and due.known[other].types == member.types
            and other in due.known
            and due.known[other].constants is None
        ]
        fitting.sort(key=lambda one: -_likeness(one, place))
        if fitting and ((len(fitting) == len(rivals) == 1) or _likeness(fitting[0], place) >= _ALIKE):
            left.remove(fitting[0])
            yield place, fitting[0]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _token(one), _token(other)).ratio()


def _token(place: str) -> str:
    return place.rpartition("/")[2]


def _name(place: str) -> str:
    return shorten(safe(Pointer(place).tokens[-1]), 60) if place else "the message"


def _shown(place: str) -> str:
    return shorten(safe(place), 100)
