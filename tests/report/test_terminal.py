"""The terminal report, held against goldens that are read as text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.report.goldens import FOLDER, golden
from tests.report.hostile import HOSTILE, hostile
from tests.report.parts import OUT_OF_ORDER, OUTCOME, SCHEMA_FINDING, SESSION, event, result
from tests.report.results import FAILED, MANY, RESULTS
from tests.support.foreign import FOREIGN, find_commands, find_controls
from wscheck.finding import Verdict
from wscheck.record import Cut
from wscheck.report import REPORTS, terminal
from wscheck.report.terminal.advice import ADVICE
from wscheck.report.terminal.lines import Span, columns, paint, prose
from wscheck.result import Cause
from wscheck.text import safe

DOCS = Path(__file__).parents[2] / "docs"
CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("name", RESULTS)
def test_the_report_is_the_golden_one(name: str) -> None:
    text = terminal.render(RESULTS[name])
    assert text == golden(f"{name.replace(' ', '-')}.txt", text)


def test_every_golden_belongs_to_a_result() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {name.replace(" ", "-") for name in RESULTS}


@pytest.mark.parametrize("name", RESULTS)
def test_colour_changes_no_word(name: str) -> None:
    colored = terminal.render(RESULTS[name], color=True)
    assert CONTROL_SEQUENCE.search(colored)
    assert CONTROL_SEQUENCE.sub("", colored) == terminal.render(RESULTS[name], color=False)


@pytest.mark.parametrize("color", [False, True])
def test_no_foreign_text_reaches_the_terminal_as_it_is(color: bool) -> None:
    text = terminal.render(hostile(), color=color, next_steps=[HOSTILE])
    visible = CONTROL_SEQUENCE.sub("", text) if color else text
    assert {character for character in HOSTILE if safe(character) != character} & set(visible) == {"\n"}
    assert visible.count(r"\u{1b}[2J") >= 40
    assert not any(line.startswith("[2J") for line in visible.splitlines())
    text.encode("utf-8")


@settings(max_examples=25)
@given(FOREIGN, st.integers(40, 140))
@example("word " * 7 + "::stop-commands::x ##[add-mask]y ##vso[task.complete]", 40)
def test_no_foreign_text_commands_the_pipeline_whose_log_the_report_is(text: str, width: int) -> None:
    written = terminal.render(hostile(text), width=width, next_steps=[text])
    assert find_commands(written) == []
    assert find_controls(written) == set()


def test_hostile_text_breaks_no_line() -> None:
    text = terminal.render(hostile(), width=10_000)
    assert text.splitlines() == text.removesuffix("\n").split("\n")
    assert len(text.splitlines()) == len(terminal.render(hostile("x"), width=10_000).splitlines())


@pytest.mark.parametrize("name", RESULTS)
def test_the_first_word_is_the_verdict(name: str) -> None:
    word = {
        Verdict.PASS: "PASS  ",
        Verdict.FAIL: "FAIL  ",
        Verdict.INCONCLUSIVE: "INCONCLUSIVE  ",
        Verdict.ERROR: "ERROR  ",
        Verdict.NONE: "NOTHING CHECKED  ",
    }[RESULTS[name].verdict]
    assert terminal.render(RESULTS[name]).startswith(word)


@pytest.mark.parametrize(
    ("name", "cause", "symptom"),
    [
        ("refused", "403 Forbidden", "not evaluated"),
        ("blocked", "takes no connection", "not evaluated"),
        ("cause", "The server said why it failed: user_context must be", "Session ada\n"),
        ("cause", '"details":{"error":', "not evaluated"),
    ],
)
def test_the_cause_stands_before_the_symptom(name: str, cause: str, symptom: str) -> None:
    text = terminal.render(RESULTS[name])
    assert -1 < text.find(cause) < text.find(symptom)


@pytest.mark.parametrize("name", ["refused", "starting", "redirected", "blocked", "cause"])
def test_what_could_not_be_evaluated_is_one_line(name: str) -> None:
    text = terminal.render(RESULTS[name])
    assert text.count("\nagent-events@2.0.0: 3 scopes not evaluated (connection, run, tool), blocked by ") == 1
    assert "never seen" not in text


def test_of_many_findings_twenty_stand_whole_and_the_rest_are_counted() -> None:
    text = terminal.render(MANY)
    assert len(re.findall(r"^ +\d+  error", text, re.MULTILINE)) == 20
    assert "… and 35 more, all in the JSON report" in text
    assert "Add --report json=PATH for every finding." in text


def test_of_many_findings_of_one_kind_the_first_stands_for_all() -> None:
    text = terminal.render(RESULTS["another version"])
    assert "Findings  42 errors" in text
    assert re.findall(r">  #(\d+)  (\w+)", text) == [
        ("5", "agent_thinking"),
        ("3", "agent_started"),
        ("4", "agent_started"),
    ]
    assert text.count("and 39 more of this kind, all in the JSON report") == 1
    assert "Add --report json=PATH for every finding." in text


def test_few_findings_of_one_kind_stand_one_by_one() -> None:
    text = terminal.render(result(Verdict.FAIL, 1, replace(FAILED, findings=(OUT_OF_ORDER,) * 3)))
    assert text.count("came before tool_executing") == 3
    assert "of this kind" not in text
    assert "for every finding" not in text


def test_what_the_stream_speaks_is_said_before_what_is_wrong_with_it() -> None:
    text = terminal.render(RESULTS["another version"])
    assert -1 < text.find("this stream speaks agent-events@1.0.0") < text.find("Findings")


def test_many_sessions_stand_in_a_line_each_the_broken_ones_among_them() -> None:
    broken = replace(SESSION, name="zoe", phase="welcome", cause="closed")
    sessions = (*(replace(SESSION, name=f"s{number}") for number in range(40)), broken)
    text = terminal.render(result(Verdict.ERROR, 3, replace(OUTCOME, verdict=Verdict.ERROR, sessions=sessions)))
    assert "Sessions  41, at ws://127.0.0.1:8765/ws" in text
    assert len(re.findall(r"^  s\d+ +9 received, 1 sent", text, re.MULTILINE)) == 19
    assert "zoe  9 received, 1 sent  welcome, closed: closed by wscheck" in text
    assert "… and 21 more, all in the JSON report" in text


def test_a_probe_says_how_it_had_to_be_turned_away() -> None:
    probe = replace(SESSION, probe={"expect": "closed", "code": 1008})
    assert "\n  probe        to be closed with 1008\n" in terminal.render(
        result(Verdict.PASS, 0, replace(OUTCOME, sessions=(probe,)))
    )
    assert "probe to be refused with 401 or 403: the server refused" in terminal.render(RESULTS["sessions"])


def test_what_stopped_several_sessions_alike_is_told_once() -> None:
    text = terminal.render(RESULTS["all refused"])
    assert text.count("401 Unauthorized") == 1
    assert "the same stopped bob, carol" in text


def test_findings_are_numbered_through_all_captures_and_limited_over_all() -> None:
    text = terminal.render(result(Verdict.FAIL, 1, *(FAILED,) * 15))
    assert re.findall(r"^ +(\d+)  error", text, re.MULTILINE) == [str(number) for number in range(1, 21)]
    assert text.count("… and 2 more, all in the JSON report") == 5


def test_what_the_server_said_is_advised_before_what_its_ending_looks_like() -> None:
    assert "Next\n  Begin with what the server said: user_context must" in terminal.render(RESULTS["cause"])
    assert "Check the token" not in terminal.render(RESULTS["cause"])


def test_a_long_message_says_how_much_of_it_is_left_out() -> None:
    rest = len(SCHEMA_FINDING.message) - 200
    assert f"… ({rest} more)" in " ".join(terminal.render(RESULTS["fail"]).split())


def test_prose_stays_within_the_width() -> None:
    text = terminal.render(RESULTS["fail"], width=60)
    findings = text[text.index("out-of-order") :]
    assert "     tool_completed (#6) for tool call-1 came before\n     tool_executing (#7), which" in findings


def test_next_steps_come_last_and_before_our_own_advice() -> None:
    text = terminal.render(RESULTS["fail"], next_steps=["wscheck run scenarios/good.yaml"])
    last = text[text.index("\nNext\n") :].splitlines()
    assert last[2] == "  wscheck run scenarios/good.yaml"
    assert last[-1].strip() == f"wscheck check {FAILED.contract.file} 'captures/broken run.jsonl'"


def test_a_pass_has_nothing_to_do_next() -> None:
    assert "Next" not in terminal.render(RESULTS["pass"])


def test_every_cause_that_is_documented_has_advice() -> None:
    page = (DOCS / "verdicts.md").read_text(encoding="utf-8")
    section = page.split("\n## Phases and causes\n", 1)[1].split("\n## ", 1)[0]
    cells = [row.split("|")[2] for row in re.findall(r"^\|.*\|$", section, re.MULTILINE)[2:-1]]
    causes = {cause for cell in cells for cause in re.findall(r"`([a-z-]+)`", cell)}
    assert causes
    assert causes <= set(ADVICE)
    assert set(ADVICE) - causes <= {*get_args(get_type_hints(Cut)["cause"]), "auth-expired"}


def test_the_plain_report_is_in_the_table_of_reports() -> None:
    assert REPORTS["terminal"](RESULTS["fail"]) == terminal.render(RESULTS["fail"])


def test_columns_line_up_over_what_is_shown_and_not_over_what_was_sent() -> None:
    rows = [("a\x1b", "x"), ("a", "y")]
    assert paint(columns(rows), color=False) == "a\\u{1b}  x\na        y\n"


def test_prose_without_words_is_its_beginning() -> None:
    assert paint(prose(Span("reason: "), "", width=80), color=False) == "reason:\n"


def test_a_result_with_one_outcome_takes_the_verdict_of_the_result() -> None:
    assert terminal.render(result(Verdict.FAIL, 1, OUTCOME)).startswith("FAIL  ")


def test_an_event_of_a_message_that_holds_several_is_told_with_its_place() -> None:
    first = event(14, "tool_executing")
    second = replace(first, name="tool_completed", part=1)
    cause = Cause(session="ada", event=second, reason="no", text="{}")
    finding = replace(OUT_OF_ORDER, event=second, related=(), recent=(second, first))
    text = terminal.render(result(Verdict.FAIL, 1, replace(FAILED, findings=(finding,), causes=(cause,))))
    assert "tool_completed (#14.2) at 1.400 s" in text
    rows = [line.split()[:3] for line in text.splitlines() if "#14" in line and "received" in line]
    assert rows == [["#14", "tool_executing", "received"], [">", "#14.2", "tool_completed"]]


def test_causes_are_told_up_to_twenty_and_then_counted() -> None:
    causes = tuple(
        Cause(session="ada", event=event(at, "failed"), reason=f"why {at}", text="{}") for at in range(1, 24)
    )
    text = terminal.render(result(Verdict.FAIL, 1, replace(FAILED, causes=causes)))
    assert "why 20\n" in text
    assert "why 21" not in text
    assert "3 more events told a cause; the JSON report has them." in text
