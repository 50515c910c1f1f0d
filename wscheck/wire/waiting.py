"""What waiting may mend, and for how long: the one table of what is tried again, by phase and cause."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wscheck.record import Phase

MENDABLE: Mapping[Phase, Collection[str]] = {
    "dns": ("name-service-down",),
    "tcp": ("connection-refused", "unreachable", "connect-timeout"),
    "proxy": ("proxy-refused",),
    "tls": ("tls-timeout",),
    "ready": ("starting", "wrong-revision", "ready-timeout"),
    "auth": ("token-service-down",),
    "handshake": ("dropped", "handshake-timeout", "starting", "busy"),
    "welcome": (),
    "open": ("unresponsive",),
}
"""The causes by which a target is not there now and may be soon: a server that starts, a network that is down.

What stands in no row is the same in a minute: a name that nobody knows, a certificate, a credential that is turned
away, a wrong port or path, a limit of ours.
"""

MENDABLE_STATUSES = (408, 425, 429, 500, 502, 503, 504)
"""Answers to the opening handshake by which a server, or what is before it, says: not now (RFC 9110, section 15)."""

MENDABLE_CODES: Mapping[Phase, Collection[int]] = {
    "welcome": (1001, 1006, 1012, 1013, 1014),
    "open": (1006, 1012, 1013, 1014),
}
"""Close codes by which a session ended for the server's sake: lost, restarting, try again later, bad gateway.

Before its welcome going away (1001) is one of them. Later it is a regular end, and what is pending then is judged.
"""

UNDECIDED: Mapping[Phase, Collection[str]] = {
    "welcome": ("silent",),
    "open": ("deadline", "scenario", "dropped"),
}
"""What is no reason to try again, and beside one no reason not to: it may be what another session's trouble brought."""

LONGEST_ASKED_FOR = 10.0
"""The longest Retry-After that is heeded, in seconds. Who asks for more is asked again after this."""

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


def pause_after(attempts: int, *, longest: float = _LONGEST_PAUSE) -> float:
    """Return how many seconds to wait after so many attempts, at least one: a tenth, then twice as long each time."""
    return min(_FIRST_PAUSE * 2.0 ** min(attempts - 1, 30), longest)


def is_mendable(phase: Phase, cause: str) -> bool:
    """Whether waiting may mend what stopped a session, or a look at a readiness check, in ``phase``."""
    return cause in MENDABLE[phase]


def asked_to_wait(headers: Mapping[str, str]) -> float:
    """Return how long an answer asks to be left alone, in seconds (RFC 9110, section 10.2.3), at most ten.

    ``headers`` are by lower-case name. A Retry-After that cannot be read asks for nothing.
    """
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return min(float(given[:9]), LONGEST_ASKED_FOR)
    try:
        moment = parsedate_to_datetime(given)
    except (ValueError, OverflowError):  # a year, or a zone, that is none
        return 0.0
    left = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(tz=UTC)
    return min(max(left.total_seconds(), 0.0), LONGEST_ASKED_FOR)
