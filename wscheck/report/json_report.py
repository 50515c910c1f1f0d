"""The JSON report: the whole result by a published schema (report-1)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from wscheck.finding import EventRef, Finding
from wscheck.record import Blocked, Closed, Cut, Ending, Refused
from wscheck.result import Cause, ContractInfo, Outcome, Result, RuleResult, ScopeResult, SessionResult, Tolerated
from wscheck.text import safe

FORMAT = "report-1"
"""What the member ``wscheck`` of a report says."""

_NOT_ASCII = re.compile(r"[^\x20-\x7e\n]")
# Standard output is a pipeline's log, in which some take `##[…]` for a command wherever it stands.
_COMMAND = re.compile(r"(?<=#)#(?=[A-Za-z]*\[)")


def render(result: Result) -> str:
    """Return ``result`` as one JSON object of schemas/wscheck/report-1.schema.json, with a newline at its end.

    Characters that could move a cursor, hide or reorder text, or command a pipeline, are escaped, as JSON allows
    (RFC 8259, section 7).
    With several outcomes their parts carry ``capture``.
    """
    outcomes = result.outcomes
    return _write(
        {
            "wscheck": FORMAT,
            "verdict": str(result.verdict),
            "exit_code": result.exit_code,
            "fail_on": str(result.fail_on),
            "contract": _common_contract(outcomes),
            "tool": result.tool,
            "engine": result.engine,
            "captures": [_capture(outcome) for outcome in outcomes],
            "sessions": _gather(outcomes, lambda outcome: map(_session, outcome.sessions)),
            "scopes": _gather(outcomes, lambda outcome: map(_scope, outcome.scopes)),
            "findings": _gather(outcomes, lambda outcome: map(_finding, outcome.findings)),
            "notes": _gather(outcomes, lambda outcome: ({"text": note} for note in outcome.notes)),
            "causes": _gather(outcomes, lambda outcome: map(_cause, outcome.causes)),
            "tolerated": _gather(outcomes, lambda outcome: map(_tolerated, outcome.tolerated)),
        }
    )


def findings_json(findings: Iterable[Finding]) -> str:
    """Return only ``findings``, as they stand in a report of one capture: equal findings give equal text."""
    return _write([_finding(finding) for finding in findings])


def _gather(
    outcomes: tuple[Outcome, ...], parts: Callable[[Outcome], Iterable[dict[str, Any]]]
) -> list[dict[str, Any]]:
    if len(outcomes) == 1:
        # One capture goes without saying, so that a run and the check of its capture report the same findings.
        return list(parts(outcomes[0]))
    return [{"capture": outcome.capture, **part} for outcome in outcomes for part in parts(outcome)]


def _common_contract(outcomes: tuple[Outcome, ...]) -> dict[str, Any] | None:
    contracts = {outcome.contract for outcome in outcomes}
    return _contract(contracts.pop()) if len(contracts) == 1 else None


def _contract(contract: ContractInfo) -> dict[str, Any]:
    return {
        "name": contract.name,
        "version": contract.version,
        "digest": contract.digest,
        "file": contract.file,
    }


def _capture(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.capture,
        "scenario": outcome.scenario,
        "verdict": str(outcome.verdict),
        "why": outcome.why,
        "contract": _contract(outcome.contract),
        "records": outcome.records,
        "truncated": outcome.truncated,
    }


def _session(session: SessionResult) -> dict[str, Any]:
    return {
        "name": session.name,
        "connection": session.connection,
        "uri": session.uri,
        "identity": session.identity,
        "subprotocol": session.subprotocol,
        "ending": _ending(session.ending) if session.ending else None,
        "received": session.received,
        "sent": session.sent,
        "bytes": session.bytes,
        "first": session.first,
        "last": session.last,
        "phase": session.phase,
        "cause": session.cause,
        "phases": dict(session.phases),
        "credentials": session.credentials,
        "probe": None if session.probe is None else dict(session.probe),
    }


def _ending(ending: Ending) -> dict[str, Any]:
    match ending:
        case Closed(at=at, code=code, reason=reason, initiator=initiator):
            return {"kind": "closed", "at": at, "code": code, "reason": reason, "initiator": initiator}
        case Refused(at=at, status=status, body=body, expected=expected):
            headers = dict(ending.headers or {})
            return {
                "kind": "refused",
                "at": at,
                "status": status,
                "headers": headers,
                "body": body,
                "expected": expected,
            }
        case Blocked(at=at, phase=phase, cause=cause, text=text):
            return {"kind": "blocked", "at": at, "phase": phase, "cause": cause, "text": text}
        case Cut(at=at, cause=cause, awaiting=awaiting, text=text):
            return {"kind": "cut", "at": at, "cause": cause, "awaiting": awaiting, "text": text}


def _scope(scope: ScopeResult) -> dict[str, Any]:
    return {
        "name": scope.name,
        "verdict": str(scope.verdict),
        "instances": scope.instances,
        "whole": scope.whole,
        "required": {
            "seen": len(scope.required) - len(scope.missing),
            "of": len(scope.required),
            "events": list(scope.required),
            "missing": list(scope.missing),
        },
        "states": _coverage(scope.states),
        "transitions": _coverage(scope.transitions),
        "rules": [_rule(rule) for rule in scope.rules],
    }


def _rule(rule: RuleResult) -> dict[str, Any]:
    return {"id": rule.id, "kind": rule.kind, "verdict": str(rule.verdict), "why": rule.why}


def _coverage(coverage: tuple[int, int] | None) -> dict[str, int] | None:
    return {"visited": coverage[0], "of": coverage[1]} if coverage else None


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "verdict": str(finding.verdict),
        "rule": finding.rule,
        "scope": finding.scope,
        "key": None if finding.key is None else list(finding.key),
        "session": finding.session,
        "connection": finding.connection,
        "event": _event(finding.event) if finding.event else None,
        "related": [_event(event) for event in finding.related],
        "expected": list(finding.expected),
        "missing": list(finding.missing),
        "recent": [_event(event) for event in finding.recent],
        "instance_path": finding.instance_path,
        "schema_path": finding.schema_path,
        "contract_path": finding.contract_path,
        "contract_line": finding.contract_line,
        "blame": finding.blame,
        "message": finding.message,
        "why": finding.why,
        "more": finding.more,
        "id": finding.id,
    }


def _event(event: EventRef) -> dict[str, Any]:
    part = {"part": event.part + 1} if event.part else {}
    return {"index": event.index, **part, "name": event.name, "at": event.at, "direction": event.direction}


def _cause(cause: Cause) -> dict[str, Any]:
    return {"session": cause.session, "event": _event(cause.event), "reason": cause.reason, "text": cause.text}


def _tolerated(tolerated: Tolerated) -> dict[str, Any]:
    return {"what": tolerated.what, "count": tolerated.count}


def _write(value: Any) -> str:
    text = json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False)
    return _COMMAND.sub(r"\\u0023", _NOT_ASCII.sub(_escape, text)) + "\n"


def _finite(value: Any) -> Any:
    """Replace what JSON has no number for: a key may hold a number that is infinite as a double."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case dict():
            return {name: _finite(member) for name, member in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
        case _:
            return value


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return character if safe(character) == character else json.dumps(character)[1:-1]
