"""The documents say what the code does: every code, cause, phase, command and option is in them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from wscheck.cli.main import commands
from wscheck.finding import CODES, Finding, Severity, Verdict
from wscheck.record import PHASES, Cut

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
DOCS = {path.name: path.read_text(encoding="utf-8") for path in PAGES}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def first_cells(text: str, heading: str) -> set[str]:
    """Return the words in backticks in the first cells of the table under ``heading``."""
    section = text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\|([^|]*)\|", section, re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def causes_by_phase() -> dict[str, set[str]]:
    """Return the causes that docs/verdicts.md lists, by phase."""
    section = DOCS["verdicts.md"].split("\n## Phases and causes\n", 1)[1].split("\n## ", 1)[0]
    found: dict[str, set[str]] = {}
    phase = ""
    for row in re.findall(r"^\|([^|]*)\|([^|]*)\|", section, re.MULTILINE)[2:]:
        phase = row[0].strip(" `") or phase
        found.setdefault(phase, set()).update(re.findall(r"`([^`]+)`", row[1]))
    return found


def calls_in_code() -> Iterator[ast.Call]:
    for path in (ROOT / "wscheck").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield node


def causes_in_code() -> set[tuple[str, str]]:
    """Return each phase and cause that stand together in one call, both written out."""
    found = set()
    for call in calls_in_code():
        given = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
        if isinstance(given.get("phase"), str) and isinstance(given.get("cause"), str):
            found.add((str(given["phase"]), str(given["cause"])))
    return found


def words_in_code() -> set[str]:
    words = set()
    for path in (ROOT / "wscheck").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
    return words


def test_the_finding_codes_are_documented_and_no_others() -> None:
    assert first_cells(DOCS["contract-language.md"], "## Finding codes") == set(CODES)


def test_the_documented_severity_of_a_code_is_its_default() -> None:
    section = DOCS["contract-language.md"].split("\n## Finding codes\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|(.*)\|$", section, re.MULTILINE)
    said = {code: re.search(r"severity `(\w+)`", text) for code, text in rows}
    assert {code: Severity(match[1]) if match else Severity.ERROR for code, match in said.items()} == CODES


def test_the_phases_are_documented_in_their_order() -> None:
    assert list(causes_by_phase()) == list(PHASES)


def test_every_cause_in_the_code_is_documented_at_its_phase() -> None:
    documented = causes_by_phase()
    undocumented = {(phase, cause) for phase, cause in causes_in_code() if cause not in documented[phase]}
    assert undocumented == set()


def test_every_documented_cause_is_in_the_code() -> None:
    promised = set().union(*(causes for phase, causes in causes_by_phase().items() if phase != "open"))
    assert promised - words_in_code() == set()


def test_the_causes_of_a_cut_are_documented() -> None:
    causes = set(get_args(get_type_hints(Cut)["cause"]))
    paragraph = DOCS["verdicts.md"].split("The causes of a `cut`:", 1)[1].split("\n\n", 1)[0]
    assert set(re.findall(r"`([a-z]+)`", paragraph)) == causes


def test_the_verdicts_are_documented() -> None:
    assert first_cells(DOCS["verdicts.md"], "## Verdicts") == {str(verdict) for verdict in Verdict}


def test_the_members_of_a_finding_are_documented() -> None:
    assert first_cells(DOCS["verdicts.md"], "## A finding") == {*Finding.__dataclass_fields__, "id"}


MEMBERS = [
    ("contract-language.md", "## The document", "contract", ""),
    ("contract-language.md", "## Events", "contract", "event"),
    ("contract-language.md", "## Scopes", "contract", "scope"),
    ("formats.md", "## Report, format 1", "report", ""),
    ("scenarios.md", "## The file", "scenario", ""),
    ("scenarios.md", "## A session", "scenario", "session"),
    ("scenarios.md", "## Deadlines", "scenario", "deadline"),
    ("scenarios.md", "## wscheck.toml", "config", ""),
    ("scenarios.md", "## An environment", "config", "environment"),
    ("verdicts.md", "## A finding", "report", "finding"),
]


@pytest.mark.parametrize(("page", "heading", "schema", "part"), MEMBERS)
def test_the_members_of_a_published_schema_are_documented_and_no_others(
    page: str, heading: str, schema: str, part: str
) -> None:
    published = json.loads((ROOT / "schemas" / "wscheck" / f"{schema}-1.schema.json").read_text(encoding="utf-8"))
    members = set((published["$defs"][part] if part else published)["properties"])
    assert first_cells(DOCS[page], heading) - {"capture"} == members - {"capture"}


def test_the_members_of_a_rule_are_documented() -> None:
    published = json.loads((ROOT / "schemas/wscheck/contract-1.schema.json").read_text(encoding="utf-8"))
    section = DOCS["contract-language.md"].split("\n## Rules\n", 1)[1].split("\n## ", 1)[0]
    assert set(published["$defs"]["rule"]["properties"]) - set(re.findall(r"[a-z]+", section)) == set()


def test_the_kinds_of_record_are_documented_and_no_others() -> None:
    published = json.loads((ROOT / "schemas/wscheck/capture-1.schema.json").read_text(encoding="utf-8"))
    kinds = {name for name, part in published["$defs"].items() if "kind" in part.get("properties", {})}
    assert first_cells(DOCS["formats.md"], "## Capture, format 1") == kinds


def test_every_command_is_documented_and_no_other() -> None:
    documented = re.findall(r"^## `wscheck (\w+)", DOCS["command-line.md"], re.MULTILINE)
    assert sorted(documented) == sorted(commands.commands)


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_option_of_a_command_is_documented_and_no_other(name: str) -> None:
    section = re.split(rf"\n## `wscheck {name}[^\n]*\n", DOCS["command-line.md"])[1].split("\n## ", 1)[0]
    cells = " ".join(re.findall(r"^\|([^|]*)\|", section, re.MULTILINE))
    documented = set(re.findall(r"--[a-z][a-z-]+", cells))
    parameters = commands.commands[name].params
    assert documented == {option for parameter in parameters for option in parameter.opts if option.startswith("--")}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)", page.read_text(encoding="utf-8")):
        linked = (page.parent / target) if target else page
        assert linked.exists(), f"{target} is not there"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, f"#{anchor} is no heading of {linked.name}"
