"""Every example in the documents runs: contracts, rules, orders, scenarios and the capture."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from wscheck.capture import read_capture
from wscheck.config import load_config
from wscheck.contract.load import load_contract, parse_contract
from wscheck.scenario.load import load_scenario

ROOT = Path(__file__).parents[1]
LANGUAGE = "docs/contract-language.md"
SCENARIOS = "docs/scenarios.md"
LEAST_CONTRACT = 'wscheck: 1\nname: least\nversion: "1.0.0"\nevent_name: /type\n'
LEAST_SCENARIO = "wscheck: 1\nscenario: least\ncontract: c\nurl: ws://127.0.0.1/\n"


def blocks(page: str, language: str = "yaml") -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the words in backticks, by row, of the first table after ``heading`` that begins with `order`."""
    section = (ROOT / page).read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    table = section.split("| order | takes |\n|---|---|\n", 1)[1].split("\n\n", 1)[0]
    return [re.findall(r"`([^`]+)`", row.replace("\\|", "|")) for row in table.splitlines()]


def events(text: str) -> str:
    """Return an ``events`` member that declares every word of ``text`` that could be an event's name."""
    names = sorted(set(re.findall(r"[a-z_]+", text)))
    return "events:\n" + "".join(f"  {name}:\n" for name in names)


WHOLE_CONTRACTS = [block for page in ("README.md", LANGUAGE) for block in blocks(page) if "\nevents:" in block]
RULES = [block for block in blocks(LANGUAGE) if block.startswith("- ")]
ORDERS = [(order, word) for order, *words in rows(LANGUAGE, "## The order of a scope") for word in words]
WHOLE_SCENARIOS = [block for page in ("README.md", SCENARIOS) for block in blocks(page) if "\nscenario:" in block]
PARTS_OF_SCENARIOS = [block for block in blocks(SCENARIOS) if "\nscenario:" not in block]


@pytest.mark.parametrize("text", WHOLE_CONTRACTS)
def test_a_contract_in_the_documents_can_be_loaded(text: str) -> None:
    assert len(parse_contract(text).scopes) > 1


@pytest.mark.parametrize("text", RULES)
def test_a_rule_in_the_documents_can_be_loaded(text: str) -> None:
    scopes = "scopes:\n  connection:\n    rules:\n" + indent(text, "      ")
    contract = parse_contract(LEAST_CONTRACT + events(text) + scopes)
    assert contract.scopes["connection"].rules


def test_the_events_in_the_documents_can_be_loaded(tmp_path: Path) -> None:
    (text,) = (block for block in blocks(LANGUAGE) if block.startswith("events:"))
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "tool_completed.schema.json").write_text("{}", encoding="utf-8")
    assert "$close.policy" in parse_contract(LEAST_CONTRACT + text, folder=tmp_path).definitions


def test_the_scopes_in_the_documents_can_be_loaded() -> None:
    (text,) = (block for block in blocks(LANGUAGE) if block.startswith("scopes:"))
    names = "connection_established agent_started agent_thinking agent_completed agent_error usage_report"
    declared = events(f"{names} tool_executing tool_completed")
    assert [*parse_contract(LEAST_CONTRACT + declared + text).scopes] == ["connection", "run", "tool"]


@pytest.mark.parametrize(("order", "word"), ORDERS)
def test_an_order_in_the_documents_takes_the_words_beside_it(order: str, word: str) -> None:
    contract = parse_contract(LEAST_CONTRACT + events(order) + f'scopes:\n  s:\n    order: "{order}"\n')
    automaton = contract.scopes["s"].order
    assert automaton is not None
    state = 0
    for name in word.split():
        state = automaton.moves[state][name]
    assert automaton.accepting[state]


@pytest.mark.parametrize("text", WHOLE_SCENARIOS)
def test_a_scenario_in_the_documents_can_be_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    assert all(session.steps for session in load_scenario(tmp_path / "scenario.yaml").sessions)


@pytest.mark.parametrize("part", PARTS_OF_SCENARIOS)
def test_a_part_of_a_scenario_in_the_documents_can_be_read(part: str, tmp_path: Path) -> None:
    session = "sessions:\n  ada:\n"
    whole = part + session + "    steps: []\n" if part.startswith("deadline") else session + indent(part, "    ")
    (tmp_path / "scenario.yaml").write_text(LEAST_SCENARIO + whole, encoding="utf-8")
    assert load_scenario(tmp_path / "scenario.yaml").name == "least"


def test_the_configuration_in_the_documents_can_be_read(tmp_path: Path) -> None:
    found = []
    for text in blocks(SCENARIOS, "toml"):
        (tmp_path / "wscheck.toml").write_text(text, encoding="utf-8")
        config = load_config(tmp_path / "wscheck.toml")
        assert config is not None
        found.append([*config.environments, *config.auth, *config.profiles])
    assert found == [["staging", "ada", "bob", "release"], ["staging"]]


def test_the_capture_in_the_documents_is_whole_and_can_be_read(tmp_path: Path) -> None:
    (example,) = blocks("docs/formats.md", "jsonl")
    (tmp_path / "example.jsonl").write_text(example, encoding="utf-8")
    with read_capture(tmp_path / "example.jsonl") as capture:
        assert len(list(capture)) == 8
        assert capture.notes == []


def test_the_contract_that_the_documents_name_is_carried() -> None:
    assert load_contract("agent-events@2").version.startswith("2.")
