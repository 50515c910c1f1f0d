"""Captures of real servers: exactly the findings that are due, and no false alarm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.streams import CASES
from wscheck.contract.load import load_contract
from wscheck.finding import Finding, Severity
from wscheck.run import check_capture

CAPTURES = sorted(CASES.glob("*.jsonl"))


def _facts(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "scope": finding.scope,
        "key": list(finding.key or ()),
        "index": finding.event.index if finding.event else None,
    }


def _due(capture: Path) -> list[dict[str, Any]]:
    due = json.loads(capture.with_suffix(".expected.json").read_text(encoding="utf-8"))
    return [{name: finding[name] for name in ("code", "severity", "scope", "key", "index")} for finding in due]


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
def test_a_capture_of_a_real_server_gives_exactly_the_findings_that_are_due(capture: Path) -> None:
    contract = load_contract(str(capture.with_suffix(".contract.yaml")))
    outcome = check_capture(contract, capture, fail_on=Severity.ERROR)
    assert [_facts(finding) for finding in outcome.findings] == _due(capture)
    assert not outcome.truncated


def test_there_are_captures() -> None:
    assert len(CAPTURES) == 5
