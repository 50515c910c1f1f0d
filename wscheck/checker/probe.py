"""Probes: sessions that must be turned away, judged by that alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from wscheck.checker.account import Account
from wscheck.checker.ending import UNAVAILABLE
from wscheck.checker.findings import Findings
from wscheck.checker.messages import Named, Namer, make_event
from wscheck.checker.opening import opening_value
from wscheck.checker.turned_away import describe_due, is_due, is_rejection
from wscheck.contract.model import CLOSE, OPEN
from wscheck.event import Event, Observation
from wscheck.finding import Verdict
from wscheck.record import Closed, Cut, Message, Opened, Record, Refused

_Place: TypeAlias = tuple[str, int]


@dataclass(slots=True)
class _Watched:
    probe: Mapping[str, Any]
    told: bool = False
    over: bool = False


class Probes:
    """Judges every connection that is a probe: of the contract, only the names of its events count there."""

    def __init__(self, namer: Namer, findings: Findings, account: Account) -> None:
        self._namer = namer
        self._findings = findings
        self._account = account
        self._watched: dict[_Place, _Watched] = {}

    def concerns(self, record: Record) -> bool:
        """Whether ``record`` is one of a probe, and of a kind that is judged here."""
        if isinstance(record, Opened | Refused):
            return record.probe is not None
        return bool(self._watched) and isinstance(record, Message | Closed | Cut) and _place(record) in self._watched

    def observe(self, record: Record, index: int) -> tuple[Observation, ...]:
        """Take one record in. Return the events in it; no scope is ever given them."""
        events: list[Event] = []
        match record:
            case Opened():
                self._watched[_place(record)] = _Watched(record.probe or {})
                events.append(make_event(record, index, OPEN, opening_value(record)))
            case Message():
                events += self._take(record, index)
            case Closed():
                self._close(record, index)
                value = {"code": record.code, "reason": record.reason, "initiator": record.initiator}
                events.append(make_event(record, index, CLOSE, value))
            case Cut():
                self._cut(record)
            case Refused():
                self._refuse(record)
            case _:
                pass
        self._findings.settle()
        return tuple(Observation(event=event) for event in events)

    def conclude(self) -> None:
        """Judge the probes that the capture leaves without an ending."""
        for place, watched in self._watched.items():
            if not watched.over:
                self._let_go(place, watched, "nothing had turned it away where its records end")
        self._findings.settle()

    def _take(self, record: Message, index: int) -> Iterable[Event]:
        watched = self._watched[_place(record)]
        for part, named in enumerate(self._namer.name(record)):
            name = named.definition.name if named.definition else "message"
            event = make_event(record, index, name, named.value, part)
            self._account.name(record, named, event)
            if named.definition:
                yield event
            if not watched.told and record.direction == "received" and self._is_telling(named):
                self._report(record, watched, f"{name} ({event.place}) came", event=event)

    def _is_telling(self, named: Named) -> bool:
        definition = named.definition
        return definition is not None and not definition.cause and not self._account.is_ignored(definition.name)

    def _close(self, record: Closed, index: int) -> None:
        watched = self._watched[_place(record)]
        watched.over = True
        if watched.probe["expect"] == "refused":
            self._let_in(_place(record), watched)
            return
        code, lost = watched.probe.get("code"), record.code in UNAVAILABLE
        if record.initiator == "tool":
            self._report(record, watched, "the server left it open until wscheck closed it")
        elif record.code != code and (lost or code is not None):
            event = make_event(record, index, CLOSE, None)
            verdict = Verdict.INCONCLUSIVE if lost else Verdict.FAIL
            how = "was lost without a close frame (1006)" if record.code == 1006 else f"was closed with {record.code}"
            self._report(record, watched, f"it {how}", event=event, verdict=verdict)

    def _cut(self, record: Cut) -> None:
        watched = self._watched[_place(record)]
        watched.over = True
        self._let_go(_place(record), watched, "nothing had turned it away when wscheck stopped listening")

    def _refuse(self, record: Refused) -> None:
        if not is_due(record) and is_rejection(record):
            self._report(
                record, _Watched(record.probe or {}), f"the opening handshake was answered with {record.status}"
            )

    def _let_in(self, place: _Place, watched: _Watched) -> None:
        if watched.probe["expect"] == "refused":
            self._report(place, watched, "the opening handshake succeeded")

    def _let_go(self, place: _Place, watched: _Watched, what: str) -> None:
        """Judge a probe whose end was not seen."""
        self._let_in(place, watched)
        self._report(place, watched, what, verdict=Verdict.INCONCLUSIVE)

    def _report(
        self,
        place: Record | _Place,
        watched: _Watched,
        what: str,
        *,
        event: Event | None = None,
        verdict: Verdict = Verdict.FAIL,
    ) -> None:
        """Make the finding, once a connection: what comes after the first sign is only more of it."""
        if watched.told:
            return
        watched.told = True
        session, connection = place if isinstance(place, tuple) else _place(place)
        due = describe_due(watched.probe)
        self._findings.make(
            "probe",
            f"the session must be turned away, {due}, but {what}",
            session=session,
            connection=connection,
            event=event,
            expected=(due,),
            verdict=verdict,
            blame="server",
        )


def _place(record: Record) -> _Place:
    return record.session, record.connection
