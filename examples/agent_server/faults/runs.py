"""The faults of a run: events lost, repeated, turned round, sent to others, or cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..script import Close, CloseBadly, DropTcp, Leak, Rest, Say, Script
from ..story import RUN_EVENTS
from .fault import Fault
from .places import change_payload, change_step, find_first, find_last, insert

_SLOW = 6.0
"""Seconds: more than the five within which a trigger has to be answered."""

_CANNED = "Storage grew by 31 % in seven days. You asked: What did we spend in March?"


def _drop(script: Script, event: str) -> Script:
    place = find_first(script, event)
    return (*script[:place], *script[place + 1 :])


def _duplicate(script: Script, event: str) -> Script:
    return change_step(script, find_first(script, event), lambda step: replace(step, copies=2))


def _reorder(script: Script) -> Script:
    place = find_first(script, "agent_started")
    return (*script[:place], script[place + 1], script[place], *script[place + 2 :])


def _complete_before_executing(script: Script) -> Script:
    executing = find_first(script, "tool_executing")
    tool = _tool(script[executing])
    completed = next(place for place, step in enumerate(script) if place > executing and _tool(step) == tool)
    rest = script[executing:completed]
    return (*script[:executing], script[completed], *rest, *script[completed + 1 :])


def _tool(step: object) -> object:
    return step.event["payload"].get("tool_name") if isinstance(step, Say) else None


def _leave_unpaired(script: Script) -> Script:
    called = script[find_first(script, "tool_executing")]
    lone = change_payload((called,), 0, _call_another)
    return insert(script, find_last(script, "tool_completed") + 1, *lone)


def _call_another(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    ids = {"tool_call_id": "call-9"} if "tool_call_id" in payload else {}
    return {**payload, "tool_name": "audit_trail", **ids}


def _start_again(script: Script) -> Script:
    started = script[find_first(script, "agent_started")]
    return insert(script, find_first(script, "agent_thinking") + 1, started)


def _leak(script: Script) -> Script:
    place = find_first(script, "agent_completed")
    step = script[place]
    return insert(script, place, Leak(event=step.event)) if isinstance(step, Say) else script


def _answer_another(script: Script) -> Script:
    place = find_first(script, "agent_completed")
    return change_payload(script, place, lambda payload: {**payload, "result": {"summary": _CANNED}})


def _never_end(script: Script) -> Script:
    return script[: find_first(script, "agent_completed")]


def _until_first_thought(script: Script) -> Script:
    return script[: find_first(script, "agent_thinking") + 1]


def _rest(script: Script) -> Script:
    return insert(script, find_first(script, "tool_executing"), Rest())


RUN_FAULTS = (
    Fault(name="drop", says="the first such event of each run is not sent", run_so=_drop, words=RUN_EVENTS),
    Fault(
        name="duplicate",
        says="the first such event of each run is sent twice in a row",
        run_so=_duplicate,
        words=RUN_EVENTS,
    ),
    Fault(name="reorder", says="the first thought of each run comes before its agent_started", run=_reorder),
    Fault(
        name="completed-before-executing",
        says="the first tool of each run completes before it was called",
        run=_complete_before_executing,
    ),
    Fault(name="unpaired-tool", says="each run calls one tool more, which never completes", run=_leave_unpaired),
    Fault(name="extra-started", says="each run starts a second time, after its first thought", run=_start_again),
    Fault(name="cross-talk", says="the answer of each run goes to every other user as well", run=_leak),
    Fault(
        name="canned",
        says="the answer is always the same, whatever was asked",
        run=_answer_another,
    ),
    Fault(
        name="slow-first-event",
        says=f"the first event of each run comes {_SLOW:g} s after it was asked for",
        run=lambda script: (Rest(seconds=_SLOW), *script),
    ),
    Fault(name="gap", says="each run falls silent before its first tool for as long as --pause says", run=_rest),
    Fault(name="never-ends", says="no run ever completes; the session stays open", run=_never_end),
    Fault(
        name="close-1000-early",
        says="the session is closed with 1000 in the middle of a run",
        run=lambda script: (*_until_first_thought(script), Close(code=1000)),
    ),
    Fault(
        name="invalid-close-code",
        says="the session is closed in the middle of a run with a code that no close frame may carry",
        run=lambda script: (*_until_first_thought(script), CloseBadly(code=999)),
    ),
    Fault(
        name="drop-tcp",
        says="TCP ends in the middle of a run, without a close frame",
        run=lambda script: (*_until_first_thought(script), DropTcp()),
    ),
)
