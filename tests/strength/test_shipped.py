"""The contracts that ship with wscheck: how strong they are, and that each says what it cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wscheck.capture import read_capture
from wscheck.contract.load import load_contract
from wscheck.redact import Redactor
from wscheck.shipped import schemas
from wscheck.strength import OPERATORS, Specimen, Strength, measure, read_specimen

HEADING = "## What `wscheck strength` finds"
FOLDERS = sorted(path.parent for path in schemas().glob("*/*/contract.yaml"))
LEAST = {("agent-events", "2.0.0"): 0.95}
"""What a contract must see of the single faults."""


def name_of(folder: Path) -> str:
    return f"{folder.parent.name}@{folder.name}"


def strength(folder: Path) -> Strength:
    contract = load_contract(str(folder))
    redactor = Redactor((), contract.redact, {contract.frame})

    def specimens() -> Iterator[Specimen]:
        for path in sorted((folder / "captures" / "conforming").glob("*.jsonl")):
            with read_capture(path) as capture:
                records = [redactor.record(record) if contract.redact else record for record in capture]
            yield read_specimen(contract, path.name, records)

    return measure(contract, list(specimens()))


def section(folder: Path) -> str:
    return (folder / "CHANGES.md").read_text(encoding="utf-8").split(f"\n{HEADING}\n", 1)[1].split("\n## ", 1)[0]


def told(folder: Path) -> set[tuple[str, str]]:
    """Return the operators and events of the table in CHANGES.md; `any` for every event."""
    rows = re.findall(r"^\| (`.*?) \| (.*?) \| .+ \|$", section(folder), re.MULTILINE)
    assert rows
    names = [
        (re.findall("`([^`]+)`", operators), re.findall("`([^`]+)`", events) or ["any"]) for operators, events in rows
    ]
    return {(operator, event) for operators, events in names for operator in operators for event in events}


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_contract_says_what_strength_finds_and_names_its_score(folder: Path) -> None:
    measured, said = strength(folder), told(folder)
    found = {(one.operator, one.event) for one in measured.survivors}
    assert {operator for operator, _ in said} <= set(OPERATORS)
    assert {one for one in found if one not in said and (one[0], "any") not in said} == set()
    assert {one for one in said if one not in found and (one[1] != "any" or one[0] not in dict(found))} == set()
    assert measured.score is not None
    assert f"sees {int(measured.score * 1000) / 10:g} % of the single faults" in section(folder)
    assert measured.score >= LEAST.get((folder.parent.name, folder.name), 0.0)
