"""`--retry-for`: what is unavailable is tried again, what is broken never, and the report tells of every attempt."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.runs import Finished, background, finish, start, wscheck_here
from tests.support.http_server import http_server
from tests.support.raw_server import CLOSE, TEXT, Peer, close_frame, frame, raw_server
from tests.support.toy import write_toy

STEPS = "steps: [{expect: welcome}, {send: {type: say, id: x}}, {expect: turn}]"
Act = Callable[[Peer], Awaitable[None]]
Capsys = pytest.CaptureFixture[str]


def answers(status: str, *headers: str) -> Act:
    lines = "".join(f"{header}\r\n" for header in ("Content-Length: 0", *headers))
    return lambda peer: peer.answer(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode())


def speaks(*events: dict[str, str], code: int | None = None) -> Act:
    """Welcome, and answer what is said with ``events``; then close with ``code``, or wait to be closed."""

    async def act(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frame(TEXT, b'{"type": "welcome"}'))
        await peer.read_frame()
        for event in events:
            await peer.send(frame(TEXT, json.dumps(event).encode()))
        if code is not None:
            await peer.send(close_frame(code))
        while (await peer.read_frame())[0] != CLOSE:
            pass
        if code is None:
            await peer.send(close_frame(1000))

    return act


SAID, DONE = {"type": "said", "id": "x"}, {"type": "done", "id": "x"}
WELL, BROKEN = speaks(SAID, DONE), speaks(DONE, SAID, DONE)
RESTARTED = speaks(SAID, code=1012)
STARTING = answers("503 starting")


async def drop(peer: Peer) -> None:
    await peer.reader.readuntil(b"\r\n\r\n")


class Server:
    """Acts once a connection, and at the end always in the last way. ``met`` counts them."""

    def __init__(self, acts: Sequence[Act]) -> None:
        self._acts = list(acts)
        self.met = 0

    async def act(self, peer: Peer) -> None:
        self.met += 1
        await self._acts[min(self.met, len(self._acts)) - 1](peer)


def run(folder: Path, capsys: Capsys, acts: Sequence[Act], *options: str) -> tuple[Finished, Server, dict[str, Any]]:
    server = Server(acts)
    scenario = write_toy(folder, f"  ada: {{{STEPS}}}\n")
    with background(raw_server(server.act)) as address:
        kept = [
            "--report",
            f"json={folder}/r.json",
            "--save-capture",
            str(folder / "c.jsonl"),
            "--url",
            f"ws://{address}/",
        ]
        done = wscheck_here(capsys, "run", scenario, *kept, *options)
    return done, server, json.loads((folder / "r.json").read_text())


def notes(report: dict[str, Any]) -> list[str]:
    return [note["text"] for note in report["notes"]]


def test_what_is_unavailable_is_tried_again_until_it_is_well(tmp_path: Path, capsys: Capsys) -> None:
    done, server, report = run(tmp_path, capsys, [STARTING, drop, drop, RESTARTED, WELL], "--retry-for", "60")
    assert (done.code, server.met) == (0, 5), done.said
    came_up, *earlier, kept = notes(report)
    assert came_up.startswith("the target came up after ")
    assert came_up.endswith(" s, at attempt 5")
    assert earlier[:2] == [
        "attempt 1: session 'ada' stopped in phase handshake: starting",
        "attempts 2 and 3: session 'ada' stopped in phase handshake: dropped",
    ]
    assert earlier[2].startswith("attempt 4: abnormal-close: the peer closed with code 1012")
    (aside,) = [path for path in tmp_path.glob("c*.jsonl") if path.name != "c.jsonl"]
    assert kept == f"captures of earlier attempts in which a session opened: 4 in {aside}"
    assert '"code":1012' in aside.read_text()
    assert came_up in done.out


ONCE: dict[str, tuple[Act, int]] = {
    "a broken stream": (BROKEN, 1),
    "a broken stream that restarts": (speaks(DONE, code=1012), 1),
    "401": (answers("401 Unauthorized"), 3),
    "403": (answers("403 Forbidden", "Retry-After: 0"), 3),
    "404": (answers("404 Not Found"), 3),
    "another protocol": (lambda peer: peer.answer(b"SSH-2.0-OpenSSH\r\n"), 3),
    "turned away by its close code": (speaks(code=1008), 1),
    "closed by a failure": (speaks(SAID, code=1011), 1),
    "all well": (WELL, 0),
}


@pytest.mark.parametrize("row", ONCE)
def test_what_is_not_unavailable_is_looked_at_once(row: str, tmp_path: Path, capsys: Capsys) -> None:
    act, code = ONCE[row]
    done, server, report = run(tmp_path, capsys, [act], "--retry-for", "60")
    assert (done.code, server.met) == (code, 1), done.said
    assert [note for note in notes(report) if "attempt" in note] == []


def test_a_target_that_comes_up_broken_fails_all_the_same(tmp_path: Path, capsys: Capsys) -> None:
    done, server, report = run(tmp_path, capsys, [STARTING, RESTARTED, BROKEN], "--retry-for", "60")
    assert (done.code, server.met) == (1, 3), done.said
    assert notes(report)[0].endswith("at attempt 3")


def test_a_target_that_comes_up_and_turns_us_away_is_not_called_up(tmp_path: Path, capsys: Capsys) -> None:
    done, server, report = run(tmp_path, capsys, [STARTING, answers("403 Forbidden")], "--retry-for", "60")
    assert (done.code, server.met) == (3, 2), done.said
    assert notes(report)[0].endswith("at attempt 2, what stopped it was nothing that waiting mends")


def test_when_the_time_is_over_it_is_said_how_long_was_waited(tmp_path: Path, capsys: Capsys) -> None:
    done, server, report = run(tmp_path, capsys, [STARTING], "--retry-for", "1.5")
    assert done.code == 3
    assert server.met >= 2
    assert notes(report)[0].startswith("the target was still unavailable after ")
    assert notes(report)[0].endswith(f" s and {server.met} attempts")
    assert [path.name for path in tmp_path.glob("*.jsonl")] == ["c.jsonl"]


def test_without_it_nothing_is_tried_again(tmp_path: Path, capsys: Capsys) -> None:
    done, server, report = run(tmp_path, capsys, [STARTING, WELL])
    assert (done.code, server.met, notes(report)) == (3, 1, [])


def test_a_server_is_left_alone_as_long_as_it_asks_where_there_is_the_time(tmp_path: Path, capsys: Capsys) -> None:
    busy = answers("429 Too Many Requests", "Retry-After: 1")
    done, server, report = run(tmp_path, capsys, [busy, WELL], "--retry-for", "30")
    assert (done.code, server.met) == (0, 2), done.said
    assert float(notes(report)[0].split("after ", 1)[1].split(" s", 1)[0]) >= 1.0
    done, server, _ = run(tmp_path, capsys, [busy, WELL], "--retry-for", "0.9", "--overwrite")
    assert (done.code, server.met) == (3, 1), done.said


def test_readiness_is_asked_anew_in_every_attempt(tmp_path: Path, capsys: Capsys) -> None:
    later = {"Retry-After": "60"}  # more than a check has time for, so that each ends after one look
    told = [(503, {"status": "starting"}, later), (200, {"commit": "old"}, later), (200, {"commit": "new"})]
    with background(http_server(lambda _: told.pop(0) if len(told) > 1 else told[0])) as health:
        revision = 'revision = { "/commit" = "new" }, within = 9'
        (tmp_path / "wscheck.toml").write_text(f'[env.here]\nready = [{{ url = "{health.url}", {revision} }}]\n')
        done, server, report = run(tmp_path, capsys, [WELL], "--retry-for", "60", "--env", "here")
    assert (done.code, server.met) == (0, 1), done.said
    assert notes(report)[1:] == [
        "attempt 1: session 'ada' stopped in phase ready: starting",
        "attempt 2: session 'ada' stopped in phase ready: wrong-revision",
    ]


async def test_a_signal_between_attempts_ends_it_with_a_whole_report(tmp_path: Path) -> None:
    refuse = answers("503 starting", "Retry-After: 9")
    scenario = write_toy(tmp_path, f"  ada: {{{STEPS}}}\n")
    async with raw_server(refuse) as address:
        options = ["--retry-for", "60", "-v", "--report", "json=r.json", "--save-capture", "c.jsonl"]
        process = await start("run", scenario, "--url", f"ws://{address}/", *options, folder=tmp_path)
        assert process.stderr
        while b"unavailable" not in await process.stderr.readline():
            pass
        os.kill(process.pid, signal.SIGTERM)
        done = await finish(process)
    assert done.code == 143, done.said
    assert json.loads((tmp_path / "r.json").read_text())["exit_code"] == 143
    assert '"wscheck":"end"' in (tmp_path / "c.jsonl").read_text()


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "86401", "soon"])
def test_what_is_no_number_of_seconds_is_refused(seconds: str, tmp_path: Path, capsys: Capsys) -> None:
    done = wscheck_here(capsys, "run", write_toy(tmp_path, f"  ada: {{{STEPS}}}\n"), "--retry-for", seconds)
    assert done.code == 2
    assert "--retry-for" in done.err
