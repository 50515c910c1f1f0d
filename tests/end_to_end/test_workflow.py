"""A step of GitHub Actions: annotations in its log and a report in its summary, without being asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.runs import AGENT_EVENTS, BREAKING, CONFORMING, wscheck, wscheck_here
from tests.report.hostile import hostile
from tests.report.results import FAILED, RESULTS
from wscheck.cli.workflow import MOST_OF_A_SUMMARY, tell_workflow
from wscheck.report import github, markdown
from wscheck.result import Result, merge

STEP = {"GITHUB_ACTIONS": "true"}


def step(summary: Path) -> dict[str, str]:
    return {**STEP, "GITHUB_STEP_SUMMARY": str(summary)}


def told(result: Result, environ: dict[str, str], *, form: str = "terminal", written: tuple[Path, ...] = ()) -> str:
    return tell_workflow(result, form=form, written=written, environ=environ)


async def test_in_a_step_annotations_and_a_summary_come_by_themselves(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    done = await wscheck("check", AGENT_EVENTS, BREAKING, folder=tmp_path, environ=step(summary))
    assert done.code == 1
    assert done.out.startswith("FAIL  agent-events@2.0.0")
    first, *_ = done.err.splitlines()
    assert first.startswith("::error title=wscheck FAIL%3A ")
    assert {line.split(" ")[0] for line in done.err.splitlines()} == {"::error"}
    assert summary.read_text(encoding="utf-8").startswith("before\n\n## FAIL: ")


async def test_elsewhere_nothing_is_added(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    environ = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTIONS": "false"}
    done = await wscheck("check", AGENT_EVENTS, BREAKING, folder=tmp_path, environ=environ)
    assert (done.code, done.err, summary.exists()) == (1, "", False)


def test_both_formats_stand_on_standard_output_where_they_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    annotated = wscheck_here(capsys, "check", AGENT_EVENTS, BREAKING, "--format", "github")
    assert (annotated.code, annotated.err) == (1, "")
    assert annotated.out.startswith("::error title=wscheck FAIL%3A ")
    marked = wscheck_here(capsys, "check", AGENT_EVENTS, CONFORMING, "--format", "markdown")
    assert (marked.code, marked.err) == (0, "")
    assert marked.out.startswith("## PASS: ")


def test_what_standard_output_or_a_report_says_already_is_not_told_twice(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    assert told(RESULTS["fail"], step(summary), form="github", written=(summary,)) == ""
    assert not summary.exists()


def test_a_summary_that_cannot_be_written_is_said_and_changes_nothing_else(tmp_path: Path) -> None:
    said = told(RESULTS["fail"], step(tmp_path))
    assert (
        said
        == f"{github.render(RESULTS['fail'])}wscheck: the summary {tmp_path} could not be written: Is a directory\n"
    )


def test_each_command_of_a_step_adds_its_own_to_the_summary(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    for name in ("pass", "fail"):
        told(RESULTS[name], step(summary))
    assert summary.read_text() == markdown.render(RESULTS["pass"]) + "\n" + markdown.render(RESULTS["fail"])


def test_of_what_is_too_much_for_a_summary_the_verdicts_stand_there(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    many = merge((FAILED,) * 1500, tool="wscheck 0.1.0", engine="e", fail_on=RESULTS["fail"].fail_on)
    assert len(markdown.render(many).encode()) > MOST_OF_A_SUMMARY
    told(many, step(summary))
    assert summary.read_text() == markdown.render(many, whole=False)


def test_hostile_text_can_be_written_to_a_summary(tmp_path: Path) -> None:
    told(hostile(), step(tmp_path / "summary.md"))
    assert (tmp_path / "summary.md").read_bytes().decode().startswith("## FAIL")


async def test_the_broken_session_of_the_demo_marks_no_step(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    done = await wscheck("demo", folder=tmp_path, environ=step(summary))
    assert (done.code, summary.exists()) == (0, False)
    assert "::error" not in done.said
