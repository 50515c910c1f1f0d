"""What to try next: advice by phase and cause, and the command that looks again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from itertools import islice

from wscheck.finding import Verdict
from wscheck.record import Blocked, Closed, Cut, Refused
from wscheck.report.terminal.findings import MOST_WHOLE, count_listed, listed
from wscheck.result import Outcome, Result, SessionResult
from wscheck.text import safe, shorten

_MOST_REASONS = 3

ADVICE: Mapping[str, str] = {
    "name-not-found": "Check the host name of the target: no name service knows it.",
    "name-service-down": "Check the network: the name service does not answer.",
    "connection-refused": "Start the server, or check host and port: nothing listens there.",
    "unreachable": "Check the network and the address: no way leads there from here.",
    "connect-timeout": "Check host, port and firewall: nothing answers there at all.",
    "too-many-files": "Allow more open files (ulimit -n), or open fewer sessions at once.",
    "proxy-refused": "Check the proxy's address: it does not take the connection, or not to that host.",
    "proxy-auth": "Give the proxy's credentials: it asks for them.",
    "tls-expired": "Renew the server's certificate, or check this machine's clock.",
    "tls-untrusted": "Name the certificate authority of the server: nobody trusted here has signed its certificate.",
    "tls-hostname": "Check the host name: the server's certificate is for another one.",
    "tls-timeout": "Check port and scheme: what listens there does not answer in TLS.",
    "not-tls": "Check the scheme: what listens there does not speak TLS, so wss:// may have to be ws://.",
    "starting": "Wait until the server is ready, then run again.",
    "wrong-revision": "Wait until the revision that is awaited is deployed, then run again.",
    "ready-timeout": "Wait until the readiness check answers, or give it more time, then run again.",
    "token-service-down": "Wait until the token service answers, then run again: it is down.",
    "token-service-refused": "Check the credentials for the token service: it hands out no token for them.",
    "token-expired": "Get a new token: this one has expired.",
    "dropped": "Look at the server's log, and check scheme and port: the connection was dropped before an answer.",
    "handshake-timeout": "Look at the server's log: it takes the connection and does not answer the opening handshake.",
    "not-websocket": "Check port, path and scheme: what answers there is no WebSocket server.",
    "handshake-limit": "Look at what answers there: its answer is larger than any opening handshake should be.",
    "unauthorized": "Check the token and how it is sent; some servers answer so for an unknown path as well.",
    "endpoint": "Check the path of the target, and look at the server's log.",
    "busy": "Wait, then run again with fewer sessions: the server turns some away.",
    "silent": "Look at the server's log: the session opened, and the welcome did not come.",
    "closed": "Look at the server's log: it closed the session before the welcome.",
    "auth-rejected": "Check the token: the session opened, and the server then turned it away.",
    "auth-expired": "Give the token a longer life than the session: it expired before the end.",
    "deadline": "If the server is only slow, give the session or its step more time.",
    "limit": "Raise the limit that the ending names, if such a session is meant to be.",
    "interrupted": "Run again, and let it come to its end.",
    "unresponsive": "Look at the server and the network: it answered no ping any more.",
    "scenario": "Look at the scenario's step that the report names: the steps after it were not tried.",
    "disk": "Make room on the disk, or keep the capture elsewhere, then run again.",
}
"""By cause."""


def advise(result: Result) -> Iterator[str]:
    """Yield what to try next, each once: a sentence, or a command to type."""
    advice = [line for outcome in result.outcomes for line in _advise_outcome(outcome)]
    yield from dict.fromkeys(advice)
    shown = [one for outcome in result.outcomes for one in listed(outcome)]
    if count_listed(shown) > min(len(shown), MOST_WHOLE):
        yield "Add --report json=PATH for every finding."


def _advise_outcome(outcome: Outcome) -> Iterator[str]:
    if outcome.verdict is Verdict.PASS:
        return
    # What the server says of its own failure is nearer to the fault than what we make of its ending.
    reasons = dict.fromkeys(shorten(safe(cause.reason), 200) for cause in outcome.causes)
    yield from (f"Begin with what the server said: {reason}" for reason in islice(reasons, _MOST_REASONS))
    if not outcome.causes:
        yield from filter(None, map(_advise_session, outcome.sessions))
    if outcome.verdict is Verdict.NONE:
        yield "Check that the scenario sends what the server answers, and that the contract is the one it speaks."
    if outcome.truncated:
        yield "Capture such a session anew, up to its end: a capture that breaks off decides little."
    if outcome.verdict is Verdict.FAIL:
        yield from _advise_checking(outcome)


def _advise_checking(outcome: Outcome) -> Iterator[str]:
    if outcome.capture is None:
        yield "Add --save-capture PATH to keep the stream, and look at it again with wscheck check."
    else:
        yield "Show the findings and the capture to whoever owns the side at fault, and run again after the fix."
        yield "Where the contract is at fault, mend it and check the same stream again:"
        yield f"  wscheck check {shlex.quote(outcome.contract.file)} {shlex.quote(outcome.capture)}"


def _advise_session(session: SessionResult) -> str | None:
    match session.ending:
        case Refused(expected=True):
            return None
        case Refused() as refused if (wait := _header(refused, "retry-after")) is not None:
            return f"Wait as the server asks (Retry-After: {shorten(safe(wait), 60)}), then run again."
        case Refused() as refused if (place := _header(refused, "location")) is not None:
            return f"Redirects are never followed: give {shorten(safe(place), 200)} as the target, if you trust it."
        case Refused() | Blocked() | Closed() | None:
            return ADVICE.get(session.cause or "")
        case Cut(cause="dropped"):
            return None
        case Cut(cause=cause):
            return ADVICE[cause] if session.cause is None else ADVICE.get(session.cause)


def _header(refused: Refused, name: str) -> str | None:
    found = (value for field, value in (refused.headers or {}).items() if field.lower() == name)
    return next(found, None)
