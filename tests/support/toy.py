"""A toy protocol, its contract and its server: who comes is welcomed, and what is said is answered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

CONTRACT = """
wscheck: 1
name: toy
version: "1.0.0"
event_name: /type
events:
  $open:
  $close:
  welcome:
  said:
  done:
  noise: {match: {/type: noise}}
  say: {from: client}
  tick: {from: client}
scopes:
  turn: {key: /id, order: "said+, done"}
"""


@dataclass(slots=True)
class Toy:
    """A server that listens at ``url``. ``requests`` are the opening handshakes, ``heard`` what each path said."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    heard: list[tuple[str, Any]] = field(default_factory=list)
    ended: list[tuple[str, int | None]] = field(default_factory=list)

    def headers(self, name: str) -> list[str]:
        """Return the values of a header, one an opening handshake that had it."""
        return [request.headers[name] for request in self.requests if name in request.headers]


@asynccontextmanager
async def serve_toy(
    *,
    refuse: Callable[[Request], int | None] = lambda _: None,
    close: Callable[[Request], int | None] = lambda _: None,
    welcome: Mapping[str, Any] | None = None,
) -> AsyncIterator[Toy]:
    """Serve the toy protocol: ``refuse`` gives the status of a refusal, ``close`` a code to close with at once."""
    toy = Toy()

    def look(connection: ServerConnection, request: Request) -> Response | None:
        toy.requests.append(request)
        status = refuse(request)
        return None if status is None else connection.respond(HTTPStatus(status), "no\n")

    async def hold(connection: ServerConnection) -> None:
        assert connection.request
        path, code = connection.request.path, close(connection.request)
        if code is not None:
            await connection.close(code)
            return
        with suppress(ConnectionClosed):
            await connection.send(json.dumps({"type": "welcome", "path": path, **(welcome or {})}))
            async for message in connection:
                heard = message if isinstance(message, bytes) else json.loads(message)
                toy.heard.append((path, heard))
                await _answer(connection, heard)
        toy.ended.append((path, connection.close_code))

    def select(_: ServerConnection, offered: Any) -> Any:
        return next(iter(offered), None)

    async with listen(
        hold, "127.0.0.1", 0, process_request=look, close_timeout=0.2, select_subprotocol=select
    ) as server:
        toy.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield toy


async def _answer(connection: ServerConnection, heard: Any) -> None:
    if isinstance(heard, bytes):
        heard = {"type": "say", "id": "binary", "text": heard.hex()}
    if heard.get("type") == "say":
        await connection.send(json.dumps({"type": "said", "id": heard["id"], "text": heard.get("text")}))
        await connection.send(json.dumps({"type": "done", "id": heard["id"]}))


def write_toy(folder: Path, sessions: str, *, head: str = "", config: str = "") -> Path:
    """Write the contract, a scenario with ``sessions`` and, where there is one, a wscheck.toml; return the scenario."""
    (folder / "toy.yaml").write_text(CONTRACT, encoding="utf-8")
    if config:
        (folder / "wscheck.toml").write_text(config, encoding="utf-8")
    path = folder / "trial.yaml"
    path.write_text(f"wscheck: 1\nscenario: trial\ncontract: toy.yaml\n{head}\nsessions:\n{sessions}", encoding="utf-8")
    return path
