"""The one wrapper that owns the exit code: no crash, broken pipe or full disk comes out as 1 or 0."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import click
import pytest

from tests.end_to_end.runs import BREAKING, CONFORMING, finish, start, wscheck, wscheck_here
from wscheck.cli import main

# -- output that nobody takes


@pytest.fixture
def full() -> Iterator[TextIO]:
    """A file on a disk that is full."""
    with Path("/dev/full").open("w") as file:
        yield file


@pytest.mark.parametrize(("capture", "form"), [(CONFORMING, "json"), (BREAKING, "terminal")], ids=["pass", "fail"])
async def test_a_broken_pipe_is_no_verdict(capture: Path, form: str, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as stdout:
        done = await wscheck("check", "agent-events@2", capture, "--format", form, folder=tmp_path, stdout=stdout)
    assert (done.code, done.err) == (4, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
async def test_a_reader_that_leaves_early_is_no_verdict(unbuffered: str, tmp_path: Path) -> None:
    arguments = ["check", "agent-events@2", *[BREAKING] * 50, "--format", "json"]  # more than a pipe holds
    environ = {"PYTHONUNBUFFERED": unbuffered}
    read, write = os.pipe()
    with os.fdopen(write) as stdout:
        process = await start(*arguments, folder=tmp_path, environ=environ, stdout=stdout)
    assert await asyncio.to_thread(os.read, read, 1) == b"{"
    os.close(read)
    done = await finish(process)
    assert (done.code, done.err) == (4, "")


@pytest.mark.parametrize("arguments", [("check", "agent-events@2", "no-such.jsonl"), ("chekc",)])
async def test_a_full_disk_under_standard_error_hides_no_exit_code(
    arguments: tuple[str, ...], full: TextIO, tmp_path: Path
) -> None:
    done = await wscheck(*arguments, folder=tmp_path, stderr=full)
    assert (done.code, done.out) == (2, "")


def test_a_report_on_a_full_disk_is_2_and_the_rest_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    done = wscheck_here(capsys, "check", "agent-events@2", BREAKING, "--report", "json=/dev/full")
    assert done.code == 2
    assert done.out.startswith("FAIL")
    assert done.err == "wscheck: the report /dev/full could not be written: No space left on device\n"
    assert Path("/dev/full").is_char_device()


# -- faults of our own


def _command(callback: Callable[[], object]) -> click.Command:
    return click.Command("trial", callback=callback)


def _raises(error: BaseException) -> Callable[[], object]:
    def fail() -> None:
        canary = "canary"
        raise error from ValueError(canary)

    return fail


FAULTS: dict[str, tuple[BaseException, int]] = {
    "a bug": (ValueError("canary"), 70),
    "a deep bug": (RecursionError("canary"), 70),
    "no memory": (MemoryError(), 70),
    "a file that we forgot": (FileNotFoundError(errno.ENOENT, "canary"), 70),
    "an end that we did not expect": (EOFError("canary"), 70),
    "a way out that is not ours": (SystemExit(1), 70),
    "work that was cancelled": (asyncio.CancelledError(), 70),
    "Ctrl-C": (KeyboardInterrupt(), 130),
    "a full disk": (OSError(errno.ENOSPC, "No space left on device"), 4),
}


@pytest.mark.parametrize(("error", "code"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_ours_is_no_verdict_and_shows_no_foreign_text(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], entry=_command(_raises(error))) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("wscheck: ")
    assert err.count("\n") == 1
    assert "canary" not in err
    if code == 70:
        assert f"this is a bug in wscheck ({type(error).__name__} at test_exit_codes.py:" in err
        file = Path(re.findall(r"\S+$", err)[0])
        told = file.read_text()
        file.unlink()
        assert "in fail" in told
        assert "canary" not in told


def test_a_command_that_only_tells_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], entry=_command(lambda: None)) == 0
    assert [wscheck_here(capsys, option).code for option in ("--help", "--version")] == [0, 0]
