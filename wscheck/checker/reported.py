"""What a record itself tells: a breach of RFC 6455 by the peer, a step of the scenario that was not met."""

from __future__ import annotations

from wscheck.checker.findings import Findings
from wscheck.checker.stream import Stream
from wscheck.event import Event
from wscheck.finding import Verdict
from wscheck.record import Step, Violation
from wscheck.text import safe


def report_violation(findings: Findings, record: Violation, event: Event) -> None:
    """Report what the peer did against RFC 6455, as the client saw it."""
    findings.make(
        record.code,
        f"the peer breaks RFC 6455: {safe(record.text)}",
        session=record.session,
        connection=record.connection,
        event=event,
        blame="server",
    )
    findings.settle()


def report_step(findings: Findings, record: Step, stream: Stream | None) -> None:
    """Report a step that was not met; of one that must be, the clock of ``stream`` finds out whether it could come."""
    draft = findings.make(
        "expect",
        safe(record.text) or f"{record.expected} did not come as step {record.id} expects",
        session=record.session,
        connection=record.connection,
        rule_id=record.id,
        expected=(record.expected,),
        verdict=Verdict.FAIL if record.outcome == "unmet" else Verdict.INCONCLUSIVE,
        recent=tuple(stream.recent) if stream else (),
    )
    findings.settle()
    if stream and record.outcome == "timeout" and record.required:
        stream.clock.judge_wait(draft, since=record.since, due=record.due)
