"""`wscheck demo`: one good session, one broken, both reports, and what to try next."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path

import pytest

from tests.end_to_end.runs import AGENT_EVENTS, TRIAGE, Finished, wscheck


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def done(folder: Path) -> Finished:
    """The demo, run once in ``folder``."""
    return asyncio.run(wscheck("demo", folder=folder, environ={"AGENT_JWT_KEY": ""}))


def test_the_demo_shows_a_pass_and_a_failure(done: Finished) -> None:
    assert (done.code, done.err) == (0, ""), done.said
    assert len(re.findall("^PASS  agent-events@2", done.out, re.MULTILINE)) == 1
    assert len(re.findall("^FAIL  agent-events@2", done.out, re.MULTILINE)) == 1
    assert "5/5 required events" in done.out
    assert "4/5 required events, missing tool_completed" in done.out
    assert "\x1b" not in done.out


def test_the_demo_names_files_that_are_there(done: Finished, folder: Path) -> None:
    _, advice = done.out.split("== What to try next ")
    kept = {path.name for path in (folder / "wscheck-captures").iterdir()}
    assert len(kept) == 2
    assert {Path(name).name for name in re.findall(r"\S+\.jsonl", advice)} == kept
    assert set(re.findall(r"\S+\.yaml$", advice, re.MULTILINE)) == {str(TRIAGE), str(AGENT_EVENTS / "contract.yaml")}


async def test_what_the_demo_advises_gives_the_same_verdict(done: Finished, folder: Path) -> None:
    command = next(line for line in done.out.splitlines() if "the same verdict, from a file" in line)
    _, *arguments = shlex.split(command[command.index("wscheck check") :])
    again = await wscheck(*arguments, folder=folder)
    assert again.code == 1, again.said
    assert "child-open" in again.out
