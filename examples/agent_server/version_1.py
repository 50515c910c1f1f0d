"""Version 1 of agent events: everything in the payload, time in seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .script import Complain
from .story import Completed, Happening, Ids, Started, Thought, ToolAnswered, ToolCalled
from .version import Event, Greeting, Version


def _write_opening(greeting: Greeting, now: datetime) -> tuple[Event, ...]:
    return _write_ping(now), _write("connection_established", now, connection_id=greeting.connection_id)


def _write_run(happening: Happening, ids: Ids) -> Event:
    name, detail = _detail(happening, ids)
    common = {"run_id": ids.run_id, "agent_name": ids.agent, "timestamp": happening.at.timestamp()}
    return {"type": name, "payload": {**common, **detail}}


def _detail(happening: Happening, ids: Ids) -> tuple[str, Mapping[str, Any]]:
    match happening:
        case Started():
            return "agent_started", {"thread_id": ids.thread_id}
        case Thought(text=text, step=step, steps=steps):
            return "agent_thinking", {"thought": text, "step_number": step, "total_steps": steps}
        case ToolCalled(tool=tool):
            return "tool_executing", {"tool_name": tool}
        case ToolAnswered(tool=tool, result=result):
            return "tool_completed", {"tool_name": tool, "result": result}
        case Completed(summary=summary, took=took):
            return "agent_completed", {"result": {"summary": summary}, "duration_ms": took}


def _write_ping(now: datetime) -> Event:
    return _write("ping", now)


def _write_pong(now: datetime) -> Event:
    return _write("pong", now)


def _acknowledge(received: str, _: str, now: datetime) -> Event:
    return _write("ack", now, received_type=received)


def _note_chat(_: str, now: datetime) -> Event:
    return _write("system_message", now, message="message received")


def _complain(complaint: Complain, now: datetime) -> Event:
    error = f"{complaint.message}: {complaint.error}"
    return {"type": "error", "payload": {"error": error}, "timestamp": now.timestamp()}


def _write(name: str, now: datetime, **members: Any) -> Event:
    return {"type": name, **members, "timestamp": now.timestamp(), "system": True}


VERSION_1 = Version(
    name="1",
    opening=_write_opening,
    run=_write_run,
    ping=_write_ping,
    pong=_write_pong,
    acknowledge=_acknowledge,
    note_chat=_note_chat,
    complain=_complain,
)
