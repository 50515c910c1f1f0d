"""Every reference of a JSON Schema, resolved inside one folder: nothing is ever fetched, nothing outside is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from posixpath import dirname, normpath
from posixpath import join as join_path
from typing import Any
from urllib.parse import quote, unquote, urljoin

from wscheck.pointer import MISSING, Pointer, join
from wscheck.schema.file import DIALECTS, SCHEME, SchemaDocument, SchemaError, load, shown, why_refused
from wscheck.text import safe

BASE = "https://contract.invalid/"
"""The URI that stands for the contract's folder: no name under ``.invalid`` is ever found (RFC 2606, section 2)."""

_ONE = frozenset(
    "additionalItems additionalProperties contains contentSchema else if items not propertyNames then "
    "unevaluatedItems unevaluatedProperties".split()
)
_LISTS = frozenset("allOf anyOf items oneOf prefixItems".split())
_MAPS = frozenset("$defs definitions dependencies dependentSchemas patternProperties properties".split())
# These look at the very value that their schema looks at, as references do.
_IN_PLACE = frozenset("allOf anyOf dependencies dependentSchemas else if not oneOf then".split())
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A schema and all that it refers to; the schema itself comes first.

    ``keywords`` are those used anywhere in it. ``mixed``: more than one draft is used. ``places`` are all schemas in
    the documents, each by its file and its pointer; ``targets`` say by those and the keyword where a reference leads.
    """

    documents: tuple[SchemaDocument, ...]
    files: tuple[Path, ...]
    keywords: frozenset[str]
    mixed: bool
    places: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    targets: Mapping[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict, repr=False)


def close(schema: object, folder: Path | None) -> Closure:
    """Return ``schema`` with every document that it refers to, read from ``folder``.

    Raises SchemaError for a reference that leads nowhere, out of the folder or to the network, also in branches never
    taken; for an unknown ``$schema``; and for references that lead round in a circle and decide nothing.
    """
    walk = _Walk(folder)
    walk.add(schema, file="", origin="")
    while walk.waiting:
        walk.visit(walk.waiting.pop())
    walk.refuse_circles()
    documents = tuple(walk.documents.values())
    return Closure(
        documents=documents,
        files=tuple(walk.files),
        keywords=frozenset(walk.keywords),
        mixed=walk.nested_draft or len({document.draft for document in documents}) > 1,
        places=walk.places,
        targets=walk.targets,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One schema inside a document.

    ``base`` is its base URI (RFC 3986, section 5.1), ``resource`` the pointer where that begins, and ``local`` the
    path, in the folder, that relative references start from.
    """

    document: SchemaDocument
    pointer: str
    base: str
    resource: str
    local: str

    @property
    def key(self) -> tuple[str, str]:
        return self.document.file, self.pointer

    def value(self) -> Any:
        return Pointer(self.pointer).find(self.document.value)


