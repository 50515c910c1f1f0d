"""A token is shown to nobody but the server: a canary, however it comes and goes, in runs that work and that fail."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from examples.agent_server import DEMO_KEY, mint_token, serve
from tests.end_to_end.canaries import spellings
from tests.end_to_end.runs import KEY, TRIAGE, Finished, background, finish, start, wscheck_here
from tests.support.raw_server import TEXT, Peer, close_frame, frame, raw_server

OPAQUE = "cAnArY/+opaque=token~42"
JWT = mint_token("ada-0001")
HEADER = "auth: {scheme: token, token: {env: TOKEN}, via: header}"
SUBPROTOCOL = HEADER.replace("header", "subprotocol")


async def _echo_secrets(peer: Peer) -> None:
    """Accept, and tell everything that the client sent: in the header, in a message, in a closing."""
    request = await peer.reader.readuntil(b"\r\n\r\n")
    lines = request.decode("latin-1").split("\r\n")
    told = " ".join(line for line in lines if line.lower().startswith(("authorization:", "sec-websocket-protocol:")))
    peer.reader.feed_data(request)
    await peer.accept(headers=f"X-Echo: {told}\r\n")
    secret = told.split()[-1].encode()
    await peer.send(frame(TEXT, json.dumps({"type": "error_message", "details": {"error": told}}).encode()))
    await peer.send(frame(TEXT, b'{"type": "' + secret + b'", "payload": "' + base64.b64encode(secret) + b'"'))
    await peer.send(close_frame(1008, b"not you: " + secret[:90]))


async def _refuse_and_echo(peer: Peer) -> None:
    request = await peer.reader.readuntil(b"\r\n\r\n")
    head = f"HTTP/1.1 403 Forbidden\r\nX-Echo: {request[-200:].hex()}\r\nLocation: /login?token={OPAQUE}\r\n"
    await peer.send(f"{head}Content-Length: {len(request)}\r\n\r\n".encode() + request)


@asynccontextmanager
async def _raw(behave: Any) -> AsyncIterator[str]:
    async with raw_server(behave) as address:
        yield f"ws://{address}/ws"


@asynccontextmanager
async def _reference(*faults: str) -> AsyncIterator[str]:
    async with serve(faults=faults) as server:
        yield server.url


@asynccontextmanager
async def _nothing() -> AsyncIterator[str]:
    yield "ws://127.0.0.1:9/ws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way to give a token, one way to send it, one server, and the exit code due."""

    server: Any
    secret: str = JWT
    auth: str = HEADER
    options: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    stdin: bool = False
    exit: int


def _rows() -> dict[str, Row]:
    env: dict[str, Any] = {"options": ("--token-env", "CANARY"), "variables": ("CANARY",)}
    file: dict[str, Any] = {"options": ("--token-file", "canary.txt")}
    stdin: dict[str, Any] = {"options": ("--token-stdin",), "stdin": True}
    inline: dict[str, Any] = {"variables": ("TOKEN",)}
    return {
        "env, header, a good session": Row(**env, server=_reference, exit=0),
        "file, subprotocol, a good session": Row(**file, auth=SUBPROTOCOL, server=_reference, exit=0),
        "stdin, header, a good session": Row(**stdin, server=_reference, exit=0),
        "the scenario's, subprotocol, a broken session": Row(
            **inline, auth=SUBPROTOCOL, server=lambda: _reference("drop:tool_completed"), exit=1
        ),
        "env, header, refused": Row(**env, server=lambda: _reference("reject-403"), exit=3),
        "opaque, stdin, header, refused": Row(**stdin, secret=OPAQUE, server=_reference, exit=3),
        "opaque, file, header, nothing listens": Row(**file, secret=OPAQUE, server=_nothing, exit=3),
        "opaque, env, header, told back": Row(**env, secret=OPAQUE, server=lambda: _raw(_echo_secrets), exit=1),
        "env, subprotocol, told back": Row(**env, auth=SUBPROTOCOL, server=lambda: _raw(_echo_secrets), exit=1),
        "opaque, env, header, told back as it is refused": Row(
            **env, secret=OPAQUE, server=lambda: _raw(_refuse_and_echo), exit=3
        ),
        "opaque, the scenario's, subprotocol, told back": Row(
            **inline, secret=OPAQUE, auth=SUBPROTOCOL, server=lambda: _raw(_echo_secrets), exit=1
        ),
    }


ROWS = _rows()


def _write(folder: Path, row: Row) -> Path:
    text = TRIAGE.read_text()
    start, end = text.index("    auth:"), text.index("    steps:")
    path = folder / "triage.yaml"
    path.write_text(text[:start] + f"    {row.auth}\n" + text[end:])
    (folder / "canary.txt").write_text(row.secret + "\n")
    return path


def _give_by_stdin(row: Row, folder: Path, arguments: list[object]) -> Finished:
    async def give() -> Finished:
        process = await start(*arguments, folder=folder, stdin=PIPE)
        return await finish(process, stdin=f"{row.secret}\n".encode())

    return asyncio.run(give())


@pytest.mark.parametrize("name", ROWS)
def test_no_spelling_of_a_token_is_shown_or_kept(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ROWS[name]
    monkeypatch.chdir(tmp_path)
    for variable in row.variables:
        monkeypatch.setenv(variable, row.secret)
    with background(row.server()) as url:
        options = ["--url", url, "--save-capture", "c.jsonl", "--report", "json=r.json", "-vv", *row.options]
        arguments = ["run", _write(tmp_path, row), *options]
        done = _give_by_stdin(row, tmp_path, arguments) if row.stdin else wscheck_here(capsys, *arguments)
    assert done.code == row.exit, done.said
    kept = [(tmp_path / file).read_text() for file in ("c.jsonl", "r.json")]
    for text in (done.out, done.err, *kept):
        assert [spelling for spelling in spellings(row.secret) if spelling in text] == []
    assert "credentials" in done.out
    assert "token from" in done.out


def test_the_report_says_which_token_was_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY, DEMO_KEY)
    with background(serve()) as server:
        done = wscheck_here(capsys, "run", TRIAGE, "--url", server.url, "--report", "json=r.json")
    assert done.code == 0, done.said
    line = next(line for line in done.out.splitlines() if line.startswith("  credentials"))
    assert f"token minted from claims, key from ${KEY}; sub ada-0001" in line
    assert re.search(r"expires in (899|900) s", line)
    (session,) = json.loads((tmp_path / "r.json").read_text())["sessions"]
    assert session["credentials"] == line.removeprefix("  credentials").strip()
    assert [spelling for spelling in spellings(DEMO_KEY) if spelling in done.said] == []
