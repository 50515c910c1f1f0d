"""What good streams have in common: types and members that a schema may ask for, numbers that count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from wscheck.pointer import MISSING, Pointer
from wscheck.schema import compile_schema
from wscheck.strength.contents import members
from wscheck.strength.model import Mutant
from wscheck.strength.specimen import Place, Specimen


def find_schema(specimens: Sequence[Specimen], mutant: Mutant) -> Mapping[str, Any] | None:
    """Return a JSON Schema that the event keeps to wherever it comes in ``specimens``, and not in the mutant."""
    pointer, required = Pointer(mutant.detail), mutant.operator == "missing-member"
    places = (place for specimen in specimens for place in specimen.places if place.event.name == mutant.event)
    values = [place.event.value for place in places]
    types = sorted({_type(found) for value in values if (found := pointer.find(value)) is not MISSING})
    leaf = {} if required else {"type": types[0] if len(types) == 1 else types}
    schema = _nest(pointer.tokens, leaf, required=required)
    compiled = compile_schema(schema, folder=None)
    return None if compiled.accepts(mutant.value) or not all(map(compiled.accepts, values)) else schema


def find_counters(specimens: Sequence[Specimen], event: str, scope: str) -> Iterator[Mapping[str, Any]]:
    """Yield a `counter` rule for each member by which ``event`` counts in every instance of ``scope``."""
    series = list(_series(specimens, event, scope))
    for pointer, _ in members(series[0][0].event.value):
        values = [[Pointer(pointer).find(place.event.value) for place in one] for one in series]
        if not all(type(value) is int for one in values for value in one):
            continue
        steps = {after - before for one in values for before, after in pairwise(one)}
        starts = {one[0] for one in values}
        # Two numbers always have one difference; only a third, or where it starts, tells counting from chance.
        counts = sum(len(one) - 1 for one in values) > 1 or starts in ({0}, {1})
        if counts and len(steps) == 1 and (step := steps.pop()) > 0:
            rule: dict[str, Any] = {"id": f"{event}-counted", "counter": pointer, "events": [event]}
            yield (
                rule | ({"step": step} if step != 1 else {}) | ({"start": min(starts)} if starts in ({0}, {1}) else {})
            )


def find_holding(specimens: Sequence[Specimen], names: Collection[str], pointer: str) -> list[str]:
    """Return those of ``names`` whose events hold something at ``pointer``."""
    places = (place for specimen in specimens for place in specimen.places if place.event.name in names)
    return sorted({place.event.name for place in places if Pointer(pointer).find(place.event.value) is not MISSING})


def slug(pointer: str) -> str:
    """Return the last token of ``pointer`` as it may stand in a rule's id."""
    return "".join(sign if sign.isalnum() else "-" for sign in Pointer(pointer).tokens[-1]).strip("-") or "value"


def _series(specimens: Sequence[Specimen], event: str, scope: str) -> Iterator[list[Place]]:
    """Yield the events of one name, by connection and by instance of ``scope``."""
    for specimen in specimens:
        found: dict[tuple[object, ...], list[Place]] = {}
        for place in specimen.places:
            if place.event.name == event:
                numbers = [number for name, number in place.given if name == scope]
                found.setdefault((*place.connection, *numbers), []).append(place)
        yield from found.values()


def _nest(tokens: Sequence[str], leaf: Mapping[str, Any], *, required: bool) -> Mapping[str, Any]:
    schema = leaf
    for token in reversed(tokens):
        if token.isdigit():
            schema = {"items": schema}
        else:
            asked = {"required": [token]} if required else {}
            schema = asked | ({"properties": {token: schema}} if schema else {})
    return schema


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
