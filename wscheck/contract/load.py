"""A contract, loaded: from a document that its schema holds to the checked model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wscheck.contract.catalog import find_contract
from wscheck.contract.model import (
    CLOSE,
    OPEN,
    Condition,
    Contract,
    EventDefinition,
    Select,
)
from wscheck.contract.scopes import load_scopes
from wscheck.contract.vocabulary import Vocabulary
from wscheck.document import Document, hold, parse_document, read_document
from wscheck.finding import Severity
from wscheck.pointer import Pointer, join
from wscheck.schema import Schema, SchemaError, compile_schema


def load_contract(name: str, *, folders: Iterable[Path] = ()) -> Contract:
    """Load the contract that ``name`` means: NAME, NAME@VERSION, a folder or a file.

    Raises UsageError where there is none, ContractError where it breaks the language.
    """
    path = find_contract(name, folders=tuple(folders))
    return build_contract(read_document(path), folder=path.parent, source=path.read_bytes())


def parse_contract(text: str, *, file: str = "contract.yaml", folder: Path | None = None) -> Contract:
    """Load a contract from its text. ``folder`` is where its references lead. Raises ContractError."""
    return build_contract(parse_document(text, file=file), folder=folder, source=text.encode())


def build_contract(document: Document, *, folder: Path | None, source: bytes) -> Contract:
    """Build the contract that stands in ``document``. Raises ContractError."""
    hold(document, "contract-1")
    _refuse_unbuilt(document)
    value = document.value
    events = _events(document, folder)
    vocabulary = Vocabulary(document, [event.name for event in events])
    files = sorted({file for event in events if event.schema for file in event.schema.files})
    return Contract(
        name=value["name"],
        version=value["version"],
        file=document.file,
        digest=_digest([source, *(file.read_bytes() for file in files)]),
        lines=document.lines,
        description=value.get("description", ""),
        select=Select(**value.get("select", {})),
        event_name=tuple(map(Pointer, _listed(value.get("event_name", [])))),
        identity=Pointer(value["identity"]) if "identity" in value else None,
        isolate=tuple(map(Pointer, value.get("isolate", []))),
        redact=tuple(map(Pointer, value.get("redact", []))),
        severity=severities(value),
        ignore=vocabulary.ignored,
        events=events,
        scopes=load_scopes(document, vocabulary, {event.name: event for event in events}),
    )


def severities(members: Mapping[str, Any]) -> Mapping[str, Severity]:
    """Return the ``severity`` member as severities by finding code."""
    return {code: Severity(name) for code, name in members.get("severity", {}).items()}


def _refuse_unbuilt(document: Document) -> None:
    value = document.value
    unbuilt = [("/frame", value.get("frame", "one") != "one")]
    unbuilt += [(f"/select/{member}", member in value.get("select", {})) for member in ("event", "at", "range")]
    for path, used in unbuilt:
        if used:
            name = path[1:].replace("/", ".")
            raise document.fail(f"`{name}` is part of the language but this version of wscheck cannot do it yet", path)


def _events(document: Document, folder: Path | None) -> tuple[EventDefinition, ...]:
    declared: Mapping[str, Any] = document.value["events"]
    events = [_event(document, folder, name, members or {}) for name, members in declared.items()]
    # The opening handshake and the closing are there whether or not they are declared.
    events += [EventDefinition(name=name, path="/events") for name in (OPEN, CLOSE) if name not in declared]
    return tuple(events)


def _event(document: Document, folder: Path | None, name: str, members: Mapping[str, Any]) -> EventDefinition:
    path = join("/events", name)
    if name.startswith("$") and not f"{name}.".startswith((f"{OPEN}.", f"{CLOSE}.")):
        raise document.fail(f"names that begin with '$' are reserved: there is {OPEN} and {CLOSE}, not {name}", path)
    conditions = None
    if "match" in members:
        conditions = tuple(
            _condition(document, folder, pointer, test, join(path, "match", pointer))
            for pointer, test in members["match"].items()
        )
    return EventDefinition(
        name=name,
        sender=members.get("from", "server"),
        match=conditions,
        schema=_schema(document, folder, members["schema"], f"{path}/schema") if "schema" in members else None,
        cause=Pointer(members["cause"]) if "cause" in members else None,
        path=path,
    )


def _condition(document: Document, folder: Path | None, pointer: str, test: Any, path: str) -> Condition:
    if test is True:
        return Condition(pointer=Pointer(pointer), test=None)
    if isinstance(test, dict):
        return Condition(pointer=Pointer(pointer), test=_schema(document, folder, test, path))
    return Condition(pointer=Pointer(pointer), test=(test,))


def _schema(document: Document, folder: Path | None, schema: Any, path: str) -> Schema:
    try:
        return compile_schema(schema, folder=folder, base=path)
    except SchemaError as error:
        raise document.fail(error.message, error.pointer or path) from None


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return f"sha256:{digest.hexdigest()}"
