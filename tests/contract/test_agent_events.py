"""The schemas of agent-events, both versions: every event of the shipped captures, and how an event can be wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.contract.agent_events import (
    AGENT,
    TABLES,
    VERSIONS,
    captures,
    changed,
    events,
    good,
    good_texts,
    name_of,
    schema,
)

KINDS = [(version, name) for version in VERSIONS for name in TABLES[version].wrong]
CAPTURES = [(version, path) for version in VERSIONS for path in captures(version)]
CAPTURE_IDS = [f"{version}-{path.stem}" for version, path in CAPTURES]


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


@pytest.mark.parametrize("version", VERSIONS)
def test_every_event_with_a_schema_is_tried(version: str) -> None:
    declared = events(version)
    with_schema = {name for name in declared if declared[name] and "schema" in declared[name]}
    assert with_schema == set(TABLES[version].wrong) == set(good_texts(version))


@pytest.mark.parametrize(("version", "name"), KINDS)
def test_a_good_event_passes_whatever_a_server_adds(version: str, name: str) -> None:
    assert schema(version, name).accepts(good(version, name))
    assert schema(version, name).accepts({**good(version, name), "added": 1})
    if "payload" in good(version, name):
        assert schema(version, name).accepts(changed(good(version, name), "/payload/added", [1]))


@pytest.mark.parametrize(("version", "name"), KINDS)
def test_no_member_may_be_missing_but_those_that_are_optional(version: str, name: str) -> None:
    accepts = schema(version, name).accepts
    here = set(pointers(good(version, name)))
    can_go = {pointer for pointer in here if accepts(without(good(version, name), pointer))}
    assert can_go == TABLES[version].optional.get(name, set()) & here


@pytest.mark.parametrize(
    ("version", "name", "pointer", "value"),
    [(version, name, *wrong) for version, name in KINDS for wrong in TABLES[version].wrong[name]]
    + [
        (version, name, *wrong)
        for version in VERSIONS
        for name in AGENT
        if (version, name) != ("1", "agent_error")  # an error of version 1 is no event of a run but for its run_id
        for wrong in TABLES[version].wrong_in_every_run_event
    ],
)
def test_a_wrong_value_fails(version: str, name: str, pointer: str, value: Any) -> None:
    event = changed(good(version, name), pointer, value)
    assert not schema(version, name).accepts(event)
    assert schema(version, name).explain(event).instance_path == pointer


@pytest.mark.parametrize("progress", [None, 0, 33.3, 100])
def test_progress_may_be_unknown_or_a_percentage(progress: float | None) -> None:
    event = changed(good("2", "agent_thinking"), "/payload/progress_percentage", progress)
    assert schema("2", "agent_thinking").accepts(event)


@pytest.mark.parametrize("time", ["2025-09-08T03:00:01Z", "2025-09-08T05:00:01.1+02:00"])
def test_a_time_in_a_run_of_version_2_may_have_any_zone(time: str) -> None:
    assert schema("2", "agent_started").accepts(changed(good("2", "agent_started"), "/timestamp", time))


@pytest.mark.parametrize("spoken", VERSIONS)
@pytest.mark.parametrize("name", ["connection_established", *AGENT, "ping"])
def test_an_event_of_one_version_is_never_one_of_the_other(name: str, spoken: str) -> None:
    other = "1" if spoken == "2" else "2"
    event = good(spoken, name)
    declared = events(other)
    same_type = [
        kind
        for kind in declared
        if kind == event["type"] or (declared[kind] or {}).get("match", {}).get("/type") == event["type"]
    ]
    assert not any(schema(other, kind).accepts(event) for kind in same_type if "schema" in (declared[kind] or {}))


@pytest.mark.parametrize(("version", "capture"), CAPTURES, ids=CAPTURE_IDS)
def test_the_schemas_fail_in_the_captures_what_is_expected_and_nothing_else(version: str, capture: Path) -> None:
    expected = json.loads(capture.with_suffix(".expected.json").read_text(encoding="utf-8"))
    failed = [index for index, event in messages(capture) if not accepts(version, event)]
    assert failed == [finding["index"] for finding in expected if finding["code"] == "schema"]


def accepts(version: str, event: Any) -> bool:
    return event == {"type": "pong"} or schema(version, name_of(event)).accepts(event)


@pytest.mark.parametrize(("version", "capture"), CAPTURES, ids=CAPTURE_IDS)
def test_a_capture_ends_with_the_count_and_digest_of_its_records(version: str, capture: Path) -> None:
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
        for _, capture in CAPTURES
    }
    assert {path.parent.name for path, findings in errors.items() if findings} == {"breaking"}
    assert {path.parent.name for path, findings in errors.items() if not findings} == {"conforming"}
