"""The contracts of the cells: those that ship, and others of different shape, each loaded by both sides."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.oracle.contract import Contract
from wscheck.contract.load import load_contract
from wscheck.document import read_document

HERE = Path(__file__).parent
SHIPPED = HERE.parent.parent / "schemas"
HOST = "https://bundle.invalid/"


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """One contract: ``document`` as the oracle reads it, no file referred to; ``loaded`` as the engine does.

    ``letters`` are the events that short words are made of, ``before`` those that have to come first in a session.
    """

    name: str
    document: dict[str, Any]
    contract: Contract
    loaded: Any
    letters: tuple[str, ...]
    before: tuple[str, ...] = ()
    deadlines: tuple[float, ...] = field(default=())


LETTERS: dict[str, tuple[str, str]] = {
    "barrier": ("asked part.head part.body part.tail whole", ""),
    "blocks": ("begin head moved over", ""),
    "deadlines": ("query row end ping", "welcome"),
    "feed": ("subscribe snapshot update closed", ""),
    "pipeline": ("accepted built tested done", ""),
    "reused": ("call progress result fault", ""),
    "tree": ("order_opened parcel_packed parcel_sent order_closed", ""),
    "ag-ui@1.0.0": ("RUN_STARTED TEXT_MESSAGE_START TEXT_MESSAGE_END RUN_FINISHED", ""),
    "agent-events@1.0.0": ("agent_started agent_thinking tool_executing agent_completed", "connection_established"),
    "agent-events@2.0.0": ("agent_started tool_executing tool_completed agent_error", "connection_established"),
    "graphql-transport-ws@6.0.0": ("subscribe.stream next complete cancel", "connection_init connection_ack"),
    "jupyter-kernel-channels@5.3.0": ("execute_request.recorded status.busy status.idle execute_reply.aborted", ""),
}
"""By contract: the letters of its short words, and what has to come before them in a session."""


def names() -> list[str]:
    """The names of all contracts of the cells."""
    return list(LETTERS)


@cache
def subject(name: str) -> Subject:
    """Load one."""
    path = HERE / "contracts" / f"{name}.yaml"
    if "@" in name:
        path = SHIPPED / name.replace("@", "/") / "contract.yaml"
    document = read_document(path).value
    for event in filter(None, (document.get("events") or {}).values()):
        if "schema" in event:
            event["schema"] = bundled(event["schema"], path.parent)
    letters, before = (tuple(words.split()) for words in LETTERS[name])
    return Subject(
        name=name,
        document=document,
        contract=Contract(document),
        loaded=load_contract(str(path)),
        letters=letters,
        before=before,
        deadlines=tuple(_deadlines(document)),
    )


def on_the_spot(document: dict[str, Any], loaded: Any) -> Subject:
    """A contract that stands nowhere but here, as one of the corpus does."""
    return Subject(name=document["name"], document=document, contract=Contract(document), loaded=loaded, letters=())


def bundled(schema: Any, folder: Path) -> Any:
    """A schema with all the files that it refers to inside it, under ids of their own."""
    if not (isinstance(schema, dict) and "$ref" in schema):
        return schema
    first = _file_of(schema["$ref"])
    folder = (folder / first).parent
    files, waiting = dict[str, Any](), [Path(first).name]
    while waiting:
        file = waiting.pop()
        if file not in files:
            files[file] = json.loads((folder / file).read_text(encoding="utf-8"))
            waiting += sorted(_files_in(files[file]))
    inside = {file: {"$id": HOST + file, **value} for file, value in files.items()}
    return {"$schema": inside[Path(first).name]["$schema"], "$ref": HOST + Path(first).name, "$defs": inside}


def _files_in(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_files_in, value))
    if not isinstance(value, dict):
        return set()
    own = {_file_of(value["$ref"])} - {""} if isinstance(value.get("$ref"), str) else set()
    return own.union(*map(_files_in, value.values()))


def _file_of(reference: str) -> str:
    return reference.partition("#")[0]


def _deadlines(document: dict[str, Any]) -> list[float]:
    told = []
    for scope in document["scopes"].values():
        told += [scope[member] for member in ("within", "gap") if member in scope]
        told += [rule["within"] for rule in scope.get("rules", []) if "within" in rule]
    return sorted(told)
