"""YAML 1.2 by its core schema (section 10.3): the one file that imports yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import yaml

from wscheck.document.build import Builder, FaultError, Place
from wscheck.text import safe, shorten

_CORE = "tag:yaml.org,2002:"
_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_DECIMAL = re.compile(r"[-+]?[0-9]+", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?(?:\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN")

_TAGS: Mapping[str, tuple[type, ...]] = {"null": (type(None),), "bool": (bool,), "int": (int,), "float": (int, float)}


_FAST: Any = getattr(yaml, "CSafeLoader", None)
"""The parser of libyaml, where PyYAML was built with it: ten times as fast."""

# What libyaml reads otherwise, and a document shall be the same on every machine: tabs, rare line ends, byte order
# marks, tags, keys that are marked as such, and comments behind the mark of a block.
_READ_OTHERWISE = re.compile(r"[\t\x85\u2028\u2029\ufeff!]|\?(?!\S)|[|>][-+0-9]*#")


def read_yaml(text: str) -> Builder:
    """Read exactly one YAML document. Raises FaultError."""
    if _FAST is not None and not _READ_OTHERWISE.search(text):
        # What it finds fault with is read once more, for words and a place that are the same everywhere.
        with suppress(yaml.YAMLError, ValueError):
            builder = _build(text, Builder(), _FAST)
            if builder.value is not None:
                return builder
    return read_portably(text)


def read_portably(text: str) -> Builder:
    """Read exactly one YAML document as it is read where there is no libyaml. Raises FaultError."""
    builder = Builder()
    try:
        return _build(text, builder, yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise FaultError(f"the character U+{_code(error.character):04X} may not stand in YAML", place) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        raise builder.fault(_syntax(error), place) from None
    except (ValueError, OverflowError):
        # The parser's own, for an escape such as "\UFFFFFFFF".
        raise builder.fault("this is no YAML: an escape in a string names no character", Place(1, 1)) from None


def _build(text: str, builder: Builder, parser: Any) -> Builder:
    for event in yaml.parse(text, Loader=parser):
        _take(builder, event)
    if not builder.whole:
        raise FaultError("there is nothing in it: a document must hold a mapping", Place(1, 1))
    return builder


def _code(character: Any) -> int:
    return character if isinstance(character, int) else ord(character)


def _syntax(error: yaml.MarkedYAMLError) -> str:
    problem = safe(shorten(str(error.problem)))
    context = f" ({safe(error.context)})" if error.context else ""
    if "'\\t'" in problem:
        problem = "a tab may not indent; write spaces"
    return f"this is no YAML: {problem}{context}"


def _take(builder: Builder, event: yaml.Event) -> None:
    mark = event.start_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    if isinstance(event, yaml.DocumentStartEvent) and builder.whole:
        raise FaultError("there is a second document; a file holds exactly one", place)
    if isinstance(event, yaml.AliasEvent):
        builder.alias(event.anchor or "", place)
    elif isinstance(event, yaml.ScalarEvent):
        written = event.value if event.implicit[0] else None
        builder.scalar(_scalar(builder, event, place), place._replace(written=written), event.anchor)
    elif isinstance(event, yaml.MappingStartEvent):
        _refuse_tag(builder, event.tag, "map", place)
        builder.begin({}, place, event.anchor)
    elif isinstance(event, yaml.SequenceStartEvent):
        _refuse_tag(builder, event.tag, "seq", place)
        builder.begin([], place, event.anchor)
    elif isinstance(event, yaml.CollectionEndEvent):
        builder.end()


def _refuse_tag(builder: Builder, tag: str | None, kind: str, place: Place) -> None:
    if tag not in (None, "!", _CORE + kind):
        raise builder.fault(f"the tag '{safe(shorten(str(tag)))}' has no meaning here; leave it out", place)


def _scalar(builder: Builder, event: yaml.ScalarEvent, place: Place) -> Any:
    text = builder.string(event.value, place)
    if event.tag is None:
        return _plain(builder, text, place) if event.implicit[0] else text
    if event.tag in ("!", _CORE + "str"):
        return text
    kind = event.tag.removeprefix(_CORE)
    if kind not in _TAGS:
        _refuse_tag(builder, event.tag, "str", place)
    value = _plain(builder, text, place)
    if type(value) not in _TAGS[kind]:
        raise builder.fault(f"'{safe(shorten(text))}' is no {kind}, as its tag says", place)
    return float(value) if kind == "float" else value


def _plain(builder: Builder, text: str, place: Place) -> Any:
    """Return the value of a scalar without quotes, by the core schema's table (section 10.3.2)."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _DECIMAL.fullmatch(text):
        return builder.number(lambda: int(text), text, place)
    if _OCTAL.fullmatch(text):
        return builder.number(lambda: int(text, 0), text, place)
    if _HEXADECIMAL.fullmatch(text):
        return builder.number(lambda: int(text, 0), text, place)
    if _FLOAT.fullmatch(text):
        return builder.number(lambda: float(text), text, place)
    if _NOT_FINITE.fullmatch(text):
        raise builder.fault(f"{text} is no JSON value; quote it if it is meant as text", place)
    return text
