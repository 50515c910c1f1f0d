"""The account of a check: what every session was, counted as the records come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wscheck.checker.messages import Named
from wscheck.checker.turned_away import is_due, is_rejection
from wscheck.contract.model import Contract
from wscheck.event import Event
from wscheck.pointer import MISSING
from wscheck.record import Blocked, Closed, Cut, Ending, Message, Note, Opened, Record, Refused
from wscheck.record import Step as StepRecord
from wscheck.result import Cause, SessionResult
from wscheck.rules.rule import show
from wscheck.text import safe, shorten

REJECTING = (1008, 3000, 3003, 4401, 4403)
"""Close codes that turn credentials away: policy, unauthorized, forbidden (IANA), and what servers use for them."""

UNANSWERED = "close-unanswered"
"""The note that the peer did not answer our close frame; it cost no record."""

_MOST_CAUSES = 1000
"""Events that tell a cause which are kept; others are counted."""

_MOST_OF_A_NOTE = 1000
"""Characters of a note that are told: somebody else's capture may hold any."""

_STATUSES = {401: "unauthorized", 403: "unauthorized", 429: "busy", 503: "starting"}


@dataclass(slots=True)
class _Session:
    """``named`` are the events that came and are not ignored, ``events`` those of them that tell no cause."""

    opened: Opened | None = None
    ending: Ending | None = None
    identity: Any = None
    welcome_missed: bool = False
    undone: bool = False
    named: int = 0
    events: int = 0
    received: int = 0
    sent: int = 0
    bytes: int = 0
    first: float | None = None
    last: float | None = None

    @property
    def probe(self) -> Mapping[str, Any] | None:
        """How it must be turned away, None where it is no probe."""
        begun = self.opened or self.ending
        return begun.probe if isinstance(begun, Opened | Refused) else None

    @property
    def probed(self) -> bool:
        """Whether it must be turned away, so that nothing in it counts as exercised."""
        return self.probe is not None


