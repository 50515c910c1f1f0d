"""A scenario read: what it comes to, and each way to get it wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.scenarios import HEAD, load, session
from wscheck.errors import ScenarioError
from wscheck.scenario import AuthPlan, SubprotocolPlan, check_names
from wscheck.scenario.model import CloseStep, ExpectStep, JsonMessage, SendStep, TextMessage

WHOLE = """\
wscheck: 1
scenario: triage-run
contract: agent-events@2
priority: 1
exercises: [run, tool]
url: ws://127.0.0.1:8000/ws
deadline: {welcome: 15, session: 60}
sessions:
  ada:
    identity: ada-0001
    auth:
      scheme: jwt
      key: {env: E2E_JWT_KEY}
      claims: {sub: ada-0001, aud: agents}
      lifetime: 60
      via: subprotocol
      subprotocol: {prefix: "token.", encoding: none, offer: [one, two]}
    steps:
      - expect: welcome
        within: 10
      - send: {type: start_agent, payload: {user_request: "Why did costs rise? – ü"}}
        id: ask
      - text: "ping {"
      - expect: run
        required: true
        where: {/payload/status: completed, /run_id: true}
      - close: 1000
    reply:
      - {on: ping, send: {type: pong}}
      - {on: ask, text: yes}
"""


def test_a_scenario_is_read_whole(tmp_path: Path) -> None:
    scenario = load(tmp_path, WHOLE)
    (script,) = scenario.sessions
    assert (scenario.name, scenario.contracts, scenario.priority) == ("triage-run", ("agent-events@2",), 1)
    assert (scenario.url, scenario.exercises) == ("ws://127.0.0.1:8000/ws", ("run", "tool"))
    assert scenario.deadlines == {"welcome": 15.0, "session": 60.0}
    assert scenario.file == str(tmp_path / "trial.yaml")
    assert (script.name, script.identity) == ("ada", "ada-0001")
    assert script.auth == AuthPlan(
        scheme="jwt",
        secret={"env": "E2E_JWT_KEY"},
        claims={"sub": "ada-0001", "aud": "agents"},
        lifetime=60.0,
        via="subprotocol",
        subprotocol=SubprotocolPlan(prefix="token.", encoding="none", offer=("one", "two")),
        folder=tmp_path,
    )
    welcome, ask, ping, run, close = script.steps
    assert isinstance(welcome, ExpectStep)
    assert (welcome.id, welcome.name, welcome.within, welcome.required) == ("1", "welcome", 10.0, False)
    asked = {"type": "start_agent", "payload": {"user_request": "Why did costs rise? – ü"}}
    assert ask == SendStep(id="ask", message=JsonMessage(value=asked), path="/sessions/ada/steps/1")
    assert ping == SendStep(id="3", message=TextMessage(text="ping {"), path="/sessions/ada/steps/2")
    assert isinstance(run, ExpectStep)
    assert [(each.pointer.text, each.wanted) for each in run.where] == [
        ("/payload/status", "completed"),
        ("/run_id", True),
    ]
    assert run.required
    assert close == CloseStep(id="5", code=1000, path="/sessions/ada/steps/4")
    assert [(reply.on, reply.message) for reply in script.replies] == [
        ("ping", JsonMessage(value={"type": "pong"})),
        ("ask", TextMessage(text="yes")),
    ]


def test_a_scenario_may_be_json(tmp_path: Path) -> None:
    path = tmp_path / "trial.json"
    path.write_text(json.dumps({"wscheck": 1, "scenario": "a", "contract": "b", "sessions": {"c": {}}}))
    assert load(tmp_path, path.read_text()).sessions[0].steps == ()


def test_a_token_comes_from_where_the_scenario_says(tmp_path: Path) -> None:
    for source in ("{env: TOKEN}", "{file: token.txt}", "{stdin: true}", "{command: [cat, t]}"):
        auth = load(tmp_path, session(f"auth: {{scheme: token, token: {source}}}")).sessions[0].auth
        assert auth is not None
        assert (auth.scheme, auth.via) == ("token", "header")
        assert auth.secret is not None
        assert list(auth.secret) == [source[1:].split(":")[0]]


WRONG = {
    "a member nobody knows": (
        session("steps:", "- {expekt: a}"),
        "7:8: at /sessions/ada/steps/0/expekt: unknown member 'expekt'; did you mean 'expect'?",
    ),
    "two steps in one": (
        session("steps:", "- {expect: a, close: 1000}"),
        "a step is one thing, and here are `expect` and `close`: make them two",
    ),
    "no step": (session("steps:", "- {id: a}"), "a step is one of send, text, binary, expect, request"),
    "what belongs to expect": (
        session("steps:", "- {send: 1, within: 3}"),
        "7:17: at /sessions/ada/steps/0/within: `within` belongs to `expect`",
    ),
    "a step after the end": (
        session("steps:", "- close: 1000", "- expect: a"),
        "8:7: at /sessions/ada/steps/1: nothing can follow `close`",
    ),
    "an id twice": (
        session("steps:", "- {id: a, send: 1}", "- {id: a, send: 2}"),
        "8:8: at /sessions/ada/steps/1/id: the id a is step 1's already",
    ),
    "an id that a variable has": (session("steps:", "- {id: nonce, send: 1}"), "no step can have the id nonce"),
    "a null to compare with": (
        session("steps:", "- {expect: a, where: {/b: null}}"),
        "at /sessions/ada/steps/0/where/~1b: ",
    ),
    "no pointer": (session("steps:", "- {expect: a, where: {b: 1}}"), "a JSON Pointer (RFC 6901)"),
    "a reply to nothing": (session("reply:", "- {send: 1}"), "at /sessions/ada/reply/0: "),
    "an empty reply": (session("reply:", "- {on: a}"), "a reply is one of send, text and binary"),
    "a close code that nobody may send": (session("steps:", "- close: 1006"), "at /sessions/ada/steps/0/close: "),
    "a deadline of nothing": (HEAD + "deadline: {welcome: 0}\nsessions: {ada: {}}\n", "4:12: at /deadline/welcome: "),
    "a jwt without key": (session("auth: {scheme: jwt}"), "the scheme jwt needs `key`: where it is read from"),
    "a token without token": (session("auth: {scheme: token, key: {env: A}}"), "the scheme token needs `token`"),
    "what would do nothing": (
        session("auth: {scheme: token, token: {env: A}, lifetime: 3}"),
        "`lifetime` belongs to another scheme",
    ),
    "a subprotocol that is not used": (
        session("auth: {scheme: jwt, key: {env: A}, subprotocol: {}}"),
        "`subprotocol` belongs to `via: subprotocol`",
    ),
    "a variable nobody knows": (
        session("steps:", '- send: "${nonse}"'),
        "`${nonse}` is no variable; did you mean `${nonce}`?",
    ),
    "a variable without end": (session("steps:", '- send: "${nonce"'), "a `${` that no `}` follows"),
    "a variable in a name": (session("steps:", '- send: {"${nonce}": 1}'), "a variable stands in a value"),
    "a variable in the name of a schema": (
        session("steps:", '- {expect: a, where: {/b: {$defs: {"${nonce}": true}}}}'),
        "a variable stands in a value",
    ),
}


@pytest.mark.parametrize(("text", "due"), WRONG.values(), ids=WRONG)
def test_an_error_says_where_and_how_to_mend(tmp_path: Path, text: str, due: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        load(tmp_path, text)
    assert due in str(raised.value)


@pytest.mark.parametrize(
    "auth",
    [
        "{scheme: jwt, key: S3CRET-S3CRET}",
        "{scheme: token, token: S3CRET-S3CRET}",
        "{scheme: jwt, kee: 1, key: [S3CRET-S3CRET]}",
        "{scheme: jwt, key: {value: S3CRET-S3CRET}}",
        "{scheme: jwt, key: {env: [S3CRET-S3CRET]}}",
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_shown(tmp_path: Path, auth: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        load(tmp_path, session(f"auth: {auth}"))
    assert "S3CRET" not in str(raised.value)
    if "{" not in auth[1:]:
        assert "secrets never stand in the file" in str(raised.value)
        assert "{env: NAME}, {file: PATH}, {stdin: true} or {command: [argument, …]}" in str(raised.value)


EVENTS = ("$open", "$close", "welcome", "status.busy", "ping")
NAMES = {
    "an event": (
        session("steps:", "- expect: welcom"),
        "7:7: at /sessions/ada/steps/0/expect: the contract agent-events@2 has no event or scope 'welcom'; did you",
    ),
    "no event for a reply": (
        session("reply:", "- {on: run, send: 1}"),
        "7:8: at /sessions/ada/reply/0/on: the contract agent-events@2 has no event 'run'",
    ),
    "no scope to exercise": (
        HEAD + "exercises: [run, tol]\nsessions: {ada: {}}\n",
        "4:18: at /exercises/1: the contract agent-events@2 has no scope 'tol'; did you mean 'tool'?",
    ),
}


@pytest.mark.parametrize(("text", "due"), NAMES.values(), ids=NAMES)
def test_a_name_that_the_contract_does_not_know_is_an_error(tmp_path: Path, text: str, due: str) -> None:
    scenario = load(tmp_path, text)
    with pytest.raises(ScenarioError) as raised:
        check_names(scenario, EVENTS, ("connection", "run", "tool"))
    assert due in str(raised.value)


def test_names_that_the_contract_knows_are_no_error(tmp_path: Path) -> None:
    steps = [f"- expect: {name}" for name in ("welcome", "status", "status.busy", "run", "$close")]
    text = session("steps:", *steps, "reply:", "- {on: ping, send: 1}").replace(
        "contract:", "exercises: [connection]\ncontract:"
    )
    check_names(load(tmp_path, text), EVENTS, ("connection", "run"))
