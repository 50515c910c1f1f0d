"""Faults in what an event says: its name, its members, its ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from wscheck.checker.messages import Namer
from wscheck.contract.model import Contract, EventDefinition
from wscheck.json_text import canonical
from wscheck.pointer import MISSING, Pointer, join
from wscheck.rules.chain import Chain
from wscheck.rules.unique import Unique
from wscheck.strength import edits
from wscheck.strength.draw import Draw
from wscheck.strength.model import Mutant, Operator
from wscheck.strength.specimen import Place, Specimen

NOBODY = "wscheck-nobody-gave-this-out"
NO_EVENT = "wscheck-no-such-event"
_ID = re.compile(r"(^|[_-])(id|uuid|guid)$|[a-z0-9](Id|ID|Uuid|UUID)$|^(ID|UUID)$")


def retype(contract: Contract, specimen: Specimen, place: Place, draw: Draw) -> Iterator[Mutant]:
    """The event takes the name, or what it is known by, of another that the server may send."""
    namer = Namer(contract)
    others = [
        other
        for other in contract.events
        if other.sender != "client" and not other.name.startswith("$") and other.name != place.event.name
    ]
    for other in draw.some(others, "retype", place.index):
        value = _disguise(contract, other, place.event.value)
        if value is not MISSING and _name(namer, value) == other.name:
            yield _rewritten("retype", contract, specimen, place, value, detail=other.name)


def unknown(contract: Contract, specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """The event takes a name that no event has."""
    value = place.event.value
    conditions = contract.definitions[place.event.name].match or ()
    for pointer in (*contract.event_name, *(condition.pointer for condition in conditions)):
        if pointer.find(value) is not MISSING:
            value = edits.put(value, pointer.text, NO_EVENT)
    if _name(Namer(contract), value) is None:
        yield _rewritten("unknown", contract, specimen, place, value)


def wrong_type(contract: Contract, specimen: Specimen, place: Place, draw: Draw) -> Iterator[Mutant]:
    """A member holds a value of another JSON type."""
    for pointer, member in draw.some(list(members(place.event.value)), "wrong-type", place.index):
        value = edits.put(place.event.value, pointer, _another_type(member))
        yield _rewritten("wrong-type", contract, specimen, place, value, detail=pointer)


def missing_member(contract: Contract, specimen: Specimen, place: Place, draw: Draw) -> Iterator[Mutant]:
    """A member of an object is not there."""
    for pointer, _ in draw.some(list(members(place.event.value)), "missing-member", place.index):
        value = edits.put(place.event.value, pointer, MISSING)
        if value is not MISSING:
            yield _rewritten("missing-member", contract, specimen, place, value, detail=pointer)


def null_id(contract: Contract, specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """An id is null."""
    for pointer, _ in ids(contract, place):
        value = edits.put(place.event.value, pointer, None)
        yield _rewritten("null-id", contract, specimen, place, value, detail=pointer)


def ghost_id(contract: Contract, specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """An id is one that nobody gave out, of the type it had."""
    for pointer, found in ids(contract, place):
        ghost = NOBODY if isinstance(found, str) else found + 1_000_003
        value = edits.put(place.event.value, pointer, ghost)
        written = edits.write(found).strip('"')
        yield _rewritten("ghost-id", contract, specimen, place, value, detail=pointer, renamed=written)


def crossed_id(contract: Contract, specimen: Specimen, place: Place, draw: Draw) -> Iterator[Mutant]:
    """An id is one that stands at the same place in another event of the capture."""
    for pointer, found in ids(contract, place):
        there = (Pointer(pointer).find(other.event.value) for other in specimen.places)
        others = {canonical(one): one for one in there if type(one) is type(found) and one != found}
        for other in draw.some(list(others.values()), "crossed-id", place.index, pointer)[:1]:
            value = edits.put(place.event.value, pointer, other)
            yield _rewritten("crossed-id", contract, specimen, place, value, detail=pointer)


def members(value: Any, base: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every member of the objects in ``value``, of an array's elements those of the first, with its pointer."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield join(base, name), member
            yield from members(member, join(base, name))
    elif isinstance(value, list) and value:
        yield from members(value[0], join(base, 0))


def ids(contract: Contract, place: Place) -> list[tuple[str, Any]]:
    """Return where ids stand in the event, and which: what the contract takes for one, and what is called one."""
    name, value = place.event.name, place.event.value
    named = {pointer for pointer, _ in members(value) if _ID.search(Pointer(pointer).tokens[-1])}
    candidates = sorted(named | {pointer.text for pointer in _known_ids(contract, name)})
    found = [(pointer, Pointer(pointer).find(value)) for pointer in candidates]
    return [(pointer, one) for pointer, one in found if isinstance(one, str | int) and not isinstance(one, bool)]


def _known_ids(contract: Contract, name: str) -> Iterator[Pointer]:
    if contract.identity:
        yield contract.identity
    yield from contract.isolate
    for scope in contract.scopes.values():
        for table in (scope.key, scope.parent_key) if name in scope.ordered else ():
            yield from (table or {}).get(name) or ()
        for rule in scope.rules:
            if name in rule.law.watches and isinstance(rule.law, Unique | Chain):
                yield rule.law.value


def _disguise(contract: Contract, other: EventDefinition, value: Any) -> Any:
    if other.match is None:
        named = [pointer for pointer in contract.event_name if pointer.find(value) is not MISSING]
        return edits.put(value, named[0].text, other.name) if named else MISSING
    for condition in other.match:
        if isinstance(condition.test, tuple) and value is not MISSING:
            value = edits.put(value, condition.pointer.text, condition.test[0])
    return value


def _another_type(member: Any) -> Any:
    match member:
        case str():
            return 7
        case None:
            return {"wscheck": True}
        case _:
            return "wscheck"


def _name(namer: Namer, value: Any) -> str | None:
    definition = namer.find(value, "received")
    return definition.name if definition else None


def _rewritten(
    operator: Operator,
    contract: Contract,
    specimen: Specimen,
    place: Place,
    value: Any,
    *,
    detail: str = "",
    renamed: str | None = None,
) -> Mutant:
    edit = partial(edits.rewrite, slot=place.slot, text=edits.write(value, array=contract.frame == "array"))
    return Mutant(
        operator=operator, specimen=specimen, place=place, edit=edit, detail=detail, value=value, renamed=renamed
    )
