"""What the tests of agent-events share: a good event of each kind, in both versions, and how each can be wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import yaml

from examples.agent_server import RUN_EVENTS
from examples.agent_server.script import Complain
from examples.agent_server.speeches import SPEECHES
from examples.agent_server.story import Ids, tell_run
from examples.agent_server.version import Greeting
from wscheck.schema import Schema, compile_schema

ROOT = Path(__file__).parents[2] / "schemas/agent-events"
VERSIONS = ("1", "2")
AGENT = ("agent_error", *RUN_EVENTS)
Change: TypeAlias = tuple[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Of one version: values that are wrong at a JSON Pointer, by event; and what may be left out."""

    wrong: dict[str, list[Change]]
    wrong_in_every_run_event: list[Change]
    optional: dict[str, set[str]]


_ASKING: list[Change] = [("/payload/user_request", ""), ("/payload/run_id", ""), ("/payload", "why?")]
_SYSTEM: list[Change] = [("/payload", {}), ("/event", "x"), ("/event_type", "x")]
TABLES = {
    "1": Tables(
        wrong={
            "agent_started": [("/payload/thread_id", "")],
            "agent_thinking": [
                *(("/payload/step_number", wrong) for wrong in (0, 1.5, "1")),
                *(("/payload/total_steps", wrong) for wrong in (0, 1.5, "3")),
                ("/payload/thought", ""),
            ],
            "tool_executing": [("/payload/tool_name", "")],
            "tool_completed": [("/payload/tool_name", 1), ("/payload/result", "rows")],
            "agent_completed": [
                ("/payload/duration_ms", "3 s"),
                ("/payload/duration_ms", -1),
                ("/payload/result", {}),
                ("/payload/result/summary", ""),
            ],
            "agent_error": [("/payload/error", ""), ("/payload/run_id", ""), ("/payload/error_message", "no")],
            "error": [("/payload/error", None), ("/payload", "no"), ("/error_code", "X"), ("/details", {})],
            "connection_established": [
                *_SYSTEM,
                ("/data", {}),
                ("/connection_id", ""),
                ("/system", False),
                ("/timestamp", "2025-09-08T03:00:00Z"),
            ],
            "system_message": [*_SYSTEM, ("/data", {"event": "agent_thinking"}), ("/timestamp", -1)],
            "ping": [*_SYSTEM, ("/data", {"timestamp": 1.0}), ("/timestamp", "now"), ("/system", None)],
            "pong": [*_SYSTEM, ("/type", "ping")],
            "ack": [*_SYSTEM, ("/received_type", None)],
            "start_agent": _ASKING,
        },
        wrong_in_every_run_event=[
            *((f"/payload/{member}", "") for member in ("run_id", "agent_name")),
            *(("/payload/timestamp", wrong) for wrong in ("2025-09-08T03:00:01Z", -1, None)),
            *((f"/{member}", "x") for member in ("run_id", "thread_id", "user_id", "agent_name", "timestamp")),
            *((f"/{member}", "agent_started") for member in ("event", "event_type")),
            *((f"/payload/{member}", "x") for member in ("reasoning", "tool_call_id", "error_message")),
            *((f"/payload/{member}", 1.5) for member in ("execution_time_ms", "progress_percentage")),
            ("/data", {}),
        ],
        optional={
            "tool_completed": {"/payload/result/rows", "/payload/result/growth_percent"},
            "agent_error": {"/payload/run_id"},
            "system_message": {"/message", "/system"},
            "pong": {"/timestamp", "/system"},
            "ack": {"/system"},
            "start_agent": {"/payload/run_id", "/payload/thread_id"},
        },
    ),
    "2": Tables(
        wrong={
            "agent_started": [("/payload/status", "thinking"), ("/payload/message", "")],
            "agent_thinking": [
                *(("/payload/step_number", wrong) for wrong in (0, 1.5, "1")),
                *(("/payload/progress_percentage", wrong) for wrong in (-1, 101, "50")),
                ("/payload/reasoning", None),
                ("/payload/status", "executing"),
            ],
            "tool_executing": [("/payload/tool_call_id", ""), ("/payload/tool_name", ""), ("/payload/parameters", [])],
            "tool_completed": [
                ("/payload/execution_time_ms", -0.1),
                ("/payload/result", "rows"),
                ("/payload/tool_call_id", 1),
                ("/payload/status", "failed"),
            ],
            "agent_completed": [
                ("/payload/execution_time_ms", "3 s"),
                ("/payload/result", {}),
                ("/payload/result/summary", ""),
            ],
            "agent_error": [
                ("/payload/error_message", ""),
                ("/payload/error_context", None),
                ("/payload/status", "failed"),
            ],
            "connection_established": [
                ("/data/connection_ready", False),
                ("/data/server_time", "2025-09-08T03:00:00"),
                ("/data/connection_id", ""),
                ("/data/config/max_message_size", 0),
                ("/data/config/heartbeat_interval", 0),
                ("/timestamp", "2025-09-08T03:00:00Z"),
            ],
            "system_message": [("/data/event", name) for name in RUN_EVENTS],
            "error_message": [
                ("/error_code", "not found"),
                ("/error_message", ""),
                ("/details", None),
                ("/timestamp", -1),
            ],
            "ping": [("/data", None), ("/data/timestamp", "now"), ("/timestamp", None)],
            "pong": [("/type", "ping")],
            "ack": [("/status", "ignored"), ("/user_id", ""), ("/received_type", None)],
            "start_agent": _ASKING,
        },
        wrong_in_every_run_event=[
            *((f"/{member}", "") for member in ("run_id", "thread_id", "user_id", "agent_name")),
            *(
                ("/timestamp", wrong)
                for wrong in (1757300001.1, "2025-09-08T03:00:01.100000", "2025-09-08", "yesterday")
            ),
            ("/event", "agent_started"),
            ("/event_type", "agent_started"),
            *((f"/payload/{member}", "run-71") for member in ("run_id", "thread_id", "agent_name", "thought")),
            *((f"/payload/{member}", 1757000001.6) for member in ("timestamp", "duration_ms", "total_steps")),
        ],
        optional={
            "tool_executing": {"/payload/parameters/days", "/payload/parameters/service"},
            "tool_completed": {"/payload/result/rows", "/payload/result/growth_percent"},
            "system_message": {"/data/connection_id", "/data/status"},
            "error_message": {"/details/error"},
            "pong": {"/timestamp"},
            "start_agent": {"/payload/run_id", "/payload/thread_id"},
        },
    ),
}
ERRORS: dict[str, dict[str, Any]] = {
    "1": {"type": "error", "payload": {"error": "the billing service timed out", "run_id": "run_5b0c"}},
    "2": {
        "type": "agent_error",
        "payload": {"status": "error", "error_message": "the billing service timed out", "error_context": {}},
    },
}


