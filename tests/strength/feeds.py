"""A small feed, its contract with or without a counter, and good captures of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.mutants import write_records
from tests.support.streams import session
from wscheck.contract.load import parse_contract
from wscheck.contract.model import Contract
from wscheck.record import Record
from wscheck.strength import Specimen, Strength, Survivor, measure, read_specimen

CONTRACT = """
wscheck: 1
name: feed
version: "1.0.0"
event_name: /type
ignore: [ping]
events:
  begun: {schema: {type: object, required: [id], properties: {id: {type: string}}}}
  item: {schema: {type: object, required: [id, n], properties: {id: {type: string}, n: {type: integer}}}}
  note:
  done: {schema: {type: object, required: [id], properties: {id: {type: string}}}}
  ping:
  ask: {from: client}
scopes:
  feed:
    key: /id
    order: begun, (item* & note?), done
    rules: []
"""
COUNTED = CONTRACT.replace("rules: []", "rules: [{id: counted, counter: /n, start: 1, events: [item]}]")
FEED: Sequence[Any] = (
    {"type": "ping"},
    {"type": "begun", "id": "a-feed"},
    {"type": "item", "id": "a-feed", "n": 1},
    {"type": "item", "id": "a-feed", "n": 2},
    {"type": "note", "id": "a-feed", "text": "half"},
    {"type": "item", "id": "a-feed", "n": 3},
    {"type": "done", "id": "a-feed"},
)


def feed(name: str) -> list[dict[str, Any]]:
    """Return the events of one feed with another id."""
    return [event | ({"id": name} if "id" in event else {}) for event in FEED[1:]]


def specimen(contract: Contract, *events: Any, records: Sequence[Record] = ()) -> Specimen:
    """Return a good capture of ``events``; without any, of the feed."""
    return read_specimen(contract, "good.jsonl", records or session(*(events or FEED)))


def measured(text: str, *events: Any, **options: Any) -> Strength:
    """Measure the contract in ``text`` on one good capture."""
    contract = parse_contract(text)
    return measure(contract, [specimen(contract, *events)], **options)


def kinds(strength: Strength, *operators: str) -> set[tuple[str, str]]:
    """Return the operators and events that survived, all or those of ``operators``."""
    return {(one.operator, one.event) for one in strength.survivors if not operators or one.operator in operators}


def find(strength: Strength, operator: str, event: str) -> Survivor:
    """Return the first survivor of an operator and an event."""
    return next(one for one in strength.survivors if (one.operator, one.event) == (operator, event))


def write_files(folder: Path, contract: str = CONTRACT, events: Sequence[Any] = FEED) -> tuple[Path, Path]:
    """Write a contract and a capture."""
    document = folder / "contract.yaml"
    document.write_text(contract, encoding="utf-8")
    return document, write_records(folder / "good.jsonl", session(*events))
