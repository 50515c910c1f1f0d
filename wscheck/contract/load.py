"""A contract, loaded: from a document that its schema holds to the checked model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from wscheck.condition import compile_condition
from wscheck.contract.catalog import find_contract
from wscheck.contract.model import (
    CLOSE,
    OPEN,
    Contract,
    EventDefinition,
    Select,
    VersionTold,
)
from wscheck.contract.scopes import load_scopes
from wscheck.contract.versions import RangeError, parse_range
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
    document = read_document(path)
    contract = build_contract(document, folder=path.parent, source=path.read_bytes())
    if not Path(name).exists():
        _hold_to_name(document, contract, path)
    return contract


def parse_contract(text: str, *, file: str = "contract.yaml", folder: Path | None = None) -> Contract:
    """Load a contract from its text. ``folder`` is where its references lead. Raises ContractError."""
    return build_contract(parse_document(text, file=file), folder=folder, source=text.encode())


def build_contract(document: Document, *, folder: Path | None, source: bytes) -> Contract:
    """Build the contract that stands in ``document``. Raises ContractError."""
    hold(document, "contract-1")
    value = document.value
    events = _events(document, folder)
    _refuse_unnameable(document, events)
    vocabulary = Vocabulary(document, [event.name for event in events])
    files = sorted({file for event in events if event.schema for file in event.schema.files})
    return Contract(
        name=value["name"],
        version=value["version"],
        file=document.file,
        digest=_digest([source, *(file.read_bytes() for file in files)]),
        lines=document.lines,
        description=value.get("description", ""),
        select=_select(document, vocabulary),
        frame=value.get("frame", "one"),
        event_name=tuple(map(Pointer, _listed(value.get("event_name", [])))),
        identity=Pointer(value["identity"]) if "identity" in value else None,
        isolate=tuple(map(Pointer, value.get("isolate", []))),
        redact=tuple(map(Pointer, value.get("redact", []))),
        severity=severities(value),
        ignore=vocabulary.ignored,
        events=events,
        scopes=load_scopes(document, vocabulary, {event.name: event for event in events}),
    )


def _hold_to_name(document: Document, contract: Contract, path: Path) -> None:
    # Found by name: a folder NAME/VERSION that holds something else would make a pinned version prove nothing.
    for member, said, due in (
        ("name", contract.name, path.parent.parent.name),
        ("version", contract.version, path.parent.name),
    ):
        if said != due:
            raise document.fail(f"the {member} is {said!r}, where the folder says {due!r}", f"/{member}")


def severities(members: Mapping[str, Any]) -> Mapping[str, Severity]:
    """Return the ``severity`` member as severities by finding code."""
    return {code: Severity(name) for code, name in members.get("severity", {}).items()}


def _select(document: Document, vocabulary: Vocabulary) -> Select:
    written: Mapping[str, Any] = document.value.get("select", {})
    told = [member for member in ("event", "at", "range") if member in written]
    if told and len(told) < 3:
        lacking = next(member for member in ("event", "at", "range") if member not in written)
        message = f"`{told[0]}` needs `{lacking}` beside it: an event, where in it the version stands, and its range"
        raise document.fail(message, f"/select/{told[0]}")
    return Select(
        subprotocol=written.get("subprotocol"),
        path=written.get("path"),
        version=_version_told(document, vocabulary, written) if told else None,
    )


def _version_told(document: Document, vocabulary: Vocabulary, written: Mapping[str, Any]) -> VersionTold:
    if written["event"].startswith("$"):
        raise document.fail(f"{written['event']} is no message, so it tells no version", "/select/event")
    try:
        due = parse_range(written["range"])
    except RangeError as error:
        raise document.fail(str(error), "/select/range") from None
    return VersionTold(
        written=written["event"],
        events=vocabulary.expand(written["event"], "/select/event"),
        at=Pointer(written["at"]),
        range=due,
    )


def _events(document: Document, folder: Path | None) -> tuple[EventDefinition, ...]:
    declared: Mapping[str, Any] = document.value["events"]
    events = [_event(document, folder, name, members or {}) for name, members in declared.items()]
    # The opening handshake and the closing are there whether or not they are declared.
    events += [EventDefinition(name=name, path="/events") for name in (OPEN, CLOSE) if name not in declared]
    return tuple(events)


def _refuse_unnameable(document: Document, events: Iterable[EventDefinition]) -> None:
    for event in events:
        if event.match is None and not event.name.startswith("$") and "event_name" not in document.value:
            message = f"the event {event.name!r} can never be told: give it a `match`, or the contract an `event_name`"
            raise document.fail(message, event.path)


def _event(document: Document, folder: Path | None, name: str, members: Mapping[str, Any]) -> EventDefinition:
    path = join("/events", name)
    if name.startswith("$") and not f"{name}.".startswith((f"{OPEN}.", f"{CLOSE}.")):
        raise document.fail(f"names that begin with '$' are reserved: there is {OPEN} and {CLOSE}, not {name}", path)
    idle = sorted({"from", "schema", "cause"}.intersection(members)) if name.startswith("$") else []
    if idle:
        raise document.fail(f"{name} is no message, so it can have no `{idle[0]}`, only a `match`", join(path, idle[0]))
    conditions = None
    if "match" in members:
        conditions = tuple(
            compile_condition(pointer, test, partial(_schema, document, folder, path=join(path, "match", pointer)))
            for pointer, test in members["match"].items()
        )
    return EventDefinition(
        name=name,
        sender=members.get("from", "server"),
        match=conditions,
        schema=_schema(document, folder, members["schema"], path=f"{path}/schema") if "schema" in members else None,
        cause=Pointer(members["cause"]) if "cause" in members else None,
        path=path,
    )


def _schema(document: Document, folder: Path | None, schema: Any, *, path: str) -> Schema:
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
