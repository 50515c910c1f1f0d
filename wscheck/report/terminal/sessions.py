"""What was really exercised: each session with its phases, messages and ending, each scope with its required events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wscheck.finding import Verdict
from wscheck.record import Refused
from wscheck.report.terminal.lines import EMPTY, Line, Span, columns, line
from wscheck.report.terminal.opening import describe_phases, is_stopped, name_session
from wscheck.report.terminal.words import STYLES, as_json, counted, describe_ending, seconds
from wscheck.result import Outcome, ScopeResult, SessionResult

MOST_WHOLE = 2
"""Sessions that are described one by one; more stand in a table."""

_MOST_ROWS = 20


def describe_sessions(outcome: Outcome) -> Iterator[Line]:
    """Yield each session that opened, or was rightly turned away: where they are many, each in one line."""
    sessions = [session for session in outcome.sessions if not is_stopped(session)]
    if len(sessions) <= MOST_WHOLE:
        for session in sessions:
            yield from _describe_session(session)
            yield EMPTY
    else:
        yield from _tabulate(sessions)
        yield EMPTY


def describe_scopes(outcome: Outcome) -> Iterator[Line]:
    """Yield the table of scopes. Those that a cause left without a verdict stand in its line."""
    blocked = bool(outcome.causes) or any(map(is_stopped, outcome.sessions))
    rows = [_describe_scope(scope) for scope in outcome.scopes if not (blocked and scope.verdict is Verdict.NONE)]
    if rows:
        yield line(Span("Scopes", "strong"))
        yield from columns(rows, indent=2)
        yield EMPTY


def brief_rows(sessions: Sequence[SessionResult]) -> tuple[list[tuple[str, str, str]], int]:
    """Return a row a session, its name, its messages and its ending; of many the first, and how many more there are."""
    # Those that went wrong are not left out for those that did not.
    first = sorted(sessions, key=lambda session: session.cause is None)[:_MOST_ROWS]
    return [_describe_briefly(session) for session in sessions if session in first], len(sessions) - len(first)


def describe_scope(scope: ScopeResult) -> tuple[str, ...]:
    """Return how ``scope`` was exercised: how many instances there were, and how many of its required events."""
    if not scope.instances:
        return ("never seen",)
    return counted(scope.instances, "instance"), _describe_required(scope)


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
        ("probe", _describe_probe(session)),
        ("ending", describe_ending(session.ending)),
        ("stopped", stopped),
    ]
    yield from columns([row for row in rows if row[1]], indent=2)


def _tabulate(sessions: Sequence[SessionResult]) -> Iterator[Line]:
    names = {session.name for session in sessions}
    connections = f", {counted(len(sessions), 'connection')}" if len(names) < len(sessions) else ""
    yield line(Span("Sessions", "strong"), f"  {len(names):,}{connections}{_describe_targets(sessions)}")
    rows, more = brief_rows(sessions)
    yield from columns(rows, indent=2)
    if more:
        yield line(f"  … and {more:,} more, all in the JSON report")


def _describe_targets(sessions: Sequence[SessionResult]) -> str:
    uris = {session.uri for session in sessions if session.uri}
    return f", at {uris.pop()}" if len(uris) == 1 else f", at {len(uris)} URIs" if uris else ""


def _describe_briefly(session: SessionResult) -> tuple[str, str, str]:
    connection = f" (connection {session.connection})" if session.connection > 1 else ""
    counts = f"{session.received:,} received, {session.sent:,} sent"
    stopped = "" if isinstance(session.ending, Refused) or not session.cause else f"{session.phase}, {session.cause}: "
    probe = f"probe {_describe_probe(session)}: " if session.probe else ""
    return f"{session.name}{connection}", counts, f"{probe}{stopped}{describe_ending(session.ending)}"


def _describe_probe(session: SessionResult) -> str:
    if session.probe is None:
        return ""
    statuses, code = session.probe.get("status"), session.probe.get("code")
    if session.probe["expect"] == "refused":
        return "to be refused" + (f" with {' or '.join(map(str, statuses))}" if statuses else "")
    return "to be closed" + (f" with {code}" if code else "")


def _describe_messages(session: SessionResult) -> str:
    counts = f"{session.received:,} received, {session.sent:,} sent, {counted(session.bytes, 'byte')}"
    if session.first is None or session.last is None:
        return counts
    return f"{counts}, from {seconds(session.first)} to {seconds(session.last)}"


def _describe_scope(scope: ScopeResult) -> tuple[str | Span, ...]:
    return scope.name, Span(str(scope.verdict), STYLES[scope.verdict]), *describe_scope(scope)


def _describe_required(scope: ScopeResult) -> str:
    of = len(scope.required)
    if not of:
        return ""
    if not scope.missing:
        return f"{of}/{of} required events"
    partly = f"; {scope.whole:,} of {scope.instances:,} had all" if scope.instances > 1 else ""
    return f"{of - len(scope.missing)}/{of} required events, missing {', '.join(scope.missing)}{partly}"
