"""The faults of the reference agent server's single events, each by what it puts on the wire, in both versions."""

from __future__ import annotations

import json

import pytest

from examples.agent_server import serve
from examples.agent_server.faults.dialects import DIALECTS
from tests.examples.agent_sessions import VERSIONS, WHOLE, differences, hear_messages, one_run, session

both = pytest.mark.parametrize("version", VERSIONS)


@pytest.mark.parametrize(
    ("fault", "event", "members"),
    [
        ("naive-timestamp", "agent_thinking", ("timestamp",)),
        ("wrong-type", "agent_completed", ("duration_ms", "execution_time_ms")),
        ("missing-field", "agent_thinking", ("thought", "reasoning")),
        ("rename-field", "agent_thinking", ("thought", "reasoning", "content")),
    ],
)
@both
async def test_a_fault_of_an_event_changes_one_member_of_one_event(
    version: str, fault: str, event: str, members: tuple[str, ...]
) -> None:
    events, whole = await one_run(fault, version=version), await one_run(version=version)
    (place,) = differences(events, whole)
    assert whole[place]["type"] == events[place]["type"] == event
    flat = [{**one, **one["payload"], "payload": None} for one in (whole[place], events[place])]
    changed = {name for name in flat[0].keys() | flat[1].keys() if flat[0].get(name) != flat[1].get(name)}
    assert changed
    assert changed <= set(members)


@pytest.mark.parametrize("dialect", DIALECTS)
@both
async def test_a_dialect_changes_how_the_first_thought_is_told(version: str, dialect: str) -> None:
    events = await one_run(f"mixed-dialects:{dialect}", version=version)
    whole = await one_run(version=version)
    assert differences(events, whole) == [1]
    thought = events[1]
    match dialect:
        case "event-type":
            assert (thought.get("type"), thought["event_type"]) == (None, "agent_thinking")
        case "data":
            assert set(thought) == {"type", "data"}
            assert thought["data"]["timestamp"].startswith("2025-09-08T03:00:0")
            assert "+" not in thought["data"]["timestamp"]
        case "type-and-event":
            assert thought["type"] == thought["event"] == "agent_thinking"
            assert "payload" not in thought
        case "hidden":
            assert (thought["type"], thought["data"]["event"]) == ("system_message", "agent_thinking")
    assert "Looking at" in str(thought) or "Reading" in str(thought)


@both
async def test_the_dialects_take_turns_between_the_first_and_the_last_event(version: str) -> None:
    faults = ["mixed-dialects"]
    async with serve(version=version, faults=faults, speed=0) as server, session(server) as connection:
        events = [json.loads(text) for text in await hear_messages(connection, WHOLE.total())]
    whole = await one_run(version=version)
    assert differences(events, whole) == list(range(1, WHOLE.total() - 1))
    by_turns = ["event_type" in events[1], "data" in events[2], "event" in events[3], "event" in events[4]["data"]]
    assert by_turns == [True] * 4


@both
async def test_binary_frame_sends_the_last_thought_in_a_binary_message(version: str) -> None:
    async with serve(version=version, faults=["binary-frame"], speed=0) as server, session(server) as connection:
        messages = await hear_messages(connection, WHOLE.total())
    assert [json.loads(message) for message in messages] == await one_run(version=version)
    (binary,) = [message for message in messages if isinstance(message, bytes)]
    assert json.loads(binary)["payload"]["step_number"] == 3


@pytest.mark.parametrize(("fault", "text"), [("empty-frame", ""), ("not-json", "Internal Server Error")])
@both
async def test_a_message_that_is_no_event_comes_in_the_middle_of_a_run(version: str, fault: str, text: str) -> None:
    async with serve(version=version, faults=[fault], speed=0) as server, session(server) as connection:
        messages = await hear_messages(connection, WHOLE.total() + 1)
    assert messages.pop(2) == text
    assert [json.loads(message) for message in messages] == await one_run(version=version)
