"""Was the target only unavailable: what an attempt came to, held against the table of what waiting may mend."""

from __future__ import annotations

from enum import Enum

from wscheck.finding import Severity, Verdict
from wscheck.record import PHASES, Blocked, Closed, Cut, Phase, Refused
from wscheck.result import Outcome, SessionResult
from wscheck.wire.waiting import MENDABLE_CODES, MENDABLE_STATUSES, UNDECIDED, asked_to_wait, is_mendable


class _Trouble(Enum):
    """What a session's end says about trying again."""

    NONE = "none"
    PASSING = "passing"
    LASTING = "lasting"


def is_unavailable(outcome: Outcome) -> bool:
    """Whether the target was not there, and nothing was broken: only then can another attempt say more.

    Nothing that fails is ever tried again, neither is what a session was turned away for; one such session is enough.
    """
    if outcome.verdict in {Verdict.PASS, Verdict.FAIL}:
        return False
    broken = [one for one in outcome.findings if one.verdict is Verdict.FAIL]
    if any(one.severity in {Severity.ERROR, Severity.WARNING} for one in broken):
        return False
    troubles = {_judge(session, outcome) for session in outcome.sessions}
    return _Trouble.PASSING in troubles and _Trouble.LASTING not in troubles


def asked_pause(outcome: Outcome) -> float:
    """Return how long servers that refused a session ask to be left alone, in seconds (RFC 9110, section 10.2.3)."""
    refusals = [session.ending for session in outcome.sessions if isinstance(session.ending, Refused)]
    lowered = [{name.lower(): value for name, value in (one.headers or {}).items()} for one in refusals]
    return max(map(asked_to_wait, lowered), default=0.0)


def has_opened(outcome: Outcome) -> bool:
    """Whether a session was opened, so that something of the stream may have been seen."""
    return any(session.phases and not isinstance(session.ending, Refused | Blocked) for session in outcome.sessions)


def _judge(session: SessionResult, outcome: Outcome) -> _Trouble:
    phase: Phase | None = next((one for one in PHASES if one == session.phase), None)
    if phase is None:
        return _Trouble.PASSING if _left_undecided(session, outcome) else _Trouble.NONE
    cause = session.cause or ""
    if cause in UNDECIDED.get(phase, ()):
        return _Trouble.NONE
    match session.ending:
        case Refused(status=status):
            passing = status in MENDABLE_STATUSES
        case Closed(code=code, initiator="peer"):
            passing = cause == "closed" and code in MENDABLE_CODES.get(phase, ())
        case Blocked() | Cut() | Closed() | None:
            passing = is_mendable(phase, cause)
    return _Trouble.PASSING if passing else _Trouble.LASTING


def _left_undecided(session: SessionResult, outcome: Outcome) -> bool:
    """Whether the server ended an open session for its own sake, and something could not be decided for that.

    A contract that takes the close code of such an end has nothing undecided there.
    """
    match session.ending:
        case Closed(code=code, initiator="peer") if code in MENDABLE_CODES["open"]:
            undecided = [one for one in outcome.findings if one.verdict is Verdict.INCONCLUSIVE]
            return (session.name, session.connection) in {(one.session, one.connection) for one in undecided}
        case _:
            return False
