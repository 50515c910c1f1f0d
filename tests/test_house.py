"""The laws of the house: floors and walls, sizes and words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
CODE = sorted(path for folder in ("wscheck", "examples", "benchmarks", ".ci") for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES_A_FILE = 300
MOST_LINES_A_FUNCTION = 50
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
FORBIDDEN_NOUNS = re.compile(r"(Manager|Helper|Util|Handler|Processor|Packet|Issue)s?$")
PURE = {
    *("checker", "order", "report", "rules", "scenario"),
    *("event", "finding", "json_text", "pointer", "record", "result"),
}
SINKS = {"open", "print", "input", "exec", "eval", "breakpoint"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# -- floors and walls


def test_every_file_imports_only_from_the_floors_below_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert not broken, capfd.readouterr().out


def test_what_judges_and_what_tells_opens_no_file_and_prints_nothing() -> None:
    pure = [path for path in CODE if name_of(path).removeprefix("wscheck/").split("/")[0].removesuffix(".py") in PURE]
    assert pure
    calls = [
        f"{name_of(path)}:{node.lineno}: {node.func.id}"
        for path in pure
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SINKS
    ]
    assert calls == []


# -- shape and words


@pytest.mark.parametrize("path", CODE + TESTS, ids=name_of)
def test_a_file_opens_with_one_sentence_that_says_what_it_is_for(path: Path) -> None:
    opening = (ast.get_docstring(parsed(path)) or "").split("\n\n")[0]
    assert opening, "a file opens with a docstring"
    assert opening.endswith((".", "?", ":")), opening


@pytest.mark.parametrize("path", CODE + TESTS, ids=name_of)
def test_a_file_is_one_thing(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES_A_FILE


@pytest.mark.parametrize("path", CODE + TESTS, ids=name_of)
def test_a_function_is_one_thing(path: Path) -> None:
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions(path)}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_A_FUNCTION} == {}


@pytest.mark.parametrize("path", CODE + TESTS + PAGES, ids=name_of)
def test_nothing_is_left_for_later(path: Path) -> None:
    assert UNFINISHED.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_class_is_named_for_what_it_is(path: Path) -> None:
    names = [node.name for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
    assert [name for name in names if FORBIDDEN_NOUNS.search(name)] == []


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_only_exceptions_inherit(path: Path) -> None:
    """Protocols, enumerations and a library's own extension points aside; a private base may share record fields."""
    kinds = "Error|Exception|SystemExit|Warning|Enum|Protocol|Generic|NamedTuple|TypedDict"
    points = "Connection|EventLoop|Loader|connect"
    allowed = re.compile(rf"({kinds}|{points})$|^_|^click\.|^GraphQL$")
    inherited = [
        f"{node.name}({ast.unparse(base)})"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and "Protocol" not in map(ast.unparse, node.bases)
        for base in node.bases
        if not allowed.search(ast.unparse(base).split("[")[0])
    ]
    assert inherited == []


def test_test_names_are_sentences() -> None:
    short = [
        f"{name_of(path)}: {node.name}"
        for path in TESTS
        for node in functions(path)
        if node.name.startswith("test_") and node.name.count("_") < 3
    ]
    assert short == []
