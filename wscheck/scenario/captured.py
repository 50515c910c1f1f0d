"""What is known only when a message's turn comes, put into it: captured values, the event answered, fresh ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from wscheck.errors import WscheckError
from wscheck.json_text import decode
from wscheck.pointer import MISSING
from wscheck.scenario.build import build_message, build_step
from wscheck.scenario.model import (
    BinaryMessage,
    Every,
    ExpectStep,
    JsonMessage,
    Outgoing,
    Reply,
    RequestStep,
    SendStep,
    TextMessage,
)
from wscheck.scenario.template import Captured, Template, escape_pattern
from wscheck.scenario.variables import ANSWERED, FRESH, make_uuid
from wscheck.text import safe, shorten

Filled = TypeVar("Filled", SendStep, ExpectStep, RequestStep)


class NotCapturedError(WscheckError):
    """A captured value is not there: nothing stands at that place of what was captured."""


class Captures:
    """What one session captured so far, and how many messages have had an id of their own.

    The n-th message that anything is put into has the n-th of the fresh values that follow from ``seed``.
    """

    __slots__ = ("_count", "_seed", "_values")

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0
        self._values: dict[str, Any] = {}

    def keep(self, step: str, value: Any) -> None:
        """Keep what the step with the id ``step`` sent, received or was answered."""
        self._values[step] = value

    def fill(self, step: Filled) -> Filled:
        """Return ``step`` with its values put in. Raises NotCapturedError where one is not there."""
        if step.unfilled is None:
            return step
        self._count += not isinstance(step, ExpectStep)
        filled = build_step(_fill_step(step.unfilled, self._known(MISSING)), step.id, step.path)
        assert isinstance(filled, type(step)), "filling changes no step's kind"
        return filled

    def message(self, beat: Reply | Every, answered: Any = MISSING) -> Outgoing:
        """Return the message of ``beat``, which answers the event with the value ``answered``. Raises as ``fill``."""
        if beat.unfilled is None:
            return beat.message
        self._count += 1
        return build_message(_fill_step(beat.unfilled, self._known(answered)))

    def _known(self, answered: Any) -> dict[str, Any]:
        return {**self._values, ANSWERED: answered, FRESH: make_uuid(f"{self._seed}/{FRESH}/{self._count}")}


def sent_value(message: Outgoing) -> Any:
    """Return what can be captured of a message: its JSON, else its text; of a binary one nothing."""
    match message:
        case JsonMessage(value=value):
            return value
        case TextMessage(text=text):
            decoded = decode(text)
            return decoded.value if decoded.readable else text
        case BinaryMessage():
            return MISSING


def compact(value: Any) -> str:
    """Return ``value`` as JSON without white space (RFC 8259)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _fill_step(step: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step, a reply or an `every` as it stands in its document, with ``values`` put in, by their source.

    A string that is nothing but one captured value becomes that value, of any JSON type; as a condition of ``where``
    it is a constant. Where only a text can stand, and inside of longer strings, what is no string is written as JSON.
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
    value = captured.pointer.find(values.get(captured.source, MISSING))
    if value is MISSING:
        what = "the event" if captured.source == ANSWERED else f"what step {captured.source} captured"
        there = f"nothing stands at {safe(captured.pointer.text) or 'its root'} of {what}"
        raise NotCapturedError(f"`${{{shorten(safe(captured.written), 80)}}}` has no value: {there}")
    return value
