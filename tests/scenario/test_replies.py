"""What is sent beside the steps, and what is put into it: the event that it answers, and values that are always new."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.scenarios import came, load, session
from wscheck.scenario import Call, Close, Deadlines, Player, Send, Unsent, Wait, prepare


def player(folder: Path, *lines: str, seed: int = 1) -> Player:
    scenario = prepare(load(folder, session("identity: ada", *lines)), seed=seed, env={"E": "${on.x}"})
    return Player(scenario.sessions[0], deadlines=Deadlines(), scopes=())


def answering(folder: Path, message: str) -> Player:
    return player(folder, "steps: [{pause: 60}]", "reply:", f"- {{on: ask, {message}}}")


def sent(player: Player, now: float = 0.0) -> Any:
    action = player.act(now)
    assert isinstance(action, Send), action
    return json.loads(action.text or "")


ASKED = {"id": 5, "s": "a b", "o": {"x": [1, {"y": None}]}, "d.t": True}
FILLED: dict[str, tuple[str, Any]] = {
    "a number": ("${on.id}", 5),
    "inside a text": ("<${on.id}>", "<5>"),
    "an object": ("${on.o}", {"x": [1, {"y": None}]}),
    "null": ("${on.o.x.1.y}", None),
    "by pointer": ("${on#/d.t}", True),
    "all of it": ("${on#}", ASKED),
    "beside a variable": ("${session.identity}/${on.s}", "ada/a b"),
    "beside a plain sign": ("$${on.id} ${on.id}", "${on.id} 5"),
    "no variable that came out of another one": ("${env.E} ${on.id}", "${on.x} 5"),
}


@pytest.mark.parametrize(("text", "due"), FILLED.values(), ids=FILLED)
def test_a_reply_takes_values_of_the_event_that_it_answers(tmp_path: Path, text: str, due: Any) -> None:
    playing = answering(tmp_path, f"send: {{a: [{json.dumps(text)}]}}")
    playing.see([came("ask", value=ASKED)], 0.0)
    assert sent(playing) == {"a": [due]}


def test_a_reply_in_text_holds_what_is_no_text_as_json(tmp_path: Path) -> None:
    playing = answering(tmp_path, 'text: "${on.o}"')
    playing.see([came("ask", value=ASKED)], 0.0)
    assert playing.act(0.0) == Send(text='{"x":[1,{"y":null}]}')


def test_each_reply_answers_its_own_event(tmp_path: Path) -> None:
    playing = answering(tmp_path, 'send: "${on.id}"')
    playing.see([came("ask", value={"id": 1}), came("ask.again", value={"id": 2}), came("other", value={"id": 3})], 0.0)
    playing.see([came("ask", value={"id": 4}, direction="sent")], 0.0)
    assert [sent(playing), sent(playing)] == [1, 2]
    assert isinstance(playing.act(0.0), Wait)


def test_a_reply_for_which_the_event_lacks_a_value_is_not_sent_and_that_is_told_once_a_connection(
    tmp_path: Path,
) -> None:
    playing = player(
        tmp_path,
        "steps: [{expect: stop}, {drop: true}, {reconnect: true}, {pause: 60}]",
        "reply:",
        '- {on: ask, send: "${on.header.id}"}',
    )
    unsent = Unsent(
        text="a reply to ask was not sent: `${on.header.id}` has no value: nothing stands at /header/id of the event",
    )
    playing.see([came("ask"), came("ask", value={"header": 1}), came("ask", value={"header": {"id": 7}})], 0.0)
    assert playing.act(0.0) == unsent
    assert sent(playing) == 7
    playing.see([came("stop", 1.0)], 1.0)
    playing.act(1.0)
    assert playing.reconnects(2.0) == 0.0
    playing.see([came("ask", 3.0)], 3.0)
    assert playing.act(3.0) == unsent
    assert isinstance(playing.act(3.0), Wait)


def ids(folder: Path, *, seed: int = 1) -> list[str]:
    """Return the fresh value of each message of a session that sends in every way."""
    playing = player(
        folder,
        "steps:",
        '- {id: first, send: {id: "${fresh}", again: "${fresh}"}}',
        '- {send: {id: "${fresh}", first: "${first.id}"}}',
        '- {request: {url: "http://h/${fresh}", json: "${fresh}"}}',
        "reply:",
        '- {on: ask, send: {id: "${fresh}", parent: "${on.id}"}}',
        "every:",
        '- {seconds: 5, text: "<${fresh}>"}',
        seed=seed,
    )
    first, second = sent(playing), sent(playing)
    assert first["id"] == first["again"] == second["first"]
    call = playing.act(0.0)
    assert isinstance(call, Call)
    assert call.request.url == f"http://h/{call.request.json}"
    assert isinstance(playing.act(0.0), Wait)
    playing.see([came("ask", value={"id": 1}), came("ask", value={"id": 2})], 0.0)
    replies = [sent(playing), sent(playing)]
    assert [reply["parent"] for reply in replies] == [1, 2]
    beats = [playing.act(now) for now in (5.0, 5.0, 10.0)]  # after a message the steps have their turn
    texts = [beat.text[1:-1] for beat in beats if isinstance(beat, Send) and beat.text]
    return [first["id"], second["id"], call.request.json, *(reply["id"] for reply in replies), *texts]


def test_a_fresh_value_is_new_for_every_message_and_follows_from_the_seed(tmp_path: Path) -> None:
    made = ids(tmp_path)
    assert len(set(made)) == len(made) == 7
    assert all(len(each) == 36 and each[14] == "4" for each in made)
    assert ids(tmp_path) == made
    assert not set(ids(tmp_path, seed=2)) & set(made)


def test_fresh_values_go_on_after_a_reconnect_and_differ_between_sessions(tmp_path: Path) -> None:
    steps = '{send: "${fresh}"}, {drop: true}, {reconnect: true}, {send: "${fresh}"}'
    text = session(f"steps: [{steps}]")
    seen = []
    for each in (text, text.replace("ada", "bob")):
        script = prepare(load(tmp_path, each), seed=1, env={}).sessions[0]
        playing = Player(script, deadlines=Deadlines(), scopes=())
        seen.append(sent(playing))
        playing.act(0.0)
        playing.reconnects(1.0)
        seen.append(sent(playing, 1.0))
        assert isinstance(playing.act(1.0), Close)
    assert len(set(seen)) == 4
