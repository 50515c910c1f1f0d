"""The credential of every session: chosen, read before anything opens, and put into its opening handshake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from wscheck.auth import (
    Handshake,
    Token,
    in_basic,
    in_cookie,
    in_header,
    in_message,
    in_query,
    in_subprotocol,
    mint_token,
    take_token,
)
from wscheck.run.options import Options
from wscheck.run.secrets import Secrets
from wscheck.scenario import AuthPlan, HttpRequest, Scenario, SessionScript


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a session shows, and how: ``plan`` None for a plain bearer token.

    ``token`` is None where a ``login`` is still to hand it out: the request, its secrets put in. ``minted``: the token
    is our own make. The repr shows no secret.
    """

    plan: AuthPlan | None = None
    token: Token | None = None
    minted: bool = False
    login: HttpRequest | None = field(default=None, repr=False)


def read_credentials(scenario: Scenario, options: Options, secrets: Secrets, *, now: float) -> dict[str, Credential]:
    """Return the credential of each session that has one, by the session's name.

    ``now`` is in seconds since the epoch. Raises SecretError or UsageError where one cannot be read.
    """
    found = {script.name: _read(script, options, secrets, now) for script in scenario.sessions}
    return {name: credential for name, credential in found.items() if credential}


def mint_again(credentials: Mapping[str, Credential], secrets: Secrets, *, now: float) -> dict[str, Credential]:
    """Return ``credentials`` with those tokens made anew that we mint: time has passed, and they may be short-lived."""
    return {
        name: replace(one, token=_mint(one.plan, secrets, now)) if one.plan and one.minted else one
        for name, one in credentials.items()
    }


def put_in(handshake: Handshake, credential: Credential | None) -> Handshake:
    """Return ``handshake`` with the token of ``credential``, in the way that its plan says.

    Raises UsageError or SecretError where it cannot go that way.
    """
    token = credential.token if credential else None
    if credential is None or token is None:
        return handshake
    plan = credential.plan or AuthPlan(scheme="token")
    if plan.scheme == "basic":
        return in_basic(handshake, token, user=plan.user or "")
    match plan.via:
        case "header":
            return in_header(handshake, token, name=plan.header.name, prefix=plan.header.prefix)
        case "subprotocol":
            way = plan.subprotocol
            return in_subprotocol(handshake, token, prefix=way.prefix, encoding=way.encoding, offer=way.offer)
        case "query":
            return in_query(handshake, token, name=plan.query)
        case "cookie":
            return in_cookie(handshake, token, name=plan.cookie)
        case "message":
            return in_message(handshake, token, message=plan.message)


def subjects(credentials: Mapping[str, Credential]) -> dict[str, object]:
    """Return whose each token is, by session, where that is known."""
    claims = {name: one.token.claims for name, one in credentials.items() if one.token and one.token.claims}
    return {name: known["sub"] for name, known in claims.items() if known.get("sub") is not None}


def _read(script: SessionScript, options: Options, secrets: Secrets, now: float) -> Credential | None:
    plan = script.auth
    if script.anonymous:
        return None
    if options.token and script.probe is None:
        way = plan if plan and plan.scheme != "basic" else None
        return Credential(plan=way, token=take_token(*secrets.read(options.token, Path())))
    if plan is None:
        return None
    if plan.scheme == "login":
        return _read_login(plan, secrets)
    assert plan.secret is not None, "only a login needs no secret of its own"
    if plan.scheme == "jwt":
        return Credential(plan=plan, token=_mint(plan, secrets, now), minted=True)
    return Credential(plan=plan, token=take_token(*secrets.read(plan.secret, plan.folder)))


def _mint(plan: AuthPlan, secrets: Secrets, now: float) -> Token:
    assert plan.secret is not None, "who mints a token has a key"
    key, source = secrets.read(plan.secret, plan.folder)
    return mint_token(plan.claims, key=key, source=source, lifetime=plan.lifetime, now=now)


def _read_login(plan: AuthPlan, secrets: Secrets) -> Credential:
    request = plan.request
    assert request is not None, "a login has a request"
    headers = secrets.fill(request.headers, plan.folder)
    body = secrets.fill_json(request.json, plan.folder)
    return Credential(plan=plan, login=replace(request, headers=headers, json=body))
