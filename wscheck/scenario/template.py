"""Strings with variables in them, ``${…}``: found in a document, and filled with what is known by then."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from wscheck.document import Document
from wscheck.pointer import Pointer, join


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A value that is known only when its turn comes: that at ``pointer`` of what ``source`` stands for then.

    ``source`` is the id of a step, or a word that stands for something else. ``written`` is what stands between the
    braces. ``plain``: inside a regular expression it stands for itself.
    """

    source: str
    pointer: Pointer
    written: str
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A string with captured values still to be put in."""

    parts: tuple[str | Captured, ...]

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else f"${{{part.written}}}" for part in self.parts)


Fill: TypeAlias = Callable[[str, str], str | Captured]
"""From a variable's name and the JSON Pointer of the string it stands in, to its value, or to what it captures."""

_VARIABLE = re.compile(r"\$\$\{|\$\{([^${}]*)\}|\$\{")
_CAPTURED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?:((?:\.[^.]+)+)|#((?:/(?:[^~/]|~[01])*)*))")
_REGEX_SIGN = re.compile(r"[\\^$.|?*+()\[\]{}]")
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


def read_captured(name: str) -> Captured | None:
    """Return what the variable ``name`` captures, or None where it is not written like a captured value."""
    match = _CAPTURED.fullmatch(name)
    if match is None:
        return None
    pointer = join("", *match[2].split(".")[1:]) if match[2] else match[3]
    return Captured(source=match[1], pointer=Pointer(pointer), written=name)


def holds_template(value: Any) -> bool:
    """Whether a captured value is still to be put in anywhere in ``value``."""
    if isinstance(value, dict):
        return any(map(holds_template, value.values()))
    if isinstance(value, list):
        return any(map(holds_template, value))
    return isinstance(value, Template)


def show_templates(value: Any) -> Any:
    """Return ``value`` with the names of captured values where they are still to be put in."""
    if isinstance(value, dict):
        return {name: show_templates(member) for name, member in value.items()}
    if isinstance(value, list):
        return [show_templates(item) for item in value]
    return str(value) if isinstance(value, Template) else value


def escape_pattern(text: str) -> str:
    """Return a regular expression (ECMA-262) that matches ``text`` and nothing else."""
    return _REGEX_SIGN.sub(r"\\\g<0>", text)


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
    return escape_pattern(value) if isinstance(value, str) else replace(value, plain=True)
