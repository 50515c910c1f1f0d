"""A real Jupyter Server: every scenario passes, and its captures, broken in one place, fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from examples.jupyter.__main__ import SCENARIOS
from examples.jupyter.server import TOKEN
from tests.end_to_end.runs import errors, merged, wscheck_here
from tests.support.mutants import (
    Mutant,
    Sight,
    blind_spots,
    mutate,
    read_records,
    write_records,
)
from wscheck.contract.load import load_contract
from wscheck.finding import Severity
from wscheck.result import Outcome
from wscheck.run import check_capture
from wscheck.shipped import schemas

JUPYTER = schemas() / "jupyter-kernel-channels" / "5.3.0"
ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in SCENARIOS)
IDS = ("/header/msg_id", "/header/session", "/parent_header/msg_id", "/parent_header/session")
LACKING = [name for name in ("jupyter_server", "ipykernel") if find_spec(name) is None]

pytestmark = [
    pytest.mark.skipif(
        bool(LACKING),
        reason=f"NOTHING WAS CHECKED AGAINST A REAL JUPYTER SERVER: {' and '.join(LACKING)} not installed; "
        "pip install -e '.[servers]'",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What ``python -m examples.jupyter`` came to: its exit code, all that it said, and its captures by scenario."""

    code: int
    said: str
    captures: Mapping[str, Path]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    """Every scenario, run once, one after the other, against one server: a minute at most."""
    folder = tmp_path_factory.mktemp("jupyter")
    environ = {name: value for name, value in os.environ.items() if name != TOKEN} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "examples.jupyter"]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False)
    kept = {path.name.rpartition("-")[0]: path for path in (folder / "wscheck-captures").glob("*.jsonl")}
    return Example(code=done.returncode, said=done.stdout + done.stderr, captures=kept)


@pytest.fixture(scope="module")
def outcomes(example: Example) -> Mapping[str, Outcome]:
    """What the contract makes of each scenario's capture."""
    contract = load_contract(str(JUPYTER))
    return {
        name: check_capture(contract, path, fail_on=Severity.ERROR) for name, path in sorted(example.captures.items())
    }


@pytest.fixture(scope="module")
def unseen(example: Example) -> Mapping[str, Mapping[str, Sight]]:
    """What the contract does not see in the capture of each scenario, broken once in every place and way."""
    contract = load_contract(str(JUPYTER))
    return {name: blind_spots(contract, read_records(path), ids=IDS) for name, path in example.captures.items()}


def test_one_line_starts_a_server_runs_every_scenario_and_exits_as_wscheck_does(example: Example) -> None:
    assert example.code == 0, example.said
    assert sorted(example.captures) == NAMES
    assert f"{len(NAMES)} pass" in example.said


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_passes_with_every_required_event(name: str, outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert errors(outcome) == [], outcome.findings
    assert merged(outcome).exit_code == 0, outcome.why
    for scope in outcome.scopes:
        assert scope.missing == (), scope
        assert scope.whole == scope.instances, scope


def test_the_scenarios_exercise_every_scope_of_the_contract(outcomes: Mapping[str, Outcome]) -> None:
    seen = {scope.name for outcome in outcomes.values() for scope in outcome.scopes if scope.instances}
    assert seen == set(load_contract(str(JUPYTER)).scopes)


def test_what_a_client_sees_of_another_ones_code_is_held_against_nobody(outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes["two-clients"]
    assert len(outcome.sessions) == 2
    foreign = {tolerated.what: tolerated.count for tolerated in outcome.tolerated}
    assert foreign["orphan"] > len(outcome.sessions)
    assert [finding.code for finding in outcome.findings if finding.code != "vacuous"] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_capture_broken_in_one_place_fails_or_the_contract_says_that_it_cannot_see_it(
    name: str, unseen: Mapping[str, Mapping[str, Sight]]
) -> None:
    assert {kind: sight for kind, sight in unseen[name].items() if sight != "unseen" or not _is_documented(kind)} == {}


def test_no_blind_spot_is_documented_that_there_is_not(unseen: Mapping[str, Mapping[str, Sight]]) -> None:
    found = {kind for kinds in unseen.values() for kind in kinds}
    stale = [
        f"{what} {event}" for what, events, _ in _documented() for event in events if not _holds(what, event, found)
    ]
    assert stale == []


@pytest.mark.parametrize("operator", ["drop", "repeat", "swap", "change"])
def test_check_exits_with_1_and_its_first_sentence_names_the_event_at_fault(
    operator: str, example: Example, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contract = load_contract(str(JUPYTER))
    broken = mutate(contract, read_records(example.captures["prints"]), ids=["/parent_header/msg_id"])
    mutant = next(one for one in broken if one.operator == operator and _is_visible(one))
    done = wscheck_here(capsys, "check", JUPYTER, write_records(tmp_path / "broken.jsonl", mutant.records))
    assert done.code == 1, done.said
    sentence = done.out.split("Findings", 1)[1].split("session ", 1)[0]
    assert any(name in sentence for name in mutant.events), f"{mutant.label}: {done.out}"


def _is_visible(mutant: Mutant) -> bool:
    """Whether the contract claims to see it."""
    return not _is_documented(mutant.label.rpartition(" #")[0])


def _documented() -> list[tuple[str, list[str], list[str]]]:
    """Return the rows of the table of CHANGES.md: how it is broken, of which events, beside which."""
    text = (JUPYTER / "CHANGES.md").read_text(encoding="utf-8").split("## What it cannot see", 1)[1]
    rows = re.findall(r"^\| ((?:drop|repeat|swap|change).*?) \| (.*?) \| ?(.*?) ?\|$", text, re.MULTILINE)
    assert rows
    return [(what.replace("`", ""), _listed(events), _listed(events if beside == "the same" else beside))
            for what, events, beside in rows]  # fmt: skip


def _listed(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell) or cell.split()


def _is_documented(kind: str) -> bool:
    """Whether a row covers ``kind``: `drop stream`, `swap stream and error`, `change stream /header/msg_id`."""
    operator, _, rest = kind.partition(" ")
    if operator == "change":
        event, pointer = rest.split()
        return any(what == f"change {pointer}" and _any_of(events, event) for what, events, _ in _documented())
    if operator == "swap":
        one, other = rest.split(" and ")
        return any(
            what == "swap" and (_any_of(events, a) and _any_of(beside, b))
            for what, events, beside in _documented()
            for a, b in ((one, other), (other, one))
        )
    return any(what == operator and _any_of(events, rest) for what, events, _ in _documented())


def _any_of(names: list[str], event: str) -> bool:
    return names == ["any"] or any(event == name or event.startswith(f"{name}.") for name in names)


def _holds(what: str, event: str, found: Iterable[str]) -> bool:
    """Whether an unseen kind of ``found`` is of ``event``, broken by ``what``: `drop`, `change /header/session`."""
    operator, _, pointer = what.partition(" ")
    words = [kind.split() for kind in found if kind.startswith(operator) and kind.endswith(pointer)]
    return any(_any_of([event], word) for kind in words for word in kind)
