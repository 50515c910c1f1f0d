"""What a player may say is to be done next, and what it is told of a request's answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from wscheck.scenario.plans import NOTHING, HttpRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send this message. Exactly one of ``text`` and ``binary`` is there."""

    text: str | None = None
    binary: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Note in the capture that a reply was not sent. ``text`` says why in one sentence, foreign text made safe."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Do this HTTP call while listening, at most ``within`` seconds long, and tell ``Player.answered`` of its end.

    Until then the player is asked and told as ever: it sends its replies, and waits.
    """

    request: HttpRequest
    within: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Listen until something comes, or until ``until``, in seconds like ``now``. ``awaiting`` says for what.

    ``until`` may be infinite: then only something that comes, or a request's answer, is waited for.
    """

    until: float
    awaiting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The scenario has run to its end: start the closing handshake (RFC 6455, section 7.1.2)."""

    code: int = 1000
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """End TCP without a close frame. The connection is then over; whether there is a next one, ``reconnects`` says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """A step that was not met: what a Step record is made from.

    ``outcome`` is "unmet" where what was awaited came, but not as the scenario wants it. ``since`` is when the waiting
    began, ``due`` when its time was over or the session was, in seconds like ``now``. ``welcome``: whether it is the
    first expect, awaits an event, and nothing was sent before it. ``text`` is one sentence, foreign text made safe.
    """

    id: str
    outcome: Literal["timeout", "unmet"]
    expected: str
    required: bool
    since: float
    due: float
    text: str
    welcome: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """The scenario cannot go on. ``awaiting`` says what was waited for.

    ``cause`` is "deadline" where a step's time is over, "scenario" where a request was not answered as is due, a
    captured value is not there, or another session that is waited for is over: no pong proves anything then.
    """

    step: StepOutcome
    awaiting: str
    cause: Literal["deadline", "scenario"] = "deadline"


Action: TypeAlias = Send | Unsent | Call | Wait | Close | Drop | GiveUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """A request cannot be made of what was captured: ``why`` says what is wrong with it, and shows none of it."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer to a request: its status, its body as JSON (NOTHING where it is none), and as text."""

    status: int
    json: Any = NOTHING
    text: str = ""
