"""The two versions of agent-events against each other, and what version 1 makes of tools that have no id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.contract.agent_events import VERSIONS, captures, folder
from wscheck.checker import Checker
from wscheck.contract.load import load_contract
from wscheck.finding import Severity, Verdict
from wscheck.record import Closed, Message, Opened
from wscheck.result import Outcome
from wscheck.run import check_capture

CONFORMING = [(version, path) for version in VERSIONS for path in captures(version) if path.parent.name == "conforming"]


@pytest.mark.parametrize(
    ("version", "capture"), CONFORMING, ids=[f"{version}-{path.stem}" for version, path in CONFORMING]
)
def test_a_stream_of_one_version_breaks_the_contract_of_the_other(version: str, capture: Path) -> None:
    other = "1" if version == "2" else "2"
    outcome = check_capture(load_contract(str(folder(other))), capture, fail_on=Severity.ERROR)
    assert outcome.verdict is Verdict.FAIL
    assert {"schema", "missing"} & {finding.code for finding in outcome.findings}


def check(tools: Sequence[str]) -> Outcome:
    """Check a run of version 1 in which these events of one tool come: "(" for a call, ")" for its completion."""
    run = {"run_id": "run-71", "agent_name": "triage", "timestamp": 1757000001.0}
    said = [
        {"type": "connection_established", "connection_id": "conn_1", "timestamp": 1757000000.0, "system": True},
        {"type": "agent_started", "payload": {**run, "thread_id": "th-9"}},
        {"type": "agent_thinking", "payload": {**run, "thought": "Why", "step_number": 1, "total_steps": 1}},
        *(
            {"type": "tool_executing", "payload": {**run, "tool_name": "cost_lookup"}}
            if tool == "("
            else {"type": "tool_completed", "payload": {**run, "tool_name": "cost_lookup", "result": {}}}
            for tool in tools
        ),
        {"type": "agent_completed", "payload": {**run, "result": {"summary": "So"}, "duration_ms": 1.0}},
    ]
    checker = Checker(load_contract(str(folder("1"))))
    checker.observe(Opened(at=0.0, session="ada"))
    for number, event in enumerate(said, start=1):
        checker.observe(Message(at=number / 10, session="ada", direction="received", text=json.dumps(event)))
    checker.observe(Closed(at=9.0, session="ada", code=1000, initiator="tool"))
    return checker.conclude()


@pytest.mark.parametrize(
    "tools", ["()", "(())", "()()", "(()())()", "((()(())))", "(((())))", "((((()()))))", "((((()))))()"]
)
def test_calls_of_one_tool_may_overlap_as_long_as_each_completes(tools: str) -> None:
    assert check(tools).findings == ()


@pytest.mark.parametrize(
    ("tools", "codes"),
    [
        ("(()", ["child-open"]),
        ("((())", ["child-open"]),
        ("(((()))", ["child-open"]),
        ("())", ["duplicate"]),
        ("(())())", ["duplicate"]),
        (")()", ["orphan"]),
        (")(", ["orphan", "child-open"]),
    ],
)
def test_a_call_too_many_or_a_completion_too_many_is_found(tools: str, codes: list[str]) -> None:
    assert [finding.code for finding in check(tools).findings] == codes
