"""What compares two judges must see it where they differ: here each reads a contract that the other does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.oracle.cells import conforming
from tests.oracle.compare import differ, junit_apart
from tests.oracle.contract import Contract
from tests.oracle.operators import OPERATORS, mutate
from tests.oracle.speaker import as_records
from tests.oracle.subjects import subject

Document = dict[str, Any]


def _order(document: Document, scope: str, order: str) -> None:
    document["scopes"][scope]["order"] = order


CHANGES: list[tuple[str, str, Callable[[Document], Any]]] = [
    (
        "pipeline",
        "a station may be left out",
        lambda d: _order(d, "job", "accepted, built{0,2}, (tested | skipped), shipped?, done"),
    ),
    (
        "pipeline",
        "a station may come once more",
        lambda d: _order(d, "job", "accepted, built{1,3}, (tested | skipped), shipped?, done"),
    ),
    ("pipeline", "a deadline is longer", lambda d: d["scopes"]["job"].update(within=40)),
    ("pipeline", "a silence is longer", lambda d: d["scopes"]["job"].update(gap=100)),
    ("pipeline", "an order is only warned of", lambda d: d.update(severity={"missing": "warning"})),
    ("feed", "uniqueness is not asked for", lambda d: d["scopes"]["stream"]["rules"].pop(1)),
    ("feed", "a counter has another step", lambda d: d["scopes"]["stream"]["rules"][0].update(step=2)),
    ("feed", "a rule has another name", lambda d: d["scopes"]["stream"]["rules"][0].update(id="other")),
    ("blocks", "numbers are decimal", lambda d: d["scopes"]["subscription"]["rules"][0].pop("as")),
    ("tree", "nothing is abandoned", lambda d: d["scopes"]["order"].pop("abandons")),
    ("tree", "a parent is not named", lambda d: d["scopes"]["scan"].pop("parent_key")),
    ("reused", "an id is never given out twice", lambda d: d.update(severity={"reused-key": "error"})),
    ("deadlines", "an answer may be late", lambda d: d["scopes"]["connection"]["rules"][0].pop("within")),
    ("barrier", "a schema asks for less", lambda d: d["events"]["whole"].pop("schema")),
]


@pytest.mark.parametrize(("contract", "change", "make"), CHANGES, ids=[f"{each[0]}: {each[1]}" for each in CHANGES])
def test_a_judge_that_reads_the_contract_otherwise_is_found_out(
    contract: str, change: str, make: Callable[[Document], Any]
) -> None:
    held = subject(contract)
    document = deepcopy(held.document)
    make(document)
    changed = replace(held, document=document, contract=Contract(document))
    assert any(_differ(held, changed, number) for number in range(400))


def test_a_finding_that_one_report_lacks_is_seen() -> None:
    finding = {"severity": "error", "verdict": "fail", "code": "missing", "rule": None, "message": "it never came"}
    told = "  1  error  missing\n     it never came\n"
    case = f'<testcase name="scope run"><failure>{told}</failure></testcase>'
    whole = ET.fromstring(f'<testsuites failures="1" errors="0">{case}</testsuites>')
    empty = ET.fromstring('<testsuites failures="1" errors="0"/>')
    assert junit_apart(whole, [finding], 1) is None
    assert "JUnit tells [], JSON" in str(junit_apart(empty, [finding], 1))
    assert "JUnit tells" in str(junit_apart(whole, [], 1))
    assert "1 red cases, the exit code is 0" in str(junit_apart(whole, [finding], 0))


def _differ(held: Any, changed: Any, number: int) -> bool:
    rng = Random(f"{held.name} {number}")
    lines, ending = conforming(rng, held)
    operator = rng.choice(["drop", "duplicate", "delay", "wrong type", "missing member", "move", "ghost id", "none"])
    if operator in OPERATORS:
        lines = mutate(rng, held, operator, lines, 1)
    records = json.loads(json.dumps(as_records(lines, held, ending)))
    return bool(differ(changed, records, junit=False)[2])
