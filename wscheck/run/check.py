"""A capture held to a contract: what a live run does, without the wire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wscheck.capture import read_capture
from wscheck.checker import Checker
from wscheck.contract.model import Contract
from wscheck.finding import Severity
from wscheck.redact import Redactor
from wscheck.result import Outcome
from wscheck.run.dialects import name_dialect


def check_capture(contract: Contract, path: Path, *, fail_on: Severity) -> Outcome:
    """Hold a capture file to ``contract``. Raises CaptureError where it cannot be read."""
    checker, redactor = Checker(contract), Redactor((), contract.redact, {contract.frame})
    with read_capture(path) as capture:
        for record in capture:
            checker.observe(redactor.record(record) if contract.redact else record)
        outcome = checker.conclude(truncated=capture.truncated, exercises=capture.header.exercises, fail_on=fail_on)
    return name_dialect(replace(outcome, capture=str(path), notes=(*outcome.notes, *capture.notes)), contract, path)
