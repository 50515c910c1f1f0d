"""Good streams broken in one place: one event dropped, one repeated, two swapped, or one id changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from wscheck.capture import CaptureWriter, Header, read_capture
from wscheck.checker import Checker
from wscheck.contract.model import Contract
from wscheck.event import Event, Observation
from wscheck.finding import Finding, Severity, Verdict
from wscheck.pointer import Pointer
from wscheck.record import Message, Record
from wscheck.result import Outcome
from wscheck.strength import edits

Operator: TypeAlias = Literal["drop", "repeat", "swap", "change"]
Sight: TypeAlias = Literal["seen", "misnamed", "unseen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A stream with one fault. ``events`` are the names of the events at fault, ``pointer`` the id that was changed.

    ``index`` is where the fault stands: the position of the first record concerned, from 1, in the good stream.
    """

    operator: Operator
    events: tuple[str, ...]
    index: int
    records: tuple[Record, ...]
    pointer: str = ""

    @property
    def label(self) -> str:
        """What was done, in a few words: `drop status.idle #12`."""
        pointer = f" {self.pointer}" if self.pointer else ""
        return f"{self.operator} {' and '.join(self.events)}{pointer} #{self.index}"


def read_records(path: Path) -> tuple[Record, ...]:
    """Return the records of a whole capture."""
    with read_capture(path) as capture:
        return tuple(capture)


def write_records(path: Path, records: Sequence[Record]) -> Path:
    """Write a whole capture of ``records``, sealed with its end line, over what is there."""
    header = Header(tool="mutants", run=path.stem, started="2026-01-01T00:00:00Z")
    with CaptureWriter(path, header, overwrite=True) as writer:
        for record in records:
            writer.write(record)
        writer.finish()
    return path


def observe_all(contract: Contract, records: Sequence[Record]) -> list[Observation]:
    """Return what the contract makes of every event of ``records``."""
    checker = Checker(contract)
    return [observation for record in records for observation in checker.observe(record)]


def judge(contract: Contract, records: Sequence[Record]) -> Outcome:
    """Hold a whole stream to ``contract``."""
    checker = Checker(contract)
    for record in records:
        checker.observe(record)
    return checker.conclude()


def mutate(contract: Contract, records: Sequence[Record], *, ids: Sequence[str]) -> Iterator[Mutant]:
    """Break ``records`` once at each received message that the contract orders, in every way.

    ``ids`` are JSON Pointers to ids; each that finds a string in a message is changed there once.
    """
    events = [one for one in observe_all(contract, records) if _is_received(one.event, records)]
    for observation in events:
        if observation.given:
            yield drop(records, observation.event)
            yield repeat(records, observation.event)
            for pointer in ids:
                yield from change(records, observation.event, pointer)
    for first, second in _neighbours(events):
        yield swap(records, first, second)


def drop(records: Sequence[Record], event: Event) -> Mutant:
    """The event never comes."""
    return Mutant(
        operator="drop", events=(event.name,), index=event.index, records=edits.drop(records, event.index - 1)
    )


def repeat(records: Sequence[Record], event: Event) -> Mutant:
    """The event comes twice, one right after the other."""
    return Mutant(
        operator="repeat", events=(event.name,), index=event.index, records=edits.repeat(records, event.index - 1)
    )


def swap(records: Sequence[Record], first: Event, second: Event) -> Mutant:
    """Two events change places; what lies between them, and the times at which something came, stay."""
    slots = (first.index - 1, second.index - 1)
    changed = edits.rearrange(records, slots, slots[::-1])
    return Mutant(operator="swap", events=(first.name, second.name), index=first.index, records=changed)


def change(records: Sequence[Record], event: Event, pointer: str) -> Iterator[Mutant]:
    """Another id stands at ``pointer``; nothing where the message has none there."""
    if isinstance(Pointer(pointer).find(event.value), str):
        text = edits.write(edits.put(event.value, pointer, "an-id-that-nobody-gave-out"))
        changed = edits.rewrite(records, event.index - 1, text)
        yield Mutant(operator="change", events=(event.name,), index=event.index, records=changed, pointer=pointer)


def first_failure(outcome: Outcome) -> Finding | None:
    """Return the finding that a report opens with: the first that fails the run."""
    failing = (one for one in outcome.findings if one.severity is Severity.ERROR and one.verdict is Verdict.FAIL)
    return next(failing, None)


def classify(contract: Contract, mutant: Mutant) -> Sight:
    """Say whether the contract fails the mutant, and whether the first sentence then names an event at fault."""
    outcome = judge(contract, mutant.records)
    finding = first_failure(outcome)
    if finding is None or outcome.verdict is not Verdict.FAIL:
        return "unseen"
    return "seen" if any(name in finding.message for name in mutant.events) else "misnamed"


def blind_spots(contract: Contract, records: Sequence[Record], *, ids: Sequence[str]) -> dict[str, Sight]:
    """Return the kinds of mutant that are not always seen, as `drop stream` or `change stream /header/msg_id`.

    Of several mutants of a kind the worst counts: unseen, then misnamed.
    """
    found: dict[str, Sight] = {}
    for mutant in mutate(contract, records, ids=ids):
        kind = mutant.label.rpartition(" #")[0]
        if found.get(kind) != "unseen" and (sight := classify(contract, mutant)) != "seen":
            found[kind] = sight
    return dict(sorted(found.items()))


def _is_received(event: Event, records: Sequence[Record]) -> bool:
    message = records[event.index - 1]
    return isinstance(message, Message) and message.direction == "received" and event.part == 0


def _neighbours(events: Sequence[Observation]) -> Iterator[tuple[Event, Event]]:
    """Every two events that came one after the other to one instance, each pair once."""
    last: dict[tuple[str, int, str, int], Event] = {}
    found: set[tuple[int, int]] = set()
    for observation in events:
        event = observation.event
        for scope, number in observation.given:
            before = last.get((scope, number, event.session, event.connection))
            if before and (before.index, event.index) not in found:
                found.add((before.index, event.index))
                yield before, event
            last[scope, number, event.session, event.connection] = event