@dataclass(slots=True)
class Account:
    """Counts, endings and causes of all sessions of one check; ``untold`` counts the causes that are not kept."""

    contract: Contract
    records: int = 0
    causes: list[Cause] = field(default_factory=list)
    untold: int = 0
    notes: list[str] = field(default_factory=list)
    lossy: bool = False
    unjudged: int = 0
    contradictions: list[str] = field(default_factory=list)
    tolerated: Counter[str] = field(default_factory=Counter)
    _sessions: dict[tuple[str, int], _Session] = field(default_factory=dict)

    @property
    def events(self) -> int:
        """How many events came that are not ignored, probes left out."""
        return sum(session.named for session in self._sessions.values() if not session.probed)

    def take(self, record: Record) -> None:
        """Count one record."""
        self.records += 1
        place = (record.session, record.connection)
        session = self._sessions.get(place)
        if session is None:
            session = self._sessions[place] = _Session()
        match record:
            case Message():
                if record.direction == "received":
                    session.received += 1
                else:
                    session.sent += 1
                session.bytes += _count_bytes(record)
                session.first = record.at if session.first is None else session.first
                session.last = record.at
            case Opened():
                self._note_second(session.opened or session.ending, record)
                session.opened = record
                session.identity = record.identity
            case Note():
                self.lossy = self.lossy or not is_harmless(record)
                text = safe(shorten(record.text, _MOST_OF_A_NOTE))
                self.notes.append(f"{record.code}: {text}" if text else record.code)
            case StepRecord():
                session.welcome_missed = session.welcome_missed or self.is_welcome_missed(record)
            case Closed() | Refused() | Blocked() | Cut():
                self._note_second(session.ending, record)
                session.ending = session.ending or record
            case _:
                pass

    def note_limit(self, code: str, text: str) -> None:
        """Remember that wscheck hit a limit of its own in the judging."""
        self.lossy = True
        self.notes.append(f"{code}: {text}")

    def name(self, record: Message, named: Named, event: Event) -> None:
        """Count what a message was taken for."""
        definition = named.definition
        if definition is None:
            if record.direction == "sent":
                self.tolerated["messages that we sent and the contract does not know"] += 1
            return
        if definition.name in self.contract.ignore:
            self.tolerated[f"{definition.name} (ignored by the contract)"] += 1
        elif record.direction == "received":
            session = self._sessions[record.session, record.connection]
            session.named += 1
            if definition.cause is None:
                session.events += 1
        if definition.cause and record.direction == "received":
            if len(self.causes) == _MOST_CAUSES:
                self.untold += 1
                return
            reason = definition.cause.find(named.value)
            said = "" if reason is MISSING or reason is None else reason if isinstance(reason, str) else show(reason)
            text = safe(named.text)
            self.causes.append(Cause(session=record.session, event=event.ref, reason=safe(said), text=text))

    def is_ignored(self, name: str) -> bool:
        """Whether the contract ignores events of this name."""
        return name in self.contract.ignore

    def is_expired(self, record: Closed) -> bool:
        """Whether the token of the session had expired when the peer closed it."""
        opened = self._sessions[record.session, record.connection].opened
        expires = opened.expires if opened else None
        return expires is not None and record.at >= expires and record.initiator == "peer"

    def note_undone(self, record: Closed) -> None:
        """Remember that the expiry of its token left a session undone."""
        self._sessions[record.session, record.connection].undone = True

    def is_welcome_missed(self, record: StepRecord) -> bool:
        """Whether a step that was not met means that its session never got ready."""
        came = self._sessions[record.session, record.connection].events
        return record.welcome and record.outcome == "timeout" and not came

    def sessions(self) -> tuple[SessionResult, ...]:
        """Return one result a connection, in the order they began."""
        return tuple(self._result(*place, session) for place, session in self._sessions.items())

    def without_identity(self) -> list[str]:
        """Return the names of the opened sessions that say for nobody that they are, probes left out."""
        held = [(name, session) for (name, _), session in self._sessions.items() if not session.probed]
        return [name for name, session in held if session.opened and session.identity is None]

    def probes(self) -> int:
        """Return how many of the sessions must be turned away."""
        return sum(session.probed for session in self._sessions.values())

    def _note_second(self, first: Record | None, record: Record) -> None:
        if first:
            self.contradictions.append(f"session '{safe(record.session)}' goes on after it was over or begins twice")

    def _result(self, name: str, connection: int, session: _Session) -> SessionResult:
        ending, opened = session.ending, session.opened
        source = opened or (ending if isinstance(ending, Refused | Blocked) else None)
        phase, cause = self._trouble(session)
        return SessionResult(
            name=name,
            connection=connection,
            uri=source.uri if source else None,
            identity=session.identity,
            subprotocol=opened.subprotocol if opened else None,
            ending=ending,
            received=session.received,
            sent=session.sent,
            bytes=session.bytes,
            first=session.first,
            last=session.last,
            phase=phase,
            cause=cause,
            phases=(source.phases if source else None) or {},
            credentials=source.credentials if source else None,
            probe=session.probe,
        )

    def _trouble(self, session: _Session) -> tuple[str | None, str | None]:
        match session.ending:
            case Blocked(phase=phase, cause=cause):
                return phase, cause
            case Refused(status=status) as refused if not is_due(refused) and not (
                session.probed and is_rejection(refused)
            ):
                return "handshake", _STATUSES.get(status, "endpoint")
            case Closed() if session.probed:
                return None, None
            case Closed() if session.undone:
                return "open", "auth-expired"
            case Closed(code=code) if session.welcome_missed:
                return "welcome", "auth-rejected" if code in REJECTING else "closed"
            case Cut(cause="deadline") | None if session.welcome_missed:
                return "welcome", "silent"
            case Cut(cause="dropped"):
                return None, None
            case Cut(cause=cause):
                return "open", cause
            case Closed() | Refused() | None:
                return None, None


def _count_bytes(message: Message) -> int:
    text = message.text
    if text is None:
        return len(message.binary or b"")
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


def is_harmless(note: Note) -> bool:
    """Say whether ``note`` is about something that cost no record."""
    return note.code == UNANSWERED


def describe_closing(record: Closed) -> str:
    """Say how a session ended that no `$close` of the contract knows."""
    if record.code == 1006:
        return "the connection was lost without a close frame (1006)"
    reason = f", reason {show(record.reason)}" if record.reason else ""
    return f"the peer closed with code {record.code}{reason}, which no $close event of the contract takes"
