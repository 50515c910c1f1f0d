"""What the credential of a session says of itself, and never the credential."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from wscheck.auth import Token, describe
from wscheck.doctor.chart import Chart
from wscheck.doctor.model import BrokenError, Fault
from wscheck.doctor.subject import Subject
from wscheck.doctor.trials import strip

_SOON = 30.0
_SKEW = 60.0


def note_credentials(subject: Subject, chart: Chart, *, seconds: float) -> None:
    """Write down what the token says. Raises BrokenError where it has expired: a server that refuses it is right."""
    credential, now = subject.credential, time.time()
    token = credential.token if credential else None
    if token is None:
        if strip(subject) is None:
            chart.note("credentials", "passed over", "none are given")
        else:
            chart.note("credentials", "well", "headers or parameters that hold secrets are sent, and no token")
        return
    said = describe(token, now)
    if token.expires is not None and token.expires <= now:
        ago = f"{now - token.expires:.0f} s ago"
        text = f"the token from {token.source} expired {ago}, so it was not tried; get a new one"
        fault = Fault(phase="auth", code="token-expired", text=text)
        chart.stop("credentials", fault, seconds=seconds, details={"token": said})
        raise BrokenError("credentials", fault)
    doubts = list(doubt(token, now))
    whole = f"{said}; but {', and '.join(doubts)}" if doubts else said
    chart.note("credentials", "doubtful" if doubts else "well", whole, seconds=seconds)


def doubt(token: Token, now: float) -> Iterator[str]:
    """Yield what in the claims of ``token`` a server may turn away; ``now`` is in seconds since the epoch."""
    claims: Mapping[str, Any] = token.claims or {}
    begins, issued = _time(claims.get("nbf")), _time(claims.get("iat"))
    if begins is not None and begins > now:
        yield f"it says that it is not valid for another {begins - now:.0f} s (nbf)"
    if issued is not None and issued > now + _SKEW:
        yield f"it says that it was issued {issued - now:.0f} s from now (iat): is this machine's clock right?"
    if token.expires is not None and token.expires - now < _SOON:
        yield "that is soon"


def _time(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
