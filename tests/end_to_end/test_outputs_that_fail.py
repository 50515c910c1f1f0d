"""Output that nobody takes, files that have no room, descriptors that are closed, terminals of any size."""

from __future__ import annotations

import asyncio
import json
import os
import resource
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import pytest

from tests.end_to_end.runs import (
    BREAKING,
    CONFORMING,
    Finished,
    background,
    finish,
    start,
    wscheck,
    wscheck_here,
)
from tests.support.toy import Toy, serve_toy, write_toy
from wscheck.capture import CaptureWriter, Header, read_capture
from wscheck.record import Closed, Message, Opened

TURN = "  a: {steps: [{expect: welcome}, {send: {type: say, id: x}}, {expect: turn}]}\n"
ENDLESS = "  a: {steps: [{expect: welcome}, {expect: done, within: 60}]}\n"


@pytest.fixture
def full() -> Iterator[TextIO]:
    """A file on a disk that is full."""
    with Path("/dev/full").open("w") as file:
        yield file


@pytest.fixture(scope="module")
def toy() -> Iterator[Toy]:
    with background(serve_toy()) as server:
        yield server


async def run_turn(toy: Toy, folder: Path, *options: object, **settings: Any) -> Finished:
    """Run a scenario that passes, in a process of its own; its capture is c.jsonl."""
    scenario = write_toy(folder, TURN)
    return await wscheck(
        "run", scenario, "--url", toy.url, "--save-capture", "c.jsonl", *options, folder=folder, **settings
    )


def is_whole(path: Path) -> bool:
    """Tell whether a capture is there with all that belongs to it."""
    with read_capture(path) as capture:
        records = list(capture)
    return not capture.truncated and isinstance(records[-1], Closed)


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


