"""The door: HTTP requests and opening handshakes on one port, and the sessions that are let in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from .faults import find_faults
from .session import MAX_MESSAGE_SIZE, Manner, Session
from .tokens import DEMO_KEY, SUBPROTOCOL, TokenError, find_token, read_subject

__all__ = ["MAX_MESSAGE_SIZE", "Server", "serve"]

_SHORTEST_KEY = 32  # bytes; RFC 7518, section 3.2: a key of the hash's size or larger
_READ_AT_MOST = 2**20  # bytes; what is longer than MAX_MESSAGE_SIZE is read and dropped, but not without end


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Where sessions are opened."""
        return f"ws://{self.host}:{self.port}/ws"

    @property
    def http_url(self) -> str:
        """What /health and /api/discovery/services are appended to."""
        return f"http://{self.host}:{self.port}"


@asynccontextmanager
async def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    faults: Iterable[str] = (),
    key: str = DEMO_KEY,
    seed: int = 0,
    speed: float = 0.02,
    heartbeat: float = 25.0,
    environment: str = "local",
) -> AsyncIterator[Server]:
    """Listen until the block is left; port 0 takes a free one.

    ``key`` verifies tokens (HS256, at least 32 bytes); ``seed`` decides every id and text; ``speed`` is seconds
    between the events of a run, ``heartbeat`` seconds between JSON pings. Raises FaultError, ValueError, OSError.
    """
    if len(key.encode()) < _SHORTEST_KEY:
        raise ValueError(f"the key is shorter than {_SHORTEST_KEY} bytes; take a longer one")
    manner = Manner(seed=seed, speed=speed, heartbeat=heartbeat, environment=environment, faults=find_faults(faults))
    door = _Door(key=key, manner=manner)
    async with listen(
        door.hold,
        host,
        port,
        process_request=door.answer,
        select_subprotocol=_select_subprotocol,
        ping_interval=None,
        close_timeout=1,
        compression=None,
        max_size=_READ_AT_MOST,
    ) as listener:
        yield Server(host=host, port=next(iter(listener.sockets)).getsockname()[1])


def _select_subprotocol(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return Subprotocol(SUBPROTOCOL) if SUBPROTOCOL in offered else None


class _Door:
    """Decides on every request, and remembers for whom a connection was let in."""

    def __init__(self, *, key: str, manner: Manner) -> None:
        self._key = key
        self._manner = manner
        self._users: WeakKeyDictionary[ServerConnection, str] = WeakKeyDictionary()
        self._visits: Counter[str] = Counter()

    async def hold(self, connection: ServerConnection) -> None:
        """Hold one session that was let in."""
        user_id = self._users[connection]
        self._visits[user_id] += 1
        await Session(connection, user_id=user_id, visit=self._visits[user_id], manner=self._manner).hold()

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Return the answer to an HTTP request, or None to go on with the opening handshake."""
        path = urlsplit(request.path).path
        for fault in self._manner.faults:
            if refusal := fault.refuse.get(path):
                return _respond(connection, refusal.status, refusal.body, refusal.headers)
        match path:
            case "/ws":
                return self._admit(connection, request)
            case "/health":
                return _respond(connection, HTTPStatus.OK, {"status": "healthy"})
            case "/api/discovery/services":
                return _respond(connection, HTTPStatus.OK, _discover(request.headers.get("Host", "")))
            case _:
                return _respond(connection, HTTPStatus.FORBIDDEN, {"detail": "Forbidden"})

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        headers = request.headers
        offered = [name.strip() for value in headers.get_all("Sec-WebSocket-Protocol") for name in value.split(",")]
        try:
            token = find_token(headers.get_all("Authorization"), offered)
            if token is None:
                challenge = {"WWW-Authenticate": "Bearer"}
                return _respond(connection, HTTPStatus.UNAUTHORIZED, {"detail": "Not authenticated"}, challenge)
            self._users[connection] = read_subject(token, key=self._key)
        except TokenError as error:
            return _respond(connection, HTTPStatus.FORBIDDEN, {"detail": "Invalid token", "reason": str(error)})
        return None


def _discover(host: str) -> Mapping[str, Any]:
    services = {"agents": {"url": f"ws://{host}/ws", "version": "2"}}
    return {"services": services, "timestamp": "2025-09-08T03:00:00.000000+00:00", "available": True}


def _respond(
    connection: ServerConnection, status: HTTPStatus, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    response = connection.respond(status, json.dumps(body))
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "application/json"
    response.headers.update(headers or {})
    return response
