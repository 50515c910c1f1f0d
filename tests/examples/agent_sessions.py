"""Sessions with the reference agent server, for the tests: open one, be welcomed, ask, hear a run."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from examples.agent_server import Server, mint_token, serve

VERSIONS = ("1", "2")
REQUEST = "Why did costs rise? (nonce-71)"
WHOLE = Counter(agent_started=1, agent_thinking=3, tool_executing=2, tool_completed=2, agent_completed=1)


@asynccontextmanager
async def session(server: Server, token: str | None = None, **options: Any) -> AsyncIterator[ClientConnection]:
    """A session whose token goes by header."""
    headers = {"Authorization": f"Bearer {token or mint_token('ada-0001')}"}
    async with asyncio.timeout(5), connect(server.url, additional_headers=headers, proxy=None, **options) as connection:
        yield connection


async def hear(connection: ClientConnection) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(await connection.recv())
    return event


async def be_welcomed(connection: ClientConnection) -> list[dict[str, Any]]:
    """Hear everything up to the welcome."""
    events = [await hear(connection)]
    while not is_welcome(events[-1]):
        events.append(await hear(connection))
    return events


def is_welcome(event: dict[str, Any]) -> bool:
    """Whether ``event`` is the welcome of either version."""
    return "connection_established" in (event["type"], event.get("data", {}).get("event"))


async def ask(connection: ClientConnection, **payload: str) -> None:
    """Ask for a run; ``payload`` adds ids of the client's own."""
    event = {"type": "start_agent", "payload": {"user_request": REQUEST, **payload}}
    await connection.send(json.dumps(event))


async def hear_messages(connection: ClientConnection, count: int) -> list[str | bytes]:
    """Be welcomed, ask, and return so many messages as they came."""
    await be_welcomed(connection)
    await ask(connection)
    return [await connection.recv() for _ in range(count)]


async def hear_run(connection: ClientConnection) -> list[dict[str, Any]]:
    """Ask, then hear a run until it completes, or until the session ends."""
    await be_welcomed(connection)
    await ask(connection)
    events: list[dict[str, Any]] = []
    try:
        while not events or events[-1].get("type") != "agent_completed":
            events.append(await hear(connection))
    except ConnectionClosed:
        pass
    return events


async def one_run(*faults: str, seed: int = 0, version: str = "2") -> list[dict[str, Any]]:
    async with (
        serve(version=version, faults=faults, seed=seed, speed=0) as server,
        session(server) as connection,
    ):
        return await hear_run(connection)


def run_id(event: dict[str, Any]) -> str:
    """Return the run of an event of either version."""
    return str(event.get("run_id") or event["payload"]["run_id"])


def names(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def differences(told: list[dict[str, Any]], whole: list[dict[str, Any]]) -> list[int]:
    """Return the places at which two runs of the same length differ."""
    return [place for place, (one, other) in enumerate(zip(told, whole, strict=True)) if one != other]
