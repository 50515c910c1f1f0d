"""The benchmark's stream: always the same, as the contract has it, of the sizes wanted, and broken on request."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.runs import SHORTEST_RUN, play_run
from benchmarks.stream import CONTRACT, Made, Wanted, write_stream
from wscheck.capture import read_capture
from wscheck.capture.jsonl import encode_record
from wscheck.contract.load import load_contract
from wscheck.contract.model import Contract
from wscheck.finding import Severity, Verdict
from wscheck.result import Outcome
from wscheck.run import check_capture


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(CONTRACT)


def make(folder: Path, wanted: Wanted, name: str = "stream") -> Made:
    return write_stream(wanted, folder / f"{name}.jsonl", folder / f"{name}.texts")


def check(contract: Contract, made: Made) -> Outcome:
    return check_capture(contract, made.path, fail_on=Severity.ERROR)


def texts_of(made: Made) -> list[bytes]:
    assert made.texts
    return made.texts.read_bytes().splitlines()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one, again, other = (
        make(tmp_path, Wanted(events=300, faulty=5, seed=seed), name).path.read_bytes()
        for name, seed in (("one", 7), ("again", 7), ("other", 8))
    )
    assert one == again
    assert one != other


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(events=2_000),
        Wanted(events=40, sessions=1, open_runs=1),
        Wanted(events=1_500, open_runs=500, sessions=3),
        Wanted(size=500_000),
        Wanted(events=1_000, sizes=(500, 500), asked=False, sessions=1),
    ],
    ids=str,
)
def test_a_stream_without_faults_holds_to_the_contract(tmp_path: Path, contract: Contract, wanted: Wanted) -> None:
    made = make(tmp_path, wanted)
    outcome = check(contract, made)
    assert (outcome.verdict, outcome.findings) == (Verdict.PASS, ())
    assert made.broken == 0
    least, most = wanted.sizes
    assert {least <= len(text) <= most for text in texts_of(made)} == {True}
    if wanted.size is None:
        assert made.events == wanted.events
    else:
        assert wanted.size <= made.size == made.path.stat().st_size


@pytest.mark.parametrize("length", range(SHORTEST_RUN, 40))
def test_a_run_has_as_many_events_as_are_asked_for(length: int) -> None:
    names = Counter(event.name for event in play_run(3, length, "ada", length))
    assert names.total() == length
    assert names["tool_executing"] == names["tool_completed"] >= 1
    assert names["agent_thinking"] >= 1


def test_the_lines_are_those_that_a_capture_of_wscheck_has(tmp_path: Path) -> None:
    made = make(tmp_path, Wanted(events=200))
    with read_capture(made.path) as capture:
        lines = [encode_record(record) for record in capture]
        assert not capture.truncated
    assert lines == made.path.read_text(encoding="ascii").splitlines()[1:-1]
    messages = [json.loads(line)["text"].encode() for line in lines if '"message"' in line]
    assert messages == texts_of(made)


def test_how_many_runs_are_open_changes_the_order_of_the_events_and_nothing_else(tmp_path: Path) -> None:
    few, many = (texts_of(make(tmp_path, Wanted(events=1_000, open_runs=runs), str(runs)))[8:] for runs in (2, 10_000))
    assert few != many
    assert [text for text in few if b"agent_" in text] != [text for text in many if b"agent_" in text]
    assert Counter(few) == Counter(many)


def test_many_runs_are_open_at_the_same_time_where_many_are_wanted(tmp_path: Path) -> None:
    going = most = 0
    for text in texts_of(make(tmp_path, Wanted(events=2_000, open_runs=100))):
        name = json.loads(text)["type"]
        going += (name == "agent_started") - (name in {"agent_completed", "agent_error"})
        most = max(most, going)
    assert most == 100


@pytest.mark.parametrize("percent", [2, 10])
def test_so_many_events_are_broken_as_are_wanted_and_the_checker_sees_them(
    tmp_path: Path, contract: Contract, percent: float
) -> None:
    made = make(tmp_path, Wanted(events=2_000, faulty=percent))
    assert 0.6 * percent <= 100 * made.broken / made.events <= 1.4 * percent
    outcome = check(contract, made)
    assert outcome.verdict is Verdict.FAIL
    assert len(outcome.findings) >= 0.9 * made.broken
    codes = {finding.code for finding in outcome.findings}
    assert {"schema", "not-json", "unknown-event", "counter"} <= codes
