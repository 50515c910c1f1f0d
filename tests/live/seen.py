"""What the tests of real parts share: a scenario, run as on the command line, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.runs import wscheck_here
from tests.support.toy import write_toy

TALK = """
  ada:
    steps:
      - expect: welcome
      - send: {type: say, id: a}
      - expect: turn
"""
"""One question, answered."""

WAIT = """
  ada:
    steps:
      - expect: welcome
      - expect: turn
"""
"""Nobody says anything after the welcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a run comes to: exit code; phase and cause; how its session ended, in two or three words; what is found.

    ``says`` are words of what is printed.
    """

    exit: int
    phase: str | None = None
    cause: str | None = None
    ending: str = ""
    findings: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a run came to: all that it printed, its report, and the text of its capture."""

    due: Due
    said: str
    report: Any
    capture: str


def run(scenario: Path, url: str, capsys: pytest.CaptureFixture[str], *arguments: object) -> Seen:
    """Run a scenario with one session, as on the command line; its capture has the same verdict."""
    folder = scenario.parent
    capture, report = folder / "kept.jsonl", folder / "report.json"
    files = ("--save-capture", capture, "--overwrite", "--report", f"json={report}")
    done = wscheck_here(capsys, "run", scenario, "--url", url, *files, *arguments)
    assert report.is_file(), done.said
    assert "Traceback" not in done.said
    told = json.loads(report.read_text(encoding="utf-8"))
    (session,) = told["sessions"]
    errors = tuple(finding["code"] for finding in told["findings"] if finding["severity"] == "error")
    due = Due(
        exit=done.code,
        phase=session["phase"],
        cause=session["cause"],
        ending=describe(session["ending"]),
        findings=errors,
    )
    return Seen(due=due, said=done.said, report=told, capture=capture.read_text(encoding="utf-8"))


def run_toy(
    folder: Path, url: str, capsys: pytest.CaptureFixture[str], *arguments: object, sessions: str = TALK
) -> Seen:
    """Run a scenario of the toy protocol."""
    return run(write_toy(folder, sessions), url, capsys, *arguments)


def check(seen: Seen, due: Due) -> None:
    """Hold what was seen to what is due."""
    told = {name: getattr(seen.due, name) for name in ("exit", "phase", "cause", "ending", "findings")}
    assert told == {name: getattr(due, name) for name in told}, seen.said
    assert [words for words in due.says if words not in " ".join(seen.said.split())] == [], seen.said


def describe(ending: Any) -> str:
    """Return an ending as `refused 502`, `closed 1006 peer`, `cut limit` or `blocked`."""
    members = (ending.get(name) for name in ("kind", "status", "code", "initiator"))
    words = [str(member) for member in members if member is not None]
    return " ".join([*words, *([ending["cause"]] if ending["kind"] == "cut" else [])])
