"""A scenario with all that the language has, and each way to get the newer parts wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.scenarios import HEAD, load, session
from wscheck.errors import ScenarioError
from wscheck.pointer import Pointer
from wscheck.scenario import NOTHING, AuthPlan, HeaderPlan, HttpRequest, Probe, check_names
from wscheck.scenario.model import (
    BarrierStep,
    BinaryMessage,
    DropStep,
    Every,
    JsonMessage,
    PauseStep,
    ReconnectStep,
    Reply,
    RequestStep,
    SendStep,
    TextMessage,
)

WHOLE = """\
wscheck: 1
scenario: two-clients
contract: [agent-events@2, agent-events@1]
target: staging
url: "ws://h/${session.identity}"
sessions:
  ada:
    auth: ada
    headers: {Origin: "https://h", X-Api-Key: {env: KEY}}
    subprotocols: [v2, v1]
    steps:
      - binary: AAEC
      - barrier: both
        within: 5
      - request: {method: post, url: "http://h/runs", headers: {X-Token: {file: t}}, json: null, status: [201, 202]}
        id: made
        within: 3
      - request: {url: "http://h/runs/${made.id}", status: 200}
      - pause: 0.5
      - drop: true
      - pause: 1
      - reconnect:
      - expect: $close
      - reconnect: true
    every:
      - {seconds: 25, send: {type: heartbeat}}
      - {seconds: 1, text: beat}
    reply:
      - {on: ping, binary: AA==}
  bob:
    auth: null
    url: ws://h/bob
    steps:
      - barrier: both
  eve:
    subprotocols: []
    probe: {expect: refused, status: 401}
  mallory:
    auth: {scheme: token, token: {env: FORGED}}
    probe: {expect: closed, code: 1008}
    steps:
      - {send: 1}
