"""The faults of the reference agent server, each by what it puts on the wire."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from examples.agent_server import RUN_EVENTS, FaultError, serve
from examples.agent_server.faults import list_faults
from tests.examples.agent_sessions import WHOLE, ask, be_welcomed, hear, hear_run, names, one_run, session

TABLE = json.loads((Path(__file__).parents[2] / "examples/agent_server/faults.json").read_text(encoding="utf-8"))


async def test_silent_says_nothing_after_the_welcome_but_answers_pings() -> None:
    async with serve(faults=["silent"], speed=0, heartbeat=0.001) as server, session(server) as connection:
        await be_welcomed(connection)
        await ask(connection)
        for _ in range(5):
            await connection.send('{"type": "ping"}')
            await (await connection.ping())
        await connection.close()
        with pytest.raises(ConnectionClosed):
            await connection.recv()


@pytest.mark.parametrize("event", RUN_EVENTS)
async def test_drop_leaves_out_the_first_such_event(event: str) -> None:
    async with serve(faults=[f"drop:{event}"], speed=0) as server, session(server) as connection:
        await be_welcomed(connection)
        await ask(connection)
        events = [await hear(connection) for _ in range(WHOLE.total() - 1)]
    whole = await one_run()
    del whole[names(whole).index(event)]
    assert events == whole


@pytest.mark.parametrize("event", RUN_EVENTS)
async def test_duplicate_sends_the_first_such_event_twice_byte_for_byte(event: str) -> None:
    async with serve(faults=[f"duplicate:{event}"], speed=0) as server, session(server) as connection:
        await be_welcomed(connection)
        await ask(connection)
        texts = [await connection.recv() for _ in range(WHOLE.total() + 1)]
    kinds = [json.loads(text)["type"] for text in texts]
    first = kinds.index(event)
    assert texts[first] == texts[first + 1]
    assert Counter(kinds) == WHOLE + Counter([event])
    assert len(set(texts)) == WHOLE.total()


@pytest.mark.parametrize("seed", range(4))
async def test_completed_before_executing_turns_the_first_tool_round(seed: int) -> None:
    events = await one_run("completed-before-executing", seed=seed)
    order = [event["type"] for event in events if event["payload"].get("tool_call_id") == "call-1"]
    assert order == ["tool_completed", "tool_executing"]
    assert Counter(names(events)) == WHOLE


@pytest.mark.parametrize(("fault", "code"), [("accept-then-1008", 1008), ("accept-then-1011", 1011)])
async def test_accept_then_closes_before_any_welcome(fault: str, code: int) -> None:
    events = []
    async with serve(faults=[fault]) as server, session(server) as connection:
        if code == 1008:
            events.append(await hear(connection))
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code
    assert names(events) == (["error_message"] if code == 1008 else [])
    assert all(event["error_code"] == "AUTH_REQUIRED" and event["details"]["error"] for event in events)


async def test_never_ends_goes_quiet_before_the_completion_and_lives_on() -> None:
    async with serve(faults=["never-ends"], speed=0) as server, session(server) as connection:
        await be_welcomed(connection)
        await ask(connection)
        events = [await hear(connection) for _ in range(WHOLE.total() - 1)]
        await connection.send('{"type": "ping"}')
        assert (await hear(connection))["type"] == "pong"
    assert Counter(names(events)) == WHOLE - Counter(["agent_completed"])


async def test_drop_tcp_ends_in_the_middle_of_a_run_without_a_close_frame() -> None:
    async with serve(faults=["drop-tcp"], speed=0) as server, session(server) as connection:
        events = await hear_run(connection)
    assert names(events) == ["agent_started", "agent_thinking"]
    assert (connection.protocol.close_rcvd, connection.close_code) == (None, 1006)


async def test_faults_add_up() -> None:
    events = await one_run("drop:tool_executing", "duplicate:agent_started")
    assert Counter(names(events)) == WHOLE - Counter(["tool_executing"]) + Counter(["agent_started"])


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("silnet", "no fault 'silnet' .did you mean 'silent'"),
        ("drop", "'drop' has to name an event of a run"),
        ("drop:agent_stated", "did you mean 'drop:agent_started'"),
        ("silent:agent_started", "no fault 'silent:agent_started'"),
        ("", "no fault ''.*there are: reject-403"),
    ],
)
async def test_an_unknown_fault_is_an_error_that_says_which_there_are(fault: str, sentence: str) -> None:
    with pytest.raises(FaultError, match=sentence):
        await serve(faults=[fault]).__aenter__()


def test_the_table_has_every_fault_once() -> None:
    assert [row["fault"] for row in TABLE] == list(list_faults())
    assert {row["exit"] for row in TABLE} == {1, 3, 4}, "no fault leaves the checker green"
    assert all(row["findings"] or row["cause"] for row in TABLE)
