"""Streams of records for the checker's tests: from labelled data, and made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from wscheck.capture.jsonl import decode_record
from wscheck.checker import Checker
from wscheck.contract.load import parse_contract
from wscheck.contract.model import Contract
from wscheck.finding import Finding
from wscheck.record import Closed, Message, Opened, Record
from wscheck.result import Outcome

CASES = Path(__file__).parent.parent / "cases"
ROWS: list[dict[str, Any]] = json.loads((CASES / "rows.json").read_text(encoding="utf-8"))


def check(contract: Contract, records: Iterable[Record], *, truncated: bool = False, **options: Any) -> Outcome:
    """Hold records to a contract."""
    checker = Checker(contract)
    for record in records:
        checker.observe(record)
    return checker.conclude(truncated=truncated, **options)


def records_of(row: dict[str, Any]) -> list[Record]:
    """Return the records of a labelled row."""
    return [decode_record(json.dumps(record)) for record in row["records"]]


def facts(finding: Finding) -> dict[str, Any]:
    """Return what a labelled row says of a finding."""
    return {
        "code": finding.code,
        "rule": finding.rule,
        "scope": finding.scope,
        "key": None if finding.key is None else list(finding.key),
        "index": finding.event.index if finding.event else None,
        "related": [event.index for event in finding.related],
        "verdict": str(finding.verdict),
    }


def session(*events: Any, closed: Closed | None = None, **opened: Any) -> list[Record]:
    """Return the records of one session, 10 ms apart: each event received, or sent where it is in a list."""
    records: list[Record] = [Opened(at=0.0, session="s", **opened)]
    for event in events:
        direction = "sent" if isinstance(event, list) else "received"
        value = event[0] if isinstance(event, list) else event
        text = value if isinstance(value, str) else json.dumps(value)
        records.append(Message(at=len(records) / 100, session="s", direction=direction, text=text))
    records.append(closed or Closed(at=len(records) / 100, session="s", code=1000))
    return records


def contract(scopes: str, events: str = "a: , b: , c: , d: ", **members: str) -> Contract:
    """Return a small contract: events named by /t, scopes in YAML's flow style."""
    lines = ["wscheck: 1", "name: t", 'version: "1.0.0"', "event_name: /t"]
    lines += [f"{name}: {text}" for name, text in members.items()]
    return parse_contract("\n".join([*lines, f"events: {{{events}}}", f"scopes: {scopes}"]))


def codes(outcome: Outcome) -> Sequence[str]:
    """Return the codes of the findings, `vacuous` left out."""
    return [finding.code for finding in outcome.findings if finding.code != "vacuous"]
