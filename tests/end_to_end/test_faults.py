"""The reference server over a real socket: every fault has exactly its findings, its cause and its exit code."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from examples.agent_server import DEMO_BYPASS_KEY, DEMO_KEY, serve
from examples.agent_server.faults import list_faults
from tests.end_to_end.runs import KEY, merged, run_against, run_here, wscheck
from wscheck.finding import Severity, Verdict
from wscheck.result import Outcome
from wscheck.run import Ran
from wscheck.shipped import examples, schemas

ROWS = [
    (version, row)
    for row in json.loads((examples() / "agent_server" / "faults.json").read_text(encoding="utf-8"))
    for version in row.get("versions", ["1", "2"])
]
NAMES = [f"{version}-{row['fault']}" for version, row in ROWS]
SCENARIOS = ("triage-run", "turned-away", "two-users", "comes-back", "by-login")
PATIENCE = 15
AT_ONCE = 3
"""Runs that wait for nothing, side by side: more would only wait for the processor, and be late for it."""
WAITING_AT_ONCE = 8
"""Runs that wait for deadlines of seconds, side by side."""
ATTEMPTS = 3


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Ran]]]:
    """A run against each fault: more at once of those that have to wait for deadlines of seconds."""
    with ExitStack() as stack:
        waiting = stack.enter_context(ThreadPoolExecutor(WAITING_AT_ONCE))
        quick = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        yield {
            name: (waiting if waits(row) else quick).submit(run_row, version, row, tmp_path_factory.mktemp("fault"))
            for name, (version, row) in zip(NAMES, ROWS, strict=True)
        }


def waits(row: Mapping[str, Any]) -> bool:
    return row["cause"] in ("deadline", "silent") or row["listen"] > 5 or "deadline" in row


def run_row(version: str, row: Mapping[str, Any], folder: Path) -> Ran:
    # Where the run ends by itself, a machine that is busy may take its time.
    listen = row["listen"] if row["cause"] == "deadline" else max(row["listen"], PATIENCE)
    scenario = write_scenario(folder, version, row["scenario"], listen=listen, deadline=row.get("deadline"))
    pause = row.get("pause")
    if pause:
        hasten(scenario, version, gap=pause / 2)
    return asyncio.run(run_against(serve(version=version, faults=[row["fault"]], pause=pause or 31), scenario, folder))


def write_scenario(
    folder: Path, version: str, name: str, *, listen: float = 5, deadline: Mapping[str, float] | None = None
) -> Path:
    """Copy the shipped scenarios into ``folder``; in ``name`` the run has so many seconds to end."""
    shutil.copytree(schemas() / "agent-events" / f"{version}.0.0" / "scenarios", folder, dirs_exist_ok=True)
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8").replace("within: 30\n", f"within: {listen}\n")
    if deadline:
        text = text.replace("sessions:\n", f"deadline: {json.dumps(deadline)}\nsessions:\n", 1)
    path.write_text(text, encoding="utf-8")
    return path


def hasten(scenario: Path, version: str, *, gap: float) -> None:
    """Let the scenario name a copy of the contract in which a run may be silent for no more than ``gap`` seconds."""
    contract = scenario.parent / "contract"
    shutil.copytree(schemas() / "agent-events" / f"{version}.0.0", contract)
    document = contract / "contract.yaml"
    document.write_text(document.read_text(encoding="utf-8").replace("gap: 30\n", f"gap: {gap}\n"), encoding="utf-8")
    text = scenario.read_text(encoding="utf-8").replace(f"agent-events@{version}", str(contract))
    scenario.write_text(text, encoding="utf-8")


def tell(outcome: Outcome) -> list[str]:
    """Return the codes of the findings of severity error: ada's in their order, then those of the others by name."""
    made = [finding for finding in outcome.findings if finding.severity is Severity.ERROR]
    made.sort(key=lambda finding: "" if finding.session == "ada" else str(finding.session))
    return [one.code if one.session == "ada" else f"{one.code} ({one.session})" for one in made]


def causes(outcome: Outcome) -> list[str]:
    return sorted({session.cause for session in outcome.sessions if session.cause is not None})


