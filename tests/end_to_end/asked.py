"""A server that welcomes, waits to be asked, tells the test so, and then does what the test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen
from websockets.exceptions import ConnectionClosed

from tests.end_to_end.runs import CONFORMING


def read_events() -> list[dict[str, Any]]:
    """Return what the server said in the shipped capture that conforms."""
    records = map(json.loads, CONFORMING.read_text(encoding="utf-8").splitlines())
    return [json.loads(one["text"]) for one in records if one.get("direction") == "received"]


RECORDED = read_events()
WELCOME = next(event for event in RECORDED if event.get("data", {}).get("event") == "connection_established")
RUN = [event for event in RECORDED if "run_id" in event]
THINKING = next(event for event in RUN if event["type"] == "agent_thinking")


@dataclass(slots=True)
class Asked:
    """A server that listens at ``url``; ``asked`` is set when a client has sent its question."""

    url: str = ""
    asked: asyncio.Event = field(default_factory=asyncio.Event)


async def stay(connection: ServerConnection) -> None:
    """Hear what the client says, and say nothing, until it goes."""
    async for _ in connection:
        pass


@asynccontextmanager
async def serve_asked(then: Callable[[ServerConnection], Awaitable[None]] = stay) -> AsyncIterator[Asked]:
    """Welcome whoever comes; after the first message, do ``then``."""
    asked = Asked()

    async def hold(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await connection.send(json.dumps(WELCOME))
            await connection.recv()
            asked.asked.set()
            await then(connection)

    async with listen(
        hold, "127.0.0.1", 0, close_timeout=0.2, select_subprotocol=lambda _, offered: next(iter(offered), None)
    ) as server:
        asked.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ws"
        yield asked
