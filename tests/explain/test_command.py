"""`wscheck explain`, as it is printed: held against goldens that are read as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.report.goldens import golden
from wscheck.cli.main import main
from wscheck.explain import list_entries

FOLDER = Path(__file__).parent / "golden"
SHOWN = ("missing", "isolation", "probe", "starting", "dropped", "4", "message-too-big", "blind-spot")
CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;]*m")
NAMES = sorted({entry.name for entry in list_entries()})


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = main(["explain", *arguments])
    told, complaint = capsys.readouterr()
    assert (code, complaint) == (0, "")
    return told


@pytest.mark.parametrize("code", SHOWN)
def test_the_explanation_is_the_golden_one(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, code)
    assert text == golden(f"{code}.txt", text, FOLDER)


def test_the_list_is_the_golden_one_with_a_line_for_every_entry(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys)
    assert text == golden("list.txt", text, FOLDER)
    assert len(re.findall("^  ", text, re.MULTILINE)) == len(list_entries())


def test_every_golden_of_explain_is_printed_by_a_test() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {*SHOWN, "list"}


@pytest.mark.parametrize("code", NAMES)
def test_an_explanation_can_be_read_at_eighty_columns(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, code)
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert text.startswith(f"{code}  a")


def test_the_list_can_be_read_at_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert [line for line in printed(capsys).splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("code", [entry.name for entry in list_entries() if entry.example])
def test_an_example_ends_with_what_the_checker_finds(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, code).split("  What wscheck finds there\n")[1]
    assert found.startswith(f"    {code}: ")


def test_colour_changes_no_word_of_an_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    colored = printed(capsys, "missing", "--color", "always")
    assert CONTROL_SEQUENCE.search(colored)
    assert CONTROL_SEQUENCE.sub("", colored) == printed(capsys, "missing", "--color", "never")


def test_a_code_that_nobody_knows_exits_with_2_and_says_what_may_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "mising"]) == 2
    told, complaint = capsys.readouterr()
    assert told == ""
    assert complaint == (
        "wscheck: 'mising' is no finding code, cause, exit code, note or code of lint; did you mean 'missing'?\n"
    )
