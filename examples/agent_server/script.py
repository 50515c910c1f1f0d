"""What the server is about to do in a session, as data: scripts of steps, without clock, chance or network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias

RUN_EVENTS = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")
"""The events of a run, in the order in which each first comes."""

AGENT = "triage"
_TIMED = ("tool_completed", "agent_completed")
_MILLISECOND = timedelta(milliseconds=1)
_THOUGHTS = (
    ("Looking at last week's costs", "Comparing them with the week before", "Putting the findings in order"),
    ("Reading the request again", "Checking which service stands out", "Writing the answer"),
)
_TOOLS = (("cost_lookup", {"days": 7}, {"rows": 12}), ("usage_report", {"service": "storage"}, {"growth_percent": 31}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Send ``event``, ``copies`` times in a row, byte for byte the same."""

    event: Mapping[str, Any]
    copies: int = 1

    @property
    def name(self) -> str:
        """The event's type."""
        return str(self.event["type"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close the session with a close code (RFC 6455, section 7.4)."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DropTcp:
    """End the TCP connection without a close frame."""


@dataclass(frozen=True, slots=True)
class FallSilent:
    """Send no message any more in this session, whatever the client says."""


Step: TypeAlias = Say | Close | DropTcp | FallSilent
Script: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """Whose run it is."""

    run_id: str
    thread_id: str
    user_id: str


def write_opening(
    *, user_id: str, connection_id: str, environment: str, heartbeat: float, size: int, now: datetime
) -> Script:
    """Return what a session begins with: noise, then the welcome. ``heartbeat`` in seconds, ``size`` in bytes."""
    seconds = now.timestamp()
    data = {
        "event": "connection_established",
        "connection_id": connection_id,
        "user_id": user_id,
        "server_time": now.isoformat(timespec="microseconds"),
        "connection_ready": True,
        "environment": environment,
        "config": {"heartbeat_interval": heartbeat, "max_message_size": size},
    }
    validated = {"event": "handshake_validation", "connection_id": connection_id, "status": "passed"}
    return (
        Say(event=ping(now)),
        Say(event={"type": "system_message", "data": validated, "timestamp": seconds}),
        Say(event={"type": "system_message", "data": data, "timestamp": seconds}),
    )


def ping(now: datetime) -> Mapping[str, Any]:
    """Return the event by which the server asks whether the client is still there."""
    seconds = now.timestamp()
    return {"type": "ping", "data": {"timestamp": seconds}, "timestamp": seconds}


def write_run(request: str, ids: Ids, *, chance: Random, began: datetime) -> Script:
    """Return a whole run, two tools in it, one after the other or overlapping; the summary holds ``request``."""
    think = [_write_thought(number, text) for number, text in enumerate(chance.choice(_THOUGHTS))]
    first, second = map(_write_tool, range(len(_TOOLS)))
    apart = (*first, think[1], *second)
    overlapping = (first[0], second[0], think[1], second[1], first[1])
    summary = f"Storage grew by 31 % in seven days. You asked: {request}"
    named = (
        ("agent_started", {"status": "started", "message": f"{AGENT} has started"}),
        think[0],
        *chance.choice((apart, overlapping)),
        think[2],
        ("agent_completed", {"status": "completed", "result": {"summary": summary}}),
    )
    return _tell_times(named, ids, began, pace=timedelta(milliseconds=chance.randint(80, 400)))


_Named: TypeAlias = tuple[str, dict[str, Any]]


def _write_thought(number: int, text: str) -> _Named:
    progress = None if number == 0 else 40 * number
    payload = {"reasoning": text, "step_number": number + 1, "progress_percentage": progress, "status": "thinking"}
    return "agent_thinking", payload


def _write_tool(number: int) -> tuple[_Named, _Named]:
    name, parameters, result = _TOOLS[number]
    call = {"tool_name": name, "tool_call_id": f"call-{number + 1}"}
    return (
        ("tool_executing", {**call, "parameters": parameters, "status": "executing"}),
        ("tool_completed", {**call, "result": result, "status": "completed"}),
    )


def _tell_times(named: tuple[_Named, ...], ids: Ids, began: datetime, *, pace: timedelta) -> Script:
    opened: dict[object, datetime] = {}
    steps = []
    for position, (name, payload) in enumerate(named):
        at = began + position * pace
        since = opened.setdefault(payload.get("tool_call_id"), at)
        took = {"execution_time_ms": (at - since) / _MILLISECOND} if name in _TIMED else {}
        steps.append(Say(event=_wrap(name, {**payload, **took}, ids, at)))
    return tuple(steps)


def _wrap(name: str, payload: Mapping[str, Any], ids: Ids, at: datetime) -> Mapping[str, Any]:
    return {
        "type": name,
        "run_id": ids.run_id,
        "thread_id": ids.thread_id,
        "user_id": ids.user_id,
        "agent_name": AGENT,
        "timestamp": at.isoformat(timespec="microseconds"),
        "payload": payload,
    }
