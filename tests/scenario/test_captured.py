"""Captured values: what a step sent, received or was answered, put into the steps after it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.scenarios import HEAD, came, load, session
from wscheck.errors import ScenarioError
from wscheck.scenario import Answered, Call, Deadlines, GiveUp, Player, Send, prepare
from wscheck.scenario.template import escape_pattern, read_captured

NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3),
    max_leaves=6,
)


def player(folder: Path, *steps: str) -> Player:
    scenario = prepare(load(folder, session("identity: ada", "steps:", *steps)), seed=1, env={"E": "${ask.x}"})
    return Player(scenario.sessions[0], deadlines=Deadlines(), scopes=("run",))


def sent(player: Player, now: float = 0.0) -> Any:
    action = player.act(now)
    assert isinstance(action, Send), action
    return json.loads(action.text or "")


ASK = '- {id: ask, send: {n: 5, s: "a b", o: {x: [1, {y: null}]}, "d.t": true}}'
FILLED: dict[str, tuple[str, Any]] = {
    "a number": ("${ask.n}", 5),
    "inside a text": ("<${ask.n}>", "<5>"),
    "a text": ("${ask.s}", "a b"),
    "an object": ("${ask.o}", {"x": [1, {"y": None}]}),
    "an object inside a text": ("o=${ask.o}", 'o={"x":[1,{"y":null}]}'),
    "an item of an array": ("${ask.o.x.0}", 1),
    "by pointer": ("${ask#/o/x/1/y}", None),
    "by pointer, for a name with a dot": ("${ask#/d.t}", True),
    "all of it": ("${ask#}", {"n": 5, "s": "a b", "o": {"x": [1, {"y": None}]}, "d.t": True}),
    "beside a variable": ("${session.identity}/${ask.s}", "ada/a b"),
    "beside a plain sign": ("$${ask.n} ${ask.n}", "${ask.n} 5"),
    "no variable that came out of another one": ("${env.E} ${ask.n}", "${ask.x} 5"),
}


@pytest.mark.parametrize(("text", "due"), FILLED.values(), ids=FILLED)
def test_a_captured_value_keeps_its_type_where_it_stands_alone(tmp_path: Path, text: str, due: Any) -> None:
    playing = player(tmp_path, ASK, f"- send: {{a: [{json.dumps(text)}]}}")
    sent(playing)
    assert sent(playing) == {"a": [due]}


@given(value=NESTED)
def test_whatever_was_received_is_sent_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    folder = tmp_path_factory.mktemp("captured")
    playing = player(folder, "- {id: got, expect: a}", '- send: {v: "${got#/v}"}')
    playing.see([came("a", value={"v": value})], 0.0)
    assert sent(playing) == {"v": value}


def test_a_text_message_is_captured_as_json_where_it_is_json(tmp_path: Path) -> None:
    playing = player(tmp_path, "- {id: a, text: '{\"x\": 1}'}", "- {id: b, text: plain}", '- text: "${a.x} ${b#}"')
    playing.act(0.0)
    playing.act(0.0)
    action = playing.act(0.0)
    assert isinstance(action, Send)
    assert action.text == "1 plain"


def test_a_scope_captures_the_event_that_closed_it(tmp_path: Path) -> None:
    playing = player(tmp_path, "- {id: done, expect: run, where: {/r: 2}}", '- send: "${done.name}"')
    for number, name in ((1, "x"), (2, "y")):
        run = (("run", number),)
        playing.see([came("a", value={"r": number}, given=run)], 0.0)
        playing.see([came("b", value={"r": number, "name": name}, given=run, closed=run)], 0.0)
    assert sent(playing) == "y"


def test_a_request_is_filled_and_its_answer_is_captured(tmp_path: Path) -> None:
    call = '{method: PUT, url: "http://h/${ask.n}", headers: {X-N: "${ask.n}"}, json: {n: "${ask.n}"}}'
    playing = player(tmp_path, ASK, f"- {{id: made, request: {call}}}", '- send: ["${made.id}"]')
    sent(playing)
    action = playing.act(0.0)
    assert isinstance(action, Call)
    request = action.request
    assert (request.method, request.url, request.headers, request.json) == (
        "PUT",
        "http://h/5",
        {"X-N": "5"},
        {"n": 5},
    )
    playing.answered(Answered(status=201, json={"id": 7}), 1.0)
    assert sent(playing) == [7]


def test_a_where_knows_captured_values_of_what_came_before_its_step_began(tmp_path: Path) -> None:
    where = '{/of: "${made.id}", /s: {type: string, pattern: "^${made.re}$"}, /n: {minimum: "${made.id}"}}'
    playing = player(tmp_path, "- {id: made, request: {url: http://h/}}", f"- {{id: e, expect: a, where: {where}}}")
    assert isinstance(playing.act(0.0), Call)
    playing.see([came("a", value={"of": 6, "s": "1.5", "n": 9})], 0.5)
    playing.see([came("a", value={"of": 7, "s": "1.5", "n": 9})], 0.5)
    playing.answered(Answered(status=200, json={"id": 7, "re": "1.5"}), 1.0)
    assert playing.ended(1.0) is None


@pytest.mark.parametrize("known_after", [0, 1, 2])
def test_a_scope_is_held_against_its_where_whenever_that_is_known(tmp_path: Path, known_after: int) -> None:
    for wanted, met in ((7, True), (8, False)):
        where = '{/of: "${made.id}"}'
        playing = player(tmp_path, "- {id: made, request: {url: http://h/}}", f"- {{expect: run, where: {where}}}")
        playing.act(0.0)
        run = (("run", 1),)
        events = [came("a", value={"of": 7}, given=run), came("b", 0.5, given=run, closed=run)]
        playing.see(events[:known_after], 0.5)
        playing.answered(Answered(status=200, json={"id": wanted}), 1.0)
        playing.see(events[known_after:], 1.5)
        assert (playing.ended(2.0) is None) == met


def test_a_where_that_is_not_known_yet_blames_nobody(tmp_path: Path) -> None:
    playing = player(tmp_path, "- {id: made, request: {url: http://h/}}", '- {expect: a, where: {/of: "${made.id}"}}')
    playing.act(0.0)
    playing.see([came("a", value={"of": 6})], 0.5)
    outcome = playing.ended(1.0)
    assert outcome is not None
    assert outcome.outcome == "timeout"


@pytest.mark.parametrize("value", [{"type": "string"}, True, None, "x"])
def test_a_captured_value_in_where_is_a_constant_whatever_it_is(tmp_path: Path, value: Any) -> None:
    for other, met in ((value, value is not None), ("y", False)):
        steps = ("- {id: got, expect: a}", '- {expect: b, where: {/v: "${got.v}"}}')
        playing = player(tmp_path, *steps)
        playing.see([came("a", value={"v": value}), came("b", value={"v": other})], 0.0)
        assert (playing.ended(0.0) is None) == met


NOT_THERE = {
    "a message": '- send: ["${ask.nobody}"]',
    "a request": '- request: {url: "http://h/${ask.nobody}"}',
    "a where": '- {expect: b, where: {/v: "${ask.nobody}"}}',
}


@pytest.mark.parametrize("step", NOT_THERE.values(), ids=NOT_THERE)
def test_a_captured_value_that_is_not_there_leaves_its_step_unmet(tmp_path: Path, step: str) -> None:
    playing = player(tmp_path, ASK, step)
    sent(playing)
    action = playing.act(3.0)
    assert isinstance(action, GiveUp)
    assert (action.cause, action.step.outcome, action.step.id) == ("scenario", "unmet", "2")
    assert "`${ask.nobody}` has no value: nothing stands at /nobody of what step ask captured" in action.step.text
    assert playing.act(4.0) == action
    assert playing.ended(4.0) is None


def test_a_schema_that_a_captured_value_breaks_leaves_its_step_unmet(tmp_path: Path) -> None:
    playing = player(tmp_path, ASK, '- {expect: b, where: {/v: {minimum: "${ask.s}"}}}')
    sent(playing)
    action = playing.act(0.0)
    assert isinstance(action, GiveUp)
    assert "step 2 cannot await b: with the captured values its `where`" in action.step.text


def test_what_is_wrong_in_a_where_without_captured_values_is_still_found_first(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="/where/~1b/type: "):
        player(tmp_path, ASK, '- {expect: b, where: {/a: "${ask.n}", /b: {type: strng}}}')


WRONG = {
    "later": (
        session("steps:", '- send: "${ask.n}"', "- {id: ask, send: 1}"),
        "7:7: at /sessions/ada/steps/0/send: `${ask.n}`: step ask is step 2 and has captured nothing here yet",
    ),
    "itself": (session("steps:", '- {id: ask, send: "${ask.n}"}'), "has captured nothing here yet"),
    "another session's": (
        HEAD + 'sessions:\n  ada: {steps: [{id: ask, send: 1}]}\n  bob: {steps: [{send: "${ask.n}"}]}\n',
        "6:18: at /sessions/bob/steps/0/send: `${ask.n}`: step ask is another session's",
    ),
    "misspelt": (
        session("steps:", "- {id: asked, send: 1}", '- send: "${askd.n.m}"'),
        "8:7: at /sessions/ada/steps/1/send: `${askd.n.m}` is no variable; did you mean `${asked.n.m}`?",
    ),
    "of nobody": (
        session("steps:", "- {id: ask, send: 1}", '- send: "${question.n}"'),
        "there are nonce, uuid, fresh, session.identity and env.NAME, and of the steps ask as ${ask.NAME}",
    ),
    "without a place": (session("steps:", "- {id: ask, send: 1}", '- send: "${ask}"'), "`${ask}` is no variable"),
    "of a step that captures nothing": (
        session("steps:", "- {id: wait, pause: 1}", '- send: "${wait.n}"'),
        "`${wait.n}` is no variable",
    ),
    "of a binary message": (session("steps:", "- {id: b, binary: AA==}", '- send: "${b.n}"'), "is no variable"),
    "in a reply": (
        session("steps:", "- {id: ask, send: 1}", "reply:", '- {on: a, send: "${ask.n}"}'),
        "at /sessions/ada/reply/0/send: `${ask.n}` is a captured value, and can stand only in a step's",
    ),
    "the event answered, in a step": (
        session("steps:", '- send: "${on.id}"'),
        "7:7: at /sessions/ada/steps/0/send: `${on.id}` is the event that a reply answers, and stands in a reply",
    ),
    "the event answered, without a place": (
        session("reply:", '- {on: a, send: "${on}"}'),
        "`${on}` is no variable; in a reply the event that it answers is `${on#}`, and a value of it `${on.NAME}`",
    ),
    "a step with the name of the event answered": (
        session("steps:", "- {id: on, send: 1}"),
        "no step can have the id on: a variable is called so",
    ),
    "a step with the name of a fresh value": (session("steps:", "- {id: fresh, send: 1}"), "the id fresh"),
    "a fresh value in where": (
        session("steps:", '- {expect: a, where: {/id: "${fresh}"}}'),
        "at /sessions/ada/steps/0/where/~1id: `${fresh}` is another value in every message, and stands in what is sent",
    ),
    "a fresh value in an address": (session("url: ws://h/${fresh}"), "`${fresh}` is another value in every message"),
    "in an expect": (session("steps:", "- {id: ask, send: 1}", '- expect: "${ask.n}"'), "can stand only in a step's"),
}


@pytest.mark.parametrize(("text", "due"), WRONG.values(), ids=WRONG)
def test_a_captured_value_that_cannot_be_is_an_error_before_anything_opens(tmp_path: Path, text: str, due: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        load(tmp_path, text)
    assert due in str(raised.value)


@pytest.mark.parametrize("name", ["ask", "ask.", "ask..a", ".a", "5.a", "ask/a", "ask#a", "ask#/~2", ""])
def test_what_is_not_written_like_a_captured_value_is_none(name: str) -> None:
    assert read_captured(name) is None


@given(st.text())
def test_an_escaped_text_matches_itself(text: str) -> None:
    if not re.search(r"[\n\r\u2028\u2029]", text):
        assert re.fullmatch(escape_pattern(text), text)


def test_preparing_twice_is_preparing_once(tmp_path: Path) -> None:
    scenario = load(tmp_path, session("steps:", ASK, '- send: "$${x} ${ask.n} ${nonce}"'))
    once = prepare(scenario, seed=1, env={})
    assert prepare(once, seed=1, env={}) == once
