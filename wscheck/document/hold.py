"""Documents of wscheck's own languages, held against their schemas, with errors that say how to mend."""

from __future__ import annotations

from functools import cache
from typing import Any

from wscheck.document.read import Document
from wscheck.json_text import decode
from wscheck.pointer import join
from wscheck.schema import Schema, compile_schema
from wscheck.schema.explanation import Failure, near
from wscheck.schema.words import listed, say, show
from wscheck.shipped import schemas
from wscheck.text import safe, shorten

_MOST_LISTED = 16


def hold(document: Document, schema_name: str) -> None:
    """Hold ``document`` against ``schemas/wscheck/SCHEMA_NAME.schema.json``. Raises the document's error."""
    schema = _own(schema_name)
    if schema.accepts(document.value):
        return
    failure = schema.explain(document.value).failure
    pointer = join("", *failure.instance_path)
    if failure.keyword == "additionalProperties" and failure.names:
        name = next((name for name in failure.names if near(name, failure.known)), failure.names[0])
        raise document.fail(_unknown(name, failure.known), join(pointer, name))
    if failure.keyword == "propertyNames":
        name = str(failure.branches[0][0].instance)
        raise document.fail(f"the name '{safe(shorten(name))}' {_due(failure.branches[0][0])}", join(pointer, name))
    raise document.fail(_unquoted(document, failure, pointer) or _due(failure), pointer)


@cache
def _own(schema_name: str) -> Schema:
    text = (schemas() / "wscheck" / f"{schema_name}.schema.json").read_text(encoding="utf-8")
    return compile_schema(decode(text).value, folder=None)


def _unknown(name: str, known: tuple[str, ...]) -> str:
    message = f"unknown member '{safe(shorten(name))}'"
    if meant := near(name, known):
        return f"{message}; did you mean '{meant}'?"
    if 0 < len(known) <= _MOST_LISTED:
        return f"{message}; here may stand {listed(known)}"
    return message


def _unquoted(document: Document, failure: Failure, pointer: str) -> str | None:
    """Say how to write what YAML took for something else than the text that is due."""
    written = document.places[pointer].written if pointer in document.places else None
    if failure.keyword != "type" or "string" not in failure.limit or failure.instance is None or not written:
        return None
    name = failure.instance_path[-1] if failure.instance_path else None
    member = f"{safe(name)}: " if isinstance(name, str) else ""
    return f'must be a string; quote it: {member}"{safe(shorten(written))}"'


def _due(failure: Failure) -> str:
    """Say what is due, in the words of the schema where a pattern has a title."""
    title: Any = failure.siblings.get("title")
    if failure.keyword == "pattern" and isinstance(title, str):
        return f"must be {title}, but is {show(failure.instance)}"
    return say(failure)
