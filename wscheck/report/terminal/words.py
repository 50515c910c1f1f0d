"""The words of the terminal report: verdicts, endings, close codes and what to do next, in plain sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping

from wscheck.finding import Verdict
from wscheck.record import Blocked, Closed, Cut, Ending, Refused
from wscheck.report.terminal.lines import Style

HEADLINES: Mapping[Verdict, str] = {
    Verdict.NONE: "NOTHING CHECKED",
    Verdict.PASS: "PASS",
    Verdict.INCONCLUSIVE: "INCONCLUSIVE",
    Verdict.ERROR: "ERROR",
    Verdict.FAIL: "FAIL",
}

STYLES: Mapping[Verdict, Style] = {
    Verdict.NONE: "doubtful",
    Verdict.PASS: "good",
    Verdict.INCONCLUSIVE: "doubtful",
    Verdict.ERROR: "bad",
    Verdict.FAIL: "bad",
}

CLOSE_CODES: Mapping[int, str] = {
    1000: "normal closure",
    1001: "going away",
    1002: "protocol error",
    1003: "unsupported data",
    1007: "invalid payload data",
    1008: "policy violation",
    1009: "message too big",
    1010: "mandatory extension",
    1011: "internal error",
    1012: "service restart",
    1013: "try again later",
    1014: "bad gateway",
}
"""RFC 6455, section 7.4.1, and the IANA registry of WebSocket close codes."""

STATUSES: Mapping[int, str] = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    426: "Upgrade Required",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
"""The statuses (RFC 9110, section 15) that servers and proxies answer an opening handshake with."""

_SIGNALLED = 128
_CUTS: Mapping[str, str] = {
    "deadline": "its time was up",
    "limit": "a limit of its own was hit",
    "interrupted": "it was interrupted",
    "unresponsive": "the server answered no ping any more",
    "disk": "the capture could not be written any further",
    "scenario": "a step of the scenario could not be done",
    "dropped": "the scenario dropped the connection",
}


def describe_ending(ending: Ending | None) -> str:
    """Say in words how a session ended."""
    match ending:
        case None:
            return "none: what is there breaks off before the session's end"
        case Closed():
            return _describe_closed(ending)
        case Refused(status=status, expected=expected):
            as_expected = ", as the scenario expects" if expected else ""
            return f"the server refused the opening handshake with {describe_status(status)}{as_expected}"
        case Blocked(phase=phase, cause=cause, text=text):
            return f"never opened: {phase}, {cause}{': ' if text else ''}{text}"
        case Cut(cause=cause, awaiting=awaiting, text=text):
            waiting = f" while it waited for {awaiting}" if awaiting else ""
            return f"wscheck stopped listening: {_CUTS[cause]}{waiting}{'; ' if text else ''}{text}"


def describe_exit(code: int) -> str:
    """Say why a process exits with ``code``, which no run's verdict accounts for."""
    early = f"the run was ended by signal {code - _SIGNALLED}"
    return f"{early if code > _SIGNALLED else 'there was nothing to look at'}: exit code {code}"


def describe_status(status: int) -> str:
    """Return the status with its name."""
    return f"{status} {STATUSES[status]}" if status in STATUSES else str(status)


def times(count: int) -> str:
    """Say how often."""
    return "once" if count == 1 else f"{count:,} times"


def counted(count: int, noun: str) -> str:
    """Return ``count`` and ``noun``, in the plural where it is due."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def seconds(value: float) -> str:
    """Return a time or a duration in seconds, to the millisecond."""
    return f"{value:.3f} s"


def as_json(value: object) -> str:
    """Return a JSON value in one line, as short as can be."""
    return json.dumps(value, ensure_ascii=False)


def _describe_closed(ending: Closed) -> str:
    reason = f', reason "{ending.reason}"' if ending.reason else ""
    who = "the server" if ending.initiator == "peer" else "wscheck"
    if ending.code == 1006:
        return f"lost without a close frame (1006){reason}"
    if ending.code == 1005:
        return f"closed by {who} with a close frame without a code (1005)"
    name = f" ({CLOSE_CODES[ending.code]})" if ending.code in CLOSE_CODES else ""
    return f"closed by {who} with {ending.code}{name}{reason}"
