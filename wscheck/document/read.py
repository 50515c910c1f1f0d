"""A document, read from a file or a text, its value as JSON has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from wscheck.document.build import FaultError, Place
from wscheck.document.json_places import is_json, read_json
from wscheck.document.toml_text import parse_toml
from wscheck.document.yaml_text import read_yaml
from wscheck.errors import ContractError, DocumentError, Position, UsageError
from wscheck.text import safe

MAX_BYTES = 4 * 1024 * 1024
"""Bytes of a document that are read."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A YAML or JSON document. ``value`` is JSON-typed; ``places`` has every JSON Pointer (RFC 6901) into it.

    A member of a mapping is placed at its key. ``error`` is what ``fail`` returns.
    """

    value: Any
    file: str
    places: Mapping[str, Place] = field(repr=False)
    error: type[DocumentError] = ContractError

    @cached_property
    def lines(self) -> Mapping[str, int]:
        """The line of every JSON Pointer, from 1."""
        return {pointer: place.line for pointer, place in self.places.items()}

    def position(self, pointer: str) -> Position:
        """Return where ``pointer`` is, or where the nearest thing above it is."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        place = self.places.get(pointer, Place(1, 1))
        return Position(file=self.file, line=place.line, column=place.column, pointer=safe(pointer))

    def fail(self, message: str, pointer: str) -> DocumentError:
        """Return the error that tells ``message`` about what is at ``pointer``."""
        return self.error(message, self.position(pointer))

    @contextmanager
    def at(self, pointer: str) -> Iterator[None]:
        """Let a UsageError raised inside be the document's own, about what is at ``pointer``."""
        try:
            yield
        except UsageError as error:
            raise self.fail(str(error), pointer) from None


def read_document(path: Path, *, error: type[DocumentError] = ContractError) -> Document:
    """Read one document of strict UTF-8, JSON where the file is called so, else YAML 1.2 or JSON. Raises ``error``."""
    return parse_document(_read_text(path, error), file=safe(str(path)), error=error)


def read_toml(path: Path, *, table: Sequence[str] = (), error: type[DocumentError] = ContractError) -> Document | None:
    """Read one TOML 1.0 document of strict UTF-8, or of it the table that the keys ``table`` lead to.

    Returns None where there is no such table. Raises ``error`` as parse_document does, and for dates and times; what
    stands outside of the table is only read as TOML.
    """
    file = safe(str(path))
    try:
        value, places = parse_toml(_read_text(path, error), table)
    except FaultError as fault:
        raise error(fault.message, _position(file, fault)) from None
    return None if value is None else Document(value=value, file=file, places=places, error=error)


def parse_document(text: str, *, file: str, error: type[DocumentError] = ContractError) -> Document:
    """Read one document from ``text``; ``file`` is what its errors call it, JSON if that ends in .json.

    Raises ``error`` for what is no YAML 1.2 by the core schema (section 10.3) and no JSON, for more than one document,
    keys that are no strings, duplicate keys, foreign tags, numbers that no double holds, halves of surrogate pairs,
    and what is too deep or too much.
    """
    text = text.removeprefix("\ufeff")
    try:
        if len(text) > MAX_BYTES:
            raise FaultError(f"this document is larger than {MAX_BYTES} bytes", None)
        builder = read_json(text) if file.endswith(".json") or is_json(text) else read_yaml(text)
    except FaultError as fault:
        raise error(fault.message, _position(file, fault)) from None
    return Document(value=builder.value, file=file, places=dict(builder.places), error=error)


def _read_text(path: Path, error: type[DocumentError]) -> str:
    file = safe(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        raise error(f"this file cannot be read: {fault.strerror}", _start(file)) from None
    except ValueError:
        raise error("this is no name of a file", _start(file)) from None
    if len(data) > MAX_BYTES:
        raise error(f"this file is larger than {MAX_BYTES} bytes", _start(file))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise error("this file is UTF-16 or UTF-32; save it as UTF-8", _start(file))
    if data[:2] == b"\x1f\x8b":
        raise error("this file is compressed; decompress it", _start(file))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        column = len(data[data.rfind(b"\n", 0, fault.start) + 1 : fault.start].decode("utf-8")) + 1
        position = Position(file=file, line=line, column=column, pointer="")
        raise error("this file is not UTF-8; save it as UTF-8", position) from None
    return text


def _position(file: str, fault: FaultError) -> Position:
    line, column, _ = fault.place or Place(1, 1)
    return Position(file=file, line=line, column=column, pointer=safe(fault.pointer or ""))


def _start(file: str) -> Position:
    return Position(file=file, line=1, column=1, pointer="")
