"""Every row of the table made over real sockets and processes: its cause, its exit code, its time, and no secret."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from unicodedata import category
from xml.etree import ElementTree

import pytest

from tests.end_to_end.canaries import find_jwts, find_leaks, find_pieces
from tests.transport.forks import Forks, forking
from tests.transport.made import IN_URL, SECRETS, Made, make, warm_up
from tests.transport.rows import Fault, Try, faults, tries

ROOT = Path(__file__).parents[2]
AT_ONCE = 6
"""Runs side by side: more would only wait for the processor, and be late for it."""
GRACE = 2.0
"""Seconds after the deadline of a fault by which its run has to be over."""
ATTEMPTS = 3
_ACTING = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of characters that act on a terminal, hide, or turn what is shown."""
TRIES = {f"{fault.row}-{place}-{one.name or fault.kind}": (fault, one) for place, (fault, one) in enumerate(tries(), 1)}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Made]:
    """What came of every try; what was late for a busy machine is tried again, alone."""

    def folder() -> Path:
        return tmp_path_factory.mktemp("row")

    async def make_all() -> dict[str, Made]:
        async with forking() as forks:
            warm_up(forks, folder())
            made = await _make_at_once(forks, {name: folder() for name in TRIES})
            for name, (_, one) in TRIES.items():
                for _ in range(ATTEMPTS - 1):
                    if is_too_busy(one, made[name]):
                        made[name] = await make(one, folder(), forks)
            return made

    return asyncio.run(make_all())


async def _make_at_once(forks: Forks, folders: Mapping[str, Path]) -> dict[str, Made]:
    room = asyncio.Semaphore(AT_ONCE)
    # What waits longest begins first, so that nothing is left to wait for at the end.
    order = sorted(TRIES, key=lambda name: -TRIES[name][1].seconds)

    async def one(name: str) -> Made:
        async with room:
            return await make(TRIES[name][1], folders[name], forks)

    return dict(zip(order, await asyncio.gather(*map(one, order)), strict=True))


@pytest.mark.parametrize("name", TRIES)
def test_a_fault_is_what_the_table_says_in_its_time_and_shows_no_secret(name: str, runs: Mapping[str, Made]) -> None:
    (fault, due), made = TRIES[name], runs[name]
    told = made.told()
    said = told["stdout"] + told["stderr"]
    assert made.ended.code == due.exit, said[-3000:]
    check_report(fault, due, told)
    assert [words for words in due.says if words not in said] == [], said[-3000:]
    assert due.connections in (None, made.connections)
    assert due.asked in (None, made.asked)
    assert made.ended.seconds <= due.seconds + GRACE
    assert due.megabytes is None or made.ended.kilobytes <= due.megabytes * 1024
    check_texts(told)
    assert due.exit != 2 or due.command or told["stderr"].splitlines()[-1].startswith("wscheck: ")
    secrets = {*SECRETS.values(), IN_URL, *due.environ.values(), *find_jwts(made.heads)}
    assert find_leaks(told, {secret.strip() for secret in secrets if "cAnA" in secret or "eyJ" in secret}) == []
    assert find_pieces(told) == []


def is_too_busy(due: Try, made: Made) -> bool:
    """Whether the machine was too busy for this run: it was late, or stood still, as its own capture says."""
    capture = made.folder / "c.jsonl"
    stood_still = capture.exists() and b'"kind":"stall"' in capture.read_bytes()
    return stood_still or made.ended.seconds > due.seconds + GRACE


def check_report(fault: Fault, due: Try, told: Mapping[str, str]) -> None:
    """Hold the report against what is due: where it stopped and why, and what was found."""
    if "r.json" not in told:
        assert fault.kind in ("configuration", "interrupted")
        return
    report = json.loads(told["r.json"])
    assert report["exit_code"] == (due.exit if due.exit != 124 else 143)
    for session in report["sessions"]:
        assert session["phase"] == due.phase
        assert session["cause"] in (due.cause if isinstance(due.cause, list) else [due.cause])
    errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
    failed = [finding for finding in errors if finding["verdict"] == "fail"]
    assert sorted({one["code"] for one in failed}) == sorted(due.findings), [one["message"] for one in failed]
    assert bool(failed) is (fault.kind == "nonconforming")
    assert {*due.pending} <= {finding["code"] for finding in errors if finding["verdict"] == "inconclusive"}


def check_texts(told: Mapping[str, str]) -> None:
    """Hold everything that is shown against what no text of a server may do to it."""
    for text in (told["stdout"], told["stderr"]):
        assert [hex(ord(sign)) for sign in {*text} - {"\n"} if category(sign) in _ACTING] == []
        assert "Traceback" not in text
        assert not re.search(r"^(::(?!(error|warning|notice) )|##\[)", text, re.MULTILINE)
    assert "this is a bug" not in told["stderr"]
    if "r.xml" in told:
        ElementTree.fromstring(told["r.xml"])


def test_the_table_has_every_row_once_and_in_order() -> None:
    assert list(dict.fromkeys(fault.row for fault in faults())) == list(range(1, 79))


def test_what_another_test_holds_is_there() -> None:
    assert [there for fault in faults() for there in fault.held_by if not stands(there)] == []


def stands(there: str) -> bool:
    """Whether the test module of the id ``there`` has that test, and what stands in brackets as one of its rows."""
    path, _, test = there.partition("::")
    function, _, row = test.rstrip("]").partition("[")
    with suppress(FileNotFoundError):
        text = (ROOT / path).read_text(encoding="utf-8")
        return f"def {function}(" in text and f'"{row}"' in text if row else f"def {function}(" in text
    return False
