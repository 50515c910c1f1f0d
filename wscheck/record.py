"""What happened on the wire, one record each: what a capture holds, and all that the checker ever sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from wscheck.immutable import immutable

Direction: TypeAlias = Literal["sent", "received"]
Initiator: TypeAlias = Literal["peer", "tool"]
Phase: TypeAlias = Literal["dns", "tcp", "proxy", "tls", "ready", "auth", "handshake", "welcome", "open"]

CutCause: TypeAlias = Literal["deadline", "limit", "interrupted", "unresponsive", "disk", "scenario", "dropped"]

PHASES: tuple[Phase, ...] = ("dns", "tcp", "proxy", "tls", "ready", "auth", "handshake", "welcome", "open")
"""The phases of a session, in the order they are gone through."""

CUT_CAUSES: tuple[CutCause, ...] = ("deadline", "limit", "interrupted", "unresponsive", "disk", "scenario", "dropped")
"""Why the tool may have stopped listening."""


@immutable
class _Base:
    """``at``: seconds since the run began, monotonic. ``connection``: 1 for a session's first."""

    at: float
    session: str
    connection: int = 1


@immutable
class Opened(_Base):
    """The opening handshake succeeded (RFC 6455, section 4). ``headers`` are the response's.

    ``expires`` is when the token that was used expires, in seconds on the same clock as ``at``. ``phases`` are the
    seconds that each phase up to here took. ``credentials`` says which token was used and where it is from, never it.
    ``probe`` marks a session that must be turned away: {"expect": "refused" | "closed", "status": [the statuses that
    are right], "code": the close code that is right}, the last two only where the scenario gives them.
    """

    uri: str | None = None
    subprotocol: str | None = None
    offered: tuple[str, ...] | None = None
    identity: Any = None
    headers: Mapping[str, str] | None = None
    expires: float | None = None
    phases: Mapping[str, float] | None = None
    credentials: str | None = None
    probe: Mapping[str, Any] | None = None


@immutable
class Message(_Base):
    """One WebSocket message. Exactly one of ``text`` and ``binary`` is there.

    ``opcode`` is "text" where ``binary`` holds a text message that is not valid UTF-8.
    """

    direction: Direction
    text: str | None = None
    binary: bytes | None = None
    opcode: Literal["text"] | None = None


@immutable
class Pong(_Base):
    """The peer answered a ping of ours. ``latency`` in seconds."""

    latency: float | None = None


@immutable
class Stall(_Base):
    """wscheck itself stood still for ``seconds``, up to ``at``: what came meanwhile was read late."""

    seconds: float


@immutable
class Note(_Base):
    """Something about the tool, never about the peer."""

    code: str
    text: str = ""


@immutable
class Violation(_Base):
    """What the peer did against RFC 6455, as the client saw it."""

    code: Literal["handshake", "negotiation", "framing"]
    text: str = ""


@immutable
class Step(_Base):
    """An ``expect`` step of the scenario that was not met.

    ``id`` is the step's id or its number; ``since`` is when the waiting began, ``due`` when its time was over or the
    session was, in seconds like ``at``. ``unmet``: what was awaited came, but not as the step's ``where`` wants it.
    ``welcome``: nothing was to be done before it.
    """

    id: str
    outcome: Literal["timeout", "unmet"]
    expected: str
    required: bool = False
    since: float = 0.0
    due: float = 0.0
    text: str = ""
    welcome: bool = False


@immutable
class Closed(_Base):
    """The session ended with a close code. 1006: lost without a close frame; 1005: a close frame without a code."""

    code: int
    reason: str = ""
    initiator: Initiator = "peer"


@immutable
class Refused(_Base):
    """The server answered the opening handshake with another status than 101. ``body`` is at most 4 KiB.

    ``expected``: the scenario expects the refusal. ``probe`` as in ``Opened``.
    """

    status: int
    uri: str | None = None
    headers: Mapping[str, str] | None = None
    body: str = ""
    expected: bool = False
    phases: Mapping[str, float] | None = None
    credentials: str | None = None
    probe: Mapping[str, Any] | None = None


@immutable
class Blocked(_Base):
    """No session came about: ``phase`` is where it stopped, ``cause`` why, ``text`` what was seen."""

    phase: Phase
    cause: str
    text: str = ""
    uri: str | None = None
    phases: Mapping[str, float] | None = None
    credentials: str | None = None


@immutable
class Cut(_Base):
    """The tool stopped listening before the scenario had run to its end. ``awaiting`` is what it waited for.

    ``scenario``: a request of the scenario failed, or another session that it waits for is over. ``dropped``: the
    scenario let TCP end without a close frame.
    """

    cause: CutCause
    awaiting: str = ""
    text: str = ""


Ending: TypeAlias = Closed | Refused | Blocked | Cut
Record: TypeAlias = Opened | Message | Pong | Stall | Note | Violation | Step | Ending
