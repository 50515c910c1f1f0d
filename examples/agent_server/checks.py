"""Whom the door lets in, and how it answers an opening handshake: all that a fault of the door changes."""

from __future__ import annotations

from dataclasses import dataclass

AUDIENCE = "agents"
STRANGER = "others"
"""An audience that is not ours."""

ISSUER = "agent-service"
SUBPROTOCOL = "jwt-auth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What is checked, and what is answered.

    ``signature`` and ``expiry`` of a token are held where true. ``bypass`` is a header, name and value, that lets in
    without a token. ``selected`` is the subprotocol that is selected where it was offered, or always where
    ``selects_always``. ``stalls``: no opening handshake is ever answered.
    """

    key: str
    audience: str = AUDIENCE
    signature: bool = True
    expiry: bool = True
    sees_authorization: bool = True
    bypass: tuple[str, str] | None = None
    selected: str | None = SUBPROTOCOL
    selects_always: bool = False
    stalls: bool = False
