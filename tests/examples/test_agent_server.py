"""The reference agent server over a real socket: its good manners, what the client may say, and its command line."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from examples.agent_server import MAX_MESSAGE_SIZE, mint_token, serve
from examples.agent_server.faults import list_faults
from tests.examples.agent_sessions import WHOLE, ask, be_welcomed, hear, hear_run, names, one_run, session

ROOT = Path(__file__).parents[2]


# -- good manners


async def test_a_session_begins_with_noise_and_a_welcome() -> None:
    async with serve() as server, session(server) as connection:
        *noise, welcome = await be_welcomed(connection)
    assert [event["type"] for event in noise] == ["ping", "system_message"]
    assert welcome["data"]["connection_ready"] is True
    assert welcome["data"]["user_id"] == "ada-0001"


@pytest.mark.parametrize("seed", range(4))
async def test_a_run_is_told_whole_and_answers_the_request(seed: int) -> None:
    events = await one_run(seed=seed)
    assert Counter(names(events)) == WHOLE
    assert (names(events)[0], names(events)[-1]) == ("agent_started", "agent_completed")
    steps = [event["payload"]["step_number"] for event in events if event["type"] == "agent_thinking"]
    assert steps == [1, 2, 3]
    for call in ("call-1", "call-2"):
        pair = [event["type"] for event in events if event["payload"].get("tool_call_id") == call]
        assert pair == ["tool_executing", "tool_completed"]
    assert "nonce-71" in events[-1]["payload"]["result"]["summary"]
    assert events[-1]["payload"]["execution_time_ms"] > 0
    assert {(event["user_id"], event["run_id"]) for event in events} == {("ada-0001", events[0]["run_id"])}


async def test_the_same_seed_tells_the_same_run_and_another_seed_another() -> None:
    assert await one_run(seed=7) == await one_run(seed=7)
    assert await one_run(seed=7) != await one_run(seed=8)


async def test_over_the_seeds_tools_come_one_after_the_other_and_overlapping() -> None:
    orders = {tuple(names(await one_run(seed=seed))[2:4]) for seed in range(8)}
    assert orders == {("tool_executing", "tool_executing"), ("tool_executing", "tool_completed")}


async def test_runs_at_once_are_each_whole() -> None:
    async with serve(speed=0.001) as server, session(server) as connection:
        await be_welcomed(connection)
        for number in range(5):
            await ask(connection, run_id=f"run-{number}", thread_id="thread-of-mine")
        events = [await hear(connection) for _ in range(5 * WHOLE.total())]
    assert {event["thread_id"] for event in events} == {"thread-of-mine"}
    for number in range(5):
        assert Counter(names([event for event in events if event["run_id"] == f"run-{number}"])) == WHOLE
    assert names(events).index("agent_completed") > names(events).index("tool_executing")
    assert len({event["run_id"] for event in events[: WHOLE.total()]}) > 1, "the runs take turns"


async def test_two_users_and_two_visits_share_no_ids() -> None:
    seen = set()
    async with serve(speed=0) as server:
        for user in ("ada-0001", "bob-0002", "ada-0001"):
            async with session(server, mint_token(user)) as connection:
                events = await hear_run(connection)
            assert {event["user_id"] for event in events} == {user}
            seen.add(events[0]["run_id"])
    assert len(seen) == 3


async def test_the_server_asks_now_and_then_whether_the_client_is_there() -> None:
    async with serve(heartbeat=0.01) as server, session(server) as connection:
        await be_welcomed(connection)
        assert names([await hear(connection), await hear(connection)]) == ["ping", "ping"]


# -- what the client says


@pytest.mark.parametrize(
    ("said", "answer", "member"),
    [
        ('{"type": "chat"}', "system_message", {"data": {"event": "message_received", "user_id": "ada-0001"}}),
        ('{"type": "ping"}', "pong", {}),
        ('{"type": "beat"}', "ack", {"received_type": "beat", "status": "acknowledged", "user_id": "ada-0001"}),
        ("{", "error_message", {"error_code": "FORMAT_ERROR"}),
        ("[" * 8000, "error_message", {"error_code": "FORMAT_ERROR"}),
        ("[]", "error_message", {"error_code": "FORMAT_ERROR"}),
        ('{"type": 1}', "error_message", {"error_code": "FORMAT_ERROR"}),
        ('{"type": "start_agent"}', "error_message", {"error_code": "FORMAT_ERROR"}),
        ('{"type": "start_agent", "payload": {"user_request": ""}}', "error_message", {"error_code": "FORMAT_ERROR"}),
        (b"\xff\xfe", "error_message", {"error_code": "FORMAT_ERROR"}),
    ],
)
async def test_each_client_event_has_its_answer(said: str | bytes, answer: str, member: dict[str, Any]) -> None:
    async with serve() as server, session(server) as connection:
        await be_welcomed(connection)
        await connection.send(said)
        event = await hear(connection)
    assert event["type"] == answer
    assert {name: event[name] for name in member} == member
    assert answer != "error_message" or event["details"]["error"]


async def test_a_message_over_the_limit_is_dropped_in_silence_and_one_at_the_limit_is_heard() -> None:
    async with serve() as server, session(server) as connection:
        await be_welcomed(connection)
        frame = '{"type": "", "x": "é"}'
        for size in (MAX_MESSAGE_SIZE + 1, MAX_MESSAGE_SIZE):
            await connection.send(frame.replace('""', f'"{"n" * (size - len(frame.encode()))}"'))
        assert (await hear(connection))["received_type"] == "n" * (MAX_MESSAGE_SIZE - len(frame.encode()))


async def test_a_run_id_serves_once() -> None:
    async with serve(speed=0) as server, session(server) as connection:
        await be_welcomed(connection)
        await ask(connection, run_id="mine")
        await ask(connection, run_id="mine")
        events = [await hear(connection) for _ in range(WHOLE.total() + 1)]
    assert Counter(names(events)) == WHOLE + Counter(error_message=1)


# -- on the command line


async def call(*arguments: str, cwd: Path = ROOT, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_the_command_serves_until_it_is_terminated() -> None:
    process = await call("-m", "examples.agent_server", "--port", "0", AGENT_JWT_KEY="s" * 32)
    assert process.stdout is not None
    first = (await process.stdout.readline()).decode()
    url = first.removeprefix("agent server on ").strip()
    headers = {"Authorization": f"Bearer {mint_token('ada-0001', key='s' * 32)}"}
    async with asyncio.timeout(5), connect(url, additional_headers=headers, proxy=None) as connection:
        await be_welcomed(connection)
    process.send_signal(signal.SIGTERM)
    rest, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    assert b"s" * 32 not in rest


async def test_the_command_runs_by_path_from_anywhere(tmp_path: Path) -> None:
    process = await call(str(ROOT / "examples/agent_server"), "--list-faults", cwd=tmp_path)
    output, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    assert output.decode().split() == list(list_faults())


async def test_the_command_refuses_an_unknown_fault() -> None:
    process = await call("-m", "examples.agent_server", "--port", "0", "--fault", "silnet")
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert "did you mean 'silent'" in errors.decode()
