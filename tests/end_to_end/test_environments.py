"""Environments, credentials in every way, readiness and the command line's say, over real sockets."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest

from tests.end_to_end.runs import Finished, background, wscheck_here
from tests.support.http_server import Asked, HttpServer, Told, http_server
from tests.support.toy import Toy, serve_toy, write_toy

CANARY = "canary-0123456789"
TURN = "steps: [{expect: welcome}, {send: {type: say, id: a, text: x}}, {expect: turn}]"
ADA = f"  ada:\n    {TURN}\n"

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CANARY", CANARY)


def run(folder: Path, capsys: Capsys, *options: object, sessions: str = ADA, **written: str) -> tuple[Finished, Toy]:
    """Run a scenario against the toy server; ``URL`` in what is written stands for the server's."""
    with background(serve_toy()) as toy:
        written = {name: text.replace("URL", toy.url) for name, text in written.items()}
        scenario = write_toy(folder, sessions.replace("URL", toy.url), **written)
        given = [str(option).replace("URL", toy.url) for option in options]
        done = wscheck_here(capsys, "run", scenario, "--save-capture", "c.jsonl", *given)
    return done, toy


def assert_hidden(done: Finished, *secrets: str) -> None:
    kept = Path("c.jsonl").read_text() if Path("c.jsonl").exists() else ""
    for secret in (CANARY, *secrets):
        assert secret not in done.said + kept


