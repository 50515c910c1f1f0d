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
        due = _titled(failure.branches[0][0]) or say(failure.branches[0][0])
        raise document.fail(f"the name '{safe(shorten(name))}' {due}", join(pointer, name))
    message = _unquoted(document, failure, pointer) or _due(failure)
    raise document.fail(message if pointer else f"the document {message}", pointer)


@cache
def _own(schema_name: str) -> Schema:
    text = (schemas() / "wscheck" / f"{schema_name}.schema.json").read_text(encoding="utf-8")
    return compile_schema(decode(text).value, folder=None)


def _unknown(name: str, known: tuple[str, ...]) -> str:
    message = f"unknown member '{safe(shorten(name))}'"
    if name == "<<":
        return f"{message}: YAML 1.2 has no merge keys; write out what it would bring here"
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
    """Say what is due. What a document holds where something else is due may be large, or private: it is not shown."""
    due = _titled(failure)
    if due is not None:
        return f"{due}, but is {show(failure.instance)}"
    if failure.keyword == "type" and (not failure.instance_path or isinstance(failure.instance, dict | list)):
        return f"{say(failure).partition(', but is ')[0]}, but is {_kind(failure.instance)}"
    return say(failure)


def _titled(failure: Failure) -> str | None:
    """Say what is due in the words of the schema, where a constant, a pattern or what is forbidden has a title."""
    title: Any = failure.siblings.get("title")
    return f"must be {title}" if failure.keyword in ("const", "not", "pattern") and isinstance(title, str) else None


def _kind(value: Any) -> str:
    """Return of which kind a JSON value is."""
    kinds = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
