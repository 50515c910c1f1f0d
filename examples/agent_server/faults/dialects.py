"""The dialects that live beside the two versions: each says an event of a run in a way that is neither's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from ..script import Say, Script
from .places import change_step, find_first


def speak_dialect(script: Script, dialect: str) -> Script:
    """Return a run whose first thought is told in ``dialect``."""
    return change_step(script, find_first(script, "agent_thinking"), lambda step: _translate(step, dialect))


def mix_dialects(script: Script) -> Script:
    """Return a run whose events, but for the first and the last, are told in the dialects by turns."""
    turns = cycle(DIALECTS)
    middle = (_translate(step, next(turns)) if isinstance(step, Say) else step for step in script[1:-1])
    return (script[0], *middle, script[-1])


def date_naively(event: Mapping[str, Any]) -> str:
    """Return when the event was, as a date-time without a zone."""
    return _find_time(event).replace(tzinfo=None).isoformat(timespec="microseconds")


def _translate(step: Say, dialect: str) -> Say:
    return replace(step, event=DIALECTS[dialect](step.event))


def _name_by_event_type(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"event_type" if name == "type" else name: value for name, value in event.items()}


def _put_under_data(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": event["type"], "data": {**_flatten(event), "timestamp": date_naively(event)}}


def _name_twice(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": event["type"], "event": event["type"], **_flatten(event)}


def _hide(event: Mapping[str, Any]) -> Mapping[str, Any]:
    data = {"event": event["type"], **_flatten(event)}
    return {"type": "system_message", "data": data, "timestamp": _find_time(event).timestamp()}


def _flatten(event: Mapping[str, Any]) -> dict[str, Any]:
    outer = {name: value for name, value in event.items() if name not in ("type", "payload")}
    return {**outer, **event["payload"]}


def _find_time(event: Mapping[str, Any]) -> datetime:
    time = _flatten(event)["timestamp"]
    return datetime.fromisoformat(time) if isinstance(time, str) else datetime.fromtimestamp(time, UTC)


DIALECTS: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "event-type": _name_by_event_type,
    "data": _put_under_data,
    "type-and-event": _name_twice,
    "hidden": _hide,
}
"""Every dialect by name: what it makes of an event of either version."""
