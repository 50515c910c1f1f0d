"""The faults of the opening: what a session that was let in begins with."""

from __future__ import annotations

from ..script import Close, Complain, FallSilent, OnlyAcknowledge, RepeatTail
from .fault import Fault

_NOT_WANTED = Complain(
    code="AUTH_REQUIRED",
    message="Valid JWT token required",
    error="user_context must be a UserExecutionContext instance",
)

OPENING_FAULTS = (
    Fault(
        name="accept-then-1008",
        says="the session is accepted, told that it is not wanted, and closed with 1008",
        opening=lambda _: (_NOT_WANTED, Close(code=1008, reason="Authentication required")),
    ),
    Fault(
        name="accept-then-1011",
        says="the session is accepted and closed with 1011 at once",
        opening=lambda _: (Close(code=1011, reason="Internal error"),),
    ),
    Fault(name="no-welcome", says="the welcome never comes", opening=lambda script: script[:-1]),
    Fault(
        name="silent",
        says="after the welcome nothing comes any more, though the connection lives",
        opening=lambda script: (*script, FallSilent()),
    ),
    Fault(
        name="ack-only",
        says="whatever the client says is acknowledged, and nothing is done about it",
        opening=lambda script: (*script, OnlyAcknowledge()),
    ),
    Fault(
        name="duplicate-after-reconnect",
        says="who comes back is told once more how the last run ended",
        opening=lambda script: (*script, RepeatTail()),
    ),
)
