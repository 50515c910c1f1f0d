"""The sessions that spoke none of the contracts that were offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wscheck.checker.account import Account
from wscheck.checker.coverage import Coverage
from wscheck.checker.findings import Findings
from wscheck.checker.messages import make_event
from wscheck.checker.outcome import build_outcome
from wscheck.checker.plan import Plan
from wscheck.contract.model import OPEN, Contract
from wscheck.contract.select import quote
from wscheck.finding import Severity, Verdict
from wscheck.record import Message, Opened, Record, Step
from wscheck.result import Outcome


class Unspoken:
    """Counts what came in sessions that no contract is held against, and says why none is."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self._contract = contracts[0]
        self._asked = [each.select.subprotocol for each in contracts if each.select.subprotocol is not None]
        self._account = Account(self._contract)
        self._findings = Findings(self._contract)
        self._places: dict[tuple[str, int], int] = {}
        self._reasons: dict[tuple[str, int], str] = {}
        self._heard: set[tuple[str, int]] = set()

    def __bool__(self) -> bool:
        return bool(self._account.records)

    def take(self, index: int, record: Record) -> None:
        """Count one record."""
        place = (record.session, record.connection)
        if isinstance(record, Step) and place in self._heard:
            return  # what was awaited may well have come: no contract says what is what
        self._account.take(record)
        if isinstance(record, Message) and record.direction == "received":
            self._heard.add(place)
        if isinstance(record, Opened):
            self._places[place] = index
        elif isinstance(record, Message) and place not in self._places:
            self._account.unjudged += 1

    def explain(self, opened: Opened, why: str, *, wrong: bool) -> None:
        """Remember why an opened session speaks none; once each. ``wrong``: each asks for another subprotocol."""
        place = (opened.session, opened.connection)
        if place in self._reasons:
            return
        self._reasons[place] = f"session {quote(opened.session)} speaks none of the contracts offered: {why}"
        if wrong:
            self._findings.record = self._places[place]
            selected = "no subprotocol" if opened.subprotocol is None else quote(opened.subprotocol)
            asked = " or ".join(map(quote, dict.fromkeys(self._asked)))
            self._findings.make(
                "subprotocol",
                f"the server selected {selected}, where the contracts offered ask for {asked}",
                session=opened.session,
                connection=opened.connection,
                event=make_event(opened, self._places[place], OPEN, None),
                path="/select/subprotocol",
            )
            self._findings.settle()

    def places(self) -> tuple[int, ...]:
        """Return at which record of the capture each finding was made."""
        return self._findings.places()

    def conclude(self, *, truncated: bool, fail_on: Severity) -> Outcome:
        """Say what these sessions came to: never a pass."""
        outcome = build_outcome(
            self._account,
            Coverage(Plan(self._contract)),
            self._findings,
            truncated=truncated,
            exercises=(),
            fail_on=fail_on,
        )
        reasons = tuple(self._reasons.values())
        why = reasons[0] if reasons and outcome.verdict <= Verdict.INCONCLUSIVE else outcome.why
        return replace(outcome, why=why, scopes=(), notes=(*outcome.notes, *reasons))
