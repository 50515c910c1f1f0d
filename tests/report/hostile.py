"""A result full of text that would move a cursor, hide or reorder what is shown."""

from __future__ import annotations

from dataclasses import replace

from tests.report.parts import SESSION, UNSEEN, blocked, event, refused, result, scope
from wscheck.finding import Finding, Severity, Verdict
from wscheck.record import Closed
from wscheck.result import Cause, ContractInfo, Outcome, Result, RuleResult, Tolerated

HOSTILE = "\x1b[2J\x1b]0;owned\x07\r\n\u2028\u2029\x9b31m\u202e\u2066\ufeff\ud800\x00\x7f"


def hostile(text: str = HOSTILE) -> Result:
    """A result in which ``text`` stands wherever a peer or a file may have said something."""
    session = replace(
        refused(403, text, {"Server": text, "Location": text, "Retry-After": text}, text),
        name=text,
        uri=text,
        phases={text: 1.0},
        credentials=text,
    )
    opened = replace(
        SESSION,
        name=text,
        uri=text,
        identity={text: [text]},
        subprotocol=text,
        ending=Closed(at=1.0, session=text, code=4000, reason=text),
        phase=text,
        cause=text,
    )
    finding = _finding(text)
    outcome = Outcome(
        verdict=Verdict.FAIL,
        why=text,
        contract=ContractInfo(name=text, version=text, digest=text, file=text),
        sessions=(session, opened, blocked("dns", text, text)),
        scopes=(
            scope(
                text,
                Verdict.FAIL,
                2,
                required=(text,),
                missing=(text,),
                rules=(RuleResult(id=text, kind=text, verdict=Verdict.NONE, why=text),),
            ),
            *UNSEEN,
        ),
        findings=(finding, replace(finding, severity=Severity.INFO)),
        causes=(Cause(session=text, event=event(3, text), reason=text, text=text),),
        notes=(text,),
        tolerated=(Tolerated(what=text, count=2),),
        records=3,
        truncated=True,
        capture=text,
    )
    return replace(result(Verdict.FAIL, 1, outcome, outcome), tool=text, engine=text)


def _finding(text: str) -> Finding:
    return Finding(
        code=text,
        severity=Severity.ERROR,
        verdict=Verdict.FAIL,
        message=text,
        rule=text,
        scope=text,
        key=(text, {text: float("inf")}),
        session=text,
        event=event(1, text),
        recent=(event(2, text),),
        instance_path=text,
        schema_path=text,
        contract_path=text,
        why=text,
    )
