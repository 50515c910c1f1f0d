"""Opening handshakes to compare: the same one without credentials, and to a path that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from wscheck.auth import Handshake
from wscheck.doctor.model import Trial
from wscheck.doctor.subject import Subject
from wscheck.record import Blocked, Closed, Cut, Message, Opened, Record, Refused
from wscheck.redact.private import is_private_header, private_spans
from wscheck.report.terminal.words import describe_status
from wscheck.wire.address import Address
from wscheck.wire.connection import Connection
from wscheck.wire.opening import Session, open_session
from wscheck.wire.plan import Plan

NOWHERE = "/wscheck-doctor-no-such-path"
"""A path that no server has."""

AS_GIVEN = "as given"
WITHOUT = "without credentials"
ELSEWHERE = "to a path that does not exist"

_GOODBYE = 0.2
_GLANCE = 0.5
"""How long a session that opened is watched, in seconds: some servers open it first, and turn one away then."""

_NOT_NOW = frozenset({429, 503})


def is_to_be_compared(status: int) -> bool:
    """Whether other handshakes say more of an answer with ``status``: not where the server wants to be left alone."""
    return status not in _NOT_NOW


async def compare(
    subject: Subject, plan: Plan, address: Address, clock: Callable[[], float]
) -> tuple[Trial | None, Trial]:
    """Try without credentials, where there are some, and a path that does not exist, with all that is given.

    Every session that opens is closed at once. What is returned is redacted.
    """
    bare, without = strip(subject), None
    if bare is not None:
        without = await _try(WITHOUT, replace(plan, handshake=bare), subject, address, clock)
    elsewhere = replace(plan.handshake, url=_move(plan.handshake.url, NOWHERE), expires=None)
    return without, await _try(ELSEWHERE, replace(plan, handshake=elsewhere), subject, address, clock)


def strip(subject: Subject) -> Handshake | None:
    """Return the handshake of ``subject`` without any credential. None where it has none."""
    script, target = subject.booking.script, subject.target
    layers = (target.headers, script.headers, target.given_headers)
    secret = {name.lower() for layer in layers for name, value in layer.items() if not isinstance(value, str)}
    headers = {name: value for name, value in subject.bare.headers.items() if not _is_private(name, secret)}
    given = subject.booking.handshake
    bare = replace(subject.bare, headers=headers, url=_without_secrets(subject.bare.url), expires=None)
    same = (bare.headers, bare.url, bare.subprotocols) == (given.headers, given.url, given.subprotocols)
    return None if same else bare


def make_trial(way: str, ending: Record, *, path: str, seconds: float = 0.0) -> Trial:
    """Return what an opening handshake came to, by its redacted record."""
    match ending:
        case Opened():
            return Trial(way=way, path=path, status=101, answer="a session opened", seconds=seconds)
        case Refused(status=status, body=body, headers=headers):
            challenge = (headers or {}).get("www-authenticate", "")
            answer = describe_status(status)
            return Trial(
                way=way, path=path, status=status, answer=answer, body=body, challenge=challenge, seconds=seconds
            )
        case _:
            return Trial(way=way, path=path, status=None, answer=_say(ending), seconds=seconds)


def _say(ending: Record) -> str:
    return ending.text if isinstance(ending, Blocked) else type(ending).__name__.lower()


def tell_closed(code: int) -> str:
    """Say that the server opened a session and closed it at once."""
    return f"a session opened, and was closed with {code}"


def path_of(url: str) -> str:
    """Return the path of ``url``, without its query."""
    return urlsplit(url).path or "/"


async def _try(way: str, plan: Plan, subject: Subject, address: Address, clock: Callable[[], float]) -> Trial:
    began, path = clock(), path_of(plan.handshake.url)
    outcome = await open_session(plan, address, clock)
    seconds = clock() - began
    if not isinstance(outcome, Session):
        return make_trial(way, subject.redactor.record(outcome[-1]), path=path, seconds=seconds)
    try:
        code = await _watch(outcome.connection, clock)
    finally:
        await outcome.connection.leave(_GOODBYE)
    opened = make_trial(way, outcome.opened, path=path, seconds=seconds)
    if code is None:
        return opened
    return replace(opened, closed=code, answer=tell_closed(code))


async def _watch(connection: Connection, clock: Callable[[], float]) -> int | None:
    """Return the close code with which the server ends the session at once; None where it says something, or waits."""
    until = clock() + _GLANCE
    while (left := until - clock()) > 0:
        await connection.inbox.wait(left)
        match connection.inbox.take():
            case Closed(code=code):
                return code
            case Message() | Cut():
                return None
            case _:
                pass
    return None


def _is_private(name: str, secret: Collection[str]) -> bool:
    return name.lower() in secret or is_private_header(name)


def _without_secrets(url: str) -> str:
    """Return ``url`` without the parameters that are named like a secret."""
    parts = urlsplit(url)
    kept = [one for one in parts.query.split("&") if not list(private_spans(f"?{one}"))]
    return urlunsplit(parts._replace(query="&".join(kept)))


def _move(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))
