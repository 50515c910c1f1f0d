"""The faults of the reference agent server's openings and runs, each by what it puts on the wire, in both versions."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from examples.agent_server import RUN_EVENTS, FaultError, mint_token, serve
from examples.agent_server.faults import list_faults
from tests.examples.agent_sessions import (
    VERSIONS,
    WHOLE,
    ask,
    be_welcomed,
    differences,
    hear,
    hear_messages,
    hear_run,
    is_welcome,
    names,
    one_run,
    run_id,
    session,
)

TABLE = json.loads((Path(__file__).parents[2] / "examples/agent_server/faults.json").read_text(encoding="utf-8"))
both = pytest.mark.parametrize("version", VERSIONS)


# -- openings


@both
async def test_silent_says_nothing_after_the_welcome_but_answers_pings(version: str) -> None:
    async with (
        serve(version=version, faults=["silent"], speed=0, heartbeat=0.001) as server,
        session(server) as connection,
    ):
        await be_welcomed(connection)
        await ask(connection)
        for _ in range(5):
            await connection.send('{"type": "ping"}')
            await (await connection.ping())
        await connection.close()
        with pytest.raises(ConnectionClosed):
            await connection.recv()


@both
async def test_ack_only_acknowledges_all_and_does_nothing(version: str) -> None:
    async with serve(version=version, faults=["ack-only"], speed=0) as server, session(server) as connection:
        await be_welcomed(connection)
        await ask(connection)
        await connection.send('{"type": "chat"}')
        heard = [await hear(connection), await hear(connection)]
    assert [(event["type"], event["received_type"]) for event in heard] == [("ack", "start_agent"), ("ack", "chat")]


@both
async def test_no_welcome_sends_the_noise_and_serves_on(version: str) -> None:
    async with serve(version=version, faults=["no-welcome"], speed=0) as server, session(server) as connection:
        await ask(connection)
        events = [await hear(connection)]
        while events[-1]["type"] != "agent_completed":
            events.append(await hear(connection))
    assert events[0]["type"] == "ping"
    assert not any(map(is_welcome, events))


@pytest.mark.parametrize(("fault", "code"), [("accept-then-1008", 1008), ("accept-then-1011", 1011)])
@both
async def test_accept_then_closes_before_any_welcome(version: str, fault: str, code: int) -> None:
    events = []
    async with serve(version=version, faults=[fault]) as server, session(server) as connection:
        if code == 1008:
            events.append(await hear(connection))
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code
    assert names(events) == ({"1": ["error"], "2": ["error_message"]}[version] if code == 1008 else [])
    assert all("user_context" in str(event) for event in events)


@both
async def test_duplicate_after_reconnect_tells_the_end_of_the_last_run_again(version: str) -> None:
    async with serve(version=version, faults=["duplicate-after-reconnect"], speed=0) as server:
        async with session(server) as connection:
            told = await hear_run(connection)
        async with session(server, mint_token("bob-0002")) as connection:
            assert names(await hear_run(connection))[0] == "agent_started"
        async with session(server) as connection:
            await be_welcomed(connection)
            again = [await hear(connection), await hear(connection)]
            await ask(connection)
            new = await hear(connection)
    last_tool = [event for event in told if event["type"] == "tool_completed"][-1]
    assert again == [last_tool, told[-1]]
    assert new["type"] == "agent_started"
    assert run_id(new) != run_id(told[0])


# -- runs


@pytest.mark.parametrize("event", RUN_EVENTS)
@both
async def test_drop_leaves_out_the_first_such_event(version: str, event: str) -> None:
    async with serve(version=version, faults=[f"drop:{event}"], speed=0) as server, session(server) as connection:
        events = [json.loads(text) for text in await hear_messages(connection, WHOLE.total() - 1)]
    whole = await one_run(version=version)
    del whole[names(whole).index(event)]
    assert events == whole


@pytest.mark.parametrize("event", RUN_EVENTS)
@both
async def test_duplicate_sends_the_first_such_event_twice_byte_for_byte(version: str, event: str) -> None:
    faults = [f"duplicate:{event}"]
    async with serve(version=version, faults=faults, speed=0) as server, session(server) as connection:
        texts = await hear_messages(connection, WHOLE.total() + 1)
    kinds = [json.loads(text)["type"] for text in texts]
    first = kinds.index(event)
    assert texts[first] == texts[first + 1]
    assert Counter(kinds) == WHOLE + Counter([event])
    assert len(set(texts)) == WHOLE.total()


@both
async def test_reorder_lets_the_first_thought_come_before_the_start(version: str) -> None:
    first, second, *rest = await one_run(version=version)
    assert await one_run("reorder", version=version) == [second, first, *rest]


@pytest.mark.parametrize("seed", range(4))
@both
async def test_completed_before_executing_turns_the_first_tool_round(version: str, seed: int) -> None:
    events = await one_run("completed-before-executing", seed=seed, version=version)
    first = next(event for event in events if event["type"] == "tool_executing")["payload"]["tool_name"]
    order = [event["type"] for event in events if event["payload"].get("tool_name") == "cost_lookup"]
    assert order == ["tool_completed", "tool_executing"]
    assert first in ("cost_lookup", "usage_report")
    assert Counter(names(events)) == WHOLE


@both
async def test_unpaired_tool_calls_one_tool_that_never_completes(version: str) -> None:
    events = await one_run("unpaired-tool", version=version)
    assert Counter(names(events)) == WHOLE + Counter(["tool_executing"])
    lone = [event for event in events if event["payload"].get("tool_name") == "audit_trail"]
    assert names(lone) == ["tool_executing"]
    assert ("tool_call_id" in lone[0]["payload"]) is (version == "2")


@both
async def test_extra_started_starts_the_same_run_again_after_a_thought(version: str) -> None:
    events = await one_run("extra-started", version=version)
    assert names(events)[:3] == ["agent_started", "agent_thinking", "agent_started"]
    assert events[0] == events[2]


@both
async def test_cross_talk_sends_an_answer_to_every_other_user_and_to_no_session_of_the_same(version: str) -> None:
    async with (
        serve(version=version, faults=["cross-talk"], speed=0) as server,
        session(server) as ada,
        session(server) as ada_too,
        session(server, mint_token("bob-0002")) as bob,
    ):
        await be_welcomed(bob)
        await be_welcomed(ada_too)
        told = await hear_run(ada)
        leaked = await hear(bob)
        await ada_too.send('{"type": "ping"}')
        assert (await hear(ada_too))["type"] == "pong"
    assert Counter(names(told)) == WHOLE
    assert leaked == told[-1]


@both
async def test_canned_answers_another_question(version: str) -> None:
    events, whole = await one_run("canned", version=version), await one_run(version=version)
    assert differences(events, whole) == [len(whole) - 1]
    assert "nonce-71" not in str(events)


@pytest.mark.parametrize(("fault", "before"), [("slow-first-event", 0), ("gap", 2)])
@both
async def test_a_pause_stands_before_the_first_event_or_before_the_first_tool(
    version: str, fault: str, before: int
) -> None:
    faults = [fault]
    async with serve(version=version, faults=faults, speed=0, pause=99) as server, session(server) as connection:
        heard = await hear_messages(connection, before)
        await connection.send('{"type": "ping"}')
        assert (await hear(connection))["type"] == "pong"
    assert [json.loads(text)["type"] for text in heard] == ["agent_started", "agent_thinking"][:before]


@both
async def test_never_ends_goes_quiet_before_the_completion_and_lives_on(version: str) -> None:
    async with serve(version=version, faults=["never-ends"], speed=0) as server, session(server) as connection:
        heard = await hear_messages(connection, WHOLE.total() - 1)
        await connection.send('{"type": "ping"}')
        assert (await hear(connection))["type"] == "pong"
    assert Counter(json.loads(text)["type"] for text in heard) == WHOLE - Counter(["agent_completed"])


@both
async def test_drop_tcp_ends_in_the_middle_of_a_run_without_a_close_frame(version: str) -> None:
    async with serve(version=version, faults=["drop-tcp"], speed=0) as server, session(server) as connection:
        events = await hear_run(connection)
    assert names(events) == ["agent_started", "agent_thinking"]
    assert (connection.protocol.close_rcvd, connection.close_code) == (None, 1006)


@both
async def test_close_1000_early_closes_in_good_order_in_the_middle_of_a_run(version: str) -> None:
    async with serve(version=version, faults=["close-1000-early"], speed=0) as server, session(server) as connection:
        events = await hear_run(connection)
    assert names(events) == ["agent_started", "agent_thinking"]
    assert connection.close_code == 1000


@both
async def test_invalid_close_code_breaks_the_protocol(version: str) -> None:
    async with serve(version=version, faults=["invalid-close-code"], speed=0) as server, session(server) as connection:
        events = await hear_run(connection)
    assert names(events) == ["agent_started", "agent_thinking"]
    assert connection.protocol.close_sent is not None
    assert connection.protocol.close_sent.code == 1002, "the client says that this is a protocol error"


# -- how they are asked for


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
        ("mixed-dialects:hiden", "did you mean 'mixed-dialects:hidden'"),
        ("mixed-dialects:", "has to name how"),
        ("", "no fault ''.*there are: reject-403"),
    ],
)
async def test_an_unknown_fault_is_an_error_that_says_which_there_are(fault: str, sentence: str) -> None:
    with pytest.raises(FaultError, match=sentence):
        await serve(faults=[fault]).__aenter__()


@both
def test_the_table_has_every_fault_once_a_version_in_the_order_of_the_server(version: str) -> None:
    assert [row["fault"] for row in TABLE if version in row.get("versions", VERSIONS)] == list(list_faults())


def test_no_fault_of_the_table_leaves_the_checker_green() -> None:
    assert {row["exit"] for row in TABLE} == {1, 3, 4}
    assert all(row["findings"] or row["cause"] for row in TABLE)
