"""Every session as it will be opened: where to, with which headers, subprotocols and credential."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from wscheck.auth import Handshake, describe
from wscheck.errors import UsageError
from wscheck.pointer import join
from wscheck.run.credentials import Credential, put_in
from wscheck.run.secrets import Secrets
from wscheck.run.sink import Mark
from wscheck.run.target import Target
from wscheck.scenario import Scenario, SessionScript
from wscheck.scenario.model import RequestStep
from wscheck.wire.address import check_handshake, parse_address
from wscheck.wire.http import check_request
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

    ``now`` is in seconds since the epoch. Raises UsageError, SecretError, or the error of the document that gives what
    cannot be used, where one cannot be opened as it is meant.
    """
    return tuple(_book(script, target, credentials.get(script.name), secrets, now) for script in scenario.sessions)


def _book(
    script: SessionScript, target: Target, credential: Credential | None, secrets: Secrets, now: float
) -> Booking:
    document, path = target.scenario.document, join("/sessions", script.name)
    if script.url is None:
        message = "the session has no url: add `url: ws://…`, name an environment with --env, or give --url"
        raise document.fail(message, path)
    with _where_given(script, target):
        parse_address(script.url)
    bare = Handshake(
        url=script.url,
        identity=script.identity,
        headers=_merge(script, target, secrets),
        subprotocols=target.subprotocols if script.subprotocols is None else script.subprotocols,
    )
    check_handshake(bare)
    handshake = put_in(bare, credential)
    if script.probe is not None:  # whether an expired token is turned away is for the server to say
        handshake = replace(handshake, expires=None)
    check_handshake(handshake)
    for step in script.steps:
        if isinstance(step, RequestStep):
            headers = secrets.fill(step.request.headers, target.folder)
            if step.unfilled is None:
                with document.at(join(step.path, "request", "url")):
                    check_request(step.request, headers)
                    find_proxy(step.request.url, target.proxy, target.environ)
    token = credential.token if credential else None
    return Booking(
        script=script,
        handshake=handshake,
        proxy=find_proxy(script.url, target.proxy, target.environ),
        mark=Mark(credentials=describe(token, now) if token else None, probe=script.probe),
    )


@contextmanager
def _where_given(script: SessionScript, target: Target) -> Iterator[None]:
    """Let what is wrong with the URL of ``script`` be told of who gave it: the order is that of prepare()."""
    document, own, around = target.scenario.document, join("/sessions", script.name, "url"), target.environment
    if own in document.places or target.url is None:
        with document.at(own if own in document.places else "/url"):
            yield
    elif around and around.url == target.url:
        with around.at("url"):
            yield
    else:
        try:
            yield
        except UsageError as error:
            raise UsageError(f"--url: {error}") from None


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
