"""What the tests of the GraphQL servers share: a server in a process of its own, and its scenarios run against it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.mutants import Mutant, blind_spots, classify, mutate, read_records, write_records
from wscheck.cli import main
from wscheck.contract.load import load_contract
from wscheck.record import Closed, Record
from wscheck.shipped import schemas

ROOT = Path(__file__).parents[2]
FOLDER = schemas() / "graphql-transport-ws" / "6.0.0"
SHARED = ROOT / "examples" / "graphql" / "scenarios"
KEY_VARIABLE = "GRAPHQL_JWT_KEY"
KEY = "the-key-of-this-test-and-of-no-other-one"
IDS = ("/id",)
OPERATORS = ("drop", "repeat", "swap", "change")

# How the session that is named in it ends, by scenario: the close code, and who closed.
ENDINGS = {
    "bad-message": ("ada", 4400, "peer"),
    "cancelled": ("ada", 1000, "tool"),
    "completes": ("ada", 1000, "tool"),
    "duplicate-id": ("ada", 4409, "peer"),
    "fails": ("ada", 1000, "tool"),
    "forbidden": ("mallory", 4403, "peer"),
    "init-timeout": ("late", 4408, "peer"),
    "init-twice": ("ada", 4429, "peer"),
    "no-json": ("ada", 4400, "peer"),
    "subscribed-too-early": ("eve", 4401, "peer"),
    "wrong-subprotocol": ("mallory", 4406, "peer"),
}

BROKEN = ("cancelled", "completes", "fails")
"""The scenarios whose captures are broken in one place, in every way."""

BLIND = {"drop next", "repeat next", "swap next and next"}
"""What the contract cannot see in these; CHANGES.md says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One scenario, run: the exit code, the JSON report, and the capture."""

    code: int
    report: dict[str, Any]
    capture: Path

    @property
    def records(self) -> tuple[Record, ...]:
        return read_records(self.capture)

    @property
    def endings(self) -> dict[str, tuple[int, str]]:
        """The close code of each session, and who closed."""
        return {one.session: (one.code, one.initiator) for one in self.records if isinstance(one, Closed)}


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """Serve with ``python -m ARGUMENTS``, the key in the environment; the value is the URL."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(KEY_VARIABLE, KEY)
        command = [sys.executable, "-m", *arguments, "--serve"]
        with subprocess.Popen(
            command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout is not None
            try:
                line = process.stdout.readline()
                assert line.startswith("graphql server on ws://"), f"{command} said {line!r}"
                yield line.split()[-1]
            finally:
                process.terminate()


def run(scenario: Path, url: str, folder: Path) -> Run:
    """Run one scenario, as on the command line."""
    capture, report = folder / f"{scenario.stem}.jsonl", folder / f"{scenario.stem}.json"
    code = main(["run", str(scenario), "--url", url, "--save-capture", str(capture), "--report", f"json={report}"])
    return Run(code=code, report=json.loads(report.read_text(encoding="utf-8")), capture=capture)


def run_example(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run an example with one scenario, in one line, as its README says; its capture is kept in ``folder``."""
    command = [sys.executable, "-m", *arguments, str(SHARED / "completes.yaml")]
    environ = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE} | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=60)


def missing_events(made: Run) -> dict[str, list[str]]:
    """Return the required events that were missing, by scope, of the scopes that were seen."""
    seen = [scope for scope in made.report["scopes"] if scope["instances"]]
    return {scope["name"]: scope["required"]["missing"] for scope in seen if scope["required"]["missing"]}


def find_blind_spots(made: Iterable[Run]) -> dict[str, set[str]]:
    """Return the kinds of mutant that the contract does not see, or names another event for, by run."""
    contract = load_contract(str(FOLDER))
    return {run.capture.stem: set(blind_spots(contract, run.records, ids=IDS)) for run in made}


def find_seen(records: Sequence[Record], operator: str) -> Mutant:
    """Return the first mutant of a kind that the contract sees."""
    contract = load_contract(str(FOLDER))
    made = (mutant for mutant in mutate(contract, records, ids=IDS) if mutant.operator == operator)
    return next(mutant for mutant in made if classify(contract, mutant) == "seen")


def check_mutant(mutant: Mutant, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Check a mutant as on the command line; return the exit code and the first sentence of the report."""
    broken = write_records(folder / "broken.jsonl", mutant.records)
    capsys.readouterr()
    code = main(["check", str(FOLDER), str(broken), "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return code, next(finding["message"] for finding in findings if finding["severity"] == "error")
