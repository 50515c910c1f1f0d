"""The Markdown report, held against goldens that are read as text, and read by a reader that we did not write."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings

from tests.report.goldens import FOLDER, golden
from tests.report.hostile import HOSTILE, hostile
from tests.report.results import FAILED, MANY, RESULTS
from tests.support.foreign import FOREIGN, find_commands, find_controls, read_markdown
from wscheck.report.markdown import render
from wscheck.report.terminal.words import HEADLINES
from wscheck.result import Result, merge
from wscheck.text import safe

PRINTED = ("pass", "fail", "several", "cause", "refused", "sessions", "another version", "none at all")


def kinds(report: Result) -> list[str]:
    return [token.type for token in read_markdown(render(report))]


def spoken(report: Result) -> str:
    """Return all that is not in a code span or a code block."""
    return "\n".join(token.content for token in read_markdown(render(report)) if token.type == "text")


PLAIN = (kinds(hostile("x")), spoken(hostile("x")))
"""What a report consists of, and says in words of its own, where all foreign text is harmless."""


@pytest.mark.parametrize("name", PRINTED)
def test_the_markdown_report_is_the_golden_one(name: str) -> None:
    text = render(RESULTS[name])
    assert text == golden(f"{name.replace(' ', '-')}.md", text)


def test_every_golden_of_markdown_belongs_to_a_result() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {name.replace(" ", "-") for name in PRINTED}


@pytest.mark.parametrize("name", RESULTS)
def test_a_report_in_markdown_is_headings_tables_lists_and_code_and_nothing_else(name: str) -> None:
    blocks = ("heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item", "strong")
    whole = {"inline", "text", "code_inline", "fence", "softbreak"}
    assert set(kinds(RESULTS[name])) <= whole | {f"{block}_{end}" for block in blocks for end in ("open", "close")}


@pytest.mark.parametrize("name", RESULTS)
def test_the_verdict_is_the_first_heading(name: str) -> None:
    first = next(token for token in read_markdown(render(RESULTS[name])) if token.type == "text")
    assert first.content.split(":")[0] == HEADLINES[RESULTS[name].verdict]


@settings(max_examples=25)
@given(FOREIGN.filter(str.strip))
@example(HOSTILE)
@example("::error::x ##[error]x </details><script>alert(1)</script> @all [x](https://x) ![x](x)\n# x\n| x |")
def test_no_foreign_text_marks_anything_up(text: str) -> None:
    """All of it stands in code, whatever it is: the report consists of the same parts."""
    report = render(hostile(text))
    assert find_controls(report) == set()
    assert find_commands(report) == []
    assert (kinds(hostile(text)), spoken(hostile(text))) == PLAIN


@settings(max_examples=10)
@given(FOREIGN)
def test_what_is_shown_of_foreign_text_is_what_a_terminal_shows(text: str) -> None:
    codes = {token.content.strip(" ") for token in read_markdown(render(hostile(text))) if token.type == "code_inline"}
    assert safe(text).replace("|", "\\u{7c}").strip(" ") in codes


def test_of_many_findings_twenty_stand_in_markdown_and_the_rest_are_counted() -> None:
    report = render(MANY)
    assert report.count("\n#### ") == 20
    assert "… and 35 more, all in the JSON report" in report


def test_a_finding_says_where_it_is_and_what_came_before() -> None:
    first = next(token.content for token in read_markdown(render(RESULTS["fail"])) if token.type == "fence")
    assert "contract.yaml:57 /scopes/tool/order" in first
    assert ">  #6  tool_completed" in first


def test_without_the_whole_only_the_verdicts_stand_there() -> None:
    short = render(RESULTS["several"], whole=False)
    assert [token.type for token in read_markdown(short)].count("heading_open") == 1
    assert all(outcome.why in short for outcome in RESULTS["several"].outcomes)
    many = merge((FAILED,) * 500, tool="wscheck 0.1.0", engine="e", fail_on=RESULTS["fail"].fail_on)
    assert len(render(many, whole=False).encode()) < 100_000
