"""The schemas of agent-events 2.0.0: every event of the shipped captures, and the many ways an event can be wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from examples.agent_server import RUN_EVENTS
from examples.agent_server.script import Ids, Say, write_opening, write_run
from wscheck.schema import Schema, compile_schema

FOLDER = Path(__file__).parents[2] / "schemas/agent-events/2.0.0"
EVENTS = yaml.safe_load((FOLDER / "contract.yaml").read_text(encoding="utf-8"))["events"]
CAPTURES = sorted((FOLDER / "captures").glob("*/*.jsonl"))
WRONG: dict[str, list[tuple[str, Any]]] = {
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
    "agent_error": [("/payload/error_message", ""), ("/payload/error_context", None), ("/payload/status", "failed")],
    "connection_established": [
        ("/data/connection_ready", False),
        ("/data/server_time", "2025-09-08T03:00:00"),
        ("/data/connection_id", ""),
        ("/data/config/max_message_size", 0),
        ("/data/config/heartbeat_interval", 0),
        ("/timestamp", "2025-09-08T03:00:00Z"),
    ],
    "system_message": [("/data/event", name) for name in RUN_EVENTS],
    "error_message": [("/error_code", "not found"), ("/error_message", ""), ("/details", None), ("/timestamp", -1)],
    "ping": [("/data", None), ("/data/timestamp", "now"), ("/timestamp", None)],
    "pong": [("/type", "ping")],
    "ack": [("/status", "ignored"), ("/user_id", ""), ("/received_type", None)],
    "start_agent": [("/payload/user_request", ""), ("/payload/run_id", ""), ("/payload", "why?")],
}
WRONG_IN_EVERY_RUN_EVENT: list[tuple[str, Any]] = [
    *((f"/{member}", "") for member in ("run_id", "thread_id", "user_id", "agent_name")),
    *(("/timestamp", wrong) for wrong in (1757300001.1, "2025-09-08T03:00:01.100000", "2025-09-08", "yesterday")),
    ("/event", "agent_started"),
    ("/event_type", "agent_started"),
    *((f"/payload/{member}", "run-71") for member in ("run_id", "thread_id", "agent_name", "thought")),
    *((f"/payload/{member}", 1757000001.6) for member in ("timestamp", "duration_ms", "total_steps")),
]
OPTIONAL = {
    "tool_executing": {"/payload/parameters/days", "/payload/parameters/service"},
    "tool_completed": {"/payload/result/rows", "/payload/result/growth_percent"},
    "system_message": {"/data/event", "/data/connection_id", "/data/status"},
    "error_message": {"/details/error"},
    "pong": {"/timestamp"},
    "start_agent": {"/payload/run_id", "/payload/thread_id"},
}
ERROR = {"status": "error", "error_message": "the billing service timed out", "error_context": {}}
AGENT = ("agent_error", *RUN_EVENTS)


@cache
def schema(name: str) -> Schema:
    return compile_schema(EVENTS[name]["schema"], folder=FOLDER)


@cache
def good_texts() -> dict[str, str]:
    now = datetime(2025, 9, 8, 3, tzinfo=UTC)
    ids = Ids(run_id="run_5b0c", thread_id="thread_7a", user_id="ada-0001")
    run = write_run("Why?", ids, chance=Random(0), began=now)
    opening = write_opening(
        user_id="ada-0001", connection_id="ws_1", environment="local", heartbeat=25, size=8192, now=now
    )
    events = [step.event for step in (*run, *opening) if isinstance(step, Say)]
    time = now.timestamp()
    events += [
        {**events[0], "type": "agent_error", "payload": ERROR},
        {
            "type": "error_message",
            "error_code": "AUTH_REQUIRED",
            "error_message": "no",
            "details": {"error": "why"},
            "timestamp": time,
        },
        {"type": "pong", "timestamp": time},
        {"type": "ack", "received_type": "x", "timestamp": time, "user_id": "ada-0001", "status": "acknowledged"},
        {"type": "start_agent", "payload": {"user_request": "Why?", "run_id": "mine", "thread_id": "mine"}},
    ]
    return {name_of(event): json.dumps(event) for event in events}


def good(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(good_texts()[name])
    return event


def name_of(event: Any) -> str:
    welcome = event["type"] == "system_message" and event["data"].get("event") == "connection_established"
    return "connection_established" if welcome else str(event["type"])


def changed(event: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    *parents, last = pointer.split("/")[1:]
    place = event
    for member in parents:
        place = place[member]
    place[last] = value
    return event


def messages(capture: Path) -> Iterator[tuple[int, Any]]:
    for index, line in enumerate(capture.read_text(encoding="utf-8").splitlines()[1:-1], start=1):
        record = json.loads(line)
        if record["kind"] == "message":
            event = json.loads(record["text"])
            if record["direction"] == "received" or event["type"] == "start_agent":
                yield index, event


def pointers(value: Any, above: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield f"{above}/{name}"
            yield from pointers(member, f"{above}/{name}")


def without(event: dict[str, Any], pointer: str) -> dict[str, Any]:
    *parents, last = pointer.split("/")[1:]
    place = event
    for member in parents:
        place = place[member]
    del place[last]
    return event


def test_every_event_with_a_schema_is_tried() -> None:
    assert {name for name in EVENTS if EVENTS[name] and "schema" in EVENTS[name]} == set(WRONG) == set(good_texts())


@pytest.mark.parametrize("name", WRONG)
def test_a_good_event_passes_whatever_a_server_adds(name: str) -> None:
    assert schema(name).accepts(good(name))
    assert schema(name).accepts({**good(name), "added": 1})
    if "payload" in good(name):
        assert schema(name).accepts(changed(good(name), "/payload/added", [1]))


@pytest.mark.parametrize("name", WRONG)
def test_no_member_may_be_missing_but_those_that_are_optional(name: str) -> None:
    can_go = {pointer for pointer in pointers(good(name)) if schema(name).accepts(without(good(name), pointer))}
    assert can_go == OPTIONAL.get(name, set()) & set(pointers(good(name)))


@pytest.mark.parametrize(
    ("name", "pointer", "value"),
    [(name, *wrong) for name, wrongs in WRONG.items() for wrong in wrongs]
    + [(name, *wrong) for name in AGENT for wrong in WRONG_IN_EVERY_RUN_EVENT],
)
def test_a_wrong_value_fails(name: str, pointer: str, value: Any) -> None:
    event = changed(good(name), pointer, value)
    assert not schema(name).accepts(event)
    assert schema(name).explain(event).instance_path == pointer


@pytest.mark.parametrize("progress", [None, 0, 33.3, 100])
def test_progress_may_be_unknown_or_a_percentage(progress: float | None) -> None:
    assert schema("agent_thinking").accepts(changed(good("agent_thinking"), "/payload/progress_percentage", progress))


@pytest.mark.parametrize("time", ["2025-09-08T03:00:01Z", "2025-09-08T05:00:01.1+02:00"])
def test_a_time_in_a_run_may_have_any_zone(time: str) -> None:
    assert schema("agent_started").accepts(changed(good("agent_started"), "/timestamp", time))


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
def test_the_schemas_fail_in_the_captures_what_is_expected_and_nothing_else(capture: Path) -> None:
    expected = json.loads(capture.with_suffix(".expected.json").read_text(encoding="utf-8"))
    failed = [index for index, event in messages(capture) if not accepts(event)]
    assert failed == [finding["index"] for finding in expected if finding["code"] == "schema"]


def accepts(event: Any) -> bool:
    return event == {"type": "pong"} or schema(name_of(event)).accepts(event)


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
def test_a_capture_ends_with_the_count_and_digest_of_its_records(capture: Path) -> None:
    header, *records, end = capture.read_bytes().splitlines(keepends=True)
    digest = sha256(b"".join(records)).hexdigest()
    assert json.loads(end) == {"wscheck": "end", "records": len(records), "sha256": digest}
    assert json.loads(header)["run"] == capture.stem


def test_captures_conform_or_break_as_their_folder_says() -> None:
    errors = {
        capture: [
            finding
            for finding in json.loads(capture.with_suffix(".expected.json").read_text(encoding="utf-8"))
            if finding["severity"] == "error"
        ]
        for capture in CAPTURES
    }
    assert {path.parent.name for path, findings in errors.items() if findings} == {"breaking"}
    assert {path.parent.name for path, findings in errors.items() if not findings} == {"conforming"}
