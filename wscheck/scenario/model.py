"""A scenario as data: how a session is opened, and what is done in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from wscheck.document import Document
from wscheck.pointer import Pointer


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
class SubprotocolPlan:
    """How a token travels as a subprotocol (RFC 6455, section 1.9): ``prefix``, then the token in ``encoding``.

    ``offer`` are the subprotocols offered beside it, in the order of preference.
    """

    prefix: str = "jwt."
    encoding: Literal["base64url", "none"] = "base64url"
    offer: tuple[str, ...] = ("jwt-auth",)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthPlan:
    """Which credential a session shows, and how. Data only: no secret is read here.

    ``secret`` says where the key that signs (scheme "jwt") or the token itself (scheme "token") is read from: {env:
    NAME}, {file: PATH} or {stdin: true}, the path relative to the scenario's folder. ``claims`` and ``lifetime``, in
    seconds, are those of the token to be minted (RFC 7519). ``subprotocol`` counts where ``via`` says so.
    """

    scheme: Literal["jwt", "token"]
    secret: Mapping[str, Any]
    via: Literal["header", "subprotocol"] = "header"
    claims: Mapping[str, Any] = field(default_factory=dict)
    lifetime: float = 300.0
    subprotocol: SubprotocolPlan = SubprotocolPlan()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One member of a ``where``: what must stand at ``pointer``.

    ``wanted`` is a JSON Schema where it is an object, "is there and is not null" where it is true, else a constant.
    ``path`` is its place in the scenario, a JSON Pointer.
    """

    pointer: Pointer
    wanted: Any
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStep:
    """Send one text message: the stimulus. ``id`` is the step's id, or its number from 1."""

    id: str
    text: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseStep:
    """Start the closing handshake with ``code`` (RFC 6455, section 7.4)."""

    id: str
    code: int = 1000


ScenarioStep: TypeAlias = SendStep | ExpectStep | CloseStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Whenever the event ``on`` is received, ``text`` is sent. ``path`` is its place in the scenario."""

    on: str
    text: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionScript:
    """What one session does. ``identity`` is None where the scenario names none."""

    name: str
    identity: Any = None
    auth: AuthPlan | None = None
    steps: tuple[ScenarioStep, ...] = ()
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario. ``contract`` is the name, folder or file it gives; ``url`` is None where it gives none.

    ``secrets`` are the values that were put in for variables of the environment with a name like a secret's: nothing
    that is written may hold them.
    """

    name: str
    contract: str
    url: str | None
    exercises: tuple[str, ...]
    priority: int | None
    deadlines: Deadlines
    session: SessionScript
    document: Document = field(repr=False, compare=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def file(self) -> str:
        """The file that the scenario was read from."""
        return self.document.file
