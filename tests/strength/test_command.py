"""`wscheck strength`, as it is called: goldens that are read as text, and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.runs import wscheck_here
from tests.report.goldens import golden
from tests.strength.feeds import CONTRACT, COUNTED, FEED, write_files

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("name", "contract"), [("weak", CONTRACT), ("counted", COUNTED)])
def test_the_terminal_says_what_it_said_when_it_was_last_read(
    name: str, contract: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(tmp_path, contract)
    done = wscheck_here(capsys, "strength", "contract.yaml", "good.jsonl")
    assert (done.code, done.err) == (0, "")
    assert done.out == golden(f"{name}.txt", done.out, GOLDEN)


def test_the_json_is_what_it_was_when_it_was_last_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(tmp_path)
    done = wscheck_here(capsys, "strength", "contract.yaml", "good.jsonl", "--format", "json", "--most", "3")
    assert done.code == 0
    assert done.out == golden("weak.json", done.out, GOLDEN)
    assert json.loads(done.out)["wscheck"] == "strength-1"


def test_every_golden_of_strength_is_printed_by_a_test() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {"weak.txt", "counted.txt", "weak.json"}


def test_a_capture_that_fails_exits_with_2_and_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(tmp_path, events=FEED[:-1])
    done = wscheck_here(capsys, "strength", "contract.yaml", "good.jsonl")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("wscheck: good.jsonl does not itself pass (fail: incomplete: ")
    assert done.err.endswith("so breaking it shows nothing; give captures that conform\n")


def test_a_capture_that_breaks_off_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, capture = write_files(tmp_path)
    capture.write_text("".join(capture.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    done = wscheck_here(capsys, "strength", "contract.yaml", "good.jsonl")
    assert (done.code, done.out) == (2, "")
    assert "good.jsonl is not whole (it has no end line" in done.err


@pytest.mark.parametrize("most", ["0", "-1", "some"])
def test_a_number_of_mutants_that_is_none_exits_with_2(
    most: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(tmp_path)
    assert wscheck_here(capsys, "strength", "contract.yaml", "good.jsonl", "--most", most).code == 2
