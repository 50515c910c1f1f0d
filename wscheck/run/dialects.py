"""A stream that speaks another dialect than its contract is named for what it is, in the notes of its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from wscheck.contract.model import Contract
from wscheck.result import Outcome

_TELLING = frozenset({"no-key", "schema", "unknown-event"})
"""Findings that a stream of another version makes."""


def name_dialect(outcome: Outcome, contract: Contract, capture: Path, folders: Sequence[Path] = ()) -> Outcome:
    """Return ``outcome`` with a note of what ``capture`` seems to speak, where its findings make one wonder."""
    if not any(finding.code in _TELLING for finding in outcome.findings):
        return outcome
    from wscheck.dialect import recognise  # noqa: PLC0415 - it compares with every version that is known

    return replace(outcome, notes=(*outcome.notes, *recognise(contract, capture, folders)))
