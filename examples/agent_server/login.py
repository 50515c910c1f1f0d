"""The login: who shows the bypass key is handed a test token; and how a POST comes through a port for WebSocket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hmac import compare_digest
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import ServerConnection

from .faults import Answer
from .tokens import LIFETIME, mint_token

LOGIN = "/auth/e2e/test-auth"
"""Where test tokens come from."""

BYPASS_HEADER = "X-E2E-Bypass-Key"
DEMO_BYPASS_KEY = "agent-server-demo-bypass-key-that-everybody-knows"
"""What the header has to hold where no other key is given. Public, as the demo key is."""

_HEAD_AT_MOST = 2**14  # bytes, and as much again for a body


class DoorConnection(ServerConnection):
    """A connection at whose opening a POST may come as well: websockets itself reads nothing but GET.

    The POST is handed on as a GET without a body; ``posted`` holds its body, None where there was no POST.
    """

    posted: bytes | None = None
    _read: bytes | None = b""

    def data_received(self, data: bytes) -> None:
        """Take what came; the head and the body of a POST are held back until they are whole."""
        if self._read is None:
            super().data_received(data)
            return
        self._read += data
        if b"POST ".startswith(self._read[:5]) and len(self._read) <= 2 * _HEAD_AT_MOST:
            self._read_post(self._read)
        else:
            self._hand_on(self._read)

    def _read_post(self, read: bytes) -> None:
        head, end, body = read.partition(b"\r\n\r\n")
        if not end:
            return
        request, *headers = head.split(b"\r\n")
        lengths = [line for line in headers if line.lower().startswith(b"content-length:")]
        due = [int(value) for line in lengths if (value := line.partition(b":")[2].strip()).isdigit()]
        if len(body) < min(max(due, default=0), _HEAD_AT_MOST):
            return
        self.posted = body
        rest = [line for line in headers if line not in lengths]
        self._hand_on(b"\r\n".join([b"GET" + request.removeprefix(b"POST"), *rest]) + end)

    def _hand_on(self, data: bytes) -> None:
        self._read = None
        super().data_received(data)


def answer_login(posted: bytes | None, shown: str | None, *, key: str, bypass_key: str | None) -> Answer:
    """Return a token, or why there is none: 401 without a bypass key, 403 with a wrong one, 422 for a bad body.

    405 where nothing was posted, 503 where the service has no bypass key itself. The body is JSON, each member
    optional: sub, email, permissions.
    """
    if posted is None:
        return _refuse(HTTPStatus.METHOD_NOT_ALLOWED, "POST it", Allow="POST")
    if not bypass_key:
        return _refuse(HTTPStatus.SERVICE_UNAVAILABLE, "test tokens are not configured")
    if not shown:
        return _refuse(HTTPStatus.UNAUTHORIZED, f"{BYPASS_HEADER} is missing")
    if not compare_digest(shown.encode(), bypass_key.encode()):
        return _refuse(HTTPStatus.FORBIDDEN, f"{BYPASS_HEADER} is wrong")
    claims = _read_claims(posted)
    if claims is None:
        return _refuse(HTTPStatus.UNPROCESSABLE_ENTITY, "the body is a JSON object; sub and email are strings")
    token = mint_token(key=key, **claims)
    body = {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME, "user_id": claims["subject"]}
    return Answer(status=HTTPStatus.OK, body=body)


def _read_claims(posted: bytes) -> dict[str, Any] | None:
    try:
        asked = json.loads(posted or b"{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict):
        return None
    claims = {
        "subject": asked.get("sub", "e2e-0001"),
        "email": asked.get("email", "e2e@example.com"),
        "permissions": asked.get("permissions", ["agents:run"]),
        "env": "test",
    }
    named = all(isinstance(claims[name], str) and claims[name] for name in ("subject", "email"))
    return claims if named and isinstance(claims["permissions"], list) else None


def _refuse(status: HTTPStatus, detail: str, **headers: str) -> Answer:
    body: Mapping[str, Any] = {"detail": detail}
    return Answer(status=status, body=body, headers=headers)
