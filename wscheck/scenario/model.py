"""A scenario as data: how its sessions are opened, and what is done in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from wscheck.document import Document
from wscheck.scenario.plans import AuthPlan, Headers, HttpRequest
from wscheck.scenario.where import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long each phase of a session may take, in seconds. ``tcp`` covers the name as well."""

    tcp: float = 5.0
    tls: float = 5.0
    handshake: float = 10.0
    welcome: float = 10.0
    silence: float = 30.0
    session: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonMessage:
    """A text message: ``value`` as JSON without white space (RFC 8259)."""

    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage:
    """A text message as it stands."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryMessage:
    """A binary message."""

    data: bytes


Outgoing: TypeAlias = JsonMessage | TextMessage | BinaryMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStep:
    """Send one message: a stimulus. ``id`` is the step's id, or its number from 1.

    ``unfilled``, here and elsewhere, is the step as written, with values still to be put in that are known only when
    its turn comes; the other members then show their names. It is None where the step is whole.
    """

    id: str
    message: Outgoing
    path: str = ""
    unfilled: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectStep:
    """Wait for the event ``name`` or one of its variants, or for an instance of the scope ``name`` to be closed.

    ``within`` in seconds, None for the default. ``required``: that it never came is then the peer's fault.
    """

    id: str
    name: str
    within: float | None = None
    where: tuple[Wanted, ...] = ()
    required: bool = False
    path: str = ""
    unfilled: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStep:
    """Do one HTTP call: a stimulus. ``status`` are those that are due, none for any from 200 to 299.

    ``within`` in seconds, None for the default.
    """

    id: str
    request: HttpRequest
    status: tuple[int, ...] = ()
    within: float | None = None
    path: str = ""
    unfilled: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrierStep:
    """Wait until each session that names the barrier ``name`` has come to it. ``within`` in seconds."""

    id: str
    name: str
    within: float | None = None
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseStep:
    """Do nothing for ``seconds``."""

    id: str
    seconds: float
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseStep:
    """Start the closing handshake with ``code`` (RFC 6455, section 7.4)."""

    id: str
    code: int = 1000
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropStep:
    """End TCP without a close frame."""

    id: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconnectStep:
    """Open the session's next connection: a stimulus."""

    id: str
    path: str = ""


ScenarioStep: TypeAlias = (
    SendStep | ExpectStep | RequestStep | BarrierStep | PauseStep | CloseStep | DropStep | ReconnectStep
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Whenever the event ``on`` is received, ``message`` is sent. ``path`` is its place in the scenario.

    ``unfilled`` is the reply as written where values of the event it answers are still to be put in.
    """

    on: str
    message: Outgoing
    path: str = ""
    unfilled: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """While a connection is open, ``message`` is sent every ``seconds``."""

    seconds: float
    message: Outgoing
    unfilled: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How a session must be turned away: its upgrade refused with one of ``statuses``, or closed with ``code``.

    Without ``statuses`` 401 and 403 are due, without a ``code`` any.
    """

    expect: Literal["refused", "closed"]
    statuses: tuple[int, ...] = ()
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionScript:
    """What one session does. ``identity`` is None where the scenario names none.

    ``auth_name`` is the auth section of wscheck.toml that it names; ``auth`` is then None until it is chosen.
    ``anonymous``: it is to show no credential, whatever the default is. ``url`` and ``headers`` are its own, and so
    are ``subprotocols``, in their order; None where the contracts say what is offered. What ``${fresh}`` stands for
    follows from ``seed``.
    """

    name: str
    identity: Any = None
    auth: AuthPlan | None = None
    auth_name: str | None = None
    anonymous: bool = False
    url: str | None = None
    headers: Headers = field(default_factory=dict)
    subprotocols: tuple[str, ...] | None = None
    steps: tuple[ScenarioStep, ...] = ()
    replies: tuple[Reply, ...] = ()
    every: tuple[Every, ...] = ()
    probe: Probe | None = None
    seed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario. ``contracts`` are the names, folders or files it gives; ``url`` is None where it gives none.

    ``target`` is the environment of wscheck.toml that it names, ``deadlines`` only those that it gives, in seconds.
    ``secrets`` are the values that were put in for variables of the environment with a name like a secret's: nothing
    that is written may hold them.
    """

    name: str
    contracts: tuple[str, ...]
    url: str | None
    target: str | None
    exercises: tuple[str, ...]
    priority: int | None
    deadlines: Mapping[str, float]
    sessions: tuple[SessionScript, ...]
    document: Document = field(repr=False, compare=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def file(self) -> str:
        """The file that the scenario was read from."""
        return self.document.file
