"""The engine against a slow reading of the contract language that shares no code with it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.oracle.frames import put_together
from tests.oracle.fuzz import disagree, samples, show
from tests.oracle.judge import judge
from wscheck.document import parse_document

CASES = Path(__file__).parent.parent / "cases"
ROWS: list[dict[str, Any]] = [
    row for row in json.loads((CASES / "rows.json").read_text(encoding="utf-8")) if "contract_error" not in row
]
CAPTURES = sorted(path.name.removesuffix(".expected.json") for path in CASES.glob("*.expected.json"))
SEEDS, STREAMS = range(240), 4


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_oracle_finds_what_a_labelled_stream_is_due(row: dict[str, Any]) -> None:
    due = [
        tuple(tuple(each[name]) if name == "related" else each[name] for name in MEMBERS) for each in row["findings"]
    ]
    found = judge(parse_document(row["contract"], file="contract.yaml").value, row["records"])
    if not any(each[0] == "vacuous" for each in due):
        found = [each for each in found if each[0] != "vacuous"]
    assert found == due


@pytest.mark.parametrize("name", CAPTURES)
def test_the_oracle_finds_what_a_captured_stream_is_due(name: str) -> None:
    contract = (CASES / f"{name}.contract.yaml").read_text(encoding="utf-8")
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[1:-1]
    due = json.loads((CASES / f"{name}.expected.json").read_text(encoding="utf-8"))
    found = judge(parse_document(contract, file="contract.yaml").value, [json.loads(line) for line in lines])
    assert [(code, scope, key, index) for code, _, scope, key, index, *_ in found] == [
        (each["code"], each["scope"], each["key"] or None, each["index"]) for each in due
    ]


@pytest.mark.parametrize("block", range(0, len(SEEDS), 20), ids=lambda first: f"seeds-from-{first}")
def test_the_engine_and_the_oracle_find_the_same_in_streams_made_by_chance(block: int) -> None:
    streams = 0
    for seed in SEEDS[block : block + 20]:
        for document, made in samples(seed, STREAMS):
            for records, ended in made:
                streams += 1
                assert disagree(document, records, ended) is None, f"seed {seed}\n{show(document, records, ended)}"
    assert streams, "not one contract of these seeds could be loaded"


@pytest.mark.parametrize("frame", ["array", "lines"])
def test_they_find_the_same_where_messages_hold_several_events(frame: str) -> None:
    for seed in range(1000, 1040):
        for document, made in samples(seed, STREAMS):
            framed = {**document, "frame": frame}
            for records, ended in made:
                together = put_together(Random(seed), records, frame)
                assert disagree(framed, together, ended) is None, f"seed {seed}\n{show(framed, together, ended)}"


MEMBERS = ("code", "rule", "scope", "key", "index", "related", "verdict")
