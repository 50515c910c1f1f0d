"""The way to an open session: name, TCP, proxy, TLS, opening handshake; each with its deadline and its time."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import connect
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidProxy, InvalidStatus, ProxyError

from wscheck.errors import UsageError
from wscheck.record import Opened, Record
from wscheck.wire.account import Account
from wscheck.wire.address import Address
from wscheck.wire.answer import make_answer, recover_answer
from wscheck.wire.connection import Connection
from wscheck.wire.failures import Failure, StoppedError, handshake_failure, proxy_failure, tls_failure
from wscheck.wire.plan import Plan
from wscheck.wire.tcp import connect_tcp

# The library logs every token and header it sends at level DEBUG, so it gets a logger that takes nothing.
_SILENT = logging.Logger("wscheck.wire", level=logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open session: its connection, and the record that says so."""

    connection: Connection
    opened: Opened


async def open_session(plan: Plan, address: Address, clock: Callable[[], float]) -> Session | tuple[Record, ...]:
    """Return the session, or the records that say why there is none; the last one is its ending.

    Raises UsageError where the proxy cannot be used at all.
    """
    account = Account(plan, clock)
    try:
        return await _Opening(plan, address, clock, account).run()
    except StoppedError as stopped:
        return account.blocked(stopped.failure)


class _NeverFollowed(connect):
    """The library's connect, with redirects never followed: a token must not go where no one sent it."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


class _Opening:
    """One attempt to open a session."""

    def __init__(self, plan: Plan, address: Address, clock: Callable[[], float], account: Account) -> None:
        self._plan = plan
        self._address = address
        self._clock = clock
        self._account = account
        self._connection: Connection | None = None
        self._made = False

    async def run(self) -> Session | tuple[Record, ...]:
        expires = self._plan.handshake.expires
        if expires is not None and expires <= time.time():
            text = f"the token expired {time.time() - expires:.0f} s before the session was to open; get a new one"
            raise StoppedError(Failure(phase="auth", cause="token-expired", text=text))
        wire = None
        if self._plan.proxy is None:
            wire = await self._connect_tcp()
        try:
            connection = await self._shake_hands(wire)
        except InvalidStatus as refusal:
            response = refusal.response
            answer = make_answer(response.status_code, response.headers.raw_items(), response.body)
            return self._account.refused(answer)
        except (InvalidHandshake, OSError) as error:
            return self._explain(error)
        assert connection.response is not None
        assert connection.opened_at is not None
        opened = self._account.opened(connection.response, connection.subprotocol, connection.opened_at)
        return Session(connection=connection, opened=opened)

    async def _connect_tcp(self) -> socket.socket:
        wire = await connect_tcp(self._address, within=self._plan.deadlines.tcp, watch=self._account.watch)
        self._account.watch.lap("tcp")
        return wire

    async def _shake_hands(self, wire: socket.socket | None) -> Connection:
        deadlines = self._plan.deadlines
        to_proxy = None if wire is not None else deadlines.tcp + deadlines.tls
        try:
            async with asyncio.timeout(to_proxy) as limit:
                connection = await self._connect(wire, limit)
        except BaseException:
            await self._clear_away(wire)
            raise
        self._account.watch.lap("handshake")
        return connection

    async def _connect(self, wire: socket.socket | None, limit: asyncio.Timeout) -> Connection:
        def made() -> None:
            self._made = True
            if self._plan.proxy is not None:
                self._account.watch.lap("proxy")
            elif self._address.secure:
                self._account.watch.lap("tls")
            if not limit.expired():
                limit.reschedule(asyncio.get_running_loop().time() + self._plan.deadlines.handshake)

        def create(protocol: ClientProtocol, **settings: Any) -> Connection:
            self._connection = Connection(protocol, plan=self._plan, clock=self._clock, made=made, **settings)
            return self._connection

        try:
            await _NeverFollowed(self._plan.handshake.url, create_connection=create, **self._settings(wire))  # type: ignore[arg-type]
        except InvalidProxy:
            raise UsageError("the proxy's URL cannot be used; write http://HOST:PORT or socks5://HOST:PORT") from None
        except ImportError:
            raise UsageError("a SOCKS proxy needs python-socks; install it beside wscheck") from None
        assert self._connection is not None
        return self._connection

    def _settings(self, wire: socket.socket | None) -> dict[str, Any]:
        """Everything that the library would decide otherwise: no time-outs, keep-alive or proxy of its own."""
        handshake = self._plan.handshake
        settings: dict[str, Any] = {
            "additional_headers": dict(handshake.headers),
            "subprotocols": list(handshake.subprotocols) or None,
            "user_agent_header": "wscheck",
            "proxy": self._plan.proxy,
            "open_timeout": None,
            "ping_interval": None,
            "ping_timeout": None,
            "close_timeout": None,
            "max_size": self._plan.max_size,
            "logger": _SILENT,
        }
        if wire is not None:
            settings["sock"] = wire
        if self._address.secure:
            settings["ssl"] = self._plan.tls()
            settings["server_hostname"] = self._address.host
            settings["ssl_handshake_timeout"] = self._plan.deadlines.tls
        return settings

    async def _clear_away(self, wire: socket.socket | None) -> None:
        if self._made and self._connection is not None:
            await self._connection.leave(0)
        elif wire is not None:
            wire.close()

    def _explain(self, error: Exception) -> tuple[Record, ...]:
        """Return the records for an opening that failed otherwise than by a status that the library could read."""
        deadlines = self._plan.deadlines
        if isinstance(error, ProxyError) or (self._plan.proxy is not None and not self._made and not _of_tls(error)):
            return self._account.blocked(proxy_failure(error))
        if not self._made:
            assert isinstance(error, OSError)
            return self._account.blocked(tls_failure(error, self._address, deadlines.tls))
        assert self._connection is not None
        answer = recover_answer(self._connection.head)
        if answer is not None:
            return self._account.refused(answer)
        failure = handshake_failure(error, self._connection.head, deadlines.handshake, self._plan.hide)
        return self._account.blocked(failure)


def _of_tls(error: Exception) -> bool:
    return isinstance(error, ssl.SSLError)
