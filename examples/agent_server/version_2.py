"""Version 2 of agent events: ids and time on top, the detail in the payload."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .script import Complain
from .story import Completed, Happening, Ids, Started, Thought, ToolAnswered, ToolCalled
from .version import Event, Greeting, Version


def _write_opening(greeting: Greeting, now: datetime) -> tuple[Event, ...]:
    welcome = {
        "event": "connection_established",
        "connection_id": greeting.connection_id,
        "user_id": greeting.user_id,
        "server_time": now.isoformat(timespec="microseconds"),
        "connection_ready": True,
        "environment": greeting.environment,
        "config": {"heartbeat_interval": greeting.heartbeat, "max_message_size": greeting.size},
    }
    validated = {"event": "handshake_validation", "connection_id": greeting.connection_id, "status": "passed"}
    return _write_ping(now), _write("system_message", now, data=validated), _write("system_message", now, data=welcome)


def _write_run(happening: Happening, ids: Ids) -> Event:
    name, payload = _detail(happening, ids)
    return {
        "type": name,
        "run_id": ids.run_id,
        "thread_id": ids.thread_id,
        "user_id": ids.user_id,
        "agent_name": ids.agent,
        "timestamp": happening.at.isoformat(timespec="microseconds"),
        "payload": payload,
    }


def _detail(happening: Happening, ids: Ids) -> tuple[str, Mapping[str, Any]]:
    match happening:
        case Started():
            return "agent_started", {"status": "started", "message": f"{ids.agent} has started"}
        case Thought(text=text, step=step):
            progress = None if step == 1 else 40 * (step - 1)
            thought = {"reasoning": text, "step_number": step, "progress_percentage": progress}
            return "agent_thinking", {**thought, "status": "thinking"}
        case ToolCalled(tool=tool, call=call, parameters=parameters):
            named = {"tool_name": tool, "tool_call_id": call}
            return "tool_executing", {**named, "parameters": parameters, "status": "executing"}
        case ToolAnswered(tool=tool, call=call, result=result, took=took):
            answer = {"tool_name": tool, "tool_call_id": call, "result": result}
            return "tool_completed", {**answer, "execution_time_ms": took, "status": "completed"}
        case Completed(summary=summary, took=took):
            result = {"summary": summary}
            return "agent_completed", {"status": "completed", "result": result, "execution_time_ms": took}


def _write_ping(now: datetime) -> Event:
    return _write("ping", now, data={"timestamp": now.timestamp()})


def _write_pong(now: datetime) -> Event:
    return _write("pong", now)


def _acknowledge(received: str, user_id: str, now: datetime) -> Event:
    return _write("ack", now, received_type=received, user_id=user_id, status="acknowledged")


def _note_chat(user_id: str, now: datetime) -> Event:
    return _write("system_message", now, data={"event": "message_received", "user_id": user_id})


def _complain(complaint: Complain, now: datetime) -> Event:
    details = {"error": complaint.error}
    return _write("error_message", now, error_code=complaint.code, error_message=complaint.message, details=details)


def _write(name: str, now: datetime, **members: Any) -> Event:
    return {"type": name, **members, "timestamp": now.timestamp()}


VERSION_2 = Version(
    name="2",
    opening=_write_opening,
    run=_write_run,
    ping=_write_ping,
    pong=_write_pong,
    acknowledge=_acknowledge,
    note_chat=_note_chat,
    complain=_complain,
)
