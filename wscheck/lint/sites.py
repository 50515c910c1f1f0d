"""The schemas inside a schema, part by part, with references followed: what can be said of a value before it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wscheck.pointer import Pointer, join
from wscheck.schema import Schema

_OLD = ("4", "6", "7")
_BRANCHES = ("anyOf", "oneOf", "then", "else", "dependentSchemas")


@dataclass(frozen=True, slots=True)
class Site:
    """One schema. ``place`` is its file and its pointer in the closure, None for one that lint has made itself."""

    place: tuple[str, str] | None
    value: Any
    draft: str = "2020-12"

    def child(self, *tokens: str | int) -> Site:
        """Return the schema that the tokens lead to."""
        value = self.value
        for token in tokens:
            value = value[token]
        place = self.place and (self.place[0], join(self.place[1], *tokens))
        return Site(place, value, self.draft)


@dataclass(frozen=True, slots=True)
class Sites:
    """The sites of one schema and of all that it refers to."""

    schema: Schema

    @property
    def root(self) -> Site:
        """The schema itself."""
        return self._at("", "")

    def all(self) -> Iterator[Site]:
        """Yield every schema, by file and in the order it is written."""
        for file, pointer in sorted(self.schema.closure.places):
            yield self._at(file, pointer)

    def conjuncts(self, sites: Sequence[Site]) -> list[Site]:
        """Return the sites that all hold where ``sites`` hold: those themselves, what they refer to, their `allOf`."""
        found: list[Site] = []
        waiting, seen = list(sites), set()
        while waiting:
            site = waiting.pop(0)
            if site.place is not None and site.place in seen:
                continue
            seen.add(site.place)
            target = self._target(site)
            if target is None or site.draft not in _OLD:
                found.append(site)
                waiting += _listed(site, "allOf")
            if target is not None:
                waiting.append(target)
        return found

    def perhaps(self, sites: Sequence[Site]) -> list[Site]:
        """Return the conjuncts of ``sites`` and all that may hold beside them, in whatever branch."""
        found: list[Site] = []
        waiting, seen = list(sites), set()
        while waiting:
            for site in self.conjuncts([waiting.pop(0)]):
                if site.place is not None and site.place in seen:
                    continue
                seen.add(site.place)
                found.append(site)
                waiting += (branch for keyword in _BRANCHES for branch in _listed(site, keyword))
        return found

    def _at(self, file: str, pointer: str) -> Site:
        document = next(document for document in self.schema.closure.documents if document.file == file)
        return Site((file, pointer), Pointer(pointer).find(document.value), document.draft)

    def _target(self, site: Site) -> Site | None:
        if site.place is None or not isinstance(site.value, dict) or "$ref" not in site.value:
            return None
        target = self.schema.closure.targets.get((*site.place, "$ref"))
        return self._at(*target) if target else None


def members(site: Site) -> Mapping[str, Site]:
    """Return the schemas of the properties that ``site`` names."""
    named = site.value.get("properties") if isinstance(site.value, dict) else None
    return {name: site.child("properties", name) for name in named} if isinstance(named, dict) else {}


def _listed(site: Site, keyword: str) -> list[Site]:
    if not isinstance(site.value, dict) or keyword not in site.value:
        return []
    match site.value[keyword]:
        case list() as branches:
            return [site.child(keyword, place) for place in range(len(branches))]
        case dict() as branches if keyword == "dependentSchemas":
            return [site.child(keyword, name) for name in branches]
        case _:
            return [site.child(keyword)]
