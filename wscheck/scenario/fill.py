"""Variables, ``${…}``, found in the strings of a scenario, and something put in their place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from wscheck.document import Document
from wscheck.pointer import join
from wscheck.scenario.captured import Captured, Template, escape_pattern, in_pattern

Fill: TypeAlias = Callable[[str, str], str | Captured]
"""From a variable's name and the JSON Pointer of the string it stands in, to its value, or to what it captures."""

_VARIABLE = re.compile(r"\$\$\{|\$\{([^${}]*)\}|\$\{")
_WHERE = re.compile(r"/sessions/[^/]+/steps/[0-9]+/where")
_LATER = re.compile(r"/sessions/[^/]+/auth/message(/|$)")
_DATA = frozenset({"const", "enum", "default", "examples"})
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})


def fill(value: Any, path: str, put: Fill, document: Document) -> Any:
    """Return ``value``, which stands at ``path`` of ``document``, with the variables in its strings replaced.

    Inside a ``pattern`` of a ``where`` the values stand for themselves. A string with captured values becomes a
    Template. An auth message keeps its ``${token}`` and ``$${``, for it is filled once more. Raises the document's
    error where a ``${`` has no end, or stands in the name of a member.
    """
    if isinstance(value, str):
        return _fill_text(value, path, put, document)
    if isinstance(value, list):
        return [fill(item, join(path, index), put, document) for index, item in enumerate(value)]
    if isinstance(value, dict):
        if _WHERE.fullmatch(path):
            return {
                pointer: _fill_wanted(wanted, join(path, pointer), put, document) for pointer, wanted in value.items()
            }
        return {name: fill(member, _named(name, path, document), put, document) for name, member in value.items()}
    return value


def _fill_wanted(wanted: Any, path: str, put: Fill, document: Document) -> Any:
    read = _fill_schema if isinstance(wanted, dict) else fill
    return read(wanted, path, put, document)


def _fill_schema(schema: Any, path: str, put: Fill, document: Document) -> Any:
    """Return a JSON Schema with its variables replaced: what is put into a pattern is escaped (ECMA-262)."""
    if isinstance(schema, list):
        return [_fill_schema(item, join(path, index), put, document) for index, item in enumerate(schema)]
    if not isinstance(schema, dict):
        return fill(schema, path, put, document)
    filled: dict[str, Any] = {}
    for keyword, value in schema.items():
        here = _named(keyword, path, document)
        if keyword == "pattern" and isinstance(value, str):
            filled[keyword] = _fill_text(value, here, lambda name, at: _plain(put(name, at)), document)
        elif keyword in _BY_NAME and isinstance(value, dict):
            filled[keyword] = {
                name: _fill_schema(value[name], _named(name, here, document), put, document) for name in value
            }
        elif keyword in _DATA:
            filled[keyword] = fill(value, here, put, document)
        else:
            filled[keyword] = _fill_schema(value, here, put, document)
    return filled


def _fill_text(text: str, path: str, put: Fill, document: Document) -> str | Template:
    later = bool(_LATER.match(path))
    parts: list[str | Captured] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        if match[0] == "$${":
            parts.append("$${" if later else "${")
        elif match[1] is None:
            raise document.fail("a `${` that no `}` follows; a plain `${` is written `$${`", path)
        elif later and match[1] == "token":
            parts.append(match[0])
        else:
            value = put(match[1], path)
            parts.append(value.replace("${", "$${") if later and isinstance(value, str) else value)
    parts.append(text[end:])
    return _joined(parts)


def _joined(parts: list[str | Captured]) -> str | Template:
    """Return the parts as one string where they all are, else as a Template in which no two strings are neighbours."""
    merged: list[str | Captured] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if all(isinstance(part, str) for part in merged):
        return "".join(map(str, merged))
    return Template(parts=tuple(merged))


def _named(name: str, parent: str, document: Document) -> str:
    """Return the path of a member, whose name must hold no variable."""
    path = join(parent, name)
    if "${" in name:
        raise document.fail("a variable stands in a value, not in the name of a member", path)
    return path


def _plain(value: str | Captured) -> str | Captured:
    return escape_pattern(value) if isinstance(value, str) else in_pattern(value)
