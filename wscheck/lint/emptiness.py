"""Schemas that no value satisfies, found where that is certain; where it is not, they count as satisfiable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any

from wscheck.json_text import canonical, json_type
from wscheck.lint.sites import Site, Sites, members
from wscheck.schema import compile_schema
from wscheck.schema.file import DIALECTS

_MOST_LEVELS = 8
_TYPES = frozenset("array boolean integer null number object string".split())
_DIALECT = {draft: dialect for dialect, draft in DIALECTS.items()}
_ALONE = frozenset(
    "const exclusiveMaximum exclusiveMinimum format maxItems maxLength maxProperties maximum minItems minLength "
    "minProperties minimum multipleOf pattern required type uniqueItems".split()
)
"""Keywords that can be judged without the rest of their schema."""


@dataclass(frozen=True, slots=True)
class Emptiness:
    """Says of schemas whether nothing satisfies them."""

    sites: Sites

    def holds(self, together: Sequence[Site], level: int = 0, *, choose: bool = True) -> bool:
        """Whether it is certain that no value satisfies all of ``together``."""
        if level > _MOST_LEVELS:
            return False
        conjuncts = self.sites.conjuncts(together)
        if any(site.value is False for site in conjuncts):
            return True
        parts = [site for site in conjuncts if isinstance(site.value, dict)]
        if any(_refuses_all(part.value.get("not")) for part in parts if "not" in part.value):
            return True
        types = _TYPES.intersection(*map(_types, parts))
        values = _values(parts)
        if values is not None:
            return not any(json_type(value) in types and _accepted(value, parts) for value in values)
        if all(self._has_none(kind, parts, level) for kind in types):
            return True
        return choose and any(self._branches_are_empty(together, branches, level) for branches in _choices(parts))

    def _branches_are_empty(self, together: Sequence[Site], branches: Sequence[Site], level: int) -> bool:
        # One choice at a time: all combinations of several would be too many.
        return all(self.holds([*together, branch], level + 1, choose=False) for branch in branches)

    def _has_none(self, kind: str, parts: Sequence[Site], level: int) -> bool:
        """Whether no value of one type satisfies ``parts``."""
        match kind:
            case "integer" | "number":
                return _no_number(parts, whole=kind == "integer")
            case "string":
                return _crossed(parts, "minLength", "maxLength")
            case "array":
                return _crossed(parts, "minItems", "maxItems") or self._no_first_item(parts, level)
            case "object":
                return _crossed(parts, "minProperties", "maxProperties") or self._no_members(parts, level)
            case _:
                return False

    def _no_first_item(self, parts: Sequence[Site], level: int) -> bool:
        if _most(parts, "minItems") < 1:
            return False
        return self.holds([site for part in parts for site in _first_item(part)], level + 1)

    def _no_members(self, parts: Sequence[Site], level: int) -> bool:
        required = {name for part in parts for name in _names(part.value.get("required"))}
        if len(required) > _least(parts, "maxProperties"):
            return True
        return any(
            self.holds([site for part in parts for site in _member(part, name)], level + 1) for name in sorted(required)
        )


def _refuses_all(negated: Any) -> bool:
    return negated is True or negated == {}


def _types(part: Site) -> frozenset[str]:
    written = part.value.get("type")
    names = [written] if isinstance(written, str) else written if isinstance(written, list) else None
    if names is None:
        return _TYPES
    return frozenset(names) | ({"integer"} if "number" in names else set())  # here a number is one with a fraction


def _values(parts: Iterable[Site]) -> list[Any] | None:
    """Return the values that `const` and `enum` leave, None where there are neither."""
    left: dict[Any, Any] | None = None
    for part in parts:
        for values in _listed_values(part):
            these = {canonical(value): value for value in values}
            left = these if left is None else {key: value for key, value in left.items() if key in these}
    return None if left is None else list(left.values())


def _listed_values(part: Site) -> Iterator[list[Any]]:
    if isinstance(part.value.get("enum"), list):
        yield part.value["enum"]
    if "const" in part.value and part.draft != "4":
        yield [part.value["const"]]


def _accepted(value: Any, parts: Iterable[Site]) -> bool:
    for part in parts:
        alone = {keyword: part.value[keyword] for keyword in _ALONE.intersection(part.value)}
        if alone and not compile_schema({"$schema": _DIALECT[part.draft], **alone}, folder=None).accepts(value):
            return False
    return True


def _choices(parts: Iterable[Site]) -> Iterator[list[Site]]:
    for part in parts:
        for keyword in ("anyOf", "oneOf"):
            if isinstance(branches := part.value.get(keyword), list):
                yield [part.child(keyword, place) for place in range(len(branches))]


def _no_number(parts: Sequence[Site], *, whole: bool) -> bool:
    low, above = _most(parts, "minimum"), _most(parts, "exclusiveMinimum")
    high, below = _least(parts, "maximum"), _least(parts, "exclusiveMaximum")
    if whole:
        lowest = max(low if low == -inf else ceil(low), above if above == -inf else floor(above) + 1)
        return lowest > min(high if high == inf else floor(high), below if below == inf else ceil(below) - 1)
    return low > high or low >= below or above >= high or above >= below


def _crossed(parts: Sequence[Site], least: str, most: str) -> bool:
    return _most(parts, least) > _least(parts, most)


def _most(parts: Iterable[Site], keyword: str) -> float:
    return max(_numbers(parts, keyword), default=-inf)


def _least(parts: Iterable[Site], keyword: str) -> float:
    return min(_numbers(parts, keyword), default=inf)


def _numbers(parts: Iterable[Site], keyword: str) -> Iterator[float]:
    for part in parts:
        number = part.value.get(keyword)
        # In draft 4 an exclusive bound is true or false.
        if isinstance(number, int | float) and not isinstance(number, bool):
            yield number


def _names(required: Any) -> list[str]:
    return required if isinstance(required, list) else []


def _member(part: Site, name: str) -> Iterator[Site]:
    """Yield what ``part`` says of the member ``name``."""
    named: Mapping[str, Site] = members(part)
    if name in named:
        yield named[name]
    elif "additionalProperties" in part.value and "patternProperties" not in part.value:
        yield part.child("additionalProperties")


def _first_item(part: Site) -> Iterator[Site]:
    for keyword in ("prefixItems", "items"):
        first = part.value.get(keyword)
        if isinstance(first, list) and first:
            yield part.child(keyword, 0)
            return
        if isinstance(first, dict | bool) and keyword == "items":
            yield part.child("items")
