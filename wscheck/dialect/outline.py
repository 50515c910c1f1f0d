"""The outline of an event: which members its schema knows and which it asks for."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wscheck.contract.model import Contract, EventDefinition
from wscheck.finding import Severity
from wscheck.pointer import Pointer, join
from wscheck.schema import Schema

_DEEPEST = 12


@dataclass(slots=True)
class Member:
    """What a schema says of one member: JSON types (empty: any), a format, and the values it may have."""

    types: frozenset[str] = frozenset()
    format: str | None = None
    constants: tuple[Any, ...] | None = None


@dataclass(slots=True)
class Outline:
    """The members of an event by JSON Pointer, and those that must be there."""

    known: dict[str, Member] = field(default_factory=dict)
    required: dict[str, None] = field(default_factory=dict)


def outline(contract: Contract, definition: EventDefinition) -> Outline:
    """Return what ``contract`` says of an event: by its schema, and by the keys of the scopes that order it."""
    found = Outline()
    if definition.schema:
        _Reader(definition.schema, found).read(definition.schema.document, "", "", 0)
    for scope in contract.scopes.values():
        pointers = (scope.key or {}).get(definition.name)
        judged = scope.severity.get("no-key", contract.severity.get("no-key")) is not Severity.IGNORE
        if judged and definition.name in scope.ordered and pointers:
            found.required.update(dict.fromkeys(pointer.text for pointer in pointers))
    return found


class _Reader:
    """Reads the parts of a schema that always hold: `properties`, `required`, `allOf` and what `$ref` leads to."""

    def __init__(self, schema: Schema, found: Outline) -> None:
        self._documents = {document.file: document.value for document in schema.closure.documents}
        self._found = found

    def read(self, schema: Any, file: str, at: str, depth: int) -> None:
        """Add what ``schema``, which stands in ``file``, says of the value ``at``."""
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        if isinstance(reference := schema.get("$ref"), str):
            target, name = self._follow(reference, file)
            self.read(target, name, at, depth + 1)
        for part in schema.get("allOf", ()):
            self.read(part, file, at, depth + 1)
        if at:
            self._describe(self._found.known.setdefault(at, Member()), schema)
        properties = schema.get("properties")
        for name, inner in properties.items() if isinstance(properties, dict) else ():
            if inner is not False:
                self._found.known.setdefault(join(at, name), Member())
                self.read(inner, file, join(at, name), depth + 1)
        for name in schema.get("required", ()) if isinstance(schema.get("required"), list) else ():
            self._found.required[join(at, name)] = None
            self._found.known.setdefault(join(at, name), Member())

    def _describe(self, member: Member, schema: Mapping[str, Any]) -> None:
        types = schema.get("type")
        if types:
            member.types = frozenset([types] if isinstance(types, str) else types)
        member.format = schema.get("format", member.format)
        if "const" in schema:
            member.constants = (schema["const"],)
        elif isinstance(schema.get("enum"), list):
            member.constants = tuple(schema["enum"])

    def _follow(self, reference: str, file: str) -> tuple[Any, str]:
        path, _, fragment = reference.partition("#")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
        document = self._documents.get(name)
        if fragment and not fragment.startswith("/"):
            return None, name  # an anchor: what it leads to is left out of the outline
        try:
            return Pointer(fragment).find(document), name
        except ValueError:
            return None, name
