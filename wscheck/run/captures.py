"""Captures on disk: what a new one is called, and the verdict on one that is there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from wscheck.capture import read_capture
from wscheck.checker import MAX_OPEN, Checker, Choice
from wscheck.contract.model import Contract
from wscheck.errors import CaptureError
from wscheck.finding import Severity, Verdict
from wscheck.redact import Redactor
from wscheck.result import Outcome


def check_capture(
    contract: Contract,
    path: Path,
    *,
    fail_on: Severity,
    others: Sequence[Contract] = (),
    folders: Sequence[Path] = (),
    max_open: int = MAX_OPEN,
) -> Outcome:
    """Hold a capture file to ``contract``: what a live run does, without the wire.

    With ``others`` it is held to the first of all of them whose ``select`` holds. In ``folders`` contracts are looked
    up first that it may speak instead. ``max_open`` is as a Checker takes it. Raises CaptureError where it cannot be
    read.
    """
    offered = (contract, *others)
    checker = choose_checker(offered, max_open)
    redactor = Redactor((), [pointer for one in offered for pointer in one.redact], {one.frame for one in offered})
    with read_capture(path) as capture:
        for record in capture:
            checker.observe(redactor.record(record))
        outcome = checker.conclude(truncated=capture.truncated, exercises=capture.header.exercises, fail_on=fail_on)
    notes, scenario = (*outcome.notes, *capture.notes), capture.header.scenario
    outcome = replace(outcome, capture=str(path), scenario=scenario, notes=notes)
    return outcome if others else name_dialect(outcome, contract, path, folders)


def choose_checker(contracts: Sequence[Contract], max_open: int) -> Checker | Choice:
    """Return what holds records to one contract, or to that of several which is spoken."""
    if len(contracts) > 1:
        return Choice(contracts, max_open=max_open)
    return Checker(contracts[0], max_open=max_open)


def name_dialect(outcome: Outcome, contract: Contract, capture: Path, folders: Sequence[Path] = ()) -> Outcome:
    """Return ``outcome``, where it is no pass, with notes of how what ``capture`` holds differs in form.

    A capture that cannot be read again, as from a pipe, has none.
    """
    if outcome.verdict is Verdict.PASS or not capture.is_file():
        return outcome
    from wscheck.dialect import recognise  # noqa: PLC0415 - it compares with every version that is known

    try:
        dialect = recognise(contract, capture, folders)
    except CaptureError:  # it was taken away meanwhile, and its verdict is there already
        return outcome
    # That it is another version is the cause; what breaks this one are symptoms.
    why = f"{dialect.speaks}: {outcome.why}" if dialect.speaks else outcome.why
    return replace(outcome, why=why, notes=(*outcome.notes, *dialect.sentences))


def make_fresh_path(folder: Path, name: str) -> Path:
    """Return a path in ``folder``, which is made, for the capture of the scenario ``name``. Raises CaptureError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CaptureError(f"the folder {folder} for captures cannot be made: {error.strerror}") from None
    stem = re.sub(r"[^A-Za-z0-9._-]", "-", name)[:80].lstrip(".-") or "run"
    moment = datetime.now(tz=UTC).strftime("%Y%m%dT%H%M%S.%f")
    return folder / f"{stem}-{moment}.jsonl"
