"""The plan of one session: where to, with which credentials, and how long each phase may take."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from wscheck.auth import Handshake
from wscheck.errors import UsageError
from wscheck.scenario.model import Deadlines
from wscheck.text import safe

Trust: TypeAlias = Callable[[], ssl.SSLContext]
"""Gives what TLS is spoken with: whom to trust. Called only where there is TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One session to be held.

    ``connection`` is 1 for a session's first. ``deadlines`` are those of the scenario; ``welcome`` and ``silence`` are
    the player's, for the client does not know what it waits for. ``answer_within`` is how long the peer may take to
    answer a close frame, to end TCP then, and to answer the ping that proves it alive when a deadline has passed;
    ``ping_every`` how often a ping is sent; ``patience`` how long pings may stay unanswered; all in seconds.
    ``max_size`` is the largest message taken, in bytes. ``proxy`` is a proxy's URL; without it the environment's
    proxies are not asked. ``tls`` is for wss, by default what trusts the system's authorities. ``hide`` takes secrets
    out of what the peer said before a part of it is shown: a secret that is cut in two is found by nobody.
    """

    session: str
    handshake: Handshake
    connection: int = 1
    deadlines: Deadlines = field(default_factory=Deadlines)
    answer_within: float = 2.0
    max_size: int = 64 * 2**20
    ping_every: float = 5.0
    patience: float = 20.0
    proxy: str | None = field(default=None, repr=False)
    tls: Trust = ssl.create_default_context
    hide: Callable[[str], str] = field(default=str, repr=False)


def trust(ca_cert: str | None = None) -> Trust:
    """Return what trusts the authorities of the PEM file ``ca_cert`` and no others, without one the system's.

    All who are given it share one context: to read the system's takes a tenth of a second, which is spent once, and
    only where it is needed. Raises UsageError where the file cannot serve.
    """
    if ca_cert is None:
        return cache(_make_context)
    try:
        context = _make_context(ca_cert)
    except ssl.SSLError:
        raise UsageError(f"{safe(ca_cert)} holds no certificate in PEM format; name the authority's file") from None
    except OSError as error:
        raise UsageError(f"the file {safe(ca_cert)} with certificates cannot be read: {error.strerror}") from None
    return lambda: context


def _make_context(ca_cert: str | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_cert)
    context.set_alpn_protocols(["http/1.1"])  # as the HTTP library would set it, for whoever comes after it
    return context
