"""One side of one row, played: a scenario run in this process against the server of all twins, and what it came to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.twins.server import Script
from tests.twins.table import SIDES, Row, Side
from wscheck.capture import read_capture
from wscheck.finding import Finding
from wscheck.record import Record
from wscheck.result import Outcome
from wscheck.run import Options, Ran, run_scenario

_CONTRACT = {"wscheck": 1, "name": "twins", "version": "1.0.0", "event_name": "/type"}
_SCENARIO = {"wscheck": 1, "scenario": "twins", "contract": "contract.json"}


def write_scripts(rows: Mapping[str, Row]) -> dict[str, Script]:
    """Return the scripts of all rows, each by the path that it is played on."""
    return {
        f"/{place}/{side}/{name}": script
        for place, row in enumerate(rows.values())
        for side in SIDES
        for name, script in row.scripts[side].items()
    }


def play(row: Row, side: Side, where: str, folder: Path) -> Ran:
    """Run the row's scenario, its contract and all kept in ``folder``. ``where`` is HOST:PORT/PATH of its scripts."""
    scenario = dict(row.scenario)
    sessions = {name: {"url": f"ws://{where}/{name}", **how} for name, how in scenario.pop("sessions").items()}
    text = json.dumps({**_SCENARIO, **scenario, "sessions": sessions}).replace("SERVER", where)
    (folder / "contract.json").write_text(json.dumps({**_CONTRACT, **row.contract}), encoding="utf-8")
    (folder / "scenario.json").write_text(text, encoding="utf-8")
    (folder / "wscheck.toml").write_text(row.config.replace("SERVER", where), encoding="utf-8")
    return run_scenario(folder / "scenario.json", Options(keep=folder))


def facts(finding: Finding) -> dict[str, Any]:
    """Return what a row says of a finding."""
    return {
        "code": finding.code,
        "verdict": str(finding.verdict),
        "severity": str(finding.severity),
        "rule": finding.rule,
        "scope": finding.scope,
        "key": None if finding.key is None else list(finding.key),
        "event": None if finding.event is None else finding.event.name,
    }


def causes(outcome: Outcome) -> list[str]:
    """Return where and why sessions stopped, as PHASE/CAUSE."""
    return [f"{session.phase}/{session.cause}" for session in outcome.sessions if session.cause is not None]


def records_of(path: Path) -> list[Record]:
    """Return the records of a whole capture."""
    with read_capture(path) as capture:
        records = list(capture)
    assert not capture.truncated
    return records
