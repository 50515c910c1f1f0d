"""Annotations for GitHub Actions: goldens, and taken apart as a runner does."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from tests.report.goldens import FOLDER, golden
from tests.report.hostile import HOSTILE, hostile
from tests.report.parts import OUTCOME, result
from tests.report.results import FAILED, MANY, RESULTS
from tests.support.foreign import FOREIGN, find_controls, unescape
from wscheck.finding import Severity, Verdict
from wscheck.report.github import render
from wscheck.result import Result
from wscheck.text import safe

PRINTED = ("pass", "fail", "several", "cause", "refused", "nothing", "none at all", "another version")
COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)")


def parse(report: Result) -> list[tuple[str, dict[str, str], str]]:
    """Return the kind, the members and the message of each annotation."""
    found = []
    for line in render(report).splitlines():
        command = COMMAND.fullmatch(line)
        assert command, line
        members = {name: unescape(value) for name, value in (pair.split("=", 1) for pair in command[2].split(","))}
        assert set(members) <= {"title", "file", "line"}
        found.append((command[1], members, unescape(command[3])))
    return found


@pytest.mark.parametrize("name", PRINTED)
def test_the_annotations_are_the_golden_ones(name: str) -> None:
    text = render(RESULTS[name])
    assert text == golden(f"{name.replace(' ', '-')}.annotations", text)


def test_every_golden_of_annotations_belongs_to_a_result() -> None:
    assert {path.stem for path in FOLDER.glob("*.annotations")} == {name.replace(" ", "-") for name in PRINTED}


@pytest.mark.parametrize("name", RESULTS)
def test_the_verdicts_are_an_error_exactly_when_the_exit_code_is_not_zero(name: str) -> None:
    kinds = [kind for kind, members, _ in parse(RESULTS[name]) if members["title"].startswith("wscheck")]
    assert ("error" in kinds) == bool(RESULTS[name].exit_code)
    assert set(kinds) <= {"error", "notice"}


def test_a_run_that_a_signal_ended_is_an_error_though_all_that_was_seen_passed() -> None:
    (passed, ended) = parse(replace(result(Verdict.PASS, 0, OUTCOME), exit_code=130))
    assert passed[0] == "notice"
    assert (ended[0], ended[2]) == ("error", "the run was ended by signal 2: exit code 130")


def test_a_finding_stands_at_the_line_of_the_contract() -> None:
    _, finding, _ = parse(RESULTS["fail"])
    assert finding[0] == "error"
    assert finding[1] == {"title": "out-of-order", "file": "schemas/agent-events/2.0.0/contract.yaml", "line": "57"}
    assert finding[2].splitlines()[0].startswith("tool_completed (#6) for tool call-1 came before")


def test_the_verdicts_come_before_the_findings_of_which_a_step_shows_few() -> None:
    titles = [members["title"] for _, members, _ in parse(RESULTS["several"])]
    assert [title.startswith("wscheck") for title in titles] == [True] * 3 + [False] * (len(titles) - 3)


def test_of_many_findings_twenty_are_annotated_and_the_rest_are_counted() -> None:
    *_, last = parse(MANY)
    assert len(parse(MANY)) == 1 + 20 + 1
    assert (last[0], last[2]) == ("notice", "35 findings more, all in the JSON report")


def test_a_finding_that_only_warns_is_a_warning() -> None:
    warning = replace(FAILED.findings[0], severity=Severity.WARNING)
    report = result(Verdict.PASS, 0, replace(FAILED, verdict=Verdict.PASS, findings=(warning,)))
    assert [kind for kind, *_ in parse(report)] == ["notice", "warning"]


@settings(max_examples=30)
@given(FOREIGN.filter(bool))
@example(HOSTILE)
@example("x\n::stop-commands::x")
@example("a,file=b::c ##[add-mask]d %0A::error::e")
def test_no_foreign_text_makes_an_annotation_of_its_own_or_leaves_its_place(text: str) -> None:
    read, plain = parse(hostile(text)), parse(hostile("x"))
    assert find_controls(render(hostile(text))) == set()
    assert [(kind, list(members)) for kind, members, _ in read] == [(kind, list(members)) for kind, members, _ in plain]
    assert {members["title"] for _, members, _ in read} == {
        safe(f"wscheck FAIL: {text}, {text}@{text}"),
        safe(f"{text}, rule {text}"),
    }