class _Walk:
    """A walk over all schemas that can be reached. ``waiting`` are those whose references are still to be resolved."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.documents: dict[str, SchemaDocument] = {}
        self.files: list[Path] = []
        self.keywords: set[str] = set()
        self.nested_draft = False
        self.waiting: list[_Place] = []
        self.targets: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._places: dict[tuple[str, str], _Place] = {}
        self._resources: dict[str, _Place] = {}
        self._anchors: dict[tuple[str, str], _Place] = {}
        self._in_place: dict[tuple[str, str], set[tuple[str, str]]] = {}

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The schemas that were noted, each by its file and its pointer."""
        return tuple(self._places)

    def add(self, value: Any, *, file: str, origin: str) -> None:
        """Note a document and every schema inside it."""
        uri = BASE + quote(file)
        document = SchemaDocument(uri=uri, file=file, value=value, origin=origin)
        self.documents[file] = document
        self._index(_Place(document=document, pointer="", base=uri, resource="", local=file))
        document.uri = self._places[(file, "")].base

    def visit(self, place: _Place) -> None:
        """Resolve the references of one schema, and note its patterns."""
        schema = place.value()
        for keyword in _REFERENCES:
            if isinstance(reference := schema.get(keyword), str):
                target = self._resolve(place, keyword, reference)
                self.targets[(*place.key, keyword)] = target.key
                self._step(place, target)
        noted = place.document.patterns
        if isinstance(pattern := schema.get("pattern"), str):
            noted.append((join(place.pointer, "pattern"), pattern))
        if isinstance(patterns := schema.get("patternProperties"), dict):
            noted.extend((join(place.pointer, "patternProperties", pattern), pattern) for pattern in patterns)

    def refuse_circles(self) -> None:
        """Raise SchemaError where references lead round in a circle without looking deeper into the value."""
        try:
            TopologicalSorter(self._in_place).prepare()
        except CycleError as error:
            circle = [self._places[key] for key in error.args[1]]
            # It reads best at a reference, in the schema that was given if it goes through that.
            refers = [place for place in circle if not place.value().keys().isdisjoint(_REFERENCES)]
            place = min(refers, key=lambda place: place.document.file != "")
            message = "the references lead round in a circle and never reach a schema that decides anything"
            raise place.document.fail(message, place.pointer) from None

    def _index(self, root: _Place) -> None:
        stack = [root]
        while stack:
            place = stack.pop()
            schema = place.value()
            if place.key in self._places:
                continue
            if not isinstance(schema, dict):
                self._places[place.key] = place
                continue
            place = self._enter(place, schema)
            self._places[place.key] = place
            self.keywords.update(schema)
            self.waiting.append(place)
            for keyword, pointer in _children(schema, place.pointer):
                child = replace(place, pointer=pointer)
                stack.append(child)
                if keyword in _IN_PLACE:
                    self._step(place, child)

    def _enter(self, place: _Place, schema: Mapping[str, Any]) -> _Place:
        """Return the place with the base that the schema gives itself; note its draft, resource and anchors."""
        document = place.document
        self._note_draft(place, schema)
        old = document.draft in {"4", "6", "7"}
        name = schema.get("id" if document.draft == "4" else "$id")
        anchors = [schema.get("$anchor"), schema.get("$dynamicAnchor")]
        # Beside a $ref, the old drafts see no other keyword.
        if isinstance(name, str) and not (old and "$ref" in schema):
            uri, _, fragment = name.partition("#")
            anchors.append(fragment)
            if uri:
                place = self._rebase(place, uri)
        if not place.pointer:
            self._resources.setdefault(place.base, place)
        for anchor in anchors:
            if isinstance(anchor, str) and anchor:
                self._anchors[(place.base, anchor)] = place
        return place

    def _note_draft(self, place: _Place, schema: Mapping[str, Any]) -> None:
        if not isinstance(dialect := schema.get("$schema"), str):
            return
        draft = DIALECTS.get(dialect.removesuffix("#"))
        if draft is None:
            known = ", ".join(DIALECTS)
            message = f"'$schema' names an unknown draft, {shown(dialect)}; known are {known}"
            raise place.document.fail(message, join(place.pointer, "$schema"))
        if place.pointer:
            self.nested_draft = True
        else:
            place.document.draft = draft

    def _rebase(self, place: _Place, uri: str) -> _Place:
        local = place.local if SCHEME.match(uri) or uri.startswith("/") else _beside(place.local, uri)
        rebased = replace(place, base=_join_uri(place.base, uri), resource=place.pointer, local=local)
        taken = self._resources.setdefault(rebased.base, rebased)
        if taken is not rebased:
            other = f"{safe(taken.document.file) or 'this schema'}, at {safe(taken.pointer) or 'its root'}"
            raise place.document.fail(f"the id {shown(uri)} is also that of {other}", place.pointer)
        return rebased

    def _resolve(self, place: _Place, keyword: str, reference: str) -> _Place:
        """Return the schema that ``reference`` leads to, reading its file where need be."""
        pointer = join(place.pointer, keyword)
        uri, _, fragment = reference.partition("#")
        resource = self._resource(place, uri, pointer)
        if uri and (resource.document is not place.document or resource.base != _join_uri(place.base, uri)):
            target = f"{resource.base}#{fragment}" if fragment else resource.base
            place.document.redirects.append((place.pointer, keyword, target))
        found = self._inside(resource, unquote(fragment))
        if found is None:
            raise place.document.fail(f"the reference {shown(reference)} leads to no schema", pointer)
        return found

    def _resource(self, place: _Place, uri: str, pointer: str) -> _Place:
        """Return the root of the resource that ``uri`` names, seen from ``place``."""
        if not uri:
            return self._places[(place.document.file, place.resource)]
        file = _beside(place.local, uri)
        # A URI cannot rise above its root, so that one which tries would come to the root's own.
        escapes = place.base.startswith(BASE) and file.startswith("..")
        known = self._resources.get(_join_uri(place.base, uri))
        if known is not None and known.document is place.document and not escapes:
            return known
        document = place.document
        if fault := why_refused(uri):
            raise document.fail(f"the reference {shown(uri)} {fault}", pointer)
        if file not in self.documents:
            if self.folder is None:
                raise document.fail(f"the reference {shown(uri)} is to a file, and this schema has no folder", pointer)
            try:
                path, value = load(self.folder, file)
            except SchemaError as error:
                raise document.fail(f"the reference {shown(uri)} {error.message}", pointer) from None
            self.files.append(path)
            self.add(value, file=file, origin=document.origin if document.file else pointer)
        return self._places[(file, "")]

    def _inside(self, resource: _Place, fragment: str) -> _Place | None:
        """Return the schema at a JSON Pointer or an anchor of ``resource``."""
        if fragment and not fragment.startswith("/"):
            return self._anchors.get((resource.base, fragment))
        place = replace(resource, pointer=resource.pointer + fragment)
        try:
            value = place.value()
        except ValueError:
            value = MISSING
        if not isinstance(value, dict | bool):
            return None
        self._index(place)
        return self._places[place.key]

    def _step(self, place: _Place, target: _Place) -> None:
        self._in_place.setdefault(place.key, set()).add(target.key)


def _children(schema: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Yield each schema right inside ``schema``: its keyword and its pointer."""
    for keyword, value in schema.items():
        if keyword in _MAPS and isinstance(value, dict):
            yield from ((keyword, join(pointer, keyword, name)) for name in value)
        elif keyword in _LISTS and isinstance(value, list):
            yield from ((keyword, join(pointer, keyword, index)) for index in range(len(value)))
        elif keyword in _ONE:
            yield keyword, join(pointer, keyword)


def _join_uri(base: str, uri: str) -> str:
    try:
        return urljoin(base, uri)
    except ValueError:
        return uri


def _beside(file: str, uri: str) -> str:
    """Return the path that ``uri`` names, seen from ``file``; a folder keeps its slash."""
    return normpath(join_path(dirname(file), unquote(uri))) + ("/" if uri.endswith("/") else "")
