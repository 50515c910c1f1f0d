"""Ctrl-C and SIGTERM: 130 and 143, with a whole capture and a report of what there was."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from tests.end_to_end.asked import THINKING, serve_asked
from tests.end_to_end.runs import CONFORMING, NOWHERE, finish, run_here, start, write_triage
from tests.support.raw_server import Peer, raw_server
from wscheck.capture import read_capture
from wscheck.record import Cut, Record

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


def _read(path: Path) -> list[Record]:
    with read_capture(path) as capture:
        records = list(capture)
    assert not capture.truncated
    return records


@pytest.mark.parametrize(("number", "code"), SIGNALS)
async def test_a_signal_in_a_session_leaves_a_whole_capture_and_a_report(
    number: int, code: int, tmp_path: Path
) -> None:
    async with serve_asked() as server:
        options = ["--url", server.url, "--save-capture", "c.jsonl", "--report", "json=r.json"]
        process = await start("run", write_triage(tmp_path), *options, folder=tmp_path)
        await server.asked.wait()
        process.send_signal(number)
        done = await finish(process)
    assert done.code == code, done.said
    ending = _read(tmp_path / "c.jsonl")[-1]
    assert isinstance(ending, Cut)
    assert ending.cause == "interrupted"
    assert "Traceback" not in done.said
    assert "interrupted" in done.out
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["exit_code"], report["verdict"]) == (code, "inconclusive")


@pytest.mark.parametrize(("number", "code"), SIGNALS)
async def test_a_signal_outweighs_a_failure(number: int, code: int, tmp_path: Path) -> None:
    async def fail(connection: ServerConnection) -> None:
        await connection.send(json.dumps(THINKING))
        await (await connection.ping())
        failed.set()
        await connection.wait_closed()

    failed = asyncio.Event()
    async with serve_asked(fail) as server:
        process = await start("run", write_triage(tmp_path), "--url", server.url, folder=tmp_path)
        await failed.wait()
        process.send_signal(number)
        done = await finish(process)
    assert done.code == code, done.said
    assert "orphan" in done.out


@pytest.mark.parametrize(("number", "code"), SIGNALS)
async def test_a_signal_in_the_opening_handshake_leaves_a_whole_capture(number: int, code: int, tmp_path: Path) -> None:
    async def hang(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        heard.set()
        await peer.stay()

    heard = asyncio.Event()
    async with raw_server(hang) as address:
        options = ["--url", f"ws://{address}/ws", "--save-capture", "c.jsonl"]
        process = await start("run", write_triage(tmp_path), *options, folder=tmp_path)
        await heard.wait()
        process.send_signal(number)
        done = await finish(process)
    assert done.code == code, done.said
    assert isinstance(_read(tmp_path / "c.jsonl")[-1], Cut)
    assert "Traceback" not in done.said


async def test_a_signal_ends_a_suite_with_what_was_run_so_far(tmp_path: Path) -> None:
    async with serve_asked() as server:
        scenario = write_triage(tmp_path)
        process = await start("run", scenario, scenario, scenario, "--url", server.url, folder=tmp_path)
        await server.asked.wait()
        process.send_signal(signal.SIGTERM)
        done = await finish(process)
    assert done.code == 143, done.said
    assert len(list((tmp_path / "wscheck-captures").iterdir())) == 1


@pytest.mark.parametrize(("number", "code"), SIGNALS)
async def test_a_signal_during_a_check_has_no_verdict(number: int, code: int, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "c.jsonl")
    process = await start("check", "agent-events@2", "c.jsonl", folder=tmp_path)
    pipe = await asyncio.to_thread((tmp_path / "c.jsonl").open, "wb", buffering=0)  # waits for the reader
    with pipe:
        pipe.write(CONFORMING.read_bytes()[:2000])
        process.send_signal(number)
        done = await finish(process)
    assert (done.code, done.out) == (code, ""), done.said
    assert done.err.startswith("wscheck: ")
    assert done.err.count("\n") == 1


def test_after_a_run_signals_mean_what_they_meant_before(tmp_path: Path) -> None:
    numbers = [number for number, _ in SIGNALS]
    meant = [signal.signal(number, lambda *_: None) for number in numbers]
    ours = list(map(signal.getsignal, numbers))
    run_here(write_triage(tmp_path), NOWHERE, tmp_path)
    assert list(map(signal.getsignal, numbers)) == ours
    for number, handler in zip(numbers, meant, strict=True):
        signal.signal(number, handler)
