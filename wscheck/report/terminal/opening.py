"""Cause before symptom: why a session did not open, or why the server said that it failed, and what that blocks."""

from __future__ import annotations

from collections.abc import Iterator

from wscheck.finding import Verdict
from wscheck.record import Blocked, Closed, Cut, Ending, Refused
from wscheck.report.terminal.lines import EMPTY, Line, Span, columns, line, prose
from wscheck.report.terminal.words import counted, describe_ending, describe_status, seconds
from wscheck.result import Cause, Outcome, SessionResult
from wscheck.text import safe, shorten

_TELLING = ("location", "retry-after", "www-authenticate", "content-type", "server", "via")
"""The header fields of a refusal that help to find who refused, and why."""

_MOST_CAUSES = 20
_MOST_OF_A_BODY = 200
_MOST_NAMES = 10


def describe_causes(outcome: Outcome, *, width: int) -> Iterator[Line]:
    """Yield what comes before everything else, and one line on what it left without a verdict."""
    alike: dict[str, list[SessionResult]] = {}
    for session in filter(is_stopped, outcome.sessions):
        alike.setdefault(_what_stopped(session.ending), []).append(session)
    for first, *others in alike.values():
        yield from _describe_stop(first, width=width)
        yield from _describe_others(others, width=width)
        yield EMPTY
    for cause in outcome.causes[:_MOST_CAUSES]:
        yield from _describe_cause(cause, width=width)
        yield EMPTY
    if untold := outcome.causes[_MOST_CAUSES:]:
        yield line(f"{counted(len(untold), 'more event')} told a cause; the JSON report has them.")
        yield EMPTY
    if blocked := _describe_blocked(outcome):
        yield line(blocked)
        yield EMPTY


def is_stopped(session: SessionResult) -> bool:
    """Whether ``session`` never opened, against what was wanted."""
    match session.ending:
        case Refused(expected=expected):
            # A probe that is refused in another way than it had to be has a finding, and no trouble.
            return not expected and session.phase is not None
        case Blocked():
            return True
        case Closed() | Cut() | None:
            return False


def name_session(session: SessionResult) -> str:
    """Return the session's name, with the number of its connection from the second on."""
    return f"Session {session.name}" + (f", connection {session.connection}" if session.connection > 1 else "")


def describe_phases(session: SessionResult) -> str:
    """Return the phases that were gone through, with their durations."""
    return ", ".join(f"{phase} {seconds(duration)}" for phase, duration in session.phases.items())


def _describe_stop(session: SessionResult, *, width: int) -> Iterator[Line]:
    head = Span(f"{name_session(session)} could not be opened: ", "bad")
    yield from prose(head, _what_stopped(session.ending), width=width, indent=2)
    rows = [
        ("uri", session.uri or ""),
        ("credentials", session.credentials or ""),
        ("phase", session.phase or ""),
        ("cause", session.cause or ""),
        ("phases", describe_phases(session)),
    ]
    if isinstance(session.ending, Refused):
        fields = {name.lower(): (name, value) for name, value in (session.ending.headers or {}).items()}
        rows.extend(fields[name] for name in _TELLING if name in fields)
        rows.append(("body", shorten(safe(session.ending.body), _MOST_OF_A_BODY)))
    yield from columns([row for row in rows if row[1]], indent=2)


def _describe_others(others: list[SessionResult], *, width: int) -> Iterator[Line]:
    """Yield one line on the sessions that the same stopped."""
    if others:
        names = ", ".join(name_session(session).removeprefix("Session ") for session in others[:_MOST_NAMES])
        more = f" and {len(others) - _MOST_NAMES:,} more" if len(others) > _MOST_NAMES else ""
        yield from prose("  ", f"the same stopped {names}{more}", width=width, indent=2)


def _what_stopped(ending: Ending | None) -> str:
    match ending:
        case Refused(status=status):
            return f"the server refused the opening handshake with {describe_status(status)}"
        case Blocked(text=text, cause=cause):
            return text or cause
        case Closed() | Cut() | None:
            return describe_ending(ending)


def _describe_cause(cause: Cause, *, width: int) -> Iterator[Line]:
    yield from prose(Span("The server said why it failed: ", "bad"), cause.reason, width=width, indent=2)
    event = cause.event
    yield line(f"  {event.name} ({event.place}) at {seconds(event.at)} in session {cause.session}, whole:")
    yield line(f"  {cause.text}")


def _describe_blocked(outcome: Outcome) -> str | None:
    idle = [scope.name for scope in outcome.scopes if scope.verdict is Verdict.NONE]
    stopped = [session for session in outcome.sessions if is_stopped(session)]
    if not idle or not (stopped or outcome.causes):
        return None
    contract = f"{outcome.contract.name}@{outcome.contract.version}"
    by = _what_blocked(stopped[0]) if stopped else f"what {outcome.causes[0].event.name} says"
    return f"{contract}: {counted(len(idle), 'scope')} not evaluated ({', '.join(idle)}), blocked by {by}"


def _what_blocked(session: SessionResult) -> str:
    match session.ending:
        case Refused(status=status):
            return f"the refused opening handshake ({status})"
        case Blocked(phase=phase, cause=cause):
            return f"{phase}, {cause}"
        case Closed() | Cut() | None:
            return "the session's ending"
