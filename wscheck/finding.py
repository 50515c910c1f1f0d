"""Verdicts, severities, finding codes, and the finding itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Literal, TypeAlias

from wscheck.immutable import immutable
from wscheck.record import Direction

Blame: TypeAlias = Literal["server", "client"]


class Verdict(IntEnum):
    """The five verdicts of TTCN-3 (ETSI ES 201 873-1, section 24.2), merged by maximum."""

    NONE = 0
    PASS = 1
    INCONCLUSIVE = 2
    ERROR = 3
    FAIL = 4

    def __str__(self) -> str:
        return self.name.lower()


class Severity(Enum):
    """How much a finding matters to the reader of the report."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    IGNORE = "ignore"

    def __str__(self) -> str:
        return self.value


_DEFAULT = Severity.ERROR
CODES: Mapping[str, Severity] = {
    # about a message
    "not-text": _DEFAULT,
    "not-utf8": _DEFAULT,
    "not-json": _DEFAULT,
    "duplicate-member": _DEFAULT,
    "number-range": _DEFAULT,
    "too-deep": _DEFAULT,
    "unknown-event": _DEFAULT,
    "schema": _DEFAULT,
    # about the order
    "missing": _DEFAULT,
    "out-of-order": _DEFAULT,
    "duplicate": _DEFAULT,
    "unexpected": _DEFAULT,
    "after-end": _DEFAULT,
    "incomplete": _DEFAULT,
    "orphan": _DEFAULT,
    "no-key": _DEFAULT,
    "outside-parent": _DEFAULT,
    "child-open": _DEFAULT,
    "too-many-open": _DEFAULT,
    "reused-key": Severity.IGNORE,
    "ambiguous": Severity.INFO,
    "abandoned": Severity.INFO,
    "vacuous": Severity.INFO,
    # about time
    "too-late": _DEFAULT,
    "too-quiet": _DEFAULT,
    # about a rule
    "need": _DEFAULT,
    "forbid": _DEFAULT,
    "ask": _DEFAULT,
    "count": _DEFAULT,
    "counter": _DEFAULT,
    "chain": _DEFAULT,
    "same": _DEFAULT,
    "unique": _DEFAULT,
    # about who
    "isolation": _DEFAULT,
    "wrong-identity": _DEFAULT,
    # about the session
    "abnormal-close": _DEFAULT,
    "subprotocol": _DEFAULT,
    "negotiation": _DEFAULT,
    "handshake": _DEFAULT,
    "framing": _DEFAULT,
    # about the scenario
    "expect": _DEFAULT,
    "probe": _DEFAULT,
}
"""Every finding code, with its default severity."""


@immutable
class EventRef:
    """One event of the stream. ``index`` is its record's position in the capture, from 1, the header not counted.

    ``part`` is its place among the events of its message, from 0.
    """

    index: int
    name: str
    at: float
    direction: Direction
    part: int = 0

    @property
    def place(self) -> str:
        """Where it stands, as sentences say it: `#14`; `#14.2` for the second event of a message that holds more."""
        return f"#{self.index}.{self.part + 1}" if self.part else f"#{self.index}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was not as the contract says.

    ``expected`` are the names that were allowed, ``missing`` those that did not come, ``recent`` the last six events
    of the instance. ``instance_path``, ``schema_path`` and ``contract_path`` are JSON Pointers (RFC 6901). ``more``
    counts further events that would have made the same finding. ``message`` is one sentence, foreign text made safe.
    """

    code: str
    severity: Severity
    verdict: Verdict
    message: str
    rule: str | None = None
    scope: str | None = None
    key: tuple[Any, ...] | None = None
    session: str | None = None
    connection: int | None = None
    event: EventRef | None = None
    related: tuple[EventRef, ...] = ()
    expected: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    recent: tuple[EventRef, ...] = ()
    instance_path: str | None = None
    schema_path: str | None = None
    contract_path: str | None = None
    contract_line: int | None = None
    blame: Blame | None = None
    why: str | None = None
    more: int = 0

    @property
    def id(self) -> str:
        """What names this finding in every run: code, rule, scope, event name and instance path."""
        name = self.event.name if self.event else ""
        return "/".join((self.code, self.rule or "", self.scope or "", name, self.instance_path or ""))
