"""The faults of the door: who is turned away, who is let in, and how the opening handshake is answered."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from ..checks import STRANGER
from .fault import Answer, Fault

_STARTING = Answer(
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    body={"status": "starting", "phase": "database"},
    headers={"Retry-After": "2"},
)


def _refuse(status: HTTPStatus) -> Answer:
    return Answer(status=status, body={"detail": status.phrase})


DOOR_FAULTS = (
    Fault(
        name="reject-403",
        says="every opening handshake is refused with 403",
        answer={"/ws": _refuse(HTTPStatus.FORBIDDEN)},
    ),
    Fault(
        name="reject-401",
        says="every opening handshake is refused with 401",
        answer={"/ws": _refuse(HTTPStatus.UNAUTHORIZED)},
    ),
    Fault(
        name="starting-503",
        says="the service is not up yet: 503 with a phase, at every door",
        answer={"/ws": _STARTING, "/health": _STARTING, "/auth/e2e/test-auth": _STARTING},
    ),
    Fault(
        name="error-500",
        says="every opening handshake fails with 500",
        answer={"/ws": _refuse(HTTPStatus.INTERNAL_SERVER_ERROR)},
    ),
    Fault(
        name="stall-handshake",
        says="TCP is accepted, but the opening handshake is never answered",
        checks=lambda checks: replace(checks, stalls=True),
    ),
    Fault(
        name="subprotocol-not-echoed",
        says="the subprotocol that was offered is not selected",
        checks=lambda checks: replace(checks, selected=None),
    ),
    Fault(
        name="subprotocol-unoffered",
        says="a subprotocol is selected that was not offered",
        checks=lambda checks: replace(checks, selected="agent.v9", selects_always=True),
    ),
    Fault(
        name="strip-authorization",
        says="the Authorization header never arrives, as behind a proxy that takes it away",
        checks=lambda checks: replace(checks, sees_authorization=False),
    ),
    Fault(
        name="bypass-by-header",
        says="whoever sends X-Test-Mode: true is let in without a token",
        checks=lambda checks: replace(checks, bypass=("X-Test-Mode", "true")),
    ),
    Fault(
        name="no-signature-check",
        says="a token is believed whoever signed it",
        checks=lambda checks: replace(checks, signature=False),
    ),
    Fault(
        name="wrong-secret",
        says="tokens are verified with another key than they are signed with",
        checks=lambda checks: replace(checks, key=f"not {checks.key}"),
    ),
    Fault(
        name="wrong-audience",
        says="tokens are taken for another audience, and not for this one",
        checks=lambda checks: replace(checks, audience=STRANGER),
    ),
    Fault(
        name="accepts-expired",
        says="a token is good for ever",
        checks=lambda checks: replace(checks, expiry=False),
    ),
)
