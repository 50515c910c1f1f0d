"""Contracts and streams made by chance, and what the engine makes of them: what every law is held against."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import reject, settings
from hypothesis import strategies as st

from tests.oracle.contract import Contract as Reading
from tests.oracle.contracts import make_contract
from tests.oracle.fuzz import show
from tests.oracle.streams import make_stream
from wscheck.capture.jsonl import decode_record
from wscheck.checker import Checker
from wscheck.contract.load import parse_contract
from wscheck.contract.model import Contract
from wscheck.errors import ContractError
from wscheck.finding import Finding
from wscheck.record import Record
from wscheck.result import Outcome

Document = dict[str, Any]
Lines = list[dict[str, Any]]

SEEDS = st.integers(0, 10**9)
FEWER = settings(max_examples=settings().max_examples // 2)
"""Half of what the profile says: an example here is a contract, and a stream that is judged several times."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Made:
    """A contract and a stream for it. ``lines``: records as a capture holds them; ``ended``: it has its end line."""

    document: Document
    contract: Contract
    lines: Lines
    ended: bool = True

    @property
    def records(self) -> list[Record]:
        """The records."""
        return records_of(self.lines)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How hypothesis shows the example that breaks a law."""
        printer.text(show(self.document, self.lines, self.ended))


@dataclass(frozen=True, kw_only=True, eq=False)
class Judged:
    """What came out: each finding beside the index of the record at which it was made."""

    outcome: Outcome
    places: tuple[int, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings in their order."""
        return self.outcome.findings


@st.composite
def made(draw: st.DrawFn, change: Callable[[Document], Any] = lambda _: None) -> Made:
    """Any contract, once ``change`` has been at it, and any stream of it: some conform, most are broken somewhere."""
    rng = Random(draw(SEEDS))
    document = make_contract(rng)
    change(document)
    try:
        contract = parse_contract(json.dumps(document))
    except ContractError:  # it needs too many states
        reject()
    lines, ended = make_stream(rng, Reading(document))
    return Made(document=document, contract=contract, lines=lines, ended=ended)


def judge(contract: Contract, records: Sequence[Record], *, truncated: bool = False) -> Judged:
    """Hold ``records`` to ``contract``."""
    checker = Checker(contract)
    for record in records:
        checker.observe(record)
    return Judged(outcome=checker.conclude(truncated=truncated), places=checker.places())


def stream_for(one: Made, rng: Random) -> Lines:
    """Another stream for the same contract."""
    return make_stream(rng, Reading(one.document))[0]


def records_of(lines: Lines) -> list[Record]:
    """Read records."""
    return [decode_record(json.dumps(line)) for line in lines]


def without_time(document: Document) -> None:
    """Take every deadline out of a contract: what a silence comes to depends on what else is said."""
    for scope in document["scopes"].values():
        for member in ("within", "gap"):
            scope.pop(member, None)
        for rule in scope.get("rules", []):
            rule.pop("within", None)
