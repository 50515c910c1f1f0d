"""One message, named: which events it holds, and what is wrong with it as a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wscheck.checker.frames import split
from wscheck.checker.names import find_names, known_names
from wscheck.contract.model import CLOSE, OPEN, Contract, EventDefinition
from wscheck.event import Event
from wscheck.json_text import Decoded, decode
from wscheck.record import Closed, Direction, Message, Record
from wscheck.schema import Schema
from wscheck.text import safe, shorten

_SIDES: tuple[Direction, ...] = ("received", "sent")

NORMAL_CLOSURE = (1000, 1001, 1005)
"""The close codes of a session that ended well (RFC 6455, section 7.4.1; 1005: a close frame without a code)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with a message. The paths are JSON Pointers."""

    code: str
    what: str
    instance_path: str | None = None
    schema_path: str | None = None
    contract_path: str | None = None


@dataclass(slots=True)
class Named:
    """What an event of a message was taken for: ``definition`` is None where no event of the contract fits.

    ``text`` is the event's own JSON text.
    """

    value: Any
    definition: EventDefinition | None
    faults: tuple[Fault, ...]
    readable: bool = True
    text: str = ""


class Namer:
    """Names messages by a contract's event definitions: the first that fits, top to bottom, wins."""

    def __init__(self, contract: Contract) -> None:
        self._pointers = contract.event_name
        self._frame = contract.frame
        self._known = {side: known_names(contract, side) for side in _SIDES}
        self._openings = [event for event in contract.events if event.name.partition(".")[0] == OPEN]
        self._closings = [event for event in contract.events if event.name.partition(".")[0] == CLOSE]
        # What is known by its name alone is looked up; only what has a `match` must be tried one by one.
        self._candidates: dict[tuple[Direction, str | None], tuple[EventDefinition, ...]] = {}
        messages = [event for event in contract.events if not event.name.startswith("$")]
        sides: tuple[tuple[Direction, str], ...] = (("received", "client"), ("sent", "server"))
        for direction, other in sides:
            fitting = [event for event in messages if event.sender != other]
            for name in (None, *(event.name for event in fitting)):
                self._candidates[direction, name] = tuple(event for event in fitting if self._may_fit(event, name))

    def name(self, message: Message) -> tuple[Named, ...]:
        """Name the events of one message, in their order; what cannot be read is one without a definition."""
        if message.text is None:
            code = "not-utf8" if message.opcode == "text" else "not-text"
            what = "is a text message that is not valid UTF-8" if message.opcode else "is a binary message"
            return (Named(value=None, definition=None, faults=(Fault(code=code, what=what),), readable=False),)
        if self._frame == "one":
            return (self._name(message.text, decode(message.text), message.direction),)
        parts = split(message.text, self._frame, array=message.direction == "received")
        return tuple(self._name(part.text, part.decoded, message.direction, bare=part.bare) for part in parts)

    def fits(self, value: Any, direction: Direction) -> bool:
        """Whether ``value`` is an event of the contract, as its schema says; why not is not asked."""
        definition = self.find(value, direction)
        return definition is not None and (definition.schema is None or definition.schema.accepts(value))

    def find(self, value: Any, direction: Direction) -> EventDefinition | None:
        """Return the definition that the decoded message ``value`` fits, None where none does."""
        name = self._written_name(value)
        candidates = self._candidates.get((direction, name))
        for definition in self._candidates[direction, None] if candidates is None else candidates:
            if definition.match is None or all(condition.is_met_by(value) for condition in definition.match):
                return definition
        return None

    def opening(self, value: Any) -> EventDefinition | None:
        """Return the definition that an opening handshake fits."""
        for definition in self._openings:
            if all(condition.is_met_by(value) for condition in definition.match or ()):
                return definition
        return None

    def closing(self, record: Closed) -> EventDefinition | None:
        """Return the definition that a closing fits."""
        value = {"code": record.code, "reason": record.reason, "initiator": record.initiator}
        for definition in self._closings:
            if definition.match is None:
                if record.code in NORMAL_CLOSURE or record.initiator == "tool":
                    return definition
            elif all(condition.is_met_by(value) for condition in definition.match):
                return definition
        return None

    def _name(self, text: str, decoded: Decoded, direction: Direction, *, bare: bool = False) -> Named:
        faults: tuple[Fault, ...] = ()
        if decoded.faults:
            faults = tuple(Fault(code=code, what=_WHAT[code].format(why)) for code, why in decoded.faults.items())
            if not decoded.readable:
                return Named(value=None, definition=None, faults=faults, readable=False, text=text)
        definition = self.find(decoded.value, direction)
        if definition is None:
            unknown = Fault(
                code="unknown-event", what=self._why_unknown(decoded.value, direction), contract_path="/events"
            )
            return Named(value=decoded.value, definition=None, faults=(*faults, unknown), text=text)
        if bare:
            faults = (*faults, _BARE)
        if definition.schema and not definition.schema.accepts(decoded.value):
            faults = (*faults, _explain(definition, definition.schema, decoded.value))
        return Named(decoded.value, definition, faults, text=text)

    def _may_fit(self, event: EventDefinition, name: str | None) -> bool:
        """Whether a message that is named ``name`` may fit ``event``; None: one whose name no event has."""
        if event.match is None:
            return event.name == name
        # Where the first pointer must find another name than this, it cannot have been found there or elsewhere.
        return name is None or not any(
            condition.pointer in self._pointers[:1] and condition.demands_other_text(name) for condition in event.match
        )

    def _written_name(self, value: Any) -> str | None:
        for pointer in self._pointers:
            found = pointer.find(value)
            if isinstance(found, str):
                return found
            if isinstance(found, int) and not isinstance(found, bool):
                return str(found)
        return None

    def _why_unknown(self, value: Any, direction: Direction) -> str:
        name = self._written_name(value)
        due = [pointer.text for pointer in self._pointers]
        where = " or ".join(due) or "any place"
        elsewhere = next((found for found in find_names(value, self._known[direction]) if found[0] not in due), None)
        what = f"it holds no name at {where}" if name is None else repr(shorten(safe(name), 80))
        if elsewhere:
            what += f"; the name {elsewhere[1]} stands at {shorten(safe(elsewhere[0]), 80)}, where none is looked for"
        return f"is no event of the contract: {what}"


def make_event(record: Record, index: int, name: str, value: object, part: int = 0) -> Event:
    """Return the event that ``record``, the capture's ``index``-th, holds as its ``part``-th."""
    return Event(
        name=name,
        value=value,
        index=index,
        part=part,
        at=record.at,
        direction=record.direction if isinstance(record, Message) else "received",
        session=record.session,
        connection=record.connection,
    )


_WHAT = {
    "not-json": "is not JSON: {}",
    "too-deep": "has {}",
    "duplicate-member": "is not sound JSON: {}",
    "number-range": "holds a number that cannot be kept: {}",
}


_BARE = Fault(
    code="schema",
    what="stands by itself, where the contract asks for an array of events (frame: array)",
    instance_path="",
    contract_path="/frame",
)


def _explain(definition: EventDefinition, schema: Schema, value: Any) -> Fault:
    explanation = schema.explain(value)
    where = f"at {explanation.instance_path} " if explanation.instance_path else ""
    return Fault(
        code="schema",
        what=where + explanation.reason,
        instance_path=explanation.instance_path,
        schema_path=explanation.schema_path,
        contract_path=f"{definition.path}/schema",
    )
