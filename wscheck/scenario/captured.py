"""Captured values, ``${ID.member}`` and ``${ID#/pointer}``: what they are called, and how they are put in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wscheck.errors import WscheckError
from wscheck.pointer import MISSING, Pointer, join
from wscheck.text import safe, shorten

_CAPTURED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?:((?:\.[^.]+)+)|#((?:/(?:[^~/]|~[01])*)*))")
_REGEX_SIGN = re.compile(r"[\\^$.|?*+()\[\]{}]")


class NotCapturedError(WscheckError):
    """A captured value is not there: its step captured nothing at that place."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """One captured value: that at ``pointer`` of what the step ``step`` sent, received or was answered.

    ``written`` is what stands between the braces. ``plain``: inside a regular expression it stands for itself.
    """

    step: str
    pointer: Pointer
    written: str
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A string with captured values still to be put in."""

    parts: tuple[str | Captured, ...]

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else f"${{{part.written}}}" for part in self.parts)


def read_captured(name: str) -> Captured | None:
    """Return what the variable ``name`` captures, or None where it is not written like a captured value."""
    match = _CAPTURED.fullmatch(name)
    if match is None:
        return None
    pointer = join("", *match[2].split(".")[1:]) if match[2] else match[3]
    return Captured(step=match[1], pointer=Pointer(pointer), written=name)


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


def fill_step(step: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the step as it stands in its document, with the captured values in it put in.

    ``values`` are what the steps captured, by id. A string that is nothing but one captured value becomes that value,
    of any JSON type; as a condition of ``where`` it is a constant. Where only a text can stand, and inside of longer
    strings, what is no string is written as JSON. Raises NotCapturedError where there is no such value.
    """
    filled: dict[str, Any] = {}
    for name, member in step.items():
        match name:
            case "where":
                filled[name] = {pointer: _fill_wanted(wanted, values) for pointer, wanted in member.items()}
            case "request":
                filled[name] = {part: _fill(each, values, as_text=part != "json") for part, each in member.items()}
            case _:
                filled[name] = _fill(member, values, as_text=name == "text")
    return filled


def _fill_wanted(wanted: Any, values: Mapping[str, Any]) -> Any:
    filled = _fill(wanted, values)
    return {"const": filled} if isinstance(wanted, Template) else filled


def _fill(value: Any, values: Mapping[str, Any], *, as_text: bool = False) -> Any:
    if isinstance(value, Template):
        return _fill_template(value, values, as_text=as_text)
    if isinstance(value, list):
        return [_fill(item, values, as_text=as_text) for item in value]
    if isinstance(value, dict):
        return {name: _fill(member, values, as_text=as_text) for name, member in value.items()}
    return value


def _fill_template(template: Template, values: Mapping[str, Any], *, as_text: bool) -> Any:
    match template.parts:
        case (Captured(plain=False) as whole,) if not as_text:
            return _look_up(whole, values)
        case parts:
            return "".join(part if isinstance(part, str) else _text(part, values) for part in parts)


def _text(captured: Captured, values: Mapping[str, Any]) -> str:
    value = _look_up(captured, values)
    text = value if isinstance(value, str) else compact(value)
    return escape_pattern(text) if captured.plain else text


def _look_up(captured: Captured, values: Mapping[str, Any]) -> Any:
    value = captured.pointer.find(values.get(captured.step, MISSING))
    if value is MISSING:
        shown = shorten(safe(captured.written), 80)
        there = f"nothing stands at {safe(captured.pointer.text) or 'its root'} of what step {captured.step} captured"
        raise NotCapturedError(f"`${{{shown}}}` has no value: {there}", f"${{{captured.written}}}")
    return value


def in_pattern(captured: Captured) -> Captured:
    """Return ``captured`` as it stands in a regular expression."""
    return replace(captured, plain=True)


def escape_pattern(text: str) -> str:
    """Return a regular expression (ECMA-262) that matches ``text`` and nothing else."""
    return _REGEX_SIGN.sub(r"\\\g<0>", text)


def compact(value: Any) -> str:
    """Return ``value`` as JSON without white space (RFC 8259)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
