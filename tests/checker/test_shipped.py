"""The captures that ship with a contract: those that conform, and those that break it in one place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wscheck.contract.load import load_contract
from wscheck.finding import Severity, Verdict
from wscheck.run import check_capture
from wscheck.shipped import schemas

CAPTURES = sorted(schemas().glob("*/*/captures/*/*.jsonl"))


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: f"{path.parents[3].name}-{path.stem}")
def test_a_shipped_capture_gives_what_stands_beside_it(capture: Path) -> None:
    contract = load_contract(str(capture.parents[2]))
    outcome = check_capture(contract, capture, fail_on=Severity.ERROR)
    made = [
        {
            "code": finding.code,
            "scope": finding.scope,
            "key": finding.key and list(finding.key),
            "index": finding.event and finding.event.index,
            "severity": str(finding.severity),
            "verdict": str(finding.verdict),
        }
        for finding in outcome.findings
    ]
    assert made == json.loads(capture.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert outcome.verdict is (Verdict.PASS if capture.parent.name == "conforming" else Verdict.FAIL)


def test_every_contract_ships_captures_of_both_kinds() -> None:
    kinds = {(path.parents[3].name, path.parents[2].name, path.parent.name) for path in CAPTURES}
    contracts = {path.parent for path in schemas().glob("*/*/contract.yaml")}
    assert kinds == {(c.parent.name, c.name, kind) for c in contracts for kind in ("conforming", "breaking")}
