"""Secrets in the HTTP of a run, logins, readiness, stimuli and proxies, against servers that tell all they hear."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jwt
import pytest

from tests.end_to_end.canaries import find_leaks, find_pieces, read_all
from tests.end_to_end.echoing import CONTRACT, answer_with_echo, behave_well, serve_echo, tell_in_events
from tests.end_to_end.runs import Finished, background, wscheck_here
from tests.support.http_server import Asked, HttpServer, Told, http_server

SECRETS = {
    "BYPASS": "cAnArY/+bypass=1?&~",
    "SECOND": 'cAnArY "second" \\ <é>',
    "IN_BODY": 'cAnArY: "body" é/+=&',
    "MY_TOKEN": "cAnArY/+variable=2?&~",
    "READY": "cAnArY-ready-0123456789",
    "PROXY": "cAnArY%2Fproxy%3A1",
    "USER": "cAnArY-user",
}
SIGNED = jwt.encode({"sub": "ada", "jti": "cAnArY"}, "cAnArY-key-" * 4, algorithm="HS256")
OPAQUE = "cAnArY/+handed=out?&~"
SCENARIO = """
wscheck: 1
scenario: trial
contract: toy.yaml
sessions:
  ada:
    steps:
      - expect: welcome
"""
ASKS = """      - request: {method: POST, url: 'HTTP/act/${env.MY_TOKEN}?ticket=cAnArY-literal-ticket',
                  headers: {X-Api-Key: {env: BYPASS}}, json: {password: '${env.MY_TOKEN}', pad: 'PAD'}, expect-status}
"""
LOGIN = """
[auth.door]
scheme = "login"
token = "/access_token"
[auth.door.request]
url = "HTTP/login?api_key=cAnArY-literal-ticket"
headers = { X-Bypass-Key = { env = "BYPASS" }, Authorization = { env = "SECOND" } }
json = { user = "ada", password = { env = "IN_BODY" }, more = [{ file = "more.txt" }] }
"""
READY = """
[env.here]
ready = [{ url = "HTTP/health?token=cAnArY-ready-0123456789", within = 0.2 }]
"""
INPUTS = {"trial.yaml", "toy.yaml", "wscheck.toml", "more.txt"}
ALL = {*SECRETS.values(), SIGNED, OPAQUE, "cAnArY-more-1234", "cAnArY-literal-ticket", "cAnArY/proxy:1"}

Answer = Callable[[Asked], Told]


def hand_out(token: object) -> Answer:
    """Return a token service that hands out ``token``, with what else it knows."""
    return lambda asked: (200, {"access_token": token, "refresh_token": SIGNED, "you": dict(asked.headers)})


def fail_at(offset: int) -> Answer:
    """Return what tells the body of a request so that it begins a little before where a sentence is cut."""
    return lambda asked: (403, "x" * offset + asked.json.get("password", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One HTTP service, what asks it, and what the run comes to; ``echo``: whether the session's server tells all."""

    answer: Answer
    config: str = LOGIN
    options: tuple[str, ...] = ("--auth", "door")
    steps: str = ""
    echo: bool = False
    exit: int = 3


ROWS = {
    "a login hands out a JWT": Row(answer=hand_out(SIGNED), exit=0),
    "a login's JWT is told": Row(answer=hand_out(SIGNED), echo=True, exit=1),
    "a login's opaque token is told": Row(answer=hand_out(OPAQUE), echo=True, exit=1),
    "a login hands out no text": Row(answer=hand_out([OPAQUE])),
    "a login hands out what no header can carry": Row(answer=hand_out(f"{OPAQUE}\n{OPAQUE}")),
    "a login is refused": Row(answer=answer_with_echo(403)),
    "a login fails": Row(answer=answer_with_echo(500)),
    "a login is sent elsewhere": Row(answer=answer_with_echo(302)),
    "a login without a token": Row(answer=answer_with_echo(200)),
    "a login's answer is no HTTP": Row(answer=lambda asked: b"HTTP/9 " + asked.body),
    **{f"a login's answer is cut after {most}": Row(answer=fail_at(200 - most)) for most in (3, 10, 15)},
    "readiness": Row(answer=lambda _: (200, ""), config=READY, options=("-e", "here"), exit=0),
    "readiness is told": Row(answer=answer_with_echo(404), config=READY, options=("-e", "here")),
    "readiness is no HTTP": Row(answer=lambda asked: asked.path.encode(), config=READY, options=("-e", "here")),
    "a stimulus": Row(answer=lambda _: (200, {}), config="", options=(), steps=ASKS, exit=0),
    "a stimulus is told": Row(answer=answer_with_echo(404), config="", options=(), steps=ASKS, exit=1),
    "a stimulus is told, it failed": Row(answer=answer_with_echo(500), config="", options=(), steps=ASKS, exit=4),
    "a stimulus has no answer": Row(answer=lambda _: b"", config="", options=(), steps=ASKS, exit=4),
    **{
        f"a stimulus's answer is cut after {most}": Row(
            answer=fail_at(120 - most), config="", options=(), steps=ASKS, exit=1
        )
        for most in (3, 10, 15)
    },
}
REPORTS = ("--report", "json=r.json", "--report", "junit=r.xml", "--report", "terminal=r.txt")


