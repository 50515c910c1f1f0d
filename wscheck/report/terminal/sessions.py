"""What was really exercised: each session with its phases, messages and ending, each scope with its required events."""

from __future__ import annotations

from collections.abc import Iterator

from wscheck.finding import Verdict
from wscheck.record import Refused
from wscheck.report.terminal.lines import EMPTY, Line, Span, columns, line
from wscheck.report.terminal.opening import describe_phases, is_stopped, name_session
from wscheck.report.terminal.words import STYLES, as_json, counted, describe_ending, seconds
from wscheck.result import Outcome, ScopeResult, SessionResult


def describe_sessions(outcome: Outcome) -> Iterator[Line]:
    """Yield each session that opened, or was rightly turned away."""
    for session in outcome.sessions:
        if not is_stopped(session):
            yield from _describe_session(session)
            yield EMPTY


def describe_scopes(outcome: Outcome) -> Iterator[Line]:
    """Yield the table of scopes. Those that a cause left without a verdict stand in its line."""
    blocked = bool(outcome.causes) or any(map(is_stopped, outcome.sessions))
    rows = [_describe_scope(scope) for scope in outcome.scopes if not (blocked and scope.verdict is Verdict.NONE)]
    if rows:
        yield line(Span("Scopes", "strong"))
        yield from columns(rows, indent=2)
        yield EMPTY


def _describe_session(session: SessionResult) -> Iterator[Line]:
    yield line(Span(name_session(session), "strong"))
    as_expected = isinstance(session.ending, Refused)
    stopped = "" if as_expected or not session.cause else f"in phase {session.phase}: {session.cause}"
    rows = [
        ("uri", session.uri or ""),
        ("phases", describe_phases(session)),
        ("subprotocol", session.subprotocol or ""),
        ("credentials", session.credentials or ""),
        ("identity", "" if session.identity is None else as_json(session.identity)),
        ("messages", _describe_messages(session)),
        ("ending", describe_ending(session.ending)),
        ("stopped", stopped),
    ]
    yield from columns([row for row in rows if row[1]], indent=2)


def _describe_messages(session: SessionResult) -> str:
    counts = f"{session.received:,} received, {session.sent:,} sent, {counted(session.bytes, 'byte')}"
    if session.first is None or session.last is None:
        return counts
    return f"{counts}, from {seconds(session.first)} to {seconds(session.last)}"


def _describe_scope(scope: ScopeResult) -> tuple[str | Span, ...]:
    verdict = Span(str(scope.verdict), STYLES[scope.verdict])
    if not scope.instances:
        return scope.name, verdict, "never seen"
    return scope.name, verdict, counted(scope.instances, "instance"), _describe_required(scope)


def _describe_required(scope: ScopeResult) -> str:
    of = len(scope.required)
    if not of:
        return ""
    if not scope.missing:
        return f"{of}/{of} required events"
    partly = f"; {scope.whole:,} of {scope.instances:,} had all" if scope.instances > 1 else ""
    return f"{of - len(scope.missing)}/{of} required events, missing {', '.join(scope.missing)}{partly}"