def folder(version: str) -> Path:
    return ROOT / f"{version}.0.0"


@cache
def events(version: str) -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((folder(version) / "contract.yaml").read_text(encoding="utf-8"))["events"]
    return declared


@cache
def schema(version: str, name: str) -> Schema:
    return compile_schema(events(version)[name]["schema"], folder=folder(version))


def captures(version: str) -> list[Path]:
    return sorted((folder(version) / "captures").glob("*/*.jsonl"))


@cache
def good_texts(version: str) -> dict[str, str]:
    """Return the text of one event of each kind, as the reference server says it."""
    now = datetime(2025, 9, 8, 3, tzinfo=UTC)
    ids = Ids(run_id="run_5b0c", thread_id="thread_7a", user_id="ada-0001")
    greeting = Greeting(user_id="ada-0001", connection_id="ws_1", environment="local", heartbeat=25, size=8192)
    speech = SPEECHES[version].session
    run = [speech.run(happening, ids) for happening in tell_run("Why?", chance=Random(0), began=now)]
    top = {name: value for name, value in run[0].items() if name != "payload"}
    error = ERRORS[version]
    said = [
        *run,
        *speech.opening(greeting, now),
        {**(top if version == "2" else {"timestamp": now.timestamp()}), **error},
        speech.complain(Complain(code="AUTH_REQUIRED", message="no", error="why"), now),
        speech.pong(now),
        speech.acknowledge("x", "ada-0001", now),
        speech.note_chat("ada-0001", now),
        {"type": "start_agent", "payload": {"user_request": "Why?", "run_id": "mine", "thread_id": "mine"}},
    ]
    return {name_of(event): json.dumps(event) for event in reversed(said)}


def good(version: str, name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(good_texts(version)[name])
    return event


def name_of(event: Any) -> str:
    """Return what either contract names ``event``."""
    kind = str(event["type"])
    match kind:
        case "system_message" if event.get("data", {}).get("event") == "connection_established":
            return "connection_established"
        case "error" if "run_id" in event["payload"]:
            return "agent_error"
    return kind


def changed(event: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    *parents, last = pointer.split("/")[1:]
    place = event
    for member in parents:
        place = place[member]
    place[last] = value
    return event
