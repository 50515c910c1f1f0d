"""No secret in what the doctor prints, whatever the target says back of all that it heard."""

from __future__ import annotations

import json
from pathlib import Path

import jwt
import pytest

from tests.doctor.targets import KEY, TOKEN, Ask, closes, door, obey, response
from tests.end_to_end.canaries import find_leaks, find_pieces
from tests.end_to_end.runs import background, wscheck_here
from tests.support.raw_server import TEXT, Behave, Peer, close_frame, frame, raw_server

API_KEY = "cAnArY/+api=key?&~"
PROXY_PASSWORD = "cAnArY-proxy-1"
IN_URL = "cAnArY-literal-ticket"
HANDED_OUT = jwt.encode({"sub": "ada", "jti": "cAnArY-2"}, KEY, algorithm="HS256")
ALL = (TOKEN, API_KEY, PROXY_PASSWORD, IN_URL, KEY, HANDED_OUT)
CONFIG = f"""
[env.here]
url = "ws://HOST/ws?ticket={IN_URL}"
headers = {{ X-Api-Key = {{ env = "API_KEY" }} }}
ready = [{{ url = "http://HOST/health?token={IN_URL}", within = 5 }}]
auth = "WAY"
[auth.header]
scheme = "token"
token = {{ env = "TOKEN" }}
[auth.subprotocol]
scheme = "token"
token = {{ env = "TOKEN" }}
via = "subprotocol"
[auth.query]
scheme = "token"
token = {{ env = "TOKEN" }}
via = "query"
[auth.message]
scheme = "token"
token = {{ env = "TOKEN" }}
via = "message"
message = {{ hello = "${{token}}" }}
[auth.door]
scheme = "login"
token = "/access_token"
request = {{ url = "http://HOST/login", headers = {{ X-Bypass-Key = {{ env = "API_KEY" }} }} }}
"""


def echoes(status: str) -> Behave:
    """Say all that was heard, in the body and in headers, wherever it may stand; the readiness check is met."""

    async def behave(peer: Peer) -> None:
        head = (await peer.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        peer.reader.feed_data(head.encode("latin-1"))
        if " /health" in head:
            await peer.answer(response("200 OK", b"{}"))
        elif " /login" in head:
            await peer.answer(response("200 OK", json.dumps({"access_token": HANDED_OUT}).encode()))
        elif status != "101":
            flat = head.replace("\r\n", " ")
            await peer.answer(
                response(status, head.encode("latin-1"), f"X-Echo: {flat}", f"Location: ws://x/{flat[:60]}")
            )
        else:
            await peer.accept()
            await peer.send(frame(TEXT, json.dumps({"you said": head}).encode()))
            await peer.send(close_frame(1008, API_KEY.encode()))
            await peer.read_frame()

    return behave


@pytest.fixture(autouse=True)
def _secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOKEN", TOKEN)
    monkeypatch.setenv("API_KEY", API_KEY)


WAYS = ("header", "subprotocol", "query", "message", "door")
STATUSES = ("403 Forbidden", "302 Found", "101")


@pytest.mark.parametrize(
    ("way", "status"), [*((way, "403 Forbidden") for way in WAYS), *(("query", status) for status in STATUSES[1:])]
)
def test_no_secret_is_printed_whatever_the_server_says_back(
    way: str, status: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with background(raw_server(echoes(status))) as host:
        (tmp_path / "wscheck.toml").write_text(CONFIG.replace("HOST", host).replace("WAY", way), encoding="utf-8")
        told = [wscheck_here(capsys, "doctor", "here", "--format", form) for form in ("terminal", "json")]
    for done in told:
        assert done.code == 3, done.said
        assert find_leaks({"said": done.said}, ALL) == []
        assert find_pieces({"said": done.said}) == []
    steps = {step["name"]: step for step in json.loads(told[1].out)["steps"]}
    assert steps["readiness"]["state"] == "well"
    assert steps["credentials"]["state"] == "well"
    if status != "101":
        assert "<redacted:" in steps["opening handshake"]["details"]["body"]


def test_the_credentials_of_a_proxy_are_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with background(raw_server(echoes("407 Proxy Authentication Required"))) as host:
        monkeypatch.setenv("WS_PROXY", f"http://ada:{PROXY_PASSWORD}@{host}")
        done = wscheck_here(capsys, "doctor", f"ws://behind.invalid/ws?ticket={IN_URL}", "--proxy", "env")
    assert done.code == 3, done.said
    assert "BROKEN at proxy" in done.out
    assert find_leaks({"said": done.said}, ALL) == []
    assert find_pieces({"said": done.said}) == []


def test_what_is_tried_without_credentials_shows_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []

    async def listens(peer: Peer) -> None:
        head = (await peer.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        heard.append(head)
        await peer.send(response("403 Forbidden"))

    url = f"/ws?room=7&ticket={IN_URL}"
    with background(raw_server(listens)) as host:
        done = wscheck_here(
            capsys, "doctor", f"ws://{host}{url}", "--token-env", "TOKEN", "-H", "X-Api-Key: ${env.API_KEY}",
            "-H", "X-Team: blue",
        )  # fmt: skip
    assert done.code == 3, done.said
    given, without, elsewhere = [head for head in heard if head]
    assert given.startswith(f"GET {url} ")
    assert without.startswith("GET /ws?room=7 ")
    assert find_leaks({"heard": without}, [TOKEN, API_KEY]) == []
    assert "X-Team: blue" in without
    assert elsewhere.startswith(f"GET /wscheck-doctor-no-such-path?room=7&ticket={IN_URL} ")
    assert TOKEN in elsewhere


def test_an_answer_that_opens_a_session_without_credentials_is_doubtful(capsys: pytest.CaptureFixture[str]) -> None:
    def lets_all_in(asked: Ask) -> bytes | None:
        return None if asked.path == "/ws" else response("404 Not Found")

    with background(raw_server(door(lets_all_in, obey))) as host:
        done = wscheck_here(capsys, "doctor", f"ws://{host}/ws", "--token-env", "TOKEN")
    assert done.code == 0, done.said
    assert done.out.startswith("WELL, but for opening handshake: ")
    assert "without credentials a session opens too" in done.out


def test_a_server_that_opens_first_and_turns_away_then_lets_nobody_in(capsys: pytest.CaptureFixture[str]) -> None:
    def for_all(_: Ask) -> bytes | None:
        return None

    async def asks_then(peer: Peer) -> None:
        await (obey if TOKEN.encode() in peer.request else closes(4401, b"who are you"))(peer)

    with background(raw_server(door(for_all, asks_then))) as host:
        done = wscheck_here(capsys, "doctor", f"ws://{host}/ws", "--token-env", "TOKEN")
    assert done.code == 0, done.said
    assert done.out.startswith("WELL: every step"), done.out
    assert "a session opened, and was closed with 4401" in done.out