def judged(ran: Ran) -> dict[str, Any]:
    return {"findings": tell(ran.outcome), "cause": causes(ran.outcome), "exit": merged(ran.outcome).exit_code}


def test_the_table_has_every_fault_of_the_server_once_a_version() -> None:
    assert sorted(NAMES) == sorted(f"{version}-{fault}" for fault in list_faults() for version in ("1", "2"))


@pytest.mark.parametrize(("version", "row"), ROWS, ids=NAMES)
def test_a_fault_gives_its_findings_its_cause_and_its_exit_code(
    version: str, row: Mapping[str, Any], runs: Mapping[str, Future[Ran]], tmp_path: Path
) -> None:
    due = {"findings": row["findings"], "cause": [row["cause"]] if row["cause"] else [], "exit": row["exit"]}
    ran = runs[f"{version}-{row['fault']}"].result()
    for attempt in range(1, ATTEMPTS):
        if judged(ran) == due:
            break
        # Side by side, runs are late for each other: what a fault really comes to, it comes to when it is alone.
        wait(runs.values())
        folder = tmp_path / str(attempt)
        folder.mkdir()
        ran = run_row(version, row, folder)
    assert ran.outcome.contract.version == f"{version}.0.0"
    assert judged(ran) == due


def test_no_fault_leaves_the_checker_green() -> None:
    assert [name for name, (_, row) in zip(NAMES, ROWS, strict=True) if row["exit"] == 0] == []


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_good_server_passes_every_scenario_without_a_finding(version: str, name: str, tmp_path: Path) -> None:
    path = write_scenario(tmp_path, version, name)
    async with serve(version=version) as server:
        text = path.read_text(encoding="utf-8").replace("http://127.0.0.1:8765", server.http_url)
        path.write_text(text, encoding="utf-8")
        environ = {KEY: DEMO_KEY, "AGENT_BYPASS_KEY": DEMO_BYPASS_KEY}
        ran = await asyncio.to_thread(run_here, path, server.url, tmp_path, environ=environ)
    assert ran.outcome.findings == ()
    assert causes(ran.outcome) == []
    assert merged(ran.outcome).exit_code == 0


@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_good_session_passes_with_every_required_event(version: str, tmp_path: Path) -> None:
    scenario = write_scenario(tmp_path, version, "triage-run")
    async with serve(version=version) as server:
        done = await wscheck("run", scenario, "--url", server.url, folder=tmp_path)
    assert done.code == 0, done.said
    assert done.out.startswith("PASS")
    assert "5/5 required events" in done.out
    assert done.err == ""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_good_session_has_no_findings_whatever_the_server_says(version: str, seed: int, tmp_path: Path) -> None:
    server = serve(version=version, seed=seed, speed=0, runs=1 + seed % 2, sub_agents=seed)
    ran = await run_against(server, write_scenario(tmp_path, version, "triage-run"), tmp_path)
    assert ran.outcome.findings == ()
    assert merged(ran.outcome).exit_code == 0


@pytest.mark.parametrize("contract", ["1", "2"])
@pytest.mark.parametrize("spoken", ["1", "2", "mixed"])
async def test_what_is_spoken_passes_its_own_contract_and_no_other(spoken: str, contract: str, tmp_path: Path) -> None:
    patience = 5 if spoken == contract else 0.5
    scenario = write_scenario(tmp_path, contract, "triage-run", listen=patience)
    text = scenario.read_text(encoding="utf-8").replace("within: 10\n", f"within: {patience}\n")
    scenario.write_text(text, encoding="utf-8")
    ran = await run_against(serve(version=spoken), scenario, tmp_path)
    assert (ran.outcome.verdict is Verdict.PASS) is (spoken == contract)
    assert (ran.outcome.verdict is Verdict.FAIL) is (spoken != contract)


@pytest.mark.parametrize("version", ["1", "2"])
def test_an_event_in_disguise_is_told_by_where_its_name_stands(version: str, runs: Mapping[str, Future[Ran]]) -> None:
    notes = runs[f"{version}-mixed-dialects:hidden"].result().outcome.notes
    place = "at /data/event of a message named system_message, not at /type (1 event)"
    assert f"the name agent_thinking stands {place}" in notes
