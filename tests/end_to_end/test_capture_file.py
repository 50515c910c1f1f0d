"""The file that a run keeps its capture in: never another's, and never silently half of one."""

from __future__ import annotations

import asyncio
import json
import resource
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from examples.agent_server import DEMO_KEY, serve
from tests.end_to_end.asked import RUN, serve_asked
from tests.end_to_end.runs import KEY, NOWHERE, background, finish, start, write_triage, wscheck, wscheck_here
from wscheck.capture import read_capture
from wscheck.record import Closed


def test_a_capture_that_is_there_already_is_2_and_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(KEY, DEMO_KEY)
    path = tmp_path / "c.jsonl"
    path.write_text("precious")
    with background(serve_asked()) as server:
        done = wscheck_here(capsys, "run", write_triage(tmp_path), "--url", server.url, "--save-capture", path)
        assert not server.asked.is_set()
    assert (done.code, done.out) == (2, "")
    assert "c.jsonl is there already" in done.err
    assert "--overwrite" in done.err
    assert path.read_text() == "precious"


def test_overwrite_replaces_a_capture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(KEY, DEMO_KEY)
    path = tmp_path / "c.jsonl"
    path.write_text("precious")
    with background(serve()) as server:
        options = ["--url", server.url, "--save-capture", path, "--overwrite"]
        done = wscheck_here(capsys, "run", write_triage(tmp_path), *options)
    assert done.code == 0, done.said
    with read_capture(path) as capture:
        assert isinstance(list(capture)[-1], Closed)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("path", "options"),
    [("no/such/folder/c.jsonl", ()), ("/dev/full", ()), ("/dev/full", ("--overwrite",)), (".", ("--overwrite",))],
)
def test_a_capture_that_cannot_be_made_is_2(
    path: str,
    options: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY, DEMO_KEY)
    scenario = write_triage(tmp_path)
    done = wscheck_here(capsys, "run", scenario, "--url", NOWHERE, "--save-capture", path, *options)
    assert (done.code, done.out) == (2, ""), done.said
    assert path in done.err


def test_a_folder_for_captures_that_cannot_be_made_is_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY, DEMO_KEY)
    (tmp_path / "wscheck-captures").write_text("a file")
    done = wscheck_here(capsys, "run", write_triage(tmp_path), "--url", NOWHERE)
    assert (done.code, done.out) == (2, "")
    assert "wscheck-captures" in done.err


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="no other process can be given a limit here")
@pytest.mark.parametrize("suffix", ["", ".gz"])
async def test_a_disk_that_fills_up_in_a_session_is_4_and_names_the_file(suffix: str, tmp_path: Path) -> None:
    name = f"c.jsonl{suffix}"
    go_on = asyncio.Event()

    async def flood(connection: ServerConnection) -> None:
        await go_on.wait()
        for event in RUN:
            await connection.send(json.dumps(event))
        await connection.wait_closed()

    async with serve_asked(flood) as server:
        options = ["--url", server.url, "--save-capture", name]
        process = await start("run", write_triage(tmp_path), *options, folder=tmp_path)
        await server.asked.wait()
        most = (tmp_path / name).stat().st_size + 300
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        go_on.set()
        done = await finish(process)
    assert done.code == 4, done.said
    assert f"{name} cannot be written" in done.out.replace("\n    ", " ")
    assert done.err == ""
    assert "in phase open: disk" in done.out
    assert 0 < (tmp_path / name).stat().st_size <= most
    again = await wscheck("check", "agent-events@2", name, folder=tmp_path)
    assert again.code == 4, again.said
