"""`wscheck show`, as it is printed: held against goldens that are read as text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.report.goldens import golden
from tests.support.streams import contract
from wscheck.cli.main import main
from wscheck.lint import read_subject
from wscheck.shipped import schemas
from wscheck.show import as_dot, as_mermaid, draw, tell

HERE = Path(__file__).parent
TOLD = str(HERE / "told.yaml")
SHIPPED = sorted(schemas().glob("*/*/contract.yaml"))
ENDINGS = {"terminal": "txt", "json": "json", "mermaid": "mmd", "dot": "dot"}


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = main(["show", *arguments])
    told, complaint = capsys.readouterr()
    assert (code, complaint) == (0, "")
    return told


@pytest.mark.parametrize("form", ENDINGS)
def test_a_contract_is_told_as_in_the_golden(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, TOLD, "--format", form)
    assert text == golden(f"told.{ENDINGS[form]}", text, HERE / "golden")


def test_one_scope_is_told_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, TOLD, "--scope", "line").startswith("line, inside of purchase\n")
    assert json.loads(printed(capsys, TOLD, "--scope", "bare", "--format", "json"))["automata"][0]["scope"] == "bare"
    assert "subgraph cluster_1" not in printed(capsys, TOLD, "--scope", "line", "--format", "dot")


def test_a_scope_that_is_not_there_exits_with_2_and_names_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", TOLD, "--scope", "lines"]) == 2
    assert capsys.readouterr().err == (
        "wscheck: there is no scope 'lines' in this contract; there is connection, purchase, line, loose, bare\n"
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: "@".join(path.parts[-3:-1]))
def test_every_shipped_contract_can_be_told_and_drawn_whole(path: Path) -> None:
    subject = read_subject(str(path))
    titles = [section.title for section in tell(subject)]
    assert len(titles) == len(subject.contract.scopes) + 3
    ordered = [scope for scope in subject.contract.scopes.values() if scope.order]
    for diagram, scope in zip(draw(subject.contract), ordered, strict=True):
        assert scope.order is not None
        moves = {(source, target) for source, row in enumerate(scope.order.moves) for target in row.values()}
        assert {(arrow.source, arrow.target) for arrow in diagram.arrows} == moves


HOSTILE = 'x";}]/\\n%%:<b>#end\u202e'


def test_no_foreign_name_leaves_its_place_in_a_diagram() -> None:
    held = contract(f"{{run: {{order: 'a, {HOSTILE.replace('}', '').replace('#', '')}'}}}}", events=_events())
    assert all(re.fullmatch(r'[\w \[\]>.:|$/#;"{}*-]+', line) for line in as_mermaid(draw(held)).splitlines())
    arrows = [line for line in as_mermaid(draw(held)).splitlines() if "-->" in line]
    assert all(re.fullmatch(r"\s*\S+ --> \S+(: ([A-Za-z0-9_.$ |/-]|#\d+;)+)?", line) for line in arrows)
    for line in as_dot('a"b', draw(held)).splitlines():
        assert re.fullmatch(r'[^"]*("([^"\\]|\\.)*"[^"]*)*', line)
        assert "\u202e" not in line


def _events() -> str:
    name = json.dumps(HOSTILE.replace("}", "").replace("#", ""))
    return f"a: , {name}: "
