"""A signal in whatever phase: every session has its ending, capture and report are whole, and the exit code says so."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen

from tests.end_to_end.runs import finish, start
from tests.support.raw_server import CLOSE, TEXT, Peer, close_frame, frame, raw_server
from tests.support.toy import write_toy
from wscheck.capture import read_capture
from wscheck.record import Closed, Cut, Record

WELCOME = b'{"type": "welcome"}'
Serve: TypeAlias = "Callable[[asyncio.Event], AbstractAsyncContextManager[str]]"
"""Serves at the HOST:PORT that it gives, and sets the event when a client has come to where the signal is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Where a run stands when the signal comes. ``endings`` are the last records: causes of cuts, or close codes."""

    serve: Serve
    sessions: str
    config: str = ""
    number: signal.Signals = signal.SIGTERM
    endings: tuple[tuple[str, int, str | int], ...] = (("a", 1, "interrupted"),)


@asynccontextmanager
async def _never_answers(reached: asyncio.Event) -> AsyncIterator[str]:
    """Take a request, of HTTP or WebSocket, and never answer it."""

    async def hang(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        reached.set()
        await peer.stay()

    async with raw_server(hang) as address:
        yield address


@asynccontextmanager
async def _answers_sessions_only(reached: asyncio.Event) -> AsyncIterator[str]:
    async def behave(peer: Peer) -> None:
        head = await peer.reader.readuntil(b"\r\n\r\n")
        if b"Upgrade" in head:
            peer.reader.feed_data(head)  # as if it were still to be read
            await peer.accept(then=frame(TEXT, WELCOME))
        else:
            reached.set()
        await peer.stay()

    async with raw_server(behave) as address:
        yield address


@asynccontextmanager
async def _sees_tcp_end(reached: asyncio.Event) -> AsyncIterator[str]:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=frame(TEXT, WELCOME))
        await peer.reader.read()
        reached.set()

    async with raw_server(behave) as address:
        yield address


@asynccontextmanager
async def _never_closes(reached: asyncio.Event) -> AsyncIterator[str]:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=frame(TEXT, WELCOME))
        while (await peer.read_frame())[0] != CLOSE:
            pass
        reached.set()
        await peer.stay()

    async with raw_server(behave) as address:
        yield address


@asynccontextmanager
async def _keeps_tcp_open(reached: asyncio.Event) -> AsyncIterator[str]:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=frame(TEXT, WELCOME))
        while (await peer.read_frame())[0] != CLOSE:
            pass
        await peer.send(close_frame(1000))
        reached.set()
        await peer.stay()

    async with raw_server(behave) as address:
        yield address


@asynccontextmanager
async def _hears_one(reached: asyncio.Event) -> AsyncIterator[str]:
    """Welcome all, and wait until one says something: it goes on to its next step."""

    async def hold(connection: ServerConnection) -> None:
        await connection.send(WELCOME.decode())
        await connection.recv()
        await (await connection.ping())
        reached.set()
        await connection.wait_closed()

    async with listen(hold, "127.0.0.1", 0, close_timeout=0.2) as server:
        yield f"127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


SAY = "{send: {type: say, id: x}}"
LOGIN = '[auth.svc]\nscheme = "login"\nrequest = { url = "http://ADDRESS/login" }\ntoken = "/token"\n'
TWO = "  a: {steps: [{expect: welcome}, " + SAY + ", {barrier: all}]}\n"
TWO += "  b: {steps: [{expect: welcome}, {expect: turn, within: 60}, {barrier: all}]}\n"

PHASES = {
    "a login that hangs": Phase(
        serve=_never_answers,
        sessions="  a: {auth: svc, steps: [{expect: welcome}]}\n  b: {steps: [{expect: welcome}]}\n",
        config=LOGIN,
        endings=(("a", 1, "interrupted"), ("b", 1, "interrupted")),
    ),
    "a readiness check that hangs": Phase(
        serve=_never_answers,
        sessions="  a: {steps: [{expect: welcome}]}\n",
        config='[env.here]\nready = [{ url = "http://ADDRESS/" }]\n',
        number=signal.SIGINT,
    ),
    "several opening handshakes that hang": Phase(
        serve=_never_answers,
        sessions="  a: {steps: [{expect: welcome}]}\n  b: {steps: [{expect: welcome}]}\n",
        endings=(("a", 1, "interrupted"), ("b", 1, "interrupted")),
    ),
    "between drop and reconnect": Phase(
        serve=_sees_tcp_end,
        sessions="  a: {steps: [{expect: welcome}, {drop: true}, {pause: 60}, {reconnect: true}]}\n",
        endings=(("a", 2, "interrupted"),),
    ),
    "at a barrier": Phase(serve=_hears_one, sessions=TWO, endings=(("a", 1, "interrupted"), ("b", 1, "interrupted"))),
    "a request that hangs": Phase(
        serve=_answers_sessions_only,
        sessions="  a: {steps: [{expect: welcome}, {request: {url: 'http://ADDRESS/'}, within: 60}]}\n",
        number=signal.SIGINT,
    ),
    "a closing handshake that hangs": Phase(
        serve=_never_closes, sessions="  a: {steps: [{expect: welcome}, {close: 1000}]}\n"
    ),
    "after the closing handshake": Phase(
        serve=_keeps_tcp_open, sessions="  a: {steps: [{expect: welcome}, {close: 1000}]}\n", endings=(("a", 1, 1000),)
    ),
    "the terminal is gone": Phase(
        serve=_hears_one,
        sessions="  a: {steps: [{expect: welcome}, " + SAY + ", {expect: turn}]}\n",
        number=signal.SIGHUP,
    ),
}


def _how(record: Record) -> tuple[str, int, str | int]:
    assert isinstance(record, Cut | Closed)
    return (record.session, record.connection, record.cause if isinstance(record, Cut) else record.code)


@pytest.mark.parametrize("phase", PHASES.values(), ids=PHASES)
async def test_a_signal_in_any_phase_leaves_each_session_its_ending_and_all_files_whole(
    phase: Phase, tmp_path: Path
) -> None:
    reached = asyncio.Event()
    async with phase.serve(reached) as address:
        config, sessions = (text.replace("ADDRESS", address) for text in (phase.config, phase.sessions))
        options = ["--url", f"ws://{address}/", "--save-capture", "c.jsonl", "--report", "json=r.json"]
        options += ["-e", "here"] if "env.here" in config else []
        process = await start("run", write_toy(tmp_path, sessions, config=config), *options, folder=tmp_path)
        async with asyncio.timeout(60):
            await reached.wait()
        process.send_signal(phase.number)
        done = await finish(process)
    code = 130 if phase.number == signal.SIGINT else 143
    assert (done.code, done.err) == (code, ""), done.said
    assert json.loads((tmp_path / "r.json").read_text())["exit_code"] == code
    with read_capture(tmp_path / "c.jsonl") as capture:
        last = {record.session: _how(record) for record in capture if isinstance(record, Cut | Closed)}
    assert not capture.truncated
    assert tuple(last[name] for name in sorted(last)) == phase.endings


# -- while reports are written


async def _ended_run(folder: Path) -> asyncio.subprocess.Process:
    """Start a run whose session is over, and whose report nobody reads yet."""
    over = asyncio.Event()
    async with _sees_tcp_end(over) as address:
        os.mkfifo(folder / "r.json")
        scenario = write_toy(folder, "  a: {steps: [{expect: welcome}, {drop: true}]}\n")
        process = await start("run", scenario, "--url", f"ws://{address}/", "--report", "json=r.json", folder=folder)
        async with asyncio.timeout(60):
            await over.wait()
    return process


async def test_a_signal_while_the_report_is_written_lets_it_come_to_its_end(tmp_path: Path) -> None:
    process = await _ended_run(tmp_path)
    process.send_signal(signal.SIGTERM)
    report = json.loads(await asyncio.to_thread((tmp_path / "r.json").read_text))
    done = await finish(process)
    assert (done.code, done.err) == (143, ""), done.said
    assert [session["name"] for session in report["sessions"]] == ["a"]


async def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    process = await _ended_run(tmp_path)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    done = await finish(process)  # though nobody ever reads the report
    assert done.code in {130, 143}
    assert "Traceback" not in done.said


# -- around runs


async def test_a_signal_while_wscheck_is_being_loaded_is_no_traceback(tmp_path: Path) -> None:
    environ = {"PYTHONPROFILEIMPORTTIME": "1"}
    process = await start("run", "no-such.yaml", folder=tmp_path, environ=environ)
    assert process.stderr
    while b"import time" not in (line := await process.stderr.readline()) or b"wscheck" not in line:
        assert line, "it ended before it was loaded"
    while b"wscheck." not in (line := await process.stderr.readline()) or b"wscheck.version" in line:
        assert line, "it ended before it was loaded"
    process.send_signal(signal.SIGINT)
    done = await finish(process)
    assert done.code == 130
    assert "Traceback" not in done.said


async def test_nohup_is_heeded(tmp_path: Path) -> None:
    heard, signalled = asyncio.Event(), asyncio.Event()

    async def hold(connection: ServerConnection) -> None:
        await connection.send(WELCOME.decode())
        await connection.recv()
        heard.set()
        await signalled.wait()
        await connection.send('{"type": "said", "id": "x"}')
        await connection.send('{"type": "done", "id": "x"}')
        await connection.wait_closed()

    sessions = "  a: {steps: [{expect: welcome}, " + SAY + ", {expect: turn}]}\n"
    async with listen(hold, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
        process = await start(
            "run", write_toy(tmp_path, sessions), "--url", url, folder=tmp_path,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )  # fmt: skip
        await heard.wait()
        process.send_signal(signal.SIGHUP)
        signalled.set()
        done = await finish(process)
    assert done.code == 0, done.said


async def test_ctrl_c_in_the_demo_ends_it_and_its_server(tmp_path: Path) -> None:
    process = await start("demo", folder=tmp_path)
    assert process.stdout
    while b"listens on " not in (line := await process.stdout.readline()):
        assert line, "it never began"
    process.send_signal(signal.SIGINT)
    done = await finish(process)
    assert done.code == 130, done.said
    assert "Traceback" not in done.said
    assert "2. A session" not in done.out
    where = urlsplit(line.split(b" on ")[1].split(b";")[0].decode())
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(where.hostname, where.port)
