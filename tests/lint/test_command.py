"""`wscheck lint`, as it is printed, and what it exits with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.lint.looked import HEAD, RUN
from tests.report.goldens import golden
from wscheck.cli.main import main
from wscheck.lint import CODES, lint, read_subject
from wscheck.shipped import schemas

FOLDER = Path(__file__).parent / "golden"
SHIPPED = sorted(schemas().glob("*/*/contract.yaml"))
SOUND = f"{HEAD}events: {{start: , end: }}\n{RUN}\n"
WARNED = f"{HEAD}events: {{start: , middle: , end: }}\n{RUN}\n"
UNSOUND = f"{HEAD}events: {{start: {{schema: {{reqired: [id]}}}}, middle: , end: , noise: }}\nignore: [noise]\n{RUN}\n"


@pytest.fixture(autouse=True)
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hostile = HEAD + 'events: {start: , end: , "late\\u202e[31m": }\n' + RUN
    broken = SOUND.replace("end: }\n", "end: ]\n")
    for name, text in (
        ("sound", SOUND),
        ("warned", WARNED),
        ("unsound", UNSOUND),
        ("broken", broken),
        ("hostile", hostile),
    ):
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["sound.yaml"], 0),
        (["warned.yaml"], 0),
        (["warned.yaml", "--fail-on", "warning"], 1),
        (["sound.yaml", "unsound.yaml"], 1),
        (["unsound.yaml", "broken.yaml"], 2),
        (["sound.yaml", "not-there.yaml"], 2),
        ([], 2),
    ],
)
def test_the_exit_code_is_1_for_an_error_and_2_for_what_cannot_be_read(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", *arguments]) == code
    capsys.readouterr()
    if arguments:
        assert main(["lint", *arguments, "--format", "json"]) == code
        assert json.loads(capsys.readouterr().out)["exit_code"] == code


@pytest.mark.parametrize(("form", "ending"), [("terminal", "txt"), ("json", "json")])
def test_remarks_are_printed_as_in_the_golden(form: str, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "unsound.yaml", "sound.yaml", "broken.yaml", "--format", form])
    told, complaint = capsys.readouterr()
    assert told == golden(f"remarks.{ending}", told, FOLDER)
    assert complaint == ""


def test_no_foreign_name_moves_a_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("terminal", "json"):
        main(["lint", "hostile.yaml", "--format", form])
        told = capsys.readouterr().out
        assert "unplaced" in told
        assert "\u202e" not in told


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: "@".join(path.parts[-3:-1]))
def test_a_shipped_contract_has_no_error_and_no_warning(path: Path) -> None:
    found = lint(read_subject(str(path)))
    assert [remark for remark in found if str(remark.severity) != "info"] == []


def test_every_code_of_lint_is_documented_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.split("\n## `wscheck lint", 1)[1].split("\n## ", 1)[0]
    table = section.split("| code | said of |\n", 1)[1].split("\n\n", 1)[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == list(CODES)
