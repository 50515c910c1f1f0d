"""What JSON is: texts that must be read, texts that must not, and what is ours to choose; each a value or a finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.message import read
from wscheck.checker import Checker
from wscheck.contract.load import parse_contract
from wscheck.json_text import canonical, decode
from wscheck.record import Closed, Message, Opened

TABLE: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "json_table.json").read_text(encoding="utf-8")
)
FAULTS = ("not-utf8", "not-json", "too-deep", "duplicate-member", "number-range")


def _due(kind: str, row: dict[str, Any]) -> list[str]:
    return ["not-json"] if kind == "must reject" else sorted(row.get("findings", []))


def _text(row: dict[str, Any]) -> str:
    return row["text"] if "text" in row else "".join(part * times for part, times in row["parts"])


def _rows(*, of_text: bool) -> list[Any]:
    return [
        pytest.param(kind, row, id=f"{kind}: {row['name']}")
        for kind, rows in TABLE.items()
        for row in rows
        if ("bytes" not in row) is of_text
    ]


@pytest.mark.parametrize(("kind", "row"), _rows(of_text=True))
def test_a_text_gives_its_value_or_the_fault_that_the_table_names(kind: str, row: dict[str, Any]) -> None:
    decoded = decode(_text(row))
    assert sorted(decoded.faults) == _due(kind, row)
    assert decoded.readable is not bool({"not-json", "too-deep"} & set(decoded.faults))
    if "value" in row:
        assert canonical(decoded.value) == canonical(row["value"])


@pytest.mark.parametrize(("kind", "row"), _rows(of_text=True))
def test_the_checker_makes_of_a_text_a_value_or_a_finding(kind: str, row: dict[str, Any]) -> None:
    found = _check(Message(at=1, session="s", direction="received", text=_text(row)), {})
    assert sorted(set(found) & set(FAULTS)) == _due(kind, row)
    if row.get("value") is not None:
        whole = Message(at=1, session="s", direction="received", text=_text(row))
        assert "schema" not in _check(whole, {"const": row["value"]})
        assert "schema" in _check(whole, {"not": {"const": row["value"]}})


@pytest.mark.parametrize(("kind", "row"), _rows(of_text=False))
def test_a_text_message_that_is_not_utf_8_is_a_finding(kind: str, row: dict[str, Any]) -> None:
    data = bytes.fromhex(row["bytes"])
    with pytest.raises(UnicodeDecodeError):
        data.decode()
    found = _check(Message(at=1, session="s", direction="received", binary=data, opcode="text"), {})
    assert found == row["findings"]


@pytest.mark.parametrize(("kind", "row"), _rows(of_text=True))
def test_the_oracle_reads_the_same(kind: str, row: dict[str, Any]) -> None:
    (told,) = read({"direction": "received", "text": _text(row)}, "one")
    assert told.codes == _due(kind, row)
    if "value" in row:
        assert canonical(told.value) == canonical(row["value"])


def test_the_table_has_rows_of_every_kind_and_reasons_for_what_is_ours() -> None:
    assert {kind: len(rows) >= 30 for kind, rows in TABLE.items()} == {
        "must accept": True,
        "must reject": True,
        "ours": True,
    }
    assert all(row["why"] for row in TABLE["ours"])
    assert all("value" in row for row in TABLE["must accept"])


def _check(message: Message, schema: dict[str, Any]) -> list[str]:
    """The codes that a message leads to, where every value but null is an event held to ``schema``."""
    contract = {
        "wscheck": 1,
        "name": "any",
        "version": "1.0.0",
        "events": {"any": {"match": {"": True}, "schema": schema}},
        "scopes": {"connection": {}},
    }
    checker = Checker(parse_contract(json.dumps(contract)))
    for record in (
        Opened(at=0, session="s"),
        message,
        Closed(at=2, session="s", code=1000, reason="", initiator="peer"),
    ):
        checker.observe(record)
    return [finding.code for finding in checker.conclude().findings]