"""


def test_a_scenario_of_all_kinds_is_read_whole(tmp_path: Path) -> None:
    scenario = load(tmp_path, WHOLE)
    ada, bob, eve, mallory = scenario.sessions
    assert scenario.contracts == ("agent-events@2", "agent-events@1")
    assert (scenario.target, scenario.url) == ("staging", "ws://h/${session.identity}")
    assert (ada.auth, ada.auth_name, ada.anonymous) == (None, "ada", False)
    assert [each.subprotocols for each in scenario.sessions] == [("v2", "v1"), None, (), None]
    assert ada.headers == {"Origin": "https://h", "X-Api-Key": {"env": "KEY"}}
    at = [f"/sessions/ada/steps/{number}" for number in range(10)]
    made = HttpRequest(method="POST", url="http://h/runs", headers={"X-Token": {"file": "t"}}, json=None)
    binary, barrier, request, asked, pause, drop, later, again, _, once_more = ada.steps
    assert binary == SendStep(id="1", message=BinaryMessage(data=b"\0\1\2"), path=at[0])
    assert barrier == BarrierStep(id="2", name="both", within=5.0, path=at[1])
    assert request == RequestStep(id="made", request=made, status=(201, 202), within=3.0, path=at[2])
    assert isinstance(asked, RequestStep)
    assert (asked.request.json, asked.status, asked.request.method) == (NOTHING, (200,), "GET")
    assert (pause, drop) == (PauseStep(id="5", seconds=0.5, path=at[4]), DropStep(id="6", path=at[5]))
    assert (later, again) == (PauseStep(id="7", seconds=1.0, path=at[6]), ReconnectStep(id="8", path=at[7]))
    assert once_more == ReconnectStep(id="10", path=at[9])
    assert ada.every == (
        Every(seconds=25.0, message=JsonMessage(value={"type": "heartbeat"})),
        Every(seconds=1.0, message=TextMessage(text="beat")),
    )
    assert ada.replies == (Reply(on="ping", message=BinaryMessage(data=b"\0"), path="/sessions/ada/reply/0"),)
    assert (bob.auth, bob.auth_name, bob.anonymous, bob.url) == (None, None, True, "ws://h/bob")
    assert (eve.probe, eve.anonymous) == (Probe(expect="refused", statuses=(401,)), True)
    assert (mallory.probe, mallory.anonymous) == (Probe(expect="closed", code=1008), False)


AUTHS: dict[str, tuple[str, dict[str, Any]]] = {
    "any header": (
        "{scheme: token, token: {env: T}, header: {name: X-Api-Key, prefix: ''}}",
        {"scheme": "token", "secret": {"env": "T"}, "header": HeaderPlan(name="X-Api-Key", prefix="")},
    ),
    "the query": (
        "{scheme: token, token: {env: T}, via: query, query: {name: access}}",
        {"scheme": "token", "secret": {"env": "T"}, "via": "query", "query": "access"},
    ),
    "a cookie": (
        "{scheme: token, token: {env: T}, via: cookie, cookie: {name: sid}}",
        {"scheme": "token", "secret": {"env": "T"}, "via": "cookie", "cookie": "sid"},
    ),
    "the first message": (
        '{scheme: token, token: {command: [pass, t]}, via: message, message: {auth: ["Bearer ${token}"]}}',
        {
            "scheme": "token",
            "secret": {"command": ["pass", "t"]},
            "via": "message",
            "message": {"auth": ["Bearer ${token}"]},
        },
    ),
    "basic": (
        "{scheme: basic, user: ada, password: {env: PW}}",
        {"scheme": "basic", "secret": {"env": "PW"}, "user": "ada"},
    ),
    "a login": (
        "{scheme: login, token: /t, via: cookie, request: {url: u, headers: {X-K: {env: K}}, json: {p: {env: P}}}}",
        {
            "scheme": "login",
            "token": Pointer("/t"),
            "via": "cookie",
            "request": HttpRequest(
                method="POST",
                url="u",
                headers={"X-K": {"env": "K"}},
                json={"p": {"env": "P"}},
            ),
        },
    ),
}


@pytest.mark.parametrize(("auth", "due"), AUTHS.values(), ids=AUTHS)
def test_a_credential_travels_as_the_scenario_says(tmp_path: Path, auth: str, due: dict[str, Any]) -> None:
    assert load(tmp_path, session(f"auth: {auth}")).sessions[0].auth == AuthPlan(folder=tmp_path, **due)


TWO = HEAD + "sessions:\n  ada: {{steps: [{}]}}\n  bob: {{steps: [{}]}}\n"
WRONG = {
    "reconnect without an end": (
        session("steps:", "- expect: a", "- reconnect:"),
        "8:7: at /sessions/ada/steps/1: `reconnect` stands after `drop` or `expect: $close`",
    ),
    "a step on a dropped connection": (
        session("steps:", "- drop:", "- send: 1"),
        "8:7: at /sessions/ada/steps/1: after `drop` the connection is over",
    ),
    "drop twice": (session("steps:", "- drop:", "- drop:"), "only `pause` and `reconnect` can follow"),
    "within on a pause": (
        session("steps:", "- {pause: 1, within: 3}"),
        "`within` belongs to `expect`, `request` or `barrier`, and this step has none",
    ),
    "where on a request": (
        session("steps:", "- {request: {url: http://h/}, where: {/a: 1}}"),
        "`where` belongs to `expect`",
    ),
    "a barrier for one": (
        session("steps:", "- barrier: all"),
        "7:7: at /sessions/ada/steps/0/barrier: no other session has the barrier all, so nobody would be waited for",
    ),
    "a barrier misspelt": (
        TWO.format("{barrier: both}", "{barrier: both}, {barrier: bothh}"),
        "at /sessions/bob/steps/1/barrier: no other session has the barrier bothh; did you mean 'both'?",
    ),
    "a barrier once too often": (
        TWO.format("{barrier: both}", "{barrier: both}, {barrier: both}"),
        "at /sessions/bob/steps/1/barrier: no other session has the barrier both 2 times",
    ),
    "barriers crosswise": (
        TWO.format("{barrier: a}, {barrier: b}", "{barrier: b}, {barrier: a}"),
        "5:18: at /sessions/ada/steps/0/barrier: these sessions would wait for each other for ever: ada at a (step 1)",
    ),
    "a probe that expects": (
        session("probe: {expect: refused}", "steps:", "- expect: a"),
        "8:7: at /sessions/ada/steps/0/expect: a probe only waits to be turned away",
    ),
    "a status of a probe that is closed": (
        session("probe: {expect: closed, status: 401}"),
        "at /sessions/ada/probe/status: `status` belongs to `expect: refused`",
    ),
    "a code of a probe that is refused": (
        session("probe: {expect: refused, code: 1008}"),
        "`code` belongs to `expect: c",
    ),
    "a subprotocol that is none": (session('subprotocols: ["a b"]'), "at /sessions/ada/subprotocols/0: "),
    "a subprotocol twice": (session("subprotocols: [a, a]"), "at /sessions/ada/subprotocols"),
    "every without a message": (session("every:", "- seconds: 1"), "an `every` is one of send, text and binary"),
    "every of no seconds": (session("every:", "- {seconds: 0, send: 1}"), "at /sessions/ada/every/0/seconds: "),
    "no base64": (session("steps:", "- binary: '*'"), "must be a binary message, in base64"),
    "a login without request": (session("auth: {scheme: login, token: /t}"), "the scheme login needs `request`"),
    "a login without pointer": (
        session("auth: {scheme: login, token: {env: T}, request: {url: http://h/}}"),
        "`token` of the scheme login is a JSON Pointer into the answer",
    ),
    "basic without user": (session("auth: {scheme: basic, password: {env: T}}"), "the scheme basic needs `user`"),
    "basic elsewhere": (
        session("auth: {scheme: basic, user: a, password: {env: T}, via: query}"),
        "the scheme basic goes in the Authorization header only",
    ),
    "a user with a colon": (
        session('auth: {scheme: basic, user: "a:b", password: {env: T}}'),
        "must be a user's name, without a colon",
    ),
    "a way that is not used": (
        session("auth: {scheme: token, token: {env: T}, cookie: {}}"),
        "at /sessions/ada/auth/cookie: `cookie` belongs to `via: cookie`",
    ),
    "no first message": (session("auth: {scheme: token, token: {env: T}, via: message}"), "needs `message`"),
    "a first message without token": (
        session("auth: {scheme: token, token: {env: T}, via: message, message: ['$${token}']}"),
        "`message` has no ${token} in it",
    ),
    "no header's name": (session('headers: {"a b": c}'), "must be a token of HTTP"),
    "a header of two lines": (session('headers: {a: "b\\r\\nc: d"}'), "must be a text of one line"),
    "no contract in the list": ("wscheck: 1\nscenario: a\ncontract: []\nsessions: {ada: {}}\n", "at /contract: "),
    "a variable in a contract": (
        HEAD.replace("agent-events@2", '"${nonce}"') + "sessions: {ada: {}}\n",
        "3:1: at /contract: `${nonce}`: a variable stands in `url`, or in a session",
    ),
    "the token of a message elsewhere": (session("steps:", '- send: "${token}"'), "`${token}` is no variable"),
}


@pytest.mark.parametrize(("text", "due"), WRONG.values(), ids=WRONG)
def test_an_error_says_where_and_how_to_mend_it(tmp_path: Path, text: str, due: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        load(tmp_path, text)
    assert due in str(raised.value)


LITERAL = {
    "a password": "auth: {scheme: basic, user: a, password: S3CRET}",
    "a header that looks secret": "headers: {X-Api-Key: S3CRET}",
    "a cookie": "headers: {Cookie: sid=S3CRET, Xx: {a: 1}}",
    "a header of a login": "auth: {scheme: login, token: /t, request: {url: u, headers: {Authorization: S3CRET}}}",
    "the body of a login": "auth: {scheme: login, token: /t, request: {url: u, json: {a: [{password: S3CRET}]}}}",
    "the header of a request": "steps: [{request: {url: http://h/, headers: {X-Secret: S3CRET}}}]",
    "a list": "headers: {X-Token: [S3CRET]}",
    "no known source": "headers: {X-Token: {value: S3CRET}}",
    "a plain ${": 'headers: {X-Token: "S3CRET $${"}',
    "beside another mistake": "headers: {X-Token: S3CRET}\n    nonsense: 1",
}


@pytest.mark.parametrize("line", LITERAL.values(), ids=LITERAL)
def test_a_secret_that_stands_in_the_file_is_refused_and_not_shown(tmp_path: Path, line: str) -> None:
    with pytest.raises(ScenarioError, match="secrets never stand in the file") as raised:
        load(tmp_path, session(line))
    assert "S3CRET" not in str(raised.value)


def test_a_header_may_be_put_together_from_variables(tmp_path: Path) -> None:
    steps = ("steps:", "- {id: a, send: 1}", '- request: {url: http://h/, headers: {Authorization: "Bearer ${a.t}"}}')
    assert load(tmp_path, session("headers: {Authorization: 'token ${env.T}'}", *steps)).sessions


def test_names_are_held_against_all_contracts(tmp_path: Path) -> None:
    text = HEAD.replace("agent-events@2", "[a, b]") + "sessions:\n  ada: {}\n  bob: {steps: [{expect: welcom}]}\n"
    with pytest.raises(
        ScenarioError, match=r"6:18.*the contracts a and b have no event or scope 'welcom'; did you mean"
    ):
        check_names(load(tmp_path, text), ("welcome", "hello"), ("run",))
