"""The door: every HTTP request and every opening handshake is answered here."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from .checks import Checks
from .faults import Answer
from .login import BYPASS_HEADER, LOGIN, DoorConnection, answer_login
from .session import Guests, Manner, Session
from .tokens import TokenError, find_token, read_subject

_DETAIL = {"detail": "Forbidden"}


class Door:
    """Decides on every request, and remembers for whom a connection was let in.

    ``key`` signs what the login hands out, and ``bypass_key`` opens the login; ``checks`` may verify with another key.
    """

    def __init__(self, *, key: str, bypass_key: str | None, checks: Checks, manner: Manner) -> None:
        self._key = key
        self._bypass_key = bypass_key
        self._checks = checks
        self._manner = manner
        self._guests = Guests()
        self._closing = asyncio.Event()
        self._users: WeakKeyDictionary[ServerConnection, str] = WeakKeyDictionary()
        self._visits: Counter[str] = Counter()

    def close(self) -> None:
        """Let go of every connection whose opening handshake was never answered."""
        self._closing.set()

    async def hold(self, connection: ServerConnection) -> None:
        """Hold one session that was let in."""
        user_id = self._users[connection]
        self._visits[user_id] += 1
        visit = self._visits[user_id]
        await Session(connection, user_id=user_id, visit=visit, manner=self._manner, guests=self._guests).hold()

    def select_subprotocol(self, _: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        """Return the subprotocol that is selected (RFC 6455, section 4.2.2)."""
        selected = self._checks.selected
        if selected is None or not (selected in offered or self._checks.selects_always):
            return None
        return Subprotocol(selected)

    async def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Return the answer to an HTTP request, or None to go on with the opening handshake."""
        path = urlsplit(request.path).path
        for fault in self._manner.cast.faults:
            if answer := fault.answer.get(path):
                return _respond(connection, answer)
        match path:
            case "/ws":
                return await self._admit(connection, request)
            case "/health":
                return _respond(connection, Answer(status=HTTPStatus.OK, body={"status": "healthy"}))
            case "/api/discovery/services":
                return _respond(connection, self._discover(request.headers.get("Host", "")))
            case _ if path == LOGIN:
                posted = connection.posted if isinstance(connection, DoorConnection) else None
                shown = request.headers.get(BYPASS_HEADER)
                return _respond(connection, answer_login(posted, shown, key=self._key, bypass_key=self._bypass_key))
            case _:
                return _respond(connection, Answer(status=HTTPStatus.FORBIDDEN, body=_DETAIL))

    async def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        if self._checks.stalls:
            await self._stall(connection)
        headers = request.headers
        if self._checks.bypass and headers.get(self._checks.bypass[0]) == self._checks.bypass[1]:
            self._users[connection] = "test-mode"
            return None
        offered = [name.strip() for value in headers.get_all("Sec-WebSocket-Protocol") for name in value.split(",")]
        authorization = headers.get_all("Authorization") if self._checks.sees_authorization else []
        try:
            token = find_token(authorization, offered)
            if token is None:
                body, challenge = {"detail": "Not authenticated"}, {"WWW-Authenticate": "Bearer"}
                return _respond(connection, Answer(status=HTTPStatus.UNAUTHORIZED, body=body, headers=challenge))
            self._users[connection] = read_subject(token, self._checks)
        except TokenError as error:
            reason = {"detail": "Invalid token", "reason": str(error)}
            return _respond(connection, Answer(status=HTTPStatus.FORBIDDEN, body=reason))
        return None

    async def _stall(self, connection: ServerConnection) -> None:
        gone = asyncio.ensure_future(connection.wait_closed())
        closing = asyncio.ensure_future(self._closing.wait())
        await asyncio.wait([gone, closing], return_when=asyncio.FIRST_COMPLETED)
        for one in (gone, closing):
            one.cancel()
            with suppress(asyncio.CancelledError):
                await one

    def _discover(self, host: str) -> Answer:
        version = self._manner.cast.speech.session.name
        services = {"agents": {"url": f"ws://{host}/ws", "version": version}}
        canned = any(fault.name == "canned" for fault in self._manner.cast.faults)
        body = {"services": services, "timestamp": "2025-09-08T03:00:00.000000+00:00", "available": not canned}
        return Answer(status=HTTPStatus.OK, body=body)


def _respond(connection: ServerConnection, answer: Answer) -> Response:
    body: Mapping[str, Any] = answer.body
    response = connection.respond(answer.status, json.dumps(body))
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "application/json"
    response.headers.update(answer.headers)
    return response
