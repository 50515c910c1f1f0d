"""The variables of a scenario: what they become, and when there is none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.scenarios import came, load, session
from wscheck.errors import ScenarioError
from wscheck.scenario import Deadlines, Player, Scenario, prepare
from wscheck.scenario.beats import as_send
from wscheck.scenario.model import ExpectStep, SendStep, SessionScript, TextMessage

ENV = {"ROOM": "r 1.5", "API_TOKEN": "s3cret-s3cret", "EMPTY": ""}


def prepared(folder: Path, *lines: str, seed: int = 7, identity: Any = None) -> Scenario:
    identities = {} if identity is None else {"ada": identity}
    return prepare(load(folder, session(*lines)), seed=seed, env=ENV, identities=identities)


def ada(scenario: Scenario) -> SessionScript:
    (script,) = scenario.sessions
    return script


def text_of(step: SendStep) -> str:
    return as_send(step.message).text or ""


def sent(folder: Path, message: str, **options: Any) -> str:
    step = ada(prepared(folder, "identity: ada-0001", "steps:", f"- send: {message}", **options)).steps[0]
    assert isinstance(step, SendStep)
    return text_of(step)


MESSAGES = {
    "an environment's": ('"${env.ROOM}"', '"r 1.5"'),
    "within a text, twice": ('"a ${env.ROOM}, ${env.ROOM}"', '"a r 1.5, r 1.5"'),
    "deep inside": ('{a: [1, {b: "${session.identity}"}]}', '{"a":[1,{"b":"ada-0001"}]}'),
    "none": ('"$${nonce} $ {} $5"', '"${nonce} $ {} $5"'),
    "one after a sign": ('"$$${env.EMPTY}"', '"$${env.EMPTY}"'),
    "an empty one": ('"${env.EMPTY}"', '""'),
}


@pytest.mark.parametrize(("message", "due"), MESSAGES.values(), ids=MESSAGES)
def test_a_variable_stands_for_its_value(tmp_path: Path, message: str, due: str) -> None:
    assert sent(tmp_path, message) == due


def test_what_a_variable_holds_cannot_break_out_of_its_string(tmp_path: Path) -> None:
    scenario = load(tmp_path, session("steps:", '- send: {a: "${env.QUOTED}"}'))
    step = ada(prepare(scenario, seed=1, env={"QUOTED": '", "b": "${nonce}\\'})).steps[0]
    assert isinstance(step, SendStep)
    assert json.loads(text_of(step)) == {"a": '", "b": "${nonce}\\'}


def test_nonce_and_uuid_follow_from_the_seed_alone(tmp_path: Path) -> None:
    for message, shape in (
        ('"${nonce}"', r'"[0-9a-f]{16}"'),
        ('"${uuid}"', r'"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"'),
    ):
        assert re.fullmatch(shape, sent(tmp_path, message))
        assert sent(tmp_path, message) == sent(tmp_path, message)
        assert sent(tmp_path, message) != sent(tmp_path, message, seed=8)


def test_sessions_of_other_names_get_other_nonces(tmp_path: Path) -> None:
    text = session("steps:", '- send: "${nonce}"')
    first, other = (prepare(load(tmp_path, each), seed=7, env={}) for each in (text, text.replace("ada", "bob")))
    assert first.sessions[0].steps != other.sessions[0].steps


def test_variables_stand_in_addresses_claims_texts_and_replies(tmp_path: Path) -> None:
    scenario = prepared(
        tmp_path,
        "identity: ${env.ROOM}",
        'auth: {scheme: jwt, key: {env: K}, claims: {sub: "${session.identity}", jti: "${uuid}"}}',
        "steps:",
        '- text: "${env.ROOM}"',
        "reply:",
        '- {on: ping, send: "${session.identity}"}',
    )
    assert ada(scenario).auth is not None
    assert ada(scenario).auth.claims["sub"] == "r 1.5"
    assert len(ada(scenario).auth.claims["jti"]) == 36
    assert ada(scenario).steps == (SendStep(id="1", message=TextMessage(text="r 1.5"), path="/sessions/ada/steps/0"),)
    assert as_send(ada(scenario).replies[0].message).text == '"r 1.5"'


WHOSE = {
    "the scenario's": (["identity: ada", "auth: {scheme: jwt, key: {env: K}, claims: {sub: bob}}"], "eve", "ada"),
    "the sub of its claims": (["auth: {scheme: jwt, key: {env: K}, claims: {sub: bob}}"], "eve", "bob"),
    "the ready token's": (["auth: {scheme: token, token: {env: K}}"], "eve", "eve"),
    "a number": (["identity: 5"], None, 5),
    "nobody's": (["steps: []"], None, None),
}


@pytest.mark.parametrize(("lines", "identity", "due"), WHOSE.values(), ids=WHOSE)
def test_a_session_is_for_who_the_scenario_says(tmp_path: Path, lines: list[str], identity: Any, due: Any) -> None:
    assert ada(prepared(tmp_path, *lines, identity=identity)).identity == due


WITHOUT_VALUE = {
    "not set": ('"${env.NOBODY}"', "at /sessions/ada/steps/0/send: the environment variable NOBODY is not set"),
    "no identity": ('{a: "${session.identity}"}', "at /sessions/ada/steps/0/send/a: the session has no identity"),
}


@pytest.mark.parametrize(("message", "due"), WITHOUT_VALUE.values(), ids=WITHOUT_VALUE)
def test_a_variable_without_value_is_an_error_with_its_place(tmp_path: Path, message: str, due: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(due)):
        prepared(tmp_path, "steps:", f"- send: {message}")


def test_what_comes_out_of_a_secret_variable_is_listed_for_redaction(tmp_path: Path) -> None:
    lines = ("steps:", '- send: ["${env.API_TOKEN}", "${env.ROOM}", "${env.API_TOKEN}"]')
    assert prepared(tmp_path, *lines).secrets == ("s3cret-s3cret",)


PRIVATE = {
    "a header that looks secret": 'headers: {X-Api-Key: "k ${env.ROOM}"}',
    "the header of a request": 'steps: [{request: {url: "http://h/", headers: {Authorization: "${env.ROOM}"}}}]',
    "a login": 'auth: {scheme: login, token: /t, request: {url: "http://h/", json: {a: {password: "${env.ROOM}"}}}}',
}


@pytest.mark.parametrize("line", PRIVATE.values(), ids=PRIVATE)
def test_what_goes_where_secrets_stand_is_listed_whatever_its_variable_is_called(tmp_path: Path, line: str) -> None:
    assert prepared(tmp_path, line).secrets == ("r 1.5",)


def test_a_variable_elsewhere_is_no_secret(tmp_path: Path) -> None:
    assert prepared(tmp_path, 'headers: {Origin: "https://${env.ROOM}"}').secrets == ()


def meets(scenario: Scenario, value: Any) -> bool:
    player = Player(ada(scenario), deadlines=Deadlines(), scopes=())
    player.see([came("done", value=value)], 0.0)
    return player.ended(0.0) is None


def test_a_nonce_is_awaited_in_what_comes_back(tmp_path: Path) -> None:
    lines = ("steps:", '- {expect: done, where: {/s: {type: string, pattern: "^<${nonce}>$"}}}')
    nonce = json.loads(sent(tmp_path, '"${nonce}"'))
    scenario = prepared(tmp_path, *lines)
    assert meets(scenario, {"s": f"<{nonce}>"})
    assert not meets(scenario, {"s": "<canned>"})


@given(st.text(st.sampled_from("ab.*+?()[]{}|^$\\-#& /~ü"), min_size=1, max_size=8))
def test_inside_a_pattern_a_value_stands_for_itself(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    folder = tmp_path_factory.mktemp("pattern")
    as_data = '{const: {pattern: "${env.V}"}}'
    wanted = f'{{anyOf: [{{type: string, pattern: "^${{env.V}}$"}}, {as_data}]}}'
    scenario = load(folder, session("steps:", f"- {{expect: done, where: {{/s: {wanted}}}}}"))
    ready = prepare(scenario, seed=1, env={"V": value})
    assert meets(ready, {"s": value})
    assert meets(ready, {"s": {"pattern": value}})
    assert not meets(ready, {"s": f"{value}!"})
    assert not meets(ready, {"s": {"pattern": f"{value}!"}})


def test_a_schema_that_cannot_be_used_is_an_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        prepared(tmp_path, "steps:", "- {expect: done, where: {/s: {type: strng}}}")
    assert "7:35: at /sessions/ada/steps/0/where/~1s/type: " in str(raised.value)


def test_a_scenario_is_prepared_as_often_as_one_likes(tmp_path: Path) -> None:
    once = prepared(tmp_path, "steps:", '- {expect: done, where: {/s: "$${nonce}"}}')
    twice = prepare(once, seed=7, env=ENV)
    assert once == twice
    step = ada(twice).steps[0]
    assert isinstance(step, ExpectStep)
    assert step.where[0].wanted == "${nonce}"
