"""A contract, loaded and checked: the noun that everything else is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from wscheck.condition import Condition
from wscheck.contract.versions import Range
from wscheck.finding import Severity
from wscheck.order.automaton import Automaton, Name
from wscheck.pointer import Pointer
from wscheck.rules import Rule
from wscheck.schema import Schema

Sender: TypeAlias = Literal["server", "client", "either"]
Frame: TypeAlias = Literal["one", "array", "lines"]

CONNECTION = "connection"
OPEN = "$open"
CLOSE = "$close"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTold:
    """A version that a session tells in band: at ``at`` in the first of the ``events``, which lies in ``range``.

    ``written`` is the name of the events as the contract has it.
    """

    written: str
    events: frozenset[str]
    at: Pointer
    range: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """When this contract is the one a session speaks: all that is given must hold.

    ``path`` is a glob on the path of the URI. ``version`` is what an event of the session must say.
    """

    subprotocol: str | None = None
    path: str | None = None
    version: VersionTold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition:
    """How an event is known. Without ``match`` it is known by the value at the contract's ``event_name``."""

    name: str
    sender: Sender = "server"
    match: tuple[Condition, ...] | None = None
    schema: Schema | None = None
    cause: Pointer | None = None
    path: str = ""


KeyTable: TypeAlias = Mapping[str, tuple[Pointer, ...] | None]
"""By event name: the pointers to the parts of its key, or None where it carries none."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A group of events that belong together by a key.

    ``depth`` is 0 for ``connection``; ``position`` is the place in the document. ``within`` and ``gap`` in seconds.
    ``ordered`` are the events that the order names itself, inner scopes left out.
    ``required`` are the names that every accepted word holds once the ``abandons`` events are left out.
    """

    name: str
    parent: str | None
    depth: int
    position: int
    path: str
    key: KeyTable | None = None
    parent_key: KeyTable | None = None
    order: Automaton | None = None
    ordered: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    abandons: frozenset[str] = frozenset()
    within: float | None = None
    gap: float | None = None
    rules: tuple[Rule, ...] = ()
    max_open: int | None = None
    severity: Mapping[str, Severity]
    required: tuple[Name, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A contract of 'The contract language, version 1'.

    ``frame``: how many events a text message carries. ``scopes`` are in the document's order, ``connection`` always
    among them. ``lines`` gives the line of every JSON Pointer into the document. ``digest`` is over the document and
    every schema file it refers to.
    """

    name: str
    version: str
    file: str
    digest: str
    lines: Mapping[str, int]
    event_name: tuple[Pointer, ...]
    frame: Frame = "one"
    events: tuple[EventDefinition, ...]
    scopes: Mapping[str, Scope]
    description: str = ""
    select: Select = Select()
    identity: Pointer | None = None
    isolate: tuple[Pointer, ...] = ()
    redact: tuple[Pointer, ...] = ()
    severity: Mapping[str, Severity]
    ignore: frozenset[str] = frozenset()

    @cached_property
    def definitions(self) -> Mapping[str, EventDefinition]:
        """The event definitions by name."""
        return {definition.name: definition for definition in self.events}

    def line(self, path: str | None) -> int | None:
        """Return the line of ``path``, or of the nearest member above it that has one."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path.rpartition("/")[0]
        return self.lines.get("") if path is not None else None
