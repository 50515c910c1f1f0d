"""What results are made of, by hand: sessions, scopes and findings, good ones and broken ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wscheck.finding import EventRef, Finding, Severity, Verdict
from wscheck.record import Blocked, Closed, Refused
from wscheck.result import ContractInfo, Outcome, Result, RuleResult, ScopeResult, SessionResult, Tolerated

CONTRACT = ContractInfo(
    name="agent-events",
    version="2.0.0",
    digest="sha256:" + "5c" * 32,
    file="schemas/agent-events/2.0.0/contract.yaml",
)
RUN_EVENTS = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")


def event(index: int, name: str, direction: Any = "received") -> EventRef:
    return EventRef(index=index, name=name, at=index / 10, direction=direction)


def scope(name: str, verdict: Verdict, instances: int, **members: Any) -> ScopeResult:
    defaults: dict[str, Any] = {
        "whole": instances,
        "required": (),
        "missing": (),
        "states": (4, 6),
        "transitions": (5, 9),
        "rules": (),
    }
    return ScopeResult(name=name, verdict=verdict, instances=instances, **{**defaults, **members})


SESSION = SessionResult(
    name="ada",
    connection=1,
    uri="ws://127.0.0.1:8765/ws",
    identity="ada-0001",
    subprotocol="jwt-auth",
    ending=Closed(at=4.2, session="ada", code=1000, initiator="tool"),
    received=9,
    sent=1,
    bytes=2345,
    first=0.010,
    last=4.1,
    phase=None,
    cause=None,
    phases={"dns": 0.001, "tcp": 0.002, "handshake": 0.0104},
    credentials="token minted from claims, key from $AGENT_JWT_KEY; sub ada-0001; expires in 900 s",
)
SCOPES = (
    scope("connection", Verdict.PASS, 1, required=("connection_established",)),
    scope("run", Verdict.PASS, 1, required=RUN_EVENTS),
    scope(
        "tool",
        Verdict.PASS,
        2,
        required=("tool_executing", "tool_completed"),
        rules=(
            RuleResult(id="answered", kind="ask", verdict=Verdict.PASS),
            RuleResult(id="once", kind="unique", verdict=Verdict.NONE, why="no call is made twice"),
        ),
    ),
)
UNSEEN = tuple(scope(name, Verdict.NONE, 0, states=None, transitions=None) for name in ("connection", "run", "tool"))
OUTCOME = Outcome(
    verdict=Verdict.PASS,
    why="every scope was exercised and held to the end",
    contract=CONTRACT,
    sessions=(SESSION,),
    scopes=SCOPES,
    findings=(),
    causes=(),
    notes=(),
    tolerated=(Tolerated(what="ping", count=4), Tolerated(what="reused-key", count=1)),
    records=13,
    truncated=False,
    capture="captures/ada.jsonl",
)
OUT_OF_ORDER = Finding(
    code="out-of-order",
    severity=Severity.ERROR,
    verdict=Verdict.FAIL,
    message="tool_completed (#6) for tool call-1 came before tool_executing (#7), which must come first",
    scope="tool",
    key=("call-1",),
    session="ada",
    connection=1,
    event=event(6, "tool_completed"),
    related=(event(7, "tool_executing"),),
    expected=("tool_executing",),
    missing=("tool_executing",),
    recent=(event(4, "agent_started"), event(5, "agent_thinking"), event(6, "tool_completed")),
    contract_path="/scopes/tool/order",
    contract_line=57,
    blame="server",
    why="a result without its call cannot be shown to the user",
)
SCHEMA_FINDING = Finding(
    code="schema",
    severity=Severity.ERROR,
    verdict=Verdict.FAIL,
    message='agent_thinking (#5): /payload/step_number must be an integer and is the string "1"; ' + "so it goes " * 20,
    session="ada",
    connection=1,
    event=event(5, "agent_thinking"),
    instance_path="/payload/step_number",
    schema_path="/properties/payload/properties/step_number/type",
    contract_path="/events/agent_thinking/schema",
    contract_line=31,
    blame="server",
    more=3,
)
INCOMPLETE = Finding(
    code="incomplete",
    severity=Severity.ERROR,
    verdict=Verdict.INCONCLUSIVE,
    message="run run-71 was still open when the capture broke off: agent_completed or agent_error was due",
    scope="run",
    key=("run-71",),
    session="ada",
    connection=1,
    recent=(event(4, "agent_started"), event(5, "agent_thinking")),
    expected=("agent_completed", "agent_error"),
    contract_path="/scopes/run/order",
    contract_line=40,
    blame="server",
)
VACUOUS = Finding(
    code="vacuous", severity=Severity.INFO, verdict=Verdict.NONE, message="no tool was ever seen", scope="tool"
)
LATE = replace(
    OUT_OF_ORDER,
    code="too-late",
    severity=Severity.WARNING,
    rule="answered",
    message="run run-71 was not complete within 120 s",
    scope="run",
    key=("run-71",),
    event=event(9, "$close"),
    related=(),
    recent=(),
    contract_path=None,
    contract_line=None,
    why=None,
)


def refused(status: int, cause: str, headers: Mapping[str, str], body: str = "", **members: Any) -> SessionResult:
    ending = Refused(at=0.013, session="ada", status=status, headers=headers, body=body, **members)
    never = {"received": 0, "sent": 0, "bytes": 0, "first": None, "last": None, "subprotocol": None}
    return replace(SESSION, ending=ending, phase="handshake", cause=cause, **never)


def blocked(phase: Any, cause: str, text: str) -> SessionResult:
    ending = Blocked(at=0.002, session="ada", phase=phase, cause=cause, text=text)
    never = {"received": 0, "sent": 0, "bytes": 0, "first": None, "last": None, "subprotocol": None}
    return replace(SESSION, ending=ending, phase=phase, cause=cause, phases={"dns": 0.001}, **never)


def result(verdict: Verdict, exit_code: int, *outcomes: Outcome) -> Result:
    return Result(
        verdict=verdict,
        exit_code=exit_code,
        tool="wscheck 0.1.0",
        engine="jsonschema-rs 0.60.1",
        fail_on=Severity.ERROR,
        outcomes=outcomes,
    )
