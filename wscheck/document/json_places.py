"""JSON (RFC 8259), with a place for everything in it."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from wscheck.document.build import MAX_DEPTH, Builder, FaultError, Place
from wscheck.json_text import decode

# Of a text that is known to be JSON, everything but white space, colons and commas.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^\s\[\]{}:,"]+')
_CONSTANTS = {"true": True, "false": False, "null": None}


def is_json(text: str) -> bool:
    """Return whether ``text`` is a JSON object or array."""
    return text.lstrip(" \t\r\n")[:1] in ("{", "[") and decode(text).readable


def read_json(text: str) -> Builder:
    """Read one JSON text. Raises FaultError."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(offset: int) -> Place:
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1)

    _refuse(text, place)
    builder = Builder()
    for token in _TOKEN.finditer(text):
        _take(builder, token[0], place(token.start()))
    return builder


def _refuse(text: str, place: Callable[[int], Place]) -> None:
    """Raise FaultError where ``text`` is not as JSON is written."""
    if not text.strip():
        raise FaultError("there is nothing in it: a document must hold an object", Place(1, 1))
    if "too-deep" in decode(text).faults:
        raise FaultError(f"there are more than {MAX_DEPTH} levels of objects and arrays", Place(1, 1))
    try:
        # Numbers and constants are looked at one by one, each with its place.
        json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).decode(text)
    except json.JSONDecodeError as error:
        words = {"Extra data": "more follows after its end"}.get(error.msg, error.msg[:1].lower() + error.msg[1:])
        raise FaultError(f"this is no JSON: {words}", place(error.pos)) from None


def _take(builder: Builder, text: str, place: Place) -> None:
    if text in ("{", "["):
        container: dict[str, Any] | list[Any] = {} if text == "{" else []
        builder.begin(container, place)
    elif text in ("}", "]"):
        builder.end()
    elif text.startswith('"'):
        builder.scalar(builder.string(json.loads(text), place), place)
    elif text in _CONSTANTS:
        builder.scalar(_CONSTANTS[text], place._replace(written=text))
    elif text in ("NaN", "Infinity", "-Infinity"):
        raise builder.fault(f"{text} is no JSON value", place)
    else:
        kind = int if text.lstrip("-").isdigit() else float
        builder.scalar(builder.number(lambda: kind(text), text, place), place._replace(written=text))