WAYS: dict[str, tuple[str, Callable[[Toy], object], object]] = {
    "header": (
        "{scheme: token, token: {env: CANARY}, via: header}",
        lambda toy: toy.headers("Authorization"),
        [f"Bearer {CANARY}"],
    ),
    "any header": (
        "{scheme: token, token: {env: CANARY}, via: header, header: {name: X-Ticket, prefix: ''}}",
        lambda toy: toy.headers("X-Ticket"),
        [CANARY],
    ),
    "query": (
        "{scheme: token, token: {env: CANARY}, via: query, query: {name: t}}",
        lambda toy: toy.requests[0].path,
        f"/?t={CANARY}",
    ),
    "cookie": (
        "{scheme: token, token: {env: CANARY}, via: cookie, cookie: {name: sid}}",
        lambda toy: toy.headers("Cookie"),
        [f"sid={CANARY}"],
    ),
    "basic": (
        "{scheme: basic, user: ada, password: {env: CANARY}}",
        lambda toy: toy.headers("Authorization"),
        ["Basic " + base64.b64encode(f"ada:{CANARY}".encode()).decode()],
    ),
    "message": (
        "{scheme: token, token: {env: CANARY}, via: message, message: {type: init, auth: 'Bearer ${token}'}}",
        lambda toy: toy.heard[0][1],
        {"type": "init", "auth": f"Bearer {CANARY}"},
    ),
    "a command": (
        "{scheme: token, token: {command: [sh, -c, 'echo $CANARY']}, via: header}",
        lambda toy: toy.headers("Authorization"),
        [f"Bearer {CANARY}"],
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_credential_goes_as_the_scenario_says_and_is_shown_to_nobody_else(
    way: str, tmp_path: Path, capsys: Capsys
) -> None:
    auth, find, due = WAYS[way]
    done, toy = run(
        tmp_path, capsys, "--url", "URL/", "-vv", "--report", "json=r.json", sessions=f"{ADA}    auth: {auth}\n"
    )
    assert done.code == 0, done.said
    assert find(toy) == due
    assert_hidden(done, base64.b64encode(f"ada:{CANARY}".encode()).decode())
    assert CANARY not in Path("r.json").read_text()


def config(server: HttpServer, *more: str) -> str:
    return "\n".join(
        [
            "[env.here]",
            'url = "URL/ws"',
            f'ready = [{{url = "{server.url}/health", where = {{"/status" = "healthy"}}, within = 3}}]',
            'headers = { X-Team = "blue" }',
            *more,
        ]
    )


def healthy(_: Asked) -> Told:
    return 200, {"status": "healthy"}


def test_an_environment_says_where_to_with_what_and_when(tmp_path: Path, capsys: Capsys) -> None:
    with background(http_server(healthy)) as server:
        done, toy = run(tmp_path, capsys, "-e", "here", "-v", config=config(server))
    assert done.code == 0, done.said
    assert [asked.path for asked in server.asked] == ["/health"]
    assert toy.requests[0].path == "/ws"
    assert toy.headers("X-Team") == ["blue"]
    assert "event='run'" in done.err
    assert "environment='here'" in done.err
    assert "event='ready'" in done.err
    assert done.err.index("event='ready'") < done.err.index("event='opened'")


def test_a_target_that_is_starting_is_waited_for(tmp_path: Path, capsys: Capsys) -> None:
    answers: list[Told] = [(503, {"status": "starting"}), (200, {"status": "starting"}), (404, "")]

    def answer(asked: Asked) -> Told:
        return answers.pop(0) if answers else healthy(asked)

    with background(http_server(answer)) as server:
        done, _ = run(tmp_path, capsys, "-e", "here", config=config(server).replace("within = 3", "within = 20"))
    assert done.code == 0, done.said
    assert len(server.asked) == 4


NEVER: dict[str, tuple[Told, str, str]] = {
    "starting": ((503, {"status": "starting", "phase": "database"}), "starting", "database"),
    "starting with 200": ((200, {"status": "starting"}), "starting", "it answered 200"),
    "not there": ((404, "no such page"), "ready-timeout", "it answered 404 and no such page, where 200 is due"),
    "another answer": ((200, {"status": "sick"}), "ready-timeout", "at /status"),
    "a redirect": ((302, "", {"Location": "/login"}), "ready-timeout", "it answered 302"),
    "no answer": (b"", "ready-timeout", "did not answer in HTTP"),
    "a long wait": ((503, "", {"Retry-After": "3600"}), "starting", "it answered 503"),
}


@pytest.mark.parametrize("row", NEVER)
def test_a_target_that_never_gets_ready_is_not_looked_at(row: str, tmp_path: Path, capsys: Capsys) -> None:
    told, cause, words = NEVER[row]
    two = ADA + ADA.replace("ada", "bob")
    with background(http_server(lambda _: told)) as server:
        text = config(server).replace("within = 3", "within = 0.3")
        done, toy = run(tmp_path, capsys, "-e", "here", "--report", "json=r.json", sessions=two, config=text)
    assert done.code == 3, done.said
    assert toy.requests == []
    sessions = json.loads(Path("r.json").read_text())["sessions"]
    assert [(one["name"], one["phase"], one["cause"]) for one in sessions] == [
        ("ada", "ready", cause),
        ("bob", "ready", cause),
    ]
    assert words in Path("c.jsonl").read_text()


LOGIN = (
    '[auth.door]\nscheme = "login"\ntoken = "/access_token"\n'
    'request = {{ method = "POST", url = "{url}/login", headers = {{ X-Bypass-Key = {{ env = "CANARY" }} }}, '
    'json = {{ sub = "ada" }} }}\n'
)


def handed_out(**claims: object) -> str:
    return jwt.encode({"sub": "ada-7", **claims}, "k" * 32, algorithm="HS256")


def test_a_login_hands_out_the_token_and_says_whose_it_is(tmp_path: Path, capsys: Capsys) -> None:
    token = handed_out()
    sessions = ADA.replace("text: x", "text: '${session.identity}'")
    with background(http_server(lambda _: (200, {"access_token": token}))) as server:
        done, toy = run(
            tmp_path, capsys, "--url", "URL/", "--auth", "door", "-vv", sessions=sessions,
            config=LOGIN.format(url=server.url),
        )  # fmt: skip
    assert done.code == 0, done.said
    (asked,) = server.asked
    assert (asked.method, asked.json, asked.headers["x-bypass-key"]) == ("POST", {"sub": "ada"}, CANARY)
    assert toy.headers("Authorization") == [f"Bearer {token}"]
    assert toy.heard[0][1]["text"] == "ada-7"
    assert_hidden(done, token, token.rsplit(".", 1)[1])


FAILED: dict[str, tuple[Told, str]] = {
    "down": ((502, f"no {CANARY}"), "token-service-down"),
    "gone": (b"", "token-service-down"),
    "refused": ((403, f"not with {CANARY}"), "token-service-refused"),
    "a redirect": ((302, ""), "token-service-refused"),
    "no token": ((200, {"token": handed_out()}), "token-service-refused"),
    "no text": ((200, {"access_token": 7}), "token-service-refused"),
    "a token with a line break": ((200, {"access_token": "a\nb"}), "token-service-refused"),
    "an expired token": ((200, {"access_token": handed_out(exp=int(time.time()) - 60)}), "token-expired"),
}


@pytest.mark.parametrize("row", FAILED)
def test_a_login_that_fails_is_an_error_of_its_session(row: str, tmp_path: Path, capsys: Capsys) -> None:
    told, cause = FAILED[row]
    with background(http_server(lambda _: told)) as server:
        done, toy = run(
            tmp_path, capsys, "--url", "URL/", "--auth", "door", "-vv", "--report", "json=r.json",
            config=LOGIN.format(url=server.url),
        )  # fmt: skip
    assert done.code == 3, done.said
    assert toy.requests == []
    (session,) = json.loads(Path("r.json").read_text())["sessions"]
    assert (session["phase"], session["cause"]) == ("auth", cause)
    assert_hidden(done)


def test_the_command_line_holds_over_the_environment(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "cookie.txt").write_text(f"sid={CANARY}\n")
    with background(http_server(healthy)) as server:
        options = ["-e", "here", "--url", "URL/other", "-H", "x-team: red", "-H", "X-Api-Key: ${env.CANARY}"]
        more = ["-H", "Cookie:@cookie.txt", "--origin", "https://app.example", "--subprotocol", "v2"]
        done, toy = run(tmp_path, capsys, *options, *more, "-vv", config=config(server))
    assert done.code == 0, done.said
    assert toy.requests[0].path == "/other"
    found = [toy.headers(name) for name in ("X-Team", "X-Api-Key", "Cookie", "Origin", "Sec-WebSocket-Protocol")]
    assert found == [["red"], [CANARY], [f"sid={CANARY}"], ["https://app.example"], ["v2"]]
    assert_hidden(done)


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "a secret in a header": (("-H", f"Authorization: Bearer {CANARY}"), "@FILE"),
    "a secret in a header of another name": (("-H", f"x-my-token:{CANARY}"), "${env.NAME}"),
    "a variable beside text": (("-H", "X-Team: ${env.CANARY}!"), "beside other text"),
    "no colon": (("-H", "X-Team"), "NAME:VALUE"),
    "a name twice": (("-H", "X-Team: a", "-H", "x-team: b"), "twice"),
    "a variable that is not set": (("-H", "X-Key: ${env.NOT_SET}"), "NOT_SET"),
    "a file that is not there": (("-H", "X-Key: @not-there"), "not-there"),
    "a header of the handshake": (("-H", "Sec-WebSocket-Key: @s.txt"), "belongs to the opening handshake"),
    "a proxy with a password": (("--proxy", f"http://me:{CANARY}@proxy:1"), "--proxy env"),
    "a proxy that is none": (("--proxy", "proxy"), "http://HOST:PORT"),
    "no certificates": (("--ca-cert", "s.txt"), "PEM"),
    "an unknown environment": (("--env", "nowhere"), "no environment 'nowhere'"),
    "an unknown auth section": (("--auth", "nobody"), "no auth section 'nobody'"),
    "a subprotocol that is none": (("--subprotocol", "a b"), "subprotocol 1"),
}


@pytest.mark.parametrize("row", REFUSED)
def test_what_cannot_be_used_is_2_before_anything_opens(row: str, tmp_path: Path, capsys: Capsys) -> None:
    options, words = REFUSED[row]
    (tmp_path / "s.txt").write_text("something\n")
    done, toy = run(tmp_path, capsys, "--url", "URL/", *options)
    assert (done.code, done.out) == (2, ""), done.said
    assert words in done.err
    assert toy.requests == []
    assert not Path("c.jsonl").exists()
    assert_hidden(done)


def test_no_session_opens_where_one_s_secret_is_not_there(tmp_path: Path, capsys: Capsys) -> None:
    two = ADA + f"  bob:\n    auth: {{scheme: token, token: {{env: NOT_SET}}, via: header}}\n    {TURN}\n"
    done, toy = run(tmp_path, capsys, "--url", "URL/", sessions=two)
    assert (done.code, toy.requests) == (2, [])
    assert "NOT_SET" in done.err


def test_the_proxies_of_the_environment_are_asked_only_when_told_to(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    with background(http_server(lambda _: (403, ""))) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "WS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert run(tmp_path, capsys, "--url", "URL/")[0].code == 0
        assert run(tmp_path, capsys, "--url", "URL/", "--proxy", "none", "--overwrite")[0].code == 0
        assert proxy.asked == []
        done, toy = run(tmp_path, capsys, "--url", "URL/", "--proxy", "env", "--overwrite")
        assert (done.code, toy.requests) == (3, [])
        assert proxy.asked[0].method == "CONNECT"
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert run(tmp_path, capsys, "--url", "URL/", "--proxy", "env", "--overwrite")[0].code == 0


def test_what_a_server_says_cannot_act_on_the_terminal_that_v_writes_to(tmp_path: Path, capsys: Capsys) -> None:
    evil = "\x1b]0;owned\x07\u202e\u2028\x9b31m"
    with background(serve_toy(welcome={"evil": evil})) as toy:
        scenario = write_toy(tmp_path, ADA)
        done = wscheck_here(capsys, "run", scenario, "--url", toy.url, "-vv")
    assert done.code == 0, done.said
    assert not set(evil) & set(done.err) - set("0;owned31m]")
    assert "event='message'" in done.err
    assert "event=" not in done.out
