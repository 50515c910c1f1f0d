"""The verdict of a run and that of its capture: the same findings, byte for byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from examples.agent_server import serve
from tests.end_to_end.runs import AGENT_EVENTS, run_against, write_triage, wscheck
from wscheck.contract.load import load_contract
from wscheck.finding import Severity
from wscheck.report.json_report import findings_json
from wscheck.run import Ran, check_capture

FAULTS: tuple[tuple[str, ...], ...] = (
    (),
    ("silent",),
    ("reject-403",),
    ("drop:agent_started",),
    ("drop:tool_completed",),
    ("duplicate:agent_thinking",),
    ("completed-before-executing",),
    ("accept-then-1008",),
    ("accept-then-1011",),
    ("never-ends",),
    ("drop-tcp",),
    ("drop:tool_executing", "duplicate:agent_started", "never-ends"),
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[tuple[str, ...], Future[Ran]]]:
    """A run against each, all at once; every other capture is compressed."""
    with ThreadPoolExecutor(len(FAULTS)) as pool:
        yield {
            faults: pool.submit(_run, faults, tmp_path_factory.mktemp("live"), ".gz" * (number % 2))
            for number, faults in enumerate(FAULTS)
        }


def _run(faults: tuple[str, ...], folder: Path, suffix: str) -> Ran:
    scenario = write_triage(folder, listen=6 if "silent" in faults else 1)
    return asyncio.run(run_against(serve(faults=faults), scenario, folder, capture=folder / f"c.jsonl{suffix}"))


@pytest.mark.parametrize("faults", FAULTS, ids=lambda faults: " ".join(faults) or "none")
def test_a_capture_gives_the_findings_of_its_run(
    faults: tuple[str, ...], runs: Mapping[tuple[str, ...], Future[Ran]]
) -> None:
    ran = runs[faults].result()
    checked = check_capture(load_contract(str(AGENT_EVENTS)), ran.capture, fail_on=Severity.ERROR)
    assert findings_json(checked.findings) == findings_json(ran.outcome.findings)
    assert checked.sessions == ran.outcome.sessions
    assert checked.scopes == ran.outcome.scopes
    assert checked.causes == ran.outcome.causes
    assert checked.records == ran.outcome.records
    assert checked.verdict == ran.outcome.verdict


async def test_both_commands_print_the_same_findings(tmp_path: Path) -> None:
    faults = ["drop:tool_completed", "duplicate:agent_thinking"]
    async with serve(faults=faults) as server:
        scenario = write_triage(tmp_path)
        options = ["--url", server.url, "--format", "json", "--save-capture", "c.jsonl"]
        live = await wscheck("run", scenario, *options, folder=tmp_path)
    offline = await wscheck("check", "agent-events@2", "c.jsonl", "--format", "json", folder=tmp_path)
    assert (live.code, offline.code) == (1, 1), live.said + offline.said
    assert _findings(live.out) == _findings(offline.out)
    assert json.loads(live.out) == json.loads(offline.out)


def _findings(report: str) -> str:
    """The text of the report from its findings to what follows them."""
    return report[report.index('"findings": [') : report.index('"notes": [')]
