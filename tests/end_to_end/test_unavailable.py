"""A target that could not be looked at: exit 3 with phase and cause, no verdict on any clause, and not one finding."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from examples.agent_server import serve
from tests.end_to_end.asked import serve_asked
from tests.end_to_end.runs import merged, run_against, wscheck
from tests.support.raw_server import Peer, raw_server
from wscheck.finding import Verdict

SCENARIO = """
wscheck: 1
scenario: trial
contract: agent-events@2
exercises: [run]
deadline: {tcp: 2, handshake: 0.5}
sessions:
  ada:
    identity: ada-0001
    auth: {scheme: jwt, key: {env: AGENT_JWT_KEY}, claims: {sub: ada-0001, iss: agent-service, aud: agents}}
    steps:
      - expect: connection_established
"""


@asynccontextmanager
async def _nothing_listens() -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    yield f"ws://127.0.0.1:{port}/ws"


@asynccontextmanager
async def _nobody() -> AsyncIterator[str]:
    yield "ws://no-such-host.invalid/ws"


@asynccontextmanager
async def _raw(behave: Callable[[Peer], Awaitable[None]]) -> AsyncIterator[str]:
    async with raw_server(behave) as address:
        yield f"ws://{address}/ws"


def _answers(head: str, body: str = "") -> AbstractAsyncContextManager[str]:
    answer = f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
    return _raw(lambda peer: peer.answer(answer))


async def _drop(peer: Peer) -> None:
    await peer.reader.readuntil(b"\r\n\r\n")


async def _reset(peer: Peer) -> None:
    await peer.reader.readuntil(b"\r\n\r\n")
    peer.reset()


async def _drip(peer: Peer) -> None:
    await peer.answer(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: webso")
    await peer.stay()


_UNKNOWN = ("name-not-found", "name-service-down")  # the latter where there is no name service at all

TARGETS = {
    "a name that nobody knows": (_nobody, "dns", _UNKNOWN),
    "nothing listens": (_nothing_listens, "tcp", ("connection-refused",)),
    "silent at the handshake": (lambda: _raw(Peer.stay), "handshake", ("handshake-timeout",)),
    "half an answer": (lambda: _raw(_drip), "handshake", ("handshake-timeout",)),
    "dropped": (lambda: _raw(_drop), "handshake", ("dropped",)),
    "reset": (lambda: _raw(_reset), "handshake", ("dropped",)),
    "another protocol": (lambda: _raw(lambda p: p.answer(b"SSH-2.0-OpenSSH\r\n")), "handshake", ("not-websocket",)),
    "401": (lambda: _answers("401 Unauthorized"), "handshake", ("unauthorized",)),
    "403 by the reference server": (lambda: serve(faults=["reject-403"]), "handshake", ("unauthorized",)),
    "503 by the reference server": (lambda: serve(faults=["starting-503"]), "handshake", ("starting",)),
    "429": (lambda: _answers("429 Too Many Requests\r\nRetry-After: 7"), "handshake", ("busy",)),
    "200": (lambda: _answers("200 OK", "<html>"), "handshake", ("endpoint",)),
    "302": (lambda: _answers("302 Found\r\nLocation: wss://elsewhere/ws"), "handshake", ("endpoint",)),
    "404": (lambda: _answers("404 Not Found"), "handshake", ("endpoint",)),
    "500": (lambda: _answers("500 Internal Server Error", "Traceback"), "handshake", ("endpoint",)),
    "a token that the server does not take": (lambda: serve(key="another key, and a long one, too"), "handshake",
                                              ("unauthorized",)),
}  # fmt: skip


@pytest.mark.parametrize(("target", "phase", "causes"), TARGETS.values(), ids=TARGETS)
async def test_what_could_not_be_looked_at_has_no_verdict_and_no_findings(
    target: Callable[[], AbstractAsyncContextManager[str]], phase: str, causes: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "trial.yaml").write_text(SCENARIO)
    ran = await run_against(target(), tmp_path / "trial.yaml", tmp_path)
    (session,) = ran.outcome.sessions
    assert merged(ran.outcome).exit_code == 3
    assert session.phase == phase
    assert session.cause in causes
    assert {scope.verdict for scope in ran.outcome.scopes} == {Verdict.NONE}
    assert ran.outcome.findings == ()


async def test_the_cause_comes_first_and_what_it_blocks_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "trial.yaml").write_text(SCENARIO)
    async with _nothing_listens() as url:
        done = await wscheck("run", "trial.yaml", "--url", url, "--report", "json=report.json", folder=tmp_path)
    assert done.code == 3, done.said
    assert done.err == ""
    first, rest = done.out.split("\n\n", 1)
    assert first.startswith("ERROR")
    assert rest.startswith("Session ada could not be opened:")
    assert rest.count("blocked by") == 1
    assert "3 scopes not evaluated (connection, run, tool), blocked by tcp, connection-refused" in rest
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["exit_code"], report["verdict"], report["findings"]) == (3, "error", [])
    assert report["sessions"][0]["phase"] == "tcp"


async def test_a_session_that_outlived_its_token_says_nothing_of_the_contract(tmp_path: Path) -> None:
    async def wait(connection: ServerConnection) -> None:
        await asyncio.sleep(1.1)  # until the token has expired
        await connection.close(1008, "token expired")

    text = SCENARIO.replace("auth: {", "auth: {lifetime: 1, ") + "      - send: {type: chat}\n      - expect: run\n"
    (tmp_path / "trial.yaml").write_text(text)
    ran = await run_against(serve_asked(wait), tmp_path / "trial.yaml", tmp_path)
    (session,) = ran.outcome.sessions
    assert (session.phase, session.cause, merged(ran.outcome).exit_code) == ("open", "auth-expired", 3)


async def test_a_token_that_has_expired_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "trial.yaml").write_text(SCENARIO.replace("aud: agents", "aud: agents, exp: 1"))
    connected: list[Peer] = []

    async def count(peer: Peer) -> None:
        connected.append(peer)

    ran = await run_against(_raw(count), tmp_path / "trial.yaml", tmp_path)
    (session,) = ran.outcome.sessions
    assert (session.phase, session.cause, merged(ran.outcome).exit_code) == ("auth", "token-expired", 3)
    assert ran.outcome.findings == ()
    assert connected == []
