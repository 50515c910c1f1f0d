"""The table of what happens in transport, input and output, read from rows.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

PATH = Path(__file__).with_name("rows.yaml")
Kind = Literal[
    "unavailable",
    "authentication",
    "nonconforming",
    "undecided",
    "configuration",
    "limit",
    "interrupted",
    "harmless",
    "ours",
]
KINDS = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One way in which a fault is made, all that it needs, and what is due.

    ``acts`` are those of the fault server, ``service`` those of a second one at <SERVICE>. ``server``: "nobody" and
    "full" listen otherwise, a "tls:" and a name of certificates.py serve TLS. ``through``: the members of a Chaos.
    ``contract`` and ``scenario`` replace text in the usual ones, ``files`` are written beside them; ``alone`` has one
    session, where there are two. ``arguments`` come after the usual ones of `wscheck run`, ``command`` is in their
    place, ``instead`` stands before it. ``limits`` are the process's, by the name of an RLIMIT.

    Due are ``exit``; the ``phase`` and the ``cause``, or one of several, of each session; the codes of the ``findings``
    that fail, and of some ``pending`` that are inconclusive; the words that ``says`` lists, in what is printed;
    ``connections`` to the server and ``asked`` to the service; at most ``seconds``, the deadline of the fault, and two
    more; at most ``megabytes`` of memory.
    """

    name: str = ""
    acts: Sequence[Any] = ()
    service: Sequence[Any] | None = None
    server: str = ""
    through: Mapping[str, Any] | None = None
    contract: Mapping[str, str] = field(default_factory=dict)
    scenario: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False
    url: str = "<URL>"
    arguments: Sequence[str] = ()
    command: Sequence[str] | None = None
    instead: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    exit: int = 0
    phase: str | None = None
    cause: str | Sequence[str] | None = None
    findings: Sequence[str] = ()
    pending: Sequence[str] = ()
    says: Sequence[str] = ()
    connections: int | None = None
    asked: int | None = None
    seconds: float = 0.0
    megabytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that happens, what it is and what wscheck says; ``tries`` make it here, ``held_by`` elsewhere."""

    row: int
    part: str
    what: str
    kind: Kind
    made: str
    due: Try
    tries: tuple[Try, ...]
    held_by: tuple[str, ...]


@cache
def faults() -> tuple[Fault, ...]:
    """Return every fault of the table, in its order."""
    document = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return tuple(
        _fault(row["row"], part["part"], fault)
        for part in document
        for row in part["rows"]
        for fault in row.get("faults", [row])
    )


def tries() -> Iterator[tuple[Fault, Try]]:
    """Yield every way in which a fault is made here, with its fault."""
    for fault in faults():
        for one in fault.tries:
            yield fault, one


def _fault(number: int, part: str, given: Mapping[str, Any]) -> Fault:
    known = {one.name for one in fields(Try)}
    unknown = given.keys() - known - {"row", "what", "kind", "made", "tries", "held_by", "faults"}
    assert not unknown, f"row {number}: {unknown}"
    due = Try(**{name: value for name, value in given.items() if name in known})
    made = tuple(replace(due, name=name, **(one or {})) for name, one in given.get("tries", {}).items())
    if not made and "tries" not in given and ("acts" in given or "command" in given or "server" in given):
        made = (due,)
    kind = given["kind"]
    assert kind in KINDS, kind
    held_by = tuple(given.get("held_by", ()))
    assert made or held_by, f"row {number}: nothing makes it"
    return Fault(
        row=number, part=part, what=given["what"], kind=kind, made=given["made"], due=due, tries=made, held_by=held_by
    )
