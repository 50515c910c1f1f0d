"""The law of the whole project: whatever a server does, without the agent's events no run exits with 0."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen
from websockets.exceptions import ConnectionClosed

from tests.end_to_end.asked import RECORDED, RUN, WELCOME, serve_asked, stay
from tests.end_to_end.runs import errors, merged, run_against, write_triage

# As lenient as a scenario can be: nothing has to be seen, nothing has to come in time.
LENIENT = """
wscheck: 1
scenario: lenient
contract: agent-events@2
deadline: {welcome: 0.5, silence: 0.5}
sessions:
  ada:
    identity: ada-0001
    steps:
      - send: {type: start_agent, payload: {user_request: Explain}}
      - expect: agent_started
"""
HASTY = "wscheck: 1\nscenario: hasty\ncontract: agent-events@2\nsessions: {ada: {identity: ada-0001}}\n"


PING = {"type": "ping", "data": {"timestamp": 1.0}, "timestamp": 1.0}
ACK = {"type": "ack", "received_type": "start_agent", "timestamp": 1.0, "user_id": "ada-0001", "status": "acknowledged"}
ERROR = {
    "type": "error_message",
    "error_code": "FORMAT_ERROR",
    "error_message": "Invalid message format",
    "details": {"error": "no"},
    "timestamp": 1.0,
}
GRAPHQL = [
    {"type": "connection_ack"},
    {"id": "1", "type": "next", "payload": {"data": {"answer": 42}}},
    {"id": "1", "type": "complete"},
]
VERSION_1 = [{"type": event["type"], "payload": {"run_id": "run-71", "timestamp": 1.0}} for event in RUN]


Behave = Callable[[ServerConnection], Awaitable[None]]


def _say(*events: Any) -> Behave:
    """Say ``events``, whatever the client says, then stay."""

    async def behave(connection: ServerConnection) -> None:
        for event in events:
            await connection.send(event if isinstance(event, str | bytes) else json.dumps(event))
        await stay(connection)

    return behave


def _then_close(code: int, *events: Any) -> Behave:
    async def behave(connection: ServerConnection) -> None:
        for event in events:
            await connection.send(json.dumps(event))
        await connection.close(code)

    return behave


async def _echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def _echo_binary(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message.encode() if isinstance(message, str) else message)


async def _acknowledge(connection: ServerConnection) -> None:
    await connection.send(json.dumps(WELCOME))
    async for _ in connection:
        await connection.send(json.dumps(ACK))


async def _ping_frames(connection: ServerConnection) -> None:
    while True:
        await connection.ping()
        await asyncio.sleep(0.05)


async def _drop(connection: ServerConnection) -> None:
    connection.transport.abort()


def _without(name: str) -> list[dict[str, Any]]:
    return [event for event in RUN if event["type"] != name]


SERVERS: dict[str, Behave] = {
    "says nothing": _say(),
    "closes with 1000 at once": _then_close(1000),
    "closes with 1001 at once": _then_close(1001),
    "closes with 1008 at once": _then_close(1008),
    "drops TCP at once": _drop,
    "sends ping frames": _ping_frames,
    "sends pings": _say(*[PING] * 50),
    "sends acks": _say(*[ACK] * 50),
    "welcomes, then acknowledges": _acknowledge,
    "echoes": _echo,
    "echoes in binary": _echo_binary,
    "sends binary": _say(*[bytes([0, 255])] * 5),
    "sends the right events in binary": _say(*(json.dumps(event).encode() for event in RECORDED)),
    "welcomes, then closes with 1000": _then_close(1000, WELCOME),
    "welcomes, then is silent": _say(WELCOME),
    "welcomes twice": _say(WELCOME, WELCOME),
    "welcomes, then says errors": _say(WELCOME, *[ERROR] * 3),
    "welcomes, then sends pings": _say(WELCOME, *[PING] * 50),
    "speaks GraphQL": _say(*GRAPHQL),
    "welcomes, then speaks GraphQL": _then_close(1000, WELCOME, *GRAPHQL),
    "speaks version 1": _then_close(1000, WELCOME, *VERSION_1),
    "sends a thousand unknown events": _say(*[{"type": "agent_pondering", "run_id": "r"}] * 1000),
    "sends events of a run that never began": _then_close(1000, WELCOME, *_without("agent_started")),
    "sends runs that never think": _then_close(1000, WELCOME, *_without("agent_thinking")),
    "sends runs that never complete": _then_close(1000, WELCOME, *_without("agent_completed")),
    "only begins": _then_close(1000, WELCOME, RUN[0]),
    "sends runs without a welcome": _then_close(1000, *RUN),
    "sends everything in one array": _say([WELCOME, *RUN]),
    "sends everything backwards": _say(*reversed(RECORDED)),
    "sends no JSON": _say("", "agent_started", "{", "NaN", '{"type": "agent_started"'),
    "sends events that are no objects": _say(None, True, 1, "agent_started", ["agent_started"]),
    "sends events without a name": _say({}, {"type": None}, {"type": {}}, {"event": "agent_started"}),
    "sends names of scopes": _say(WELCOME, {"type": "run", "run_id": "r"}, {"type": "tool"}, {"type": "$close"}),
}  # fmt: skip


@asynccontextmanager
async def _serve(behave: Behave) -> AsyncIterator[str]:
    async def hold(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await behave(connection)

    async with listen(
        hold, "127.0.0.1", 0, close_timeout=0.2, select_subprotocol=lambda _, offered: next(iter(offered), None)
    ) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ws"


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[dict[str, int]]]]:
    """What each server gets, by scenario; several at once, for they do little but wait."""
    with ThreadPoolExecutor(8) as pool:
        yield {name: pool.submit(_run, behave, tmp_path_factory.mktemp("any")) for name, behave in SERVERS.items()}


def _run(behave: Behave, folder: Path) -> dict[str, int]:
    (folder / "lenient.yaml").write_text(LENIENT)
    (folder / "hasty.yaml").write_text(HASTY)
    scenarios = (write_triage(folder, listen=0.4, welcome=0.4), folder / "lenient.yaml", folder / "hasty.yaml")
    runs = {path.stem: asyncio.run(run_against(_serve(behave), path, folder)) for path in scenarios}
    return {name: merged(ran.outcome).exit_code for name, ran in runs.items()}


@pytest.mark.parametrize("name", SERVERS)
def test_no_server_gets_0_without_the_agents_events(name: str, codes: Mapping[str, Future[dict[str, int]]]) -> None:
    got = codes[name].result()
    assert list(got) == ["triage", "lenient", "hasty"]
    assert set(got.values()) <= {1, 3, 4}, got


async def test_a_recorded_run_passes_where_nobody_asks_whether_it_was_recorded(tmp_path: Path) -> None:
    """Shows that the servers above could have had a 0."""
    (tmp_path / "lenient.yaml").write_text(LENIENT.replace("agent_started", "run"))
    ran = await run_against(serve_asked(_say(*RUN)), tmp_path / "lenient.yaml", tmp_path)
    assert merged(ran.outcome).exit_code == 0, ran.outcome.why


async def test_a_recorded_run_fails_where_its_answer_must_hold_the_nonce(tmp_path: Path) -> None:
    ran = await run_against(serve_asked(_say(*RUN)), write_triage(tmp_path, listen=0.4), tmp_path)
    assert merged(ran.outcome).exit_code == 1, ran.outcome.why
    assert errors(ran.outcome) == ["expect"]
