"""A good stream, read through its contract: what came, in which places, and to which instances it went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from wscheck.checker import Checker, split
from wscheck.contract.model import Contract
from wscheck.errors import CaptureError
from wscheck.event import Event
from wscheck.finding import Severity, Verdict
from wscheck.record import Message, Opened, Record
from wscheck.result import Outcome
from wscheck.text import safe, shorten


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Place:
    """One event of a good stream. ``slot`` is the position of its record, from 0, ``given`` the instances it went to.

    ``index`` is the position of its record in the capture, from 1.
    """

    slot: int
    index: int
    event: Event
    given: tuple[tuple[str, int], ...]

    @property
    def connection(self) -> tuple[str, int]:
        """The session, and which of its connections."""
        return (self.event.session, self.event.connection)


@dataclass(frozen=True, kw_only=True, eq=False)
class Specimen:
    """A capture that passes. Each message of ``records`` carries one event.

    ``heard`` is all that the contract names, the opening handshake and the closing too, ``places`` what was received.
    """

    capture: str
    records: tuple[Record, ...]
    heard: tuple[Place, ...]
    places: tuple[Place, ...]
    exercises: tuple[str, ...]
    outcome: Outcome

    @cached_property
    def lines(self) -> dict[tuple[str, int], tuple[Place, ...]]:
        """The places by connection, in their order."""
        found: dict[tuple[str, int], list[Place]] = {}
        for place in self.places:
            found.setdefault(place.connection, []).append(place)
        return {connection: tuple(places) for connection, places in found.items()}

    @cached_property
    def ranks(self) -> dict[int, int]:
        """By slot: where a place stands among those of its connection."""
        return {place.slot: rank for places in self.lines.values() for rank, place in enumerate(places)}

    @cached_property
    def texts(self) -> str:
        """All that was said, and by whom, in one text."""
        said = [record.text or "" for record in self.records if isinstance(record, Message)]
        return "\n".join([*said, *(str(one.identity) for one in self.records if isinstance(one, Opened))])


def read_specimen(
    contract: Contract, capture: str, records: Iterable[Record], *, exercises: tuple[str, ...] = ()
) -> Specimen:
    """Hold a whole capture to ``contract``. Raises CaptureError where it does not pass: then it can show nothing."""
    indices, unfolded = [], []
    for index, record in enumerate(records, 1):
        for one in _unfold(contract, record):
            indices.append(index)
            unfolded.append(one)
    checker = Checker(contract)
    heard = tuple(
        Place(slot=slot, index=indices[slot], event=observation.event, given=observation.given)
        for slot, record in enumerate(unfolded)
        for observation in checker.observe(record)
    )
    outcome = checker.conclude(exercises=exercises)
    if outcome.verdict is not Verdict.PASS:
        raise CaptureError(
            f"{safe(capture)} does not itself pass ({outcome.verdict}: {shorten(outcome.why, 200)}), so breaking it "
            "shows nothing; give captures that conform"
        )
    return Specimen(
        capture=capture,
        records=tuple(unfolded),
        heard=heard,
        places=tuple(place for place in heard if _is_received(unfolded[place.slot])),
        exercises=exercises,
        outcome=outcome,
    )


def judge(contract: Contract, records: Iterable[Record], exercises: tuple[str, ...]) -> Outcome:
    """Hold a whole stream to ``contract``."""
    checker = Checker(contract)
    for record in records:
        checker.observe(record)
    return checker.conclude(exercises=exercises)


def is_seen(outcome: Outcome) -> bool:
    """Whether a finding fails the stream."""
    return any(one.severity is Severity.ERROR and one.verdict is Verdict.FAIL for one in outcome.findings)


def _is_received(record: Record) -> bool:
    return isinstance(record, Message) and record.direction == "received"


def _unfold(contract: Contract, record: Record) -> Iterator[Record]:
    """Yield ``record``, or where it carries several events a message for each of them."""
    match record:
        case Message(text=str(text)) if contract.frame != "one":
            for part in split(text, contract.frame, array=record.direction == "received"):
                whole = contract.frame == "array" and part.text != text
                yield replace(record, text=f"[{part.text}]" if whole else part.text)
        case Opened(expires=float() | int()):
            yield replace(record, expires=None)  # a delay is to be the server's fault, not the token's
        case _:
            yield record
