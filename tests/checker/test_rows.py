"""Small labelled streams: the engine makes exactly the findings that are due, in their order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.streams import ROWS, check, facts, records_of
from wscheck.contract.load import parse_contract
from wscheck.errors import ContractError

BROKEN = [row for row in ROWS if "contract_error" in row]
JUDGED = [row for row in ROWS if row not in BROKEN]


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row["name"])
def test_a_labelled_stream_gives_exactly_the_findings_that_are_due(row: dict[str, Any]) -> None:
    outcome = check(parse_contract(row["contract"]), records_of(row), truncated=not row["ended"])
    made = [facts(finding) for finding in outcome.findings]
    if not any(finding["code"] == "vacuous" for finding in row["findings"]):
        made = [finding for finding in made if finding["code"] != "vacuous"]
    assert made == row["findings"]


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row["name"])
def test_a_broken_contract_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ContractError) as caught:
        parse_contract(row["contract"])
    assert str(caught.value).startswith("contract.yaml:")
    assert "\n" not in str(caught.value)


def test_every_row_is_tried() -> None:
    assert len(BROKEN) + len(JUDGED) == len(ROWS) >= 220
