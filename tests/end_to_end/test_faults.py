"""The reference server over a real socket: every fault has exactly its findings, its cause and its exit code."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from examples.agent_server import serve
from examples.agent_server.faults import list_faults
from tests.end_to_end.runs import errors, merged, run_against, write_triage, wscheck
from wscheck.run import Ran
from wscheck.shipped import examples

ROWS = json.loads((examples() / "agent_server" / "faults.json").read_text(encoding="utf-8"))
NAMES = [row["fault"] for row in ROWS]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Ran]]]:
    """A run against each fault, all at once: some have to wait for deadlines of seconds."""
    with ThreadPoolExecutor(len(ROWS)) as pool:
        yield {row["fault"]: pool.submit(_run, row, tmp_path_factory.mktemp("fault")) for row in ROWS}


def _run(row: Mapping[str, Any], folder: Path) -> Ran:
    scenario = write_triage(folder, listen=row["listen"])
    return asyncio.run(run_against(serve(faults=[row["fault"]]), scenario, folder))


def test_the_table_has_every_fault_of_the_server_once() -> None:
    assert sorted(NAMES) == sorted(list_faults())


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_fault_gives_its_findings_its_cause_and_its_exit_code(
    row: Mapping[str, Any], runs: Mapping[str, Future[Ran]]
) -> None:
    outcome = runs[row["fault"]].result().outcome
    (session,) = outcome.sessions
    assert {
        "findings": errors(outcome),
        "cause": session.cause,
        "exit": merged(outcome).exit_code,
    } == {name: row[name] for name in ("findings", "cause", "exit")}


def test_no_fault_leaves_the_checker_green() -> None:
    assert [row["fault"] for row in ROWS if row["exit"] == 0] == []


async def test_a_good_session_passes_with_every_required_event(tmp_path: Path) -> None:
    async with serve() as server:
        done = await wscheck("run", write_triage(tmp_path), "--url", server.url, folder=tmp_path)
    assert done.code == 0, done.said
    assert done.out.startswith("PASS")
    assert "5/5 required events" in done.out
    assert done.err == ""


@pytest.mark.parametrize("seed", range(4))
async def test_a_good_session_has_no_findings_whatever_the_server_says(seed: int, tmp_path: Path) -> None:
    ran = await run_against(serve(seed=seed, speed=0), write_triage(tmp_path), tmp_path)
    assert ran.outcome.findings == ()
    assert merged(ran.outcome).exit_code == 0
