"""Broken twins: every finding code and cause that a server can bring about, over a real socket; its twin has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from tests.end_to_end.runs import background, merged, wscheck_here
from tests.twins.play import causes, facts, play, records_of, write_scripts
from tests.twins.server import serve_scripts
from tests.twins.table import SIDES, Row, Side, read_rows
from wscheck.explain import list_entries
from wscheck.finding import CODES
from wscheck.record import Violation
from wscheck.report.json_report import render
from wscheck.run import Ran

ROWS = read_rows()
AT_ONCE = 3
"""Runs that wait for nothing, side by side: more would only wait for the processor, and be late for it."""
WAITING_AT_ONCE = 8
"""Runs that wait for time to pass, side by side."""
ATTEMPTS = 3

NOT_A_SERVER_S: Mapping[str, str] = {
    "dns/name-not-found": "the name service says so, before there is a server to ask",
    "dns/name-service-down": "the name service is silent, before there is a server to ask",
    "tcp/connection-refused": "no server is there",
    "tcp/unreachable": "no server is there",
    "tcp/connect-timeout": "no server is there",
    "tcp/too-many-files": "this machine has no socket left",
    "proxy/proxy-refused": "a proxy says so, before there is a server to ask",
    "proxy/proxy-auth": "a proxy says so, before there is a server to ask",
    "tls/tls-expired": "the certificate says so, before anything is said (tests/wire/test_tls.py)",
    "tls/tls-untrusted": "the certificate says so, before anything is said (tests/wire/test_tls.py)",
    "tls/tls-hostname": "the certificate says so, before anything is said (tests/wire/test_tls.py)",
    "tls/tls-timeout": "TLS does, before anything is said (tests/wire/test_tls.py)",
    "tls/not-tls": "TLS does, before anything is said (tests/wire/test_tls.py)",
    "auth/token-expired": "the token is too old to be sent",
    "open/auth-expired": "the token's time is over, whatever the server says (tests/end_to_end/test_unavailable.py)",
    "open/interrupted": "a signal does it",
    "open/disk": "the capture cannot be written",
    "open/dropped": "the scenario does it",
    "open/unresponsive": "a server's silence of 20 s: tests/wire/test_open.py has it with a shorter patience",
}
"""The causes that no script of a server brings about, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """All runs, each made once, and where the server listens that can be asked again."""

    where: str
    folder: Path
    made: dict[tuple[str, Side], Future[Ran]] = field(default_factory=dict)

    def make(self, name: str, side: Side, *, attempt: int = 0) -> Ran:
        place = f"{list(ROWS).index(name)}/{side}"
        folder = self.folder / place / str(attempt)
        folder.mkdir(parents=True)
        return play(ROWS[name], side, f"{self.where}/{place}", folder)

    def settle(self, name: str, side: Side) -> Ran:
        """Return the run of one side; where side by side with others it was late, one that is made alone."""
        ran = self.made[name, side].result()
        for attempt in range(1, ATTEMPTS):
            if judged(ran) == due(ROWS[name], side):
                break
            wait(self.made.values())
            ran = self.make(name, side, attempt=attempt)
        return ran


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Both sides of every row: more at once of those that have to wait for time to pass."""
    with ExitStack() as stack:
        where = stack.enter_context(background(serve_scripts(write_scripts(ROWS))))
        waiting = stack.enter_context(ThreadPoolExecutor(WAITING_AT_ONCE))
        quick = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        runs = Runs(where=where, folder=tmp_path_factory.mktemp("twins"))
        for name, row in ROWS.items():
            for side in SIDES:
                pool = waiting if row.waits and side == "broken" else quick
                runs.made[name, side] = pool.submit(runs.make, name, side)
        yield runs


def judged(ran: Ran) -> dict[str, Any]:
    return {
        "findings": [facts(finding) for finding in ran.outcome.findings],
        "causes": causes(ran.outcome),
        "exit": merged(ran.outcome).exit_code,
    }


def due(row: Row, side: Side) -> dict[str, Any]:
    if side == "twin":
        return {"findings": [], "causes": [], "exit": 0}
    causes = [row.cause] if row.cause else []
    return {"findings": [row.finding] if row.finding else [], "causes": causes, "exit": row.exit}


@pytest.mark.parametrize("name", ROWS)
def test_a_broken_server_has_exactly_the_finding_that_is_due(name: str, runs: Runs) -> None:
    ran = runs.settle(name, "broken")
    assert judged(ran) == due(ROWS[name], "broken"), ran.outcome.why
    assert ROWS[name].text in "".join(finding.message for finding in ran.outcome.findings)


@pytest.mark.parametrize("name", ROWS)
def test_its_twin_passes_without_a_finding(name: str, runs: Runs) -> None:
    ran = runs.settle(name, "twin")
    assert judged(ran) == due(ROWS[name], "twin"), ran.outcome.why


@pytest.mark.parametrize("name", ROWS)
def test_the_captures_of_both_give_the_same_findings_byte_for_byte(
    name: str, runs: Runs, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for side in SIDES:
        ran = runs.made[name, side].result()
        monkeypatch.chdir(ran.capture.parent)
        done = wscheck_here(capsys, "check", "contract.json", ran.capture.name, "--format", "json")
        live = merged(ran.outcome)
        assert done.code == live.exit_code, done.said
        assert findings_in(done.out) == findings_in(render(live))


def findings_in(report: str) -> str:
    """Return the text of a report's findings."""
    return report[report.index('"findings": [') : report.index('"notes": [')]


def test_every_finding_code_is_one_that_a_server_brought_about() -> None:
    assert {row.code for row in ROWS.values() if row.code} == set(CODES)


def test_every_cause_that_a_server_can_bring_about_was() -> None:
    known = {f"{entry.phase}/{entry.name}" for entry in list_entries() if entry.kind == "cause"}
    assert set(NOT_A_SERVER_S) <= known
    assert {row.cause for row in ROWS.values() if row.cause} == known - set(NOT_A_SERVER_S)


def test_every_violation_was_recorded_and_none_of_a_twin(runs: Runs) -> None:
    recorded: dict[Side, set[str]] = {"broken": set(), "twin": set()}
    for (_, side), ran in runs.made.items():
        recorded[side] |= {one.code for one in records_of(ran.result().capture) if isinstance(one, Violation)}
    assert recorded == {"broken": set(get_args(get_type_hints(Violation)["code"])), "twin": set()}


def test_twins_differ_in_one_place_and_there_in_everything() -> None:
    for row in ROWS.values():
        changed = [path for path, script in row.scripts["broken"].items() if script != row.scripts["twin"][path]]
        assert len(changed) == 1, row.name
        assert list(row.broken[:1]) != list(row.twin[:1]), row.name
        assert list(row.broken[-1:]) != list(row.twin[-1:]), row.name
