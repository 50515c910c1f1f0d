"""The faults of single events: of another shape or type than they should be, or no events at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..script import Blurt, Say, Script
from .dialects import DIALECTS, date_naively, mix_dialects, speak_dialect
from .fault import Fault
from .places import change_payload, change_step, find_first, find_last, insert

_TEXTS = ("reasoning", "thought")
_DURATIONS = ("execution_time_ms", "duration_ms")
"""What a member is called in version 2, and in version 1."""


def _member(payload: Mapping[str, Any], names: tuple[str, str]) -> str:
    return next(name for name in names if name in payload)


def _date_naively(script: Script) -> Script:
    return change_step(script, find_first(script, "agent_thinking"), _without_zone)


def _without_zone(step: Say) -> Say:
    event, time = step.event, date_naively(step.event)
    if "timestamp" in event:
        return replace(step, event={**event, "timestamp": time})
    return replace(step, event={**event, "payload": {**event["payload"], "timestamp": time}})


def _mistype(script: Script) -> Script:
    def change(payload: Mapping[str, Any]) -> Mapping[str, Any]:
        name = _member(payload, _DURATIONS)
        return {**payload, name: f"{payload[name]:g} ms"}

    return change_payload(script, find_first(script, "agent_completed"), change)


def _leave_out(script: Script) -> Script:
    def change(payload: Mapping[str, Any]) -> Mapping[str, Any]:
        gone = _member(payload, _TEXTS)
        return {name: value for name, value in payload.items() if name != gone}

    return change_payload(script, find_first(script, "agent_thinking"), change)


def _rename(script: Script) -> Script:
    def change(payload: Mapping[str, Any]) -> Mapping[str, Any]:
        old = _member(payload, _TEXTS)
        return {"content" if name == old else name: value for name, value in payload.items()}

    return change_payload(script, find_first(script, "agent_thinking"), change)


def _send_binary(script: Script) -> Script:
    return change_step(script, find_last(script, "agent_thinking"), lambda step: replace(step, binary=True))


def _blurt(script: Script, text: str) -> Script:
    return insert(script, find_first(script, "tool_executing"), Blurt(text=text))


EVENT_FAULTS = (
    Fault(
        name="naive-timestamp",
        says="the first thought of each run is dated without a zone",
        run=_date_naively,
    ),
    Fault(name="wrong-type", says="the duration of each run is told as text", run=_mistype),
    Fault(name="missing-field", says="the first thought of each run has no text", run=_leave_out),
    Fault(name="rename-field", says="the text of the first thought has a name of its own: content", run=_rename),
    Fault(
        name="mixed-dialects",
        says=f"the events between the first and the last of a run come in other dialects by turns, or, named as one of "
        f"{', '.join(DIALECTS)}, the first thought in that one",
        run=mix_dialects,
        run_so=speak_dialect,
        words=tuple(DIALECTS),
    ),
    Fault(name="binary-frame", says="the last thought of each run comes in a binary message", run=_send_binary),
    Fault(
        name="empty-frame",
        says="an empty message comes in the middle of each run",
        run=lambda script: _blurt(script, ""),
    ),
    Fault(
        name="not-json",
        says="a message that is no JSON comes in the middle of each run",
        run=lambda script: _blurt(script, "Internal Server Error"),
    ),
)