@pytest.mark.parametrize("name", ROWS)
def test_no_secret_of_http_is_shown_or_kept(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ROWS[name]
    with background(http_server(row.answer)) as service:
        done = run(tmp_path, monkeypatch, capsys, row, service)
        assert done.code == row.exit, done.said
        assert service.asked


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], row: Row, service: HttpServer
) -> Finished:
    """Run the scenario; nothing that it leaves behind shows a secret."""
    monkeypatch.chdir(folder)
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    (folder / "toy.yaml").write_text(CONTRACT)
    (folder / "more.txt").write_text("cAnArY-more-1234\n")
    steps = row.steps.replace("HTTP", service.url).replace(", expect-status", "")
    (folder / "trial.yaml").write_text(SCENARIO + steps)
    (folder / "wscheck.toml").write_text(row.config.replace("HTTP", service.url))
    with background(serve_echo(tell_in_events if row.echo else behave_well)) as server:
        arguments = [
            "run",
            "trial.yaml",
            "--url",
            server.url,
            "--save-capture",
            "c.jsonl",
            "-vv",
            *row.options,
            *REPORTS,
        ]
        done = wscheck_here(capsys, *arguments)
    told = {"out": done.out, "err": done.err, **read_all(folder, but=INPUTS)}
    assert {"c.jsonl", "r.json", "r.xml", "r.txt"} <= told.keys(), done.said
    assert find_leaks(told, ALL) == []
    assert find_pieces(told) == []
    return done


PROXIES = {
    "a password": "http://ada:cAnArY%2Fproxy%3A1@HOST",
    "a user that is a token, and no password": "http://cAnArY-user:@HOST",
    "a short password": "http://ada:cAnA@HOST",
}


@pytest.mark.parametrize("login", [False, True])
@pytest.mark.parametrize("name", PROXIES)
def test_no_credential_of_a_proxy_is_shown_or_kept(
    name: str, login: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in ("NO_PROXY", "no_proxy", "WS_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    if login:  # it goes through a proxy that no session goes through
        monkeypatch.setenv("WS_PROXY", "http://127.0.0.1:9")
    options = ("--proxy", "env", *(("--auth", "door") if login else ()))
    with background(http_server(tell_of_proxy)) as proxy:
        url = PROXIES[name].replace("HOST", proxy.url.removeprefix("http://"))
        monkeypatch.setenv("HTTP_PROXY", url)
        row = Row(answer=tell_of_proxy, options=options, config=LOGIN.replace("HTTP", "http://127.0.0.1:9"))
        done = run(tmp_path, monkeypatch, capsys, row, HttpServer(url="http://127.0.0.1:9"))
    assert done.code == 3, done.said
    encoded = {asked.headers["proxy-authorization"].split()[-1] for asked in proxy.asked}
    kept = done.said + (tmp_path / "c.jsonl").read_text()
    assert [text for text in encoded if text in kept] == []


def tell_of_proxy(asked: Asked) -> Told:
    """Refuse, and tell the credentials, decoded too."""
    given = asked.headers.get("proxy-authorization", "Basic ").split()[-1]
    return 407, f"not with {given}, which is {base64.b64decode(given).decode()}", {"X-Echo": given}
