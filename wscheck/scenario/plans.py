"""What stands before a session, as data: HTTP calls, what must be ready, and which credential is shown how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from wscheck.pointer import MISSING, Pointer
from wscheck.scenario.where import Wanted

Secret: TypeAlias = Mapping[str, Any]
"""Where a secret is read from: {env: NAME}, {file: PATH}, {stdin: true} or {command: [argument, …]}. Never itself."""

Headers: TypeAlias = Mapping[str, str | Secret]
"""Header fields by name (RFC 9110, section 5): a text, or where a secret is read from."""

NOTHING: Final = MISSING
"""No JSON at all, as in a request without a body or an answer that is no JSON. Not null: null is something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One HTTP call. ``json`` is its body, NOTHING where it has none."""

    url: str
    method: str = "GET"
    headers: Headers = field(default_factory=dict)
    json: Any = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Which revision must be deployed: what stands at ``at`` in the answer's JSON.

    It is ``due``, or what the environment variable ``env`` holds; one of them is None.
    """

    at: Pointer
    due: str | None = None
    env: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyCheck:
    """What must be so before a session is opened: a GET of ``url`` is answered with one of ``status``, and as wanted.

    It is asked again and again, at most ``within`` seconds long. ``where`` and ``revision`` are held against the
    answer's JSON.
    """

    url: str
    status: tuple[int, ...] = (200,)
    where: tuple[Wanted, ...] = ()
    revision: Revision | None = None
    within: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubprotocolPlan:
    """How a token travels as a subprotocol (RFC 6455, section 1.9): ``prefix``, then the token in ``encoding``.

    ``offer`` are the subprotocols offered beside it, in the order of preference.
    """

    prefix: str = "jwt."
    encoding: Literal["base64url", "none"] = "base64url"
    offer: tuple[str, ...] = ("jwt-auth",)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderPlan:
    """How a token travels in a header: ``prefix``, then the token. The defaults are those of RFC 6750."""

    name: str = "Authorization"
    prefix: str = "Bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthPlan:
    """Which credential a session shows, and how. Data only: no secret is read here.

    ``secret`` says where the key that signs (scheme "jwt"), the token itself ("token") or the password ("basic") is
    read from; None for "login", where ``request`` is answered with JSON that holds the token at ``token``. ``claims``
    and ``lifetime``, in seconds, are those of the token to be minted (RFC 7519). ``subprotocol``, ``header``,
    ``query``, ``cookie`` (names of a parameter and of a cookie) and ``message`` each count where ``via`` says so; in
    the strings of ``message`` ``${token}`` stands for the token and ``$${`` for a plain ``${``. ``user`` is that of
    "basic" (RFC 7617). ``folder`` is what paths are relative to, ``name`` what the section is called in wscheck.toml,
    empty where it stands in the scenario.
    """

    scheme: Literal["jwt", "token", "basic", "login"]
    secret: Secret | None = None
    via: Literal["header", "subprotocol", "query", "cookie", "message"] = "header"
    claims: Mapping[str, Any] = field(default_factory=dict)
    lifetime: float = 300.0
    subprotocol: SubprotocolPlan = SubprotocolPlan()
    header: HeaderPlan = HeaderPlan()
    query: str = "token"
    cookie: str = "token"
    message: Any | None = None
    user: str | None = None
    request: HttpRequest | None = None
    token: Pointer | None = None
    folder: Path = Path()
    name: str = ""
