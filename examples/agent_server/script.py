"""What the server is about to do in a session, as data: scripts of steps, without clock, chance or network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Send ``event``, ``copies`` times in a row, byte for byte the same; in a binary message where ``binary``."""

    event: Mapping[str, Any]
    copies: int = 1
    binary: bool = False

    @property
    def name(self) -> str:
        """The event's type."""
        return str(self.event.get("type"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blurt:
    """Send a text message that is no event."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complain:
    """Say what is wrong, in the session's version: a ``code``, a ``message`` in short, and in ``error`` the reason."""

    code: str
    message: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Send ``event`` to the open sessions of every other user."""

    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Say nothing of this run for ``seconds``; None for as long as the server's ``pause``."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close the session with a close code (RFC 6455, section 7.4)."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseBadly:
    """Send a close frame with a code that no close frame may carry (RFC 6455, section 7.4.2)."""

    code: int


@dataclass(frozen=True, slots=True)
class DropTcp:
    """End the TCP connection without a close frame."""


@dataclass(frozen=True, slots=True)
class FallSilent:
    """Send no message any more in this session, whatever the client says."""


@dataclass(frozen=True, slots=True)
class OnlyAcknowledge:
    """Acknowledge from now on whatever the client says, and do nothing about it."""


@dataclass(frozen=True, slots=True)
class RepeatTail:
    """Send again how the user's last run ended, which an earlier session was told already."""


Step: TypeAlias = (
    Say | Blurt | Complain | Leak | Rest | Close | CloseBadly | DropTcp | FallSilent | OnlyAcknowledge | RepeatTail
)
Script: TypeAlias = tuple[Step, ...]
