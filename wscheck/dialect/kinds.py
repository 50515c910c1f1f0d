"""JSON's types and formats in words, and whether a value is of the kind that is due."""

from __future__ import annotations

import re
from typing import Any

from wscheck.dialect.outline import Member
from wscheck.json_text import json_type

_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?")
_WORDS = {
    "null": "null",
    "boolean": "true or false",
    "integer": "an integer",
    "number": "a number",
    "string": "a text",
    "object": "an object",
    "array": "an array",
}


def fits_kind(value: Any, member: Member) -> bool:
    """Whether ``value`` is of a type that is due, one of the constants, and, for a date-time, has a zone."""
    if not fits_type(value, member):
        return False
    if member.constants is not None and value not in member.constants:
        return False
    return not _is_naive(value, member)


def fits_type(value: Any, member: Member) -> bool:
    """Whether ``value`` is of a type that is due."""
    kind = json_type(value)
    return not member.types or kind in member.types or (kind == "integer" and "number" in member.types)


def describe_kind(value: Any, member: Member) -> str:
    """Say of what kind ``value`` is."""
    if _is_naive(value, member):
        return "a date-time without a zone"
    kind = json_type(value)
    return _WORDS["number" if kind == "integer" and "integer" not in member.types else kind]


def describe_due(member: Member) -> str:
    """Say what is due."""
    if member.format:
        return f"{'an' if member.format[0] in 'aeiou' else 'a'} {member.format}"
    if member.types:
        return " or ".join(_WORDS[kind] for kind in _WORDS if kind in member.types)
    return "another value"


def _is_naive(value: Any, member: Member) -> bool:
    if member.format != "date-time" or not isinstance(value, str):
        return False
    found = _DATE_TIME.fullmatch(value)
    return found is not None and found["zone"] is None
