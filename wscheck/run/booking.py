"""Every session as it will be opened: where to, with which headers, subprotocols and credential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wscheck.auth import Handshake, describe
from wscheck.errors import UsageError
from wscheck.run.credentials import Credential, put_in
from wscheck.run.secrets import Secrets
from wscheck.run.sink import Mark
from wscheck.run.target import Target
from wscheck.scenario import Scenario, SessionScript
from wscheck.scenario.model import RequestStep
from wscheck.text import safe
from wscheck.wire.address import check_handshake
from wscheck.wire.proxy import find_proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One session, ready to be opened: its script, its handshake, its proxy, and what its records are marked with."""

    script: SessionScript
    handshake: Handshake
    proxy: str | None
    mark: Mark


def book(
    scenario: Scenario, target: Target, credentials: Mapping[str, Credential], secrets: Secrets, *, now: float
) -> tuple[Booking, ...]:
    """Return every session of ``scenario``, whose variables are filled, ready to be opened.

    ``now`` is in seconds since the epoch. Raises UsageError or SecretError where one cannot be opened as it is meant.
    """
    return tuple(_book(script, target, credentials.get(script.name), secrets, now) for script in scenario.sessions)


def _book(
    script: SessionScript, target: Target, credential: Credential | None, secrets: Secrets, now: float
) -> Booking:
    if script.url is None:
        raise UsageError(
            f"session {safe(script.name)} of {safe(target.scenario.file)} has no url: add `url: ws://…`, name an "
            "environment with --env, or give --url"
        )
    bare = Handshake(
        url=script.url,
        identity=script.identity,
        headers=_merge(script, target, secrets),
        subprotocols=target.subprotocols,
    )
    check_handshake(bare)
    handshake = put_in(bare, credential)
    if script.probe is not None:  # whether an expired token is turned away is for the server to say
        handshake = replace(handshake, expires=None)
    check_handshake(handshake)
    for step in script.steps:
        if isinstance(step, RequestStep):
            secrets.fill(step.request.headers, target.folder)
    token = credential.token if credential else None
    return Booking(
        script=script,
        handshake=handshake,
        proxy=find_proxy(script.url, target.proxy, target.environ),
        mark=Mark(credentials=describe(token, now) if token else None, probe=script.probe),
    )


def _merge(script: SessionScript, target: Target, secrets: Secrets) -> dict[str, str]:
    """Return the headers of one session: the command line's over the session's own over the environment's."""
    merged: dict[str, tuple[str, str]] = {}
    layers = (
        (target.headers, target.headers_folder),
        (script.headers, target.folder),
        (target.given_headers, Path()),
    )
    for headers, folder in layers:
        for name, value in secrets.fill(headers, folder).items():
            merged[name.lower()] = (name, value)
    return dict(merged.values())
