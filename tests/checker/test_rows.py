"""Small labelled streams: the engine makes exactly the findings that are due, in their order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.streams import ROWS, check, facts, records_of
from wscheck.contract.load import parse_contract
from wscheck.errors import ContractError

UNBUILT = ("frame: array", "frame: lines")
BROKEN = [row for row in ROWS if "contract_error" in row]
UNREAD = [row for row in ROWS if row["name"] in UNBUILT]
JUDGED = [row for row in ROWS if row not in BROKEN and row not in UNREAD]


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


@pytest.mark.parametrize("row", UNREAD, ids=lambda row: row["name"])
def test_what_is_not_built_yet_is_refused_and_says_so(row: dict[str, Any]) -> None:
    with pytest.raises(ContractError, match=r"`frame` is part of the language but .* cannot do it yet"):
        parse_contract(row["contract"])


def test_every_row_is_tried() -> None:
    assert len(BROKEN) + len(UNREAD) + len(JUDGED) == len(ROWS) >= 220
