"""The oracle's door: a contract and records in, findings out, in the order in which they are due."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.oracle.connection import Connection
from tests.oracle.contract import Contract, find, plain
from tests.oracle.instance import Finding
from tests.oracle.message import Read, closing_name, fits, name_of, opening_name, read
from tests.oracle.rules import Event

UNDECIDED_CLOSINGS = (1006, 1012, 1013, 1014)

Record = dict[str, Any]


def judge(document: dict[str, Any], records: list[Record]) -> list[tuple[Any, ...]]:
    """Return the findings: code, rule, scope, key, index, related indices, verdict."""
    court = Court(Contract(document))
    for index, record in enumerate(records, 1):
        court.observe(index, record)
    return [finding.row() for finding in court.conclude() if not finding.ignored]


@dataclass(eq=False)
class _Listening:
    """One connection, and how well we listened to it.

    ``disturbed`` are the records at which the tool was not attentive, ``asleep`` the times between which it stood
    still. ``waiting`` are deadlines found at a record that
    proved nothing, each with the record that its waiting began at.
    """

    connection: Connection
    identity: Any = None
    disturbed: list[int] = field(default_factory=list)
    asleep: list[tuple[float, float]] = field(default_factory=list)
    waiting: list[tuple[Finding, int]] = field(default_factory=list)
    over: bool = False


class Court:
    """One capture, judged record by record; ``made`` are the findings so far, ``received`` the names of events."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.made: list[Finding] = []
        self.received: set[str] = set()
        self.listening: dict[tuple[str, int], _Listening] = {}
        self.owners: dict[Any, Any] = {}

    def observe(self, index: int, record: Record) -> None:
        """Take one record, the ``index``-th of the capture."""
        who = (record["session"], record.get("connection") or 1)
        listening = self.listening.setdefault(who, _Listening(Connection(self.contract)))
        match record["kind"]:
            case "opened":
                self._open(listening, index, record)
            case "message":
                self._take(listening, index, record)
            case "closed":
                self._close(listening, index, record)
            case "cut":
                self._pass_time(listening, index, record, None)
                self._finish(listening, "inconclusive", unfit=False)
            case "stall" | "note":
                self._disturb(listening, index, record)
            case "pong":
                self._pass_time(listening, index, record, "fail")
            case "violation":
                self._tell(record["code"], index)
                self._pass_time(listening, index, record, None)

    def conclude(self) -> list[Finding]:
        """The capture is over: return all findings."""
        unended = [each.connection for each in self.listening.values() if not each.over]
        left = [pair for connection in unended for pair in connection.finish("inconclusive", unfit=False)]
        self.made += [finding for _, finding in sorted(left, key=lambda pair: pair[0])]
        for finding in self.made:
            if finding.verdict == "undecided":
                finding.verdict = "inconclusive"
        seen = {each.scope.name for one in self.listening.values() for each in one.connection.state.instances}
        for scope in self.contract.scopes.values():
            if scope.parent and scope.name not in seen:
                ignored = self.contract.severity("vacuous", scope) == "ignore"
                self.made.append(Finding(code="vacuous", scope=scope.name, verdict="none", ignored=ignored))
        return self.made

    def _open(self, listening: _Listening, index: int, record: Record) -> None:
        listening.identity = record.get("identity")
        wanted = (self.contract.document.get("select") or {}).get("subprotocol")
        if wanted is not None and record.get("subprotocol") != wanted:
            self._tell("subprotocol", index)
        name = opening_name(self.contract, record)
        event = Event(name or "$open", {}, index, record["at"], "received")
        self.made += listening.connection.open(event, known=name is not None)

    def _take(self, listening: _Listening, index: int, record: Record) -> None:
        received = record["direction"] == "received"
        messages = read(record, self.contract.document.get("frame", "one"))
        names = [self._hear(listening, index, message, received) for message in messages]
        self._pass_time(listening, index, record, "fail" if received else None)
        for part, (name, message) in enumerate(zip(names, messages, strict=True)):
            if name is not None:
                event = Event(name, message.value, index, record["at"], record["direction"], part)
                self.made += listening.connection.take(event)

    def _hear(self, listening: _Listening, index: int, message: Read, received: bool) -> str | None:
        """Tell what is wrong with one event of a message by itself; return its name."""
        for code in message.codes if received else []:
            self._tell(code, index)
        name = None
        if message.readable:
            name = name_of(self.contract, message.value, "received" if received else "sent")
        self.received |= {name} if name and received else set()
        if name is None and message.readable and received:
            self._tell("unknown-event", index)
        if name is not None and message.bare:
            self._tell("schema", index)
        schema = self.contract.definitions.get(name or "", {}).get("schema")
        if schema is not None and not fits(schema, message.value):
            self._tell("schema", index)
        if message.readable and listening.identity is not None:
            self._hold_identity(plain(listening.identity), index, message.value, received)
        return name

    def _hold_identity(self, identity: Any, index: int, value: Any, received: bool) -> None:
        for pointer in self.contract.document.get("isolate") or []:
            found = find(value, pointer)
            if found and found[0] is not None:
                owner = self.owners.setdefault((pointer, plain(found[0])), identity)
                if received and owner != identity:
                    self._tell("isolation", index)
        named = find(value, self.contract.document["identity"]) if "identity" in self.contract.document else ()
        if received and named and named[0] is not None and plain(named[0]) != identity:
            self._tell("wrong-identity", index)

    def _close(self, listening: _Listening, index: int, record: Record) -> None:
        code, reason, initiator = record["code"], record.get("reason", ""), record["initiator"]
        name = closing_name(self.contract, code, reason, initiator)
        verdict = "inconclusive" if name is None and code in UNDECIDED_CLOSINGS else "fail"
        if name is None:
            self._tell("abnormal-close", index, verdict)
        self._pass_time(listening, index, record, verdict)
        if name is not None:
            value = {"code": code, "reason": reason, "initiator": initiator}
            self.made += listening.connection.take(Event(name, value, index, record["at"], "received"))
        self._finish(listening, verdict, unfit=name is None)

    def _finish(self, listening: _Listening, verdict: str, *, unfit: bool) -> None:
        listening.over = True
        self.made += [finding for _, finding in listening.connection.finish(verdict, unfit=unfit)]

    def _disturb(self, listening: _Listening, index: int, record: Record) -> None:
        if record["kind"] == "note":
            listening.connection.state.noted = index
        if record["kind"] == "note" or record["seconds"] > 1:
            listening.disturbed.append(index)
        if record["kind"] == "stall":
            listening.asleep.append((record["at"] - record["seconds"], record["at"]))
        self._pass_time(listening, index, record, None)

    def _pass_time(self, listening: _Listening, index: int, record: Record, proof: str | None) -> None:
        """Find the deadlines that have passed; ``proof`` is the verdict that the record gives them, if any."""
        for finding, start, due in listening.connection.overdue(record["at"]):
            self.made.append(finding)
            if any(since <= due <= until for since, until in listening.asleep):
                finding.verdict = "inconclusive"
            else:
                listening.waiting.append((finding, start))
        if proof is not None:
            for finding, start in listening.waiting:
                disturbed = any(start < each <= index for each in listening.disturbed)
                finding.verdict = "inconclusive" if disturbed else proof
            listening.waiting = []

    def _tell(self, code: str, index: int, verdict: str = "fail") -> None:
        ignored = self.contract.severity(code) == "ignore"
        self.made.append(Finding(code=code, index=index, verdict=verdict, ignored=ignored))
