"""Several sessions and one end for all: a signal, a full disk, a fault of ours; each session has its one ending."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen

from tests.end_to_end.runs import finish, start
from tests.support.http_server import http_server
from tests.support.toy import serve_toy, write_toy
from wscheck.capture import read_capture
from wscheck.record import Cut, Record

THREE = "".join(
    f"  {name}: {{steps: [{{expect: welcome}}, {{expect: done, within: 60}}]}}\n" for name in ("a", "b", "c")
)


def endings(path: Path) -> dict[str, Record]:
    with read_capture(path) as capture:
        last = {record.session: record for record in capture}
    assert not capture.truncated
    return last


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_a_signal_ends_every_session_and_leaves_a_whole_capture(number: int, code: int, tmp_path: Path) -> None:
    welcomed = asyncio.Event()
    codes: list[int | None] = []
    ready: list[ServerConnection] = []

    async def hold(connection: ServerConnection) -> None:
        await connection.send('{"type": "welcome"}')
        await (await connection.ping())
        await (await connection.ping())  # what answers again has taken notice that it is open
        ready.append(connection)
        if len(ready) == 3:
            welcomed.set()
        await connection.wait_closed()
        codes.append(connection.close_code)

    async with listen(hold, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
        options = ["--url", url, "--save-capture", "c.jsonl", "--report", "json=r.json"]
        process = await start("run", write_toy(tmp_path, THREE), *options, folder=tmp_path)
        await welcomed.wait()
        process.send_signal(number)
        done = await finish(process)
    assert done.code == code, done.said
    assert {name: getattr(one, "cause", None) for name, one in endings(tmp_path / "c.jsonl").items()} == {
        "a": "interrupted",
        "b": "interrupted",
        "c": "interrupted",
    }
    assert codes == [1001, 1001, 1001]
    assert len(json.loads((tmp_path / "r.json").read_text())["sessions"]) == 3
    assert "Traceback" not in done.said


async def test_a_signal_while_the_target_gets_ready_ends_sessions_that_never_opened(tmp_path: Path) -> None:
    asked = asyncio.Event()

    def answer(_: object) -> tuple[int, str]:
        asked.set()
        return 503, "later"

    async with http_server(answer) as server:
        config = f'[env.here]\nurl = "ws://127.0.0.1:9/"\nready = [{{ url = "{server.url}/" }}]\n'
        scenario = write_toy(tmp_path, THREE, config=config)
        process = await start("run", scenario, "-e", "here", "--save-capture", "c.jsonl", folder=tmp_path)
        await asked.wait()
        process.send_signal(signal.SIGTERM)
        done = await finish(process)
    assert done.code == 143, done.said
    found = endings(tmp_path / "c.jsonl")
    assert list(found) == ["a", "b", "c"]
    assert all(isinstance(one, Cut) and one.cause == "interrupted" for one in found.values())


async def test_a_disk_that_fills_up_cuts_every_session_that_is_open(tmp_path: Path) -> None:
    async def flood(connection: ServerConnection) -> None:
        await connection.send('{"type": "welcome"}')
        for _ in range(400):
            await connection.send(json.dumps({"type": "noise", "fill": "x" * 200}))
        await connection.wait_closed()

    async with listen(flood, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
        options = ["--url", url, "--save-capture", "c.jsonl", "--format", "json"]
        process = await start(
            "run", write_toy(tmp_path, THREE), *options, folder=tmp_path,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        )  # fmt: skip
        done = await finish(process)
    assert done.code == 4, done.said
    report = json.loads(done.out)
    assert [(one["name"], one["cause"]) for one in report["sessions"]] == [("a", "disk"), ("b", "disk"), ("c", "disk")]
    assert "c.jsonl" in json.dumps(report["notes"])


async def test_a_session_that_never_opens_is_told_beside_those_that_do(tmp_path: Path) -> None:
    turn = "{expect: welcome}, {barrier: all}, {send: {type: say, id: x}}, {expect: turn}"
    async with serve_toy(refuse=lambda request: 500 if request.path == "/b" else None) as toy:
        sessions = f"  a: {{steps: [{turn}]}}\n  b: {{url: '{toy.url}/b', steps: [{turn}]}}\n"
        process = await start(
            "run", write_toy(tmp_path, sessions), "--url", toy.url, "--format", "json", folder=tmp_path
        )
        done = await finish(process)
    assert done.code == 3, done.said
    found = {one["name"]: (one["phase"], one["cause"]) for one in json.loads(done.out)["sessions"]}
    assert found == {"a": ("open", "scenario"), "b": ("handshake", "endpoint")}
