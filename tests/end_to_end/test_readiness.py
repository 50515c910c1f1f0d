"""Readiness as a pipeline meets it: the revision that is due, how long was waited, and never a word on the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.runs import Finished, background, wscheck_here
from tests.support.http_server import Told, http_server
from tests.support.toy import serve_toy, write_toy

TURN = "  ada: {steps: [{expect: welcome}, {send: {type: say, id: a}}, {expect: turn}]}\n"
REVISION = 'revision = { "/commit" = { env = "GIT_COMMIT" } }'
LATER = {"Retry-After": "60"}
Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: Capsys, told: Told, check: str) -> tuple[Finished, int, dict[str, Any]]:
    """Run against a toy whose readiness is answered by ``told``; return how often that was asked, and the report."""
    with background(http_server(lambda _: told)) as health, background(serve_toy()) as toy:
        config = f'[env.here]\nurl = "{toy.url}/"\nready = [{{ url = "{health.url}/version", within = 5, {check} }}]\n'
        scenario = write_toy(Path(), TURN, config=config)
        done = wscheck_here(capsys, "run", scenario, "--env", "here", "--report", "json=r.json", "-v")
        asked = len(health.asked)
    return done, asked, json.loads(Path("r.json").read_text()) if Path("r.json").exists() else {}


def test_the_revision_that_a_variable_holds_is_awaited(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMIT", "0f3a9c1d2e4b\n")
    done, asked, _ = run(capsys, (200, {"commit": "0f3a9c1"}), REVISION)
    assert (done.code, asked) == (0, 1), done.said
    assert "event='ready'" in done.err
    assert "seconds=" in done.err


def test_another_revision_is_not_looked_at(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMIT", "0f3a9c1d2e4b")
    done, _, report = run(capsys, (200, {"commit": "1234567"}, LATER), REVISION)
    (session,) = report["sessions"]
    assert (done.code, session["phase"], session["cause"]) == (3, "ready", "wrong-revision"), done.said
    assert "at /commit is 1234567, and 0f3a9c1d2e4b is due" in session["ending"]["text"]
    assert {scope["verdict"] for scope in report["scopes"]} == {"none"}
    assert report["findings"] == []


@pytest.mark.parametrize("held", [None, "", "\n"])
def test_a_variable_that_holds_no_revision_is_an_error_before_anything_is_asked(
    held: str | None, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_COMMIT", raising=False)
    if held is not None:
        monkeypatch.setenv("GIT_COMMIT", held)
    done, asked, _ = run(capsys, (200, {"commit": "0f3a9c1"}), REVISION)
    assert (done.code, asked) == (2, 0), done.said
    assert "wscheck.toml:3" in done.err
    assert "GIT_COMMIT" in done.err


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        ((503, {"status": "starting"}, LATER), "starting"),
        ((200, {"services": {}, "available": False}, LATER), "ready-timeout"),
    ],
)
def test_what_says_that_it_is_not_ready_blocks_and_it_is_said_how_long_was_waited(
    told: Told, cause: str, capsys: Capsys
) -> None:
    done, _, report = run(capsys, told, "status = 200")
    (session,) = report["sessions"]
    assert (done.code, session["ending"]["kind"], session["cause"]) == (3, "blocked", cause), done.said
    assert "was not met after " in session["ending"]["text"]
    assert session["phases"]["ready"] >= 0
    assert f"blocked by ready, {cause}" in done.out
