"""Whether a stream speaks a contract, in a few words: it fits, or the first offence; and whether `select` holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wscheck.checker import Checker
from wscheck.checker.messages import Namer
from wscheck.contract.model import Contract
from wscheck.contract.select import why_not_opened, why_not_told
from wscheck.finding import Finding, Severity, Verdict
from wscheck.record import Message, Opened, Record

_OF_NO_CONTRACT = frozenset({"expect", "framing", "handshake", "negotiation", "probe"})
"""What findings are about that no contract says: the scenario, and RFC 6455."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How a stream and a contract go together.

    ``events`` counts the received events that the contract names, ignored ones and those of probes left out: without
    any it does not fit. ``offence`` is the first finding that breaks it; what breaks the scenario or RFC 6455 does not.
    ``selected``: whether `select` holds in every session, None where
    the contract asks for nothing or no session opened; ``unselected`` says why it does not.
    """

    contract: Contract
    fits: bool
    events: int
    offence: Finding | None
    selected: bool | None
    unselected: str | None


def speak(contract: Contract, records: Iterable[Record], *, truncated: bool = False) -> Speech:
    """Hold ``records`` to ``contract`` and say how the two go together."""
    checker, selection = Checker(contract), _Selection(contract)
    events = 0
    probes: set[tuple[str, int]] = set()
    for record in records:
        selection.take(record)
        if isinstance(record, Opened) and record.probe:
            probes.add((record.session, record.connection))
        for observation in checker.observe(record):
            event = observation.event
            named = not event.name.startswith("$") and event.name not in contract.ignore
            held = (event.session, event.connection) not in probes
            events += named and held and event.direction == "received"
    findings = checker.conclude(truncated=truncated).findings
    broken = [one for one in findings if _breaks(one)]
    selected, why = selection.conclude()
    return Speech(
        contract=contract,
        fits=bool(events) and not broken,
        events=events,
        offence=broken[0] if broken else None,
        selected=selected,
        unselected=why,
    )


def _breaks(finding: Finding) -> bool:
    failing = finding.severity is Severity.ERROR and finding.verdict is Verdict.FAIL
    return failing and finding.code not in _OF_NO_CONTRACT


class _Selection:
    """Whether the contract's `select` holds in the sessions of a stream."""

    def __init__(self, contract: Contract) -> None:
        self._select = contract.select
        self._namer = Namer(contract)
        self._untold: set[tuple[str, int]] = set()
        self._opened = False
        self._why: str | None = None

    def take(self, record: Record) -> None:
        place = (record.session, record.connection)
        match record:
            case Opened(probe=None):
                self._opened = True
                self._why = self._why or why_not_opened(self._select, record)
                if self._select.version:
                    self._untold.add(place)
            case Message() if place in self._untold:
                self._hear(record)
            case _:
                pass

    def conclude(self) -> tuple[bool | None, str | None]:
        select = self._select
        if not self._opened or (select.subprotocol, select.path, select.version) == (None, None, None):
            return None, None
        if self._untold and self._why is None and select.version:
            self._why = f"it waits for {select.version.written} to tell its version, which did not come"
        return self._why is None, self._why

    def _hear(self, record: Message) -> None:
        told = self._select.version
        for named in self._namer.name(record):
            if told and named.definition and named.definition.name in told.events:
                self._untold.discard((record.session, record.connection))
                self._why = self._why or why_not_told(told, named.definition.name, named.value)
                return
