"""The checker: takes records one by one, and says at the end what they came to."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from wscheck.checker.account import UNANSWERED, Account, describe_closing, is_harmless
from wscheck.checker.coverage import Coverage
from wscheck.checker.ending import conclude_stream, is_conclusive
from wscheck.checker.findings import Findings
from wscheck.checker.isolation import Owners
from wscheck.checker.messages import Fault, Named, Namer, make_event
from wscheck.checker.observe import observe
from wscheck.checker.opening import hold_subprotocol, opening_value
from wscheck.checker.outcome import build_outcome
from wscheck.checker.plan import Plan
from wscheck.checker.probe import Probes
from wscheck.checker.reported import report_step, report_violation
from wscheck.checker.stream import Stream
from wscheck.contract.model import CLOSE, OPEN, Contract
from wscheck.event import Event, Observation
from wscheck.finding import Severity, Verdict
from wscheck.record import (
    Blocked,
    Closed,
    Cut,
    Message,
    Note,
    Opened,
    Pong,
    Record,
    Refused,
    Stall,
    Violation,
)
from wscheck.record import Step as StepRecord
from wscheck.result import Outcome
from wscheck.rules.rule import show

AFTER_ALL = sys.maxsize
"""The place of what is concluded after the last record."""

MAX_OPEN = 100_000
"""Instances that may be open at once in a connection."""

LONG_STALL = 1.0
"""Seconds that wscheck may stand still without losing its claim to have paid attention."""


class Checker:
    """Holds one contract against the records of one run or capture, all sessions together.

    ``owned`` says to whom isolated values belong, where other checkers share that. A connection in which more than
    ``max_open`` instances are open is judged no further, and its run is inconclusive: that is a limit of wscheck.
    """

    def __init__(
        self,
        contract: Contract,
        *,
        owned: dict[tuple[str, Hashable], Any] | None = None,
        max_open: int = MAX_OPEN,
    ) -> None:
        self._contract = contract
        self._max_open = max_open
        self._plan = Plan(contract)
        self._namer = Namer(contract)
        self._owners = Owners(contract, owned)
        self._findings = Findings(contract)
        self._coverage = Coverage(self._plan)
        self._streams: dict[tuple[str, int], Stream] = {}
        self._account = Account(contract)
        self._probes = Probes(self._namer, self._findings, self._account)
        self._index = 0
        self._last: Record | None = None

    def observe(self, record: Record, *, index: int | None = None) -> tuple[Observation, ...]:
        """Take one record in, in the order of the capture. Return what was made of the events in it.

        ``index`` is its position in the capture, from 1, where others of the capture are not taken in here.
        """
        self._index = self._findings.record = self._index + 1 if index is None else index
        self._account.take(record)
        probed = self._probes.concerns(record)
        observations = self._probes.observe(record, self._index) if probed else self._judge(record)
        self._last = record
        return observations

    def conclude(
        self, *, truncated: bool = False, exercises: Iterable[str] = (), fail_on: Severity = Severity.ERROR
    ) -> Outcome:
        """Say what the records came to.

        ``truncated``: the capture has no end. ``exercises``: scopes that must have been seen. ``fail_on``: the least
        severity of a finding that moves the verdict.
        """
        self._findings.record = AFTER_ALL
        for stream in [stream for stream in self._streams.values() if stream.root.open]:
            stream.conclusive = False
            conclude_stream(stream, abnormal=False)
        self._findings.settle(lambda draft: draft.opening)
        self._probes.conclude()
        if self._streams:
            for name, plan in self._plan.scopes.items():
                if not self._coverage.exercised(name):
                    self._findings.make(
                        "vacuous",
                        f"no {name} was ever seen, so nothing that the contract says of it was exercised",
                        scope=plan.scope,
                        path=plan.scope.path,
                    )
        self._findings.settle()
        return build_outcome(
            self._account,
            self._coverage,
            self._findings,
            truncated=truncated,
            exercises=exercises,
            fail_on=fail_on,
        )

    def places(self) -> tuple[int, ...]:
        """Return at which record of the capture each finding of the outcome was made."""
        return self._findings.places()

    def _judge(self, record: Record) -> tuple[Observation, ...]:
        observations: tuple[Observation, ...] = ()
        match record:
            case Message():
                observations = self._take(record)
            case Opened():
                observations = self._open(record)
            case Closed():
                observations = self._close(record)
            case Refused() | Blocked() | Cut():
                self._conclude(record)
            case Pong():
                self._pass_time(self._stream(record), record, alive=True)
            case Stall() | Note():
                self._disturb(record)
            case Violation():
                report_violation(self._findings, record, self._event(record, f"${record.code}", None))
                self._pass_time(self._stream(record), record, alive=False)
            case StepRecord():
                self._report_step(record)
        return observations

    def _open(self, record: Opened) -> tuple[Observation, ...]:
        stream = Stream(
            plan=self._plan,
            session=record.session,
            connection=record.connection,
            identity=record.identity,
            findings=self._findings,
            coverage=self._coverage,
        )
        value = opening_value(record)
        event = self._event(record, OPEN, value)
        self._abandon(self._stream(record))
        self._streams[record.session, record.connection] = stream
        stream.begin(event.ref)
        hold_subprotocol(stream, record, event)
        self._findings.settle()
        definition = self._namer.opening(value)
        if definition is None:
            return ()
        return (self._give(stream, self._event(record, definition.name, value)),)

    def _abandon(self, stream: Stream | None) -> None:
        if stream:
            stream.conclusive = False
            conclude_stream(stream, abnormal=False)
            self._findings.settle(lambda draft: draft.opening)

    def _take(self, record: Message) -> tuple[Observation, ...]:
        stream = self._stream(record)
        parts: list[tuple[Named, Event]] = []
        for part, named in enumerate(self._namer.name(record)):
            name = named.definition.name if named.definition else "message"
            event = make_event(record, self._index, name, named.value, part)
            self._account.name(record, named, event)
            parts.append((named, event))
        if stream is None:
            self._account.unjudged += 1
            return ()
        for named, event in parts:
            for fault in self._faults(stream, record, named):
                self._report_fault(stream, fault, event)
        self._findings.settle()
        self._pass_time(stream, record, alive=record.direction == "received")
        return tuple([self._give(stream, event) for named, event in parts if named.definition])

    def _faults(self, stream: Stream, record: Message, named: Named) -> Sequence[Fault]:
        faults = named.faults
        if faults and record.direction == "sent":  # of what we sent, only the schema is judged here
            faults = tuple(fault for fault in faults if fault.code == "schema")
        # What we send, too, may be the first that has a value.
        if named.readable and stream.identity is not None:
            return (*faults, *self._owners.hold(named.value, record.direction, stream.identity))
        return faults

    def _report_fault(self, stream: Stream, fault: Fault, event: Event) -> None:
        stream.report(
            fault.code,
            f"{event.name} ({event.place}) {fault.what}",
            event=event,
            path=fault.contract_path,
            instance_path=fault.instance_path,
            schema_path=fault.schema_path,
        )

    def _close(self, record: Closed) -> tuple[Observation, ...]:
        stream = self._stream(record)
        if stream is None:
            return ()
        definition = self._namer.closing(record)
        expired = self._account.is_expired(record)
        unsure = expired or stream.overfull or self._is_unanswered(record)
        stream.conclusive = is_conclusive(record, definition) and not unsure
        made = len(self._findings)
        value = {"code": record.code, "reason": record.reason, "initiator": record.initiator}
        event = self._event(record, definition.name if definition else CLOSE, value)
        if definition is None:
            stream.report(
                "abnormal-close",
                describe_closing(record),
                event=event,
                path="/events",
                verdict=Verdict.FAIL if stream.conclusive else Verdict.INCONCLUSIVE,
            )
            self._findings.settle()
        self._pass_time(stream, record, alive=stream.conclusive)
        observations = (self._give(stream, event),) if definition else ()
        conclude_stream(stream, abnormal=definition is None)
        self._findings.settle(lambda draft: draft.opening)
        if expired and len(self._findings) > made:
            self._account.note_undone(record)
        return observations

    def _is_unanswered(self, record: Closed) -> bool:
        """Whether the peer left our close frame unanswered: then nothing shows that it was still there."""
        last = self._last
        return isinstance(last, Note) and last.code == UNANSWERED and last.session == record.session

    def _conclude(self, record: Refused | Blocked | Cut) -> None:
        self._pass_time(self._stream(record), record, alive=False)
        self._abandon(self._stream(record))

    def _give(self, stream: Stream, event: Event) -> Observation:
        if stream.overfull:
            return Observation(event=event)
        observation = observe(stream, event)
        self._findings.settle(lambda draft: draft.rank)
        if stream.alive > self._max_open:
            self._give_up(stream, event)
        return observation

    def _give_up(self, stream: Stream, event: Event) -> None:
        """Hold no further event of ``stream`` to its scopes: without all that is open, nothing could be told of it."""
        stream.overfull = True
        stream.noted = self._index
        stream.clock.disturb(self._index, event.at)
        text = f"more than {self._max_open} instances are open in session {show(event.session)}"
        self._account.note_limit("max-open", f"{text}: after #{self._index} only its messages are judged")

    def _pass_time(self, stream: Stream | None, record: Record, *, alive: bool) -> None:
        if stream is None:
            return
        if stream.clock.is_due(record.at):
            for passed in stream.clock.passed(record.at):
                passed(record.at)
            self._findings.settle(lambda draft: (draft.rank, draft.opening))
        if alive:
            stream.clock.prove(record.at)

    def _disturb(self, record: Stall | Note) -> None:
        stream = self._stream(record)
        if stream and isinstance(record, Stall):
            stream.clock.sleep(record.at - record.seconds, record.at)
        self._pass_time(stream, record, alive=False)
        harmless = record.seconds <= LONG_STALL if isinstance(record, Stall) else is_harmless(record)
        if stream and not harmless:
            stream.clock.disturb(self._index, record.at)
            if isinstance(record, Note):
                stream.noted = self._index

    def _report_step(self, record: StepRecord) -> None:
        # That a session never got its welcome is said by its phase and cause, not by a symptom of it.
        if record.required or not self._account.is_welcome_missed(record):
            report_step(self._findings, record, self._stream(record))
        self._pass_time(self._stream(record), record, alive=False)

    def _stream(self, record: Record) -> Stream | None:
        stream = self._streams.get((record.session, record.connection))
        return stream if stream and stream.root.open else None

    def _event(self, record: Record, name: str, value: object, part: int = 0) -> Event:
        return make_event(record, self._index, name, value, part)
