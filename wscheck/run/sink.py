"""Where every record goes: redacted before anything else sees it, then kept, told and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from wscheck.capture import CaptureWriter
from wscheck.checker import split
from wscheck.contract.model import Contract
from wscheck.errors import CaptureError
from wscheck.event import Observation
from wscheck.record import Blocked, Closed, Cut, Message, Opened, Record, Refused
from wscheck.redact import Redactor
from wscheck.scenario.model import Probe

_REFUSING = (401, 403)
_MOST_HELD = 1000


class Judge(Protocol):
    """What judges records: a Checker, or what chooses between several."""

    def observe(self, record: Record) -> Sequence[Observation]:
        """Take one record in; return what was made of the events in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the run knows of a session and its opening should say: which credential it shows, and how it must end."""

    credentials: str | None = None
    probe: Probe | None = None


class Sink:
    """Takes the records of all sessions, in their order. ``contracts`` are those that may be spoken.

    What could not be kept is not judged, so that the live verdict and that of the capture stay the same: once the
    capture can take no more, ``broken`` is why, and nothing further is taken.
    """

    def __init__(
        self,
        *,
        writer: CaptureWriter,
        judge: Judge,
        redactor: Redactor,
        contracts: Sequence[Contract],
        follow: Callable[[Record], None],
    ) -> None:
        self._writer = writer
        self._judge = judge
        self._redactor = redactor
        self._frames = {contract.frame for contract in contracts}
        self._marks: Mapping[str, Mark] = {}
        self._follow = follow
        self._last: dict[str, Record] = {}
        self._redacted: dict[str, dict[int, tuple[str, str]]] = {}
        self.broken: CaptureError | None = None

    def know(self, marks: Mapping[str, Mark]) -> None:
        """Take in what is known of the sessions, by name."""
        self._marks = marks

    def take(self, record: Record) -> Sequence[Observation]:
        """Take one record, and return what the player should see of it. Raises CaptureError where it is not kept."""
        if self.broken:
            return ()
        kept = self._redactor.record(self._mark(record))
        try:
            self._writer.write(kept)
        except CaptureError as error:
            self.broken = error
            raise
        self._last[record.session] = kept
        self._follow(kept)
        observations = self._judge.observe(kept)
        return self._unredact(observations, record, kept)

    def finish(self) -> None:
        """End the capture. Raises CaptureError."""
        if self.broken:
            return
        try:
            self._writer.finish()
        except CaptureError as error:
            self.broken = error
            raise

    def cut(self, sessions: Sequence[str], at: float) -> None:
        """Judge each of ``sessions``, which could not be kept to their end, as cut by the disk."""
        for session in sessions:
            last = self._last.get(session)
            connection = last.connection if last else 1
            if isinstance(last, Closed | Cut):  # it was to come back
                connection += 1
            self._judge.observe(Cut(at=at, session=session, connection=connection, cause="disk"))

    def _mark(self, record: Record) -> Record:
        mark = self._marks.get(record.session, Mark())
        match record:
            case Opened():
                return replace(record, credentials=mark.credentials, probe=_write(mark.probe))
            case Refused():
                expected = _expects(mark.probe, record.status)
                return replace(record, credentials=mark.credentials, probe=_write(mark.probe), expected=expected)
            case Blocked():
                return replace(record, credentials=mark.credentials)
            case _:
                return record

    def _unredact(self, observations: Sequence[Observation], record: Record, kept: Record) -> Sequence[Observation]:
        """Return ``observations`` with the values that really came: what a scenario captures, it sends back.

        They may be of records that were taken before: until it is clear which contract is spoken, there are none.
        """
        texts = self._redacted.setdefault(record.session, {})
        if isinstance(record, Message) and isinstance(kept, Message) and record.text != kept.text:
            texts[self._writer.records] = (record.text or "", kept.text or "")
        if not observations:
            if len(texts) > _MOST_HELD:
                texts.pop(next(iter(texts)))
            return observations
        seen = [
            self._with_real_value(observation, *texts[observation.event.index])
            if observation.event.index in texts
            else observation
            for observation in observations
        ]
        texts.clear()
        return seen

    def _with_real_value(self, observation: Observation, came: str, kept: str) -> Observation:
        event = observation.event
        for frame in self._frames:  # of several contracts each may have its own
            shown, real = split(kept, frame), split(came, frame)
            if event.part < len(shown) == len(real) and shown[event.part].decoded.value == event.value:
                return replace(observation, event=replace(event, value=real[event.part].decoded.value))
        return observation


def _write(probe: Probe | None) -> Mapping[str, object] | None:
    """Return ``probe`` as a record has it."""
    if probe is None:
        return None
    written: dict[str, object] = {"expect": probe.expect}
    if probe.statuses:
        written["status"] = list(probe.statuses)
    if probe.code is not None:
        written["code"] = probe.code
    return written


def _expects(probe: Probe | None, status: int) -> bool:
    return probe is not None and probe.expect == "refused" and status in (probe.statuses or _REFUSING)
