"""The rivals' loops judge the same events alike, and as the contract does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import node
from benchmarks.loops import LOOPS
from benchmarks.measure import launch_loop
from benchmarks.schemas import write_schemas
from benchmarks.stream import CONTRACT, Made, Wanted, write_stream
from benchmarks.workshop import Sizes, Workshop
from wscheck.contract.load import load_contract
from wscheck.finding import Severity
from wscheck.run import check_capture

FAULTY = Wanted(events=600, faulty=20)


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_schemas(tmp_path_factory.mktemp("schemas") / "schemas.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("stream")
    return write_stream(FAULTY, folder / "capture.jsonl", folder / "texts")


@pytest.fixture(scope="module")
def valid(made: Made) -> int:
    """How many messages wscheck finds nothing wrong with, as messages."""
    outcome = check_capture(load_contract(CONTRACT), made.path, fail_on=Severity.ERROR)
    about_messages = {"schema", "not-json", "unknown-event"}
    broken = {finding.event.index for finding in outcome.findings if finding.event and finding.code in about_messages}
    assert broken
    return made.events - len(broken)


@pytest.mark.parametrize("name", LOOPS)
def test_every_loop_finds_as_many_events_valid_as_the_contract_does(
    name: str, schemas: Path, made: Made, valid: int
) -> None:
    assert made.texts
    file = made.path if name == "floor-on-capture" else made.texts
    found, cpu, wall = LOOPS[name](schemas, file.read_bytes().splitlines())
    assert found == valid
    assert min(cpu, wall) > 0


def test_the_schemas_are_those_that_the_contract_names(schemas: Path) -> None:
    by_type = json.loads(schemas.read_bytes())["by_type"]
    named = {event.name for event in load_contract(CONTRACT).events if event.schema}
    # Of the two events of one type, the stream has the welcome.
    assert set(by_type) == named - {"connection_established"}
    assert by_type["system_message"]["title"].startswith("The welcome")


@pytest.mark.skipif(node.find_missing() is not None, reason="THE LOOP UNDER NODE IS NOT HELD TO THE OTHERS: no node")
def test_ajv_finds_as_many_events_valid_as_the_contract_does(
    packages: Path, tmp_path: Path, made: Made, valid: int
) -> None:
    workshop = Workshop(folder=tmp_path, sizes=Sizes())
    assert made.texts
    assert workshop.ajv(packages, made.texts)().told == {"valid": valid}
    assert set(node.tell_versions(packages)) == {"node", *node.PACKAGES}


def test_a_loop_is_run_as_a_process_of_its_own_that_times_itself(tmp_path: Path, made: Made, valid: int) -> None:
    assert made.texts
    workshop = Workshop(folder=tmp_path, sizes=Sizes())
    cost = workshop.loop("floor", made.texts)()
    assert cost.told == {"valid": valid}
    assert 0 < cost.cpu < 10
    few = workshop.loop("floor", made.texts, 5)()
    assert few.told == {"valid": 5}


def test_what_a_loop_tells_beside_its_times_is_kept(tmp_path: Path) -> None:
    command = ["/bin/echo", '{"cpu": 1.5, "wall": 2, "valid": 3}']
    cost = launch_loop(command, tmp_path / "output")
    assert (cost.cpu, cost.wall, cost.told) == (1.5, 2, {"valid": 3})
