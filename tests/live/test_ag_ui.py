"""A pydantic-ai agent over a WebSocket: good sessions pass, and a session broken in one place fails and says where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from examples.ag_ui.__main__ import SCENARIOS, TOKEN
from tests.support.mutants import Mutant, Sight, classify, mutate, read_records, write_records
from wscheck.cli import main
from wscheck.contract.load import load_contract
from wscheck.contract.model import Contract
from wscheck.shipped import schemas

MISSING = [name for name in ("ag_ui", "pydantic_ai", "starlette", "uvicorn") if find_spec(name) is None]
pytestmark = [
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"NOTHING LIVE IS CHECKED AGAINST AG-UI: no {', '.join(MISSING)} here; pip install -e '.[servers]'",
    ),
]

ROOT = Path(__file__).parents[2]
FOLDER = schemas() / "ag-ui" / "1.0.0"
NAMES = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
BROKEN = [name for name in NAMES if name != "no-token"]  # whose second session is that of talk
IDS = ("/threadId", "/runId", "/messageId", "/toolCallId", "/stepName", "/parentMessageId")
FAILED_RUN = ["RUN_FINISHED"]
"""What a run that fails is without."""

BLIND = {
    "change TOOL_CALL_RESULT /messageId",
    "change TOOL_CALL_START /parentMessageId",
    "drop ACTIVITY_DELTA",
    "drop CUSTOM",
    "drop REASONING_ENCRYPTED_VALUE",
    "drop REASONING_MESSAGE_CONTENT",
    "drop STATE_DELTA",
    "drop STATE_SNAPSHOT",
    "drop TEXT_MESSAGE_CONTENT",
    "drop TEXT_MESSAGE_END",  # before RUN_ERROR
    "drop TOOL_CALL_ARGS",
    "drop TOOL_CALL_RESULT",
    "repeat ACTIVITY_DELTA",
    "repeat ACTIVITY_SNAPSHOT",
    "repeat CUSTOM",
    "repeat REASONING_ENCRYPTED_VALUE",
    "repeat REASONING_MESSAGE_CONTENT",
    "repeat STATE_DELTA",
    "repeat STATE_SNAPSHOT",
    "repeat TEXT_MESSAGE_CONTENT",
    "repeat TOOL_CALL_ARGS",
    "swap ACTIVITY_DELTA and CUSTOM",
    "swap ACTIVITY_SNAPSHOT and TEXT_MESSAGE_START",
    "swap CUSTOM and TEXT_MESSAGE_START",
    "swap REASONING_MESSAGE_CONTENT and REASONING_MESSAGE_CONTENT",
    "swap REASONING_START and REASONING_MESSAGE_START",
    "swap RUN_STARTED and RUN_ERROR",  # a run may fail before it starts; what comes then is out of place
    "swap STATE_DELTA and ACTIVITY_DELTA",
    "swap STATE_SNAPSHOT and ACTIVITY_SNAPSHOT",
    "swap STEP_STARTED and STATE_SNAPSHOT",
    "swap TEXT_MESSAGE_CONTENT and TEXT_MESSAGE_CONTENT",
    "swap TOOL_CALL_ARGS and TOOL_CALL_ARGS",
}
"""What the contract cannot see, or blames on another event; CHANGES.md says so of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a scenario came to: exit code, report, and where its capture is."""

    code: int
    report: dict[str, Any]
    capture: Path


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """An agent that listens, in a process of its own."""
    command = [sys.executable, "-m", "examples.ag_ui", "--serve", "--port", "0"]
    environ = {**os.environ, TOKEN: "the-token-of-this-test"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TOKEN, environ[TOKEN])
        with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert line.startswith("ag-ui agent on ws://"), line + process.stderr.read()
            yield line.split()[-1]
            process.terminate()


@pytest.fixture(scope="module")
def ran(url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """Every scenario, run against the agent."""
    folder = tmp_path_factory.mktemp("ag-ui")
    return {name: run_scenario(name, url, folder) for name in NAMES}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(str(FOLDER))


@pytest.fixture(scope="module")
def kinds(contract: Contract, ran: dict[str, Ran]) -> dict[str, dict[str, tuple[Mutant, Sight]]]:
    """For each scenario, and each kind of mutant of its capture: the one that the contract sees worst."""
    return {name: find_worst(contract, ran[name].capture) for name in BROKEN}


@pytest.mark.parametrize("name", NAMES)
def test_a_session_passes_and_misses_no_required_event(name: str, ran: dict[str, Ran]) -> None:
    assert (ran[name].code, ran[name].report["verdict"]) == (0, "pass")
    seen = {scope["name"]: scope["required"] for scope in ran[name].report["scopes"] if scope["instances"]}
    assert {"connection", "thread", "run"} <= set(seen)
    missing = {scope: required["missing"] for scope, required in seen.items() if required["missing"]}
    assert missing == ({"run": FAILED_RUN} if name == "failure" else {})


def test_the_scenario_that_ships_with_the_contract_passes(url: str, tmp_path: Path) -> None:
    scenario, capture = FOLDER / "scenarios" / "one-run.yaml", tmp_path / "c.jsonl"
    options = ["--url", url, "--token-env", TOKEN, "--save-capture", str(capture)]
    assert main(["run", str(scenario), *options]) == 0


def test_what_the_contract_cannot_see_is_what_it_says(kinds: dict[str, dict[str, tuple[Mutant, Sight]]]) -> None:
    blind = {kind for found in kinds.values() for kind, (_, sight) in found.items() if sight != "seen"}
    assert blind == BLIND
    told = (FOLDER / "CHANGES.md").read_text(encoding="utf-8").partition("## What it cannot see")[2]
    assert [kind for kind in blind if f"`{kind.split()[1]}`" not in told and not kind.startswith("swap")] == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_capture_broken_in_one_place_fails_and_its_first_sentence_names_the_event(
    name: str,
    kinds: dict[str, dict[str, tuple[Mutant, Sight]]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = {one.operator: one for one, sight in kinds[name].values() if sight == "seen"}
    assert set(seen) == {"drop", "repeat", "swap", "change"}
    broken = {write_records(tmp_path / f"{name}.jsonl", one.records): one for name, one in seen.items()}
    assert main(["check", str(FOLDER), *map(str, broken), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [capture["verdict"] for capture in report["captures"]] == ["fail"] * len(broken)
    for path, mutant in broken.items():
        mine = (finding for finding in report["findings"] if finding["capture"] == str(path))
        first = next(finding["message"] for finding in mine if finding["severity"] == "error")
        assert any(event in first for event in mutant.events), (mutant.label, first)


def run_scenario(name: str, url: str, folder: Path) -> Ran:
    capture, report = folder / f"{name}.jsonl", folder / f"{name}.json"
    scenario = SCENARIOS / f"{name}.yaml"
    code = main(["run", str(scenario), "--url", url, "--save-capture", str(capture), "--report", f"json={report}"])
    return Ran(code=code, report=json.loads(report.read_text(encoding="utf-8")), capture=capture)


def find_worst(contract: Contract, capture: Path) -> dict[str, tuple[Mutant, Sight]]:
    worst: dict[str, tuple[Mutant, Sight]] = {}
    for mutant in mutate(contract, read_records(capture), ids=IDS):
        kind, sight = mutant.label.rpartition(" #")[0], classify(contract, mutant)
        if kind not in worst or sight != "seen":
            worst[kind] = (mutant, sight)
    return worst
