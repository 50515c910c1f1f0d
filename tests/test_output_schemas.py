"""What commands print as JSON is by the schema that is published for it, member by member."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.strength.feeds import COUNTED, write_files
from wscheck.cli.main import main
from wscheck.shipped import schemas
from wscheck.strength import OPERATORS

CONTRACT = str(schemas() / "agent-events" / "2.0.0")
CAPTURES = schemas() / "agent-events" / "2.0.0" / "captures"
GOOD, BROKEN = (min((CAPTURES / kind).glob("*.jsonl")) for kind in ("conforming", "breaking"))
UNSOUND = 'wscheck: 1\nname: u\nversion: "1.0.0"\nevent_name: /t\nevents: {a: {schema: {reqired: [x]}}, b: }\n'
NAMES = ("lint", "show", "strength", "which")


def read_schema(name: str) -> dict[str, Any]:
    path = schemas() / "wscheck" / f"{name}-1.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """The commands to hold against each schema: between them they print every member in each of its shapes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "unsound.yaml").write_text(UNSOUND, encoding="utf-8")
    (tmp_path / "silent").mkdir()
    (tmp_path / "broken" / "1.0.0").mkdir(parents=True)
    (tmp_path / "broken" / "1.0.0" / "contract.yaml").write_text("wscheck: 2\n", encoding="utf-8")
    contract, capture = map(str, write_files(tmp_path))
    counted, other = map(str, write_files(tmp_path / "silent", COUNTED))
    return {
        "lint": [["unsound.yaml", "not-there.yaml", CONTRACT], [CONTRACT]],
        "show": [[CONTRACT], [CONTRACT, "--scope", "run"]],
        "strength": [[contract, capture, "--most", "1"], [counted, other, "--most", "1"]],
        "which": [[str(GOOD), "--contracts", str(tmp_path)], [str(BROKEN)]],
    }


def printed(calls: dict[str, list[list[str]]], name: str, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    for arguments in calls[name]:
        main([name, *arguments, "--format", "json"])
        yield json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_by_its_schema(
    name: str, calls: dict[str, list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    validator = Draft202012Validator(read_schema(name))
    for value in printed(calls, name, capsys):
        assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)] == []
        assert value["wscheck"] == f"{name}-1"


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_takes_no_other_member_and_lets_none_be_left_out(
    name: str, calls: dict[str, list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    validator = Draft202012Validator(read_schema(name))
    whole = next(printed(calls, name, capsys))
    for changed in mutate(whole):
        assert not validator.is_valid(changed)


def mutate(value: Any) -> Iterator[Any]:
    """Yield ``value`` with one member more, and with each one less, at every depth of the first of each list."""
    if isinstance(value, dict):
        yield {**value, "another": 1}
        for name, member in value.items():
            yield {other: value[other] for other in value if other != name}
            yield from ({**value, name: changed} for changed in mutate(member))
    elif isinstance(value, list) and value:
        yield from ([changed, *value[1:]] for changed in mutate(value[0]))


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_of_ours_is_one_and_describes_itself(name: str) -> None:
    schema = read_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:wscheck:{name}-1"
    assert schema["description"]


def test_the_schema_of_strength_knows_every_operator() -> None:
    assert read_schema("strength")["$defs"]["operator"]["enum"] == list(OPERATORS)
