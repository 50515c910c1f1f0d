"""The JSON report, held against its schema."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.report.goldens import golden
from tests.report.hostile import HOSTILE, hostile
from tests.report.parts import OUT_OF_ORDER, OUTCOME, event, result
from tests.report.results import FAILED, MANY, RESULTS
from tests.support.foreign import find_commands
from wscheck.finding import Finding, Verdict
from wscheck.report import REPORTS
from wscheck.report.json_report import findings_json, render
from wscheck.text import safe

PATH = Path(__file__).parents[2] / "schemas/wscheck/report-1.schema.json"
SCHEMA = json.loads(PATH.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def read(text: str) -> Any:
    def reject(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=reject)


@pytest.mark.parametrize("name", RESULTS)
def test_a_report_keeps_to_its_schema(name: str) -> None:
    VALIDATOR.validate(read(render(RESULTS[name])))


def test_every_object_of_the_schema_is_closed_and_described() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    parts = {"the report": SCHEMA, **SCHEMA["$defs"]}
    objects = {name: part for name, part in parts.items() if part.get("type") == "object"}
    assert len(objects) > 10
    assert [name for name, part in objects.items() if part["additionalProperties"] is not False] == []
    assert [name for name, part in objects.items() if not part.get("description")] == []


def test_a_report_has_all_that_it_promises() -> None:
    report = read(render(RESULTS["fail"]))
    assert list(report) == [
        "wscheck",
        "verdict",
        "exit_code",
        "fail_on",
        "contract",
        "tool",
        "engine",
        "captures",
        "sessions",
        "scopes",
        "findings",
        "notes",
        "causes",
        "tolerated",
    ]
    assert (report["wscheck"], report["verdict"], report["exit_code"]) == ("report-1", "fail", 1)
    assert report["contract"]["name"] == "agent-events"
    assert report["captures"][0]["name"] == "captures/broken run.jsonl"
    assert report["scopes"][1]["required"] == {
        "seen": 3,
        "of": 5,
        "events": ["agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"],
        "missing": ["tool_executing", "agent_completed"],
    }
    assert report["scopes"][0]["states"] == {"visited": 4, "of": 6}
    assert report["tolerated"] == [{"what": "ping", "count": 4}, {"what": "reused-key", "count": 1}]


def test_a_finding_has_every_member_in_its_order() -> None:
    (finding,) = read(findings_json([OUT_OF_ORDER]))
    assert list(finding) == [
        *("code", "severity", "verdict", "rule", "scope", "key", "session", "connection", "event", "related"),
        *("expected", "missing", "recent", "instance_path", "schema_path", "contract_path", "contract_line"),
        *("blame", "message", "why", "more", "id"),
    ]
    assert set(finding) == {*Finding.__dataclass_fields__, "id"}
    assert finding["event"] == {"index": 6, "name": "tool_completed", "at": 0.6, "direction": "received"}
    assert finding["key"] == ["call-1"]
    assert finding["id"] == "out-of-order//tool/tool_completed/"


@pytest.mark.parametrize("name", ["refused", "blocked", "nothing", "cause", "truncated"])
def test_an_ending_has_the_members_of_its_kind(name: str) -> None:
    ending = read(render(RESULTS[name]))["sessions"][0]["ending"]
    kinds = {"refused": "refused", "blocked": "blocked", "nothing": "cut", "cause": "closed", "truncated": None}
    assert (ending and ending["kind"]) == kinds[name]
    if ending:
        assert list(ending) == list(SCHEMA["$defs"][ending["kind"]]["properties"])


def test_with_one_capture_no_part_names_it_so_that_live_and_offline_findings_are_equal() -> None:
    live = read(render(result(Verdict.FAIL, 1, replace(FAILED, capture=None))))
    offline = read(render(result(Verdict.FAIL, 1, FAILED)))
    assert live["findings"] == offline["findings"] == read(findings_json(FAILED.findings))
    assert not any("capture" in part for part in offline["findings"] + offline["sessions"] + offline["scopes"])


def test_with_several_captures_every_part_names_its_own() -> None:
    report = read(render(RESULTS["several"]))
    assert [capture["verdict"] for capture in report["captures"]] == ["pass", "fail", "inconclusive"]
    for member in ("sessions", "scopes", "findings", "notes", "tolerated"):
        assert report[member]
        assert all(part["capture"].startswith("captures/") for part in report[member])


def test_several_contracts_stand_each_with_its_capture() -> None:
    other = replace(OUTCOME, contract=replace(OUTCOME.contract, version="1.0.0"))
    report = read(render(result(Verdict.PASS, 0, OUTCOME, other)))
    assert report["contract"] is None
    assert [capture["contract"]["version"] for capture in report["captures"]] == ["2.0.0", "1.0.0"]


def test_json_on_standard_output_commands_no_pipeline_and_says_the_same() -> None:
    command = "##[add-mask]x ##vso[task.complete] ###[group] ::error::x"
    text = render(hostile(command))
    assert find_commands(text) == []
    assert read(text)["notes"][0]["text"] == command


def test_hostile_text_is_escaped_and_still_the_same_text() -> None:
    text = render(hostile())
    assert {character for character in text if safe(character) != character} == {"\n"}
    assert text.encode("utf-8").decode("utf-8") == text
    assert read(text)["notes"][0]["text"] == HOSTILE
    assert "grüße 🎈" in findings_json([replace(OUT_OF_ORDER, message="grüße 🎈")])
    assert read(findings_json([replace(OUT_OF_ORDER, message="\U000e0041")]))[0]["message"] == "\U000e0041"


def test_a_number_that_json_does_not_have_stands_as_a_string() -> None:
    (finding,) = read(findings_json([replace(OUT_OF_ORDER, key=(math.inf, {"a": [-math.inf]}, 1.5))]))
    assert finding["key"] == ["inf", {"a": ["-inf"]}, 1.5]


def test_nothing_is_left_out_of_the_json_report() -> None:
    assert len(read(render(MANY))["findings"]) == 58


def test_the_report_is_in_the_table_of_reports() -> None:
    assert REPORTS["json"](RESULTS["fail"]) == render(RESULTS["fail"])


def test_the_json_report_is_the_golden_one() -> None:
    text = render(RESULTS["fail"])
    assert text == golden("fail.json", text)


def test_an_event_names_its_place_in_a_message_that_holds_more_before_it() -> None:
    second = replace(OUT_OF_ORDER.event or event(1, "a"), part=1)
    report = read(render(result(Verdict.FAIL, 1, replace(FAILED, findings=(replace(OUT_OF_ORDER, event=second),)))))
    VALIDATOR.validate(report)
    found = report["findings"][0]
    assert (found["event"]["part"], [related.get("part") for related in found["related"]]) == (2, [None])


def test_a_capture_is_told_with_the_scenario_that_was_run() -> None:
    report = read(render(result(Verdict.PASS, 0, replace(OUTCOME, scenario="triage"))))
    assert [capture["scenario"] for capture in report["captures"]] == ["triage"]
