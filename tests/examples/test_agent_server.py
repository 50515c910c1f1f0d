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
from tests.examples.agent_sessions import (
    VERSIONS,
    WHOLE,
    ask,
    be_welcomed,
    hear,
    hear_run,
    names,
    one_run,
    run_id,
    session,
)

ROOT = Path(__file__).parents[2]


# -- good manners


async def test_a_session_begins_with_noise_and_a_welcome() -> None:
    async with serve() as server, session(server) as connection:
        *noise, welcome = await be_welcomed(connection)
    assert [event["type"] for event in noise] == ["ping", "system_message"]
    assert welcome["data"]["connection_ready"] is True
    assert welcome["data"]["user_id"] == "ada-0001"


async def test_a_session_of_version_1_begins_with_a_ping_and_a_welcome() -> None:
    async with serve(version="1") as server, session(server) as connection:
        ping, welcome = await be_welcomed(connection)
    assert (ping["type"], welcome["type"]) == ("ping", "connection_established")
    assert ping["system"] is welcome["system"] is True
    assert welcome["connection_id"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_run_is_told_whole_and_answers_the_request(version: str, seed: int) -> None:
    events = await one_run(seed=seed, version=version)
    assert Counter(names(events)) == WHOLE
    assert (names(events)[0], names(events)[-1]) == ("agent_started", "agent_completed")
    steps = [event["payload"]["step_number"] for event in events if event["type"] == "agent_thinking"]
    assert steps == [1, 2, 3]
    for tool in ("cost_lookup", "usage_report"):
        pair = [event["type"] for event in events if event["payload"].get("tool_name") == tool]
        assert pair == ["tool_executing", "tool_completed"]
    assert "nonce-71" in events[-1]["payload"]["result"]["summary"]
    assert events[-1]["payload"]["execution_time_ms" if version == "2" else "duration_ms"] > 0
    assert len({run_id(event) for event in events}) == 1


async def test_version_1_says_everything_in_the_payload_and_version_2_ids_and_time_on_top() -> None:
    first, second = [(await one_run(version=version))[1] for version in VERSIONS]
    assert set(first) == {"type", "payload"}
    assert set(first["payload"]) == {"run_id", "agent_name", "thought", "step_number", "total_steps", "timestamp"}
    assert set(second) == {"type", "run_id", "thread_id", "user_id", "agent_name", "timestamp", "payload"}
    assert set(second["payload"]) == {"reasoning", "step_number", "progress_percentage", "status"}
    assert first["payload"]["thought"] == second["payload"]["reasoning"]
    assert second["user_id"] == "ada-0001"


async def test_the_mixed_server_speaks_version_2_but_in_every_other_run_version_1() -> None:
    async with serve(version="mixed", speed=0) as server, session(server) as connection:
        *_, welcome = await be_welcomed(connection)
        told = []
        for _ in range(3):
            await ask(connection)
            told.append([await hear(connection) for _ in range(WHOLE.total())])
    assert welcome["data"]["connection_ready"] is True
    assert [["run_id" in event for event in events] for events in told] == [
        [on_top] * 9 for on_top in (False, True, False)
    ]


@pytest.mark.parametrize("version", ["1", "2", "mixed"])
async def test_runs_and_sub_agents_are_each_whole_and_only_the_last_agent_answers(version: str) -> None:
    async with serve(version=version, speed=0, runs=2, sub_agents=3) as server, session(server) as connection:
        await be_welcomed(connection)
        await ask(connection, run_id="mine")
        events = [await hear(connection) for _ in range(8 * WHOLE.total())]
    ids = list(dict.fromkeys(map(run_id, events)))
    assert len(ids) == 8
    for one in ids:
        assert Counter(names([event for event in events if run_id(event) == one])) == WHOLE
    assert [run_id(event) for event in events if "nonce-71" in str(event)] == ["mine.2"] == [run_id(events[-1])]
    first, second = events[: 4 * WHOLE.total()], events[4 * WHOLE.total() :]
    assert (run_id(first[0]), run_id(first[-1])) == ("mine", "mine")
    assert {run_id(event).partition("-sub-")[0] for event in second} == {"mine.2"}
    assert names(first).index("agent_completed") > len(first) // 2, "the sub-agents work side by side"


async def test_the_same_seed_tells_the_same_run_and_another_seed_another() -> None:
    for version in ("1", "2", "mixed"):
        assert await one_run(seed=7, version=version) == await one_run(seed=7, version=version)
        assert await one_run(seed=7, version=version) != await one_run(seed=8, version=version)


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


@pytest.mark.parametrize(
    ("said", "answer"),
    [('{"type": "chat"}', "system_message"), ('{"type": "ping"}', "pong"), ('{"type": "beat"}', "ack"), ("{", "error")],
)
async def test_version_1_answers_in_its_own_words(said: str, answer: str) -> None:
    async with serve(version="1") as server, session(server) as connection:
        await be_welcomed(connection)
        await connection.send(said)
        event = await hear(connection)
    assert event["type"] == answer
    assert "data" not in event
    assert answer != "error" or set(event) == {"type", "payload", "timestamp"}


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
    process = await call("-m", "examples.agent_server", "--port", "0", "--version", "1", AGENT_JWT_KEY="s" * 32)
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


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"version": "3"}, "no version '3'; there are: 1, 2, mixed"),
        ({"runs": 0}, "at least one run"),
        ({"sub_agents": -1}, "no fewer than no sub-agents"),
    ],
)
async def test_what_the_server_cannot_speak_or_play_is_an_error(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        await serve(**options).__aenter__()