# -- standard output


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "agent-events@2", CONFORMING),
        ("check", "agent-events@2", BREAKING),
        ("run", "--help"),
        ("explain",),
        ("schema", "contract"),
        ("which", CONFORMING, "--contract", "agent-events"),
        ("demo",),
    ],
)
async def test_no_command_takes_a_full_disk_for_a_verdict(
    arguments: tuple[object, ...], full: TextIO, tmp_path: Path
) -> None:
    done = await wscheck(*arguments, folder=tmp_path, stdout=full)
    assert done.code == 4
    assert done.err.startswith("wscheck: the report could not be printed: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [("schema", "report"), ("explain", "missing")])
async def test_no_command_takes_a_broken_pipe_for_a_verdict(arguments: tuple[object, ...], tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as stdout:
        done = await wscheck(*arguments, folder=tmp_path, stdout=stdout, environ={"PYTHONUNBUFFERED": "1"})
    assert (done.code, done.err) == (4, "")


async def test_a_run_whose_reader_has_left_keeps_its_capture_and_its_report(toy: Toy, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as stdout:
        done = await run_turn(toy, tmp_path, "--report", "json=r.json", stdout=stdout)
    assert (done.code, done.err) == (4, "")
    assert json.loads((tmp_path / "r.json").read_text())["verdict"] == "pass"
    assert is_whole(tmp_path / "c.jsonl")


async def test_ctrl_c_outweighs_a_reader_that_it_ended_as_well(toy: Toy, tmp_path: Path) -> None:
    read, write = os.pipe()
    scenario = write_toy(tmp_path, ENDLESS)
    with os.fdopen(write) as stdout:
        process = await start("run", scenario, "--url", toy.url, "-v", folder=tmp_path, stdout=stdout)
    assert process.stderr
    while b"message" not in (line := await process.stderr.readline()):
        assert line, "nothing came"
    os.close(read)
    process.send_signal(2)
    done = await finish(process)
    assert done.code == 130
    assert done.err.splitlines()[-1] == "wscheck: the report could not be printed: Broken pipe"


# -- standard error


async def test_a_standard_error_that_takes_nothing_ends_no_run(toy: Toy, full: TextIO, tmp_path: Path) -> None:
    done = await run_turn(toy, tmp_path, "-vv", "--format", "json", stderr=full)
    assert (done.code, json.loads(done.out)["verdict"]) == (0, "pass")
    assert is_whole(tmp_path / "c.jsonl")


# -- descriptors that are closed


@pytest.mark.parametrize(("descriptor", "code"), [(0, 0), (1, 2), (2, 0)])
async def test_a_closed_descriptor_is_no_fault(descriptor: int, code: int, toy: Toy, tmp_path: Path) -> None:
    done = await run_turn(toy, tmp_path, "-vv", preexec_fn=partial(os.close, descriptor))
    assert done.code == code, done.said
    assert "Traceback" not in done.said
    if code:
        assert done.err == "wscheck: standard output is closed, so there is nowhere to report to\n"
        assert not (tmp_path / "c.jsonl").exists()
    else:
        assert is_whole(tmp_path / "c.jsonl")


# -- files


async def test_a_report_without_room_is_2_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = await wscheck(
        "check", "agent-events@2", BREAKING, "--report", "json=r.json", folder=tmp_path,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (1000, 1000)),
    )  # fmt: skip
    assert done.code == 2
    assert "the report r.json could not be written: File too large" in done.err
    assert done.out.startswith("FAIL")
    assert is_empty(tmp_path)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder here that not even root can write to")
async def test_a_working_folder_that_cannot_be_written_to_is_2(toy: Toy, tmp_path: Path) -> None:
    scenario = write_toy(tmp_path, TURN)
    done = await wscheck("run", scenario, "--url", toy.url, folder=Path("/proc"))
    assert (done.code, done.out) == (2, "")
    assert "wscheck-captures" in done.err


async def test_a_capture_from_a_pipe_is_checked_as_one_from_a_file(tmp_path: Path) -> None:
    process = await start("check", "agent-events@2", "/dev/stdin", folder=tmp_path, stdin=asyncio.subprocess.PIPE)
    done = await finish(process, BREAKING.read_bytes())
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("FAIL")


def test_a_capture_that_is_still_being_written_is_read_as_one_that_was_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "c.jsonl"
    write_toy(tmp_path, TURN)
    header = Header(tool="wscheck", run="r", started="2026-11-23T00:00:00Z", redacted=())
    with CaptureWriter(path, header) as writer:
        writer.write(Opened(at=0.0, session="a", uri="ws://127.0.0.1/"))
        for number, kind in enumerate(("welcome", "said", "done")):
            text = json.dumps({"type": kind, "id": "x"})
            writer.write(Message(at=0.1 * number, session="a", direction="received", text=text))
            done = wscheck_here(capsys, "check", tmp_path / "toy.yaml", path)
            assert done.code == 4, done.said
            assert "cut" in done.out
        writer.write(Closed(at=1.0, session="a", code=1000))
        writer.finish()
    assert wscheck_here(capsys, "check", tmp_path / "toy.yaml", path).code == 0


async def test_a_capture_that_somebody_takes_away_is_no_pass(toy: Toy, tmp_path: Path) -> None:
    scenario = write_toy(tmp_path, TURN)
    path = tmp_path / "c.jsonl"
    process = await start("run", scenario, "--url", toy.url, "--save-capture", path, "-v", folder=tmp_path)
    assert process.stderr
    while b"message" not in (line := await process.stderr.readline()):
        assert line, "nothing came"
    path.unlink()
    done = await finish(process)
    assert done.code == 4, done.said
    assert "c.jsonl" in done.out
    assert "was removed" in " ".join(done.out.split())


async def test_of_two_runs_with_one_capture_the_second_touches_nothing(toy: Toy, tmp_path: Path) -> None:
    scenario = write_toy(tmp_path, TURN)
    options = ["--url", toy.url, "--save-capture", "c.jsonl"]
    both = [await start("run", scenario, *options, folder=tmp_path) for _ in range(2)]
    done = await asyncio.gather(*map(finish, both))
    assert sorted(one.code for one in done) == [0, 2], [one.said for one in done]
    assert is_whole(tmp_path / "c.jsonl")


# -- terminals


@pytest.mark.parametrize("columns", ["0", "1", "7", "20"])
def test_a_terminal_of_any_width_shows_the_verdict(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    done = wscheck_here(capsys, "check", "agent-events@2", BREAKING)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("FAIL")
    assert wscheck_here(capsys, "explain", "missing").code == 0


async def test_a_locale_without_unicode_loses_no_verdict(tmp_path: Path) -> None:
    environ = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = await wscheck("check", "agent-events@2", BREAKING, folder=tmp_path, environ=environ)
    assert (done.code, done.err) == (1, "")
    assert done.out.isascii()
