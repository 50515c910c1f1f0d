"""What lint looks at: a contract as written and as understood, with its schemas and where all that stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from wscheck.contract.catalog import find_contract
from wscheck.contract.load import build_contract, load_contract
from wscheck.contract.model import Contract, EventDefinition
from wscheck.document import Document, parse_document, read_document
from wscheck.errors import ContractError, Position
from wscheck.finding import Severity
from wscheck.lint.remark import CODES, Remark
from wscheck.pointer import join
from wscheck.schema import Schema
from wscheck.text import safe

_SCHEMA = "*.schema.json"


class Written(NamedTuple):
    """A schema that stands in a contract: at ``path``, of the event ``event``; ``pointer`` is that of a ``match``."""

    schema: Schema
    path: str
    event: EventDefinition
    pointer: str | None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A contract under lint. ``files`` are the schema files that it refers to, ``unused`` others beside them."""

    contract: Contract
    document: Document
    files: Mapping[Path, Document]
    unused: tuple[Path, ...] = ()

    def schemas(self) -> Iterator[Written]:
        """Yield every schema of the contract, those in a ``match`` too."""
        for event in self.contract.events:
            if event.schema:
                yield Written(event.schema, f"{event.path}/schema", event, None)
            for condition in event.match or ():
                if isinstance(condition.test, Schema):
                    pointer = condition.pointer.text
                    yield Written(condition.test, join(event.path, "match", pointer), event, pointer)

    def remark(self, code: str, message: str, path: str, severity: Severity | None = None) -> Remark:
        """Return a remark about what stands at ``path`` of the contract's document."""
        position = self.document.position(path)
        return Remark(code=code, severity=severity or CODES[code], message=message, position=position)

    def remark_in(
        self, written: Written, place: tuple[str, str], code: str, message: str, severity: Severity | None = None
    ) -> Remark:
        """Return a remark about a ``place`` (file and pointer, as the schema's closure has it) of a schema."""
        position = self._position(written, *place)
        return Remark(code=code, severity=severity or CODES[code], message=message, position=position)

    def _position(self, written: Written, file: str, pointer: str) -> Position:
        closure = written.schema.closure
        documents = [document.file for document in closure.documents[1:]]
        if not file:
            return self.document.position(written.path + pointer)
        path = closure.files[documents.index(file)]
        if path in self.files:
            return self.files[path].position(pointer)
        return Position(file=safe(str(path)), line=1, column=1, pointer=safe(pointer))


def read_subject(name: str, *, folders: Iterable[Path] = ()) -> Subject:
    """Read the contract that ``name`` means, and all that belongs to it.

    Raises UsageError where there is none, ContractError where it breaks the language.
    """
    folders = tuple(folders)
    contract = load_contract(name, folders=folders)
    path = find_contract(name, folders=folders)
    used = {file for event in contract.events for schema in _schemas(event) for file in schema.files}
    documents = {file: document for file in sorted(used) if (document := _read(file, path.parent))}
    return Subject(
        contract=contract, document=read_document(path), files=documents, unused=tuple(_unused(path.parent, used))
    )


def parse_subject(text: str) -> Subject:
    """Return the contract that stands in ``text``, which refers to no file. Raises ContractError."""
    document = parse_document(text, file="contract.yaml")
    return Subject(contract=build_contract(document, folder=None, source=text.encode()), document=document, files={})


def _schemas(event: EventDefinition) -> Iterator[Schema]:
    yield from [event.schema] if event.schema else []
    yield from (condition.test for condition in event.match or () if isinstance(condition.test, Schema))


def _read(file: Path, folder: Path) -> Document | None:
    try:
        document = read_document(file)
    except ContractError:  # larger than a document may be, though not too large for a schema: then it has no lines
        return None
    shown = safe(str(folder / file.relative_to(folder.resolve())))
    return Document(value=document.value, file=shown, places=document.places)


def _unused(folder: Path, used: Iterable[Path]) -> Iterator[Path]:
    """Yield the schema files that no reference leads to, of the folder `events` and of those that hold used ones."""
    known = set(used)
    looked = {folder.resolve() / "events", *(file.parent for file in known)}
    for place in sorted(looked):
        for file in sorted(place.glob(_SCHEMA)) if place.is_dir() else ():
            if file.resolve() not in known:
                yield folder / file.relative_to(folder.resolve())
