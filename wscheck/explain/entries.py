"""The entries, read from the tables beside this file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from wscheck.document import read_document
from wscheck.errors import UsageError
from wscheck.finding import CODES, Severity
from wscheck.text import safe, shorten

Kind: TypeAlias = Literal["finding", "cause", "exit code", "note", "lint"]

_FOLDER = Path(__file__).parent
_PREAMBLE = 'wscheck: 1\nname: example\nversion: "1.0.0"\nevent_name: /type\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A contract, a stream that conforms to it, and one in which the code is found; see trace.py for their records."""

    contract: str
    conforming: tuple[Mapping[str, Any], ...]
    breaking: tuple[Mapping[str, Any], ...]

    @property
    def whole_contract(self) -> str:
        """The contract with what every contract begins with."""
        return _PREAMBLE + self.contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """A contract on which lint makes one remark and no other, and one that differs little and has none."""

    remarked: str
    sound: str

    @property
    def whole_remarked(self) -> str:
        """The remarked contract with what every contract begins with."""
        return _PREAMBLE + self.remarked

    @property
    def whole_sound(self) -> str:
        """The sound contract with what every contract begins with."""
        return _PREAMBLE + self.sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code, explained in four sentences or a few more.

    ``phase`` is that of a cause, ``severity`` the default one of a finding. ``next`` is None where the advice that the
    terminal report gives is all there is to do. ``twins`` show a remark of lint.
    """

    name: str
    kind: Kind
    means: str
    matters: str
    usual: str
    next: str | None = None
    phase: str | None = None
    severity: Severity | None = None
    example: Example | None = None
    twins: Twins | None = None


@cache
def list_entries() -> tuple[Entry, ...]:
    """Return all entries: findings, causes by phase, exit codes, notes, remarks of lint, each in its table's order."""
    return (*_findings(), *_causes(), *_others(), *_remarks())


def find(name: str) -> tuple[Entry, ...]:
    """Return the entries called ``name``: several where one word stands for causes in several phases.

    Raises UsageError where there is none, with what may have been meant.
    """
    found = tuple(entry for entry in list_entries() if entry.name == name)
    if not found:
        names = [entry.name for entry in list_entries()]
        near = get_close_matches(name.lower(), names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`wscheck explain` lists them all"
        raise UsageError(
            f"'{safe(shorten(name, 80))}' is no finding code, cause, exit code, note or code of lint; {hint}"
        )
    return found


def name_kinds(entry: Entry) -> str:
    """Return in a few words what ``entry`` is about, such as "a cause, in phase tcp"."""
    match entry.kind:
        case "finding":
            return f"a finding, of severity {entry.severity} by default"
        case "cause":
            return f"a cause, in phase {entry.phase}"
        case "exit code":
            return "an exit code"
        case "note":
            return "a note about wscheck itself"
        case "lint":
            return "a remark of wscheck lint"


def _findings() -> Iterator[Entry]:
    for name, members in _read("codes.yaml").items():
        words = {word: members[word] for word in ("means", "matters", "usual", "next")}
        example = Example(
            contract=members["contract"],
            conforming=tuple(members["conforming"]),
            breaking=tuple(members["breaking"]),
        )
        yield Entry(name=name, kind="finding", severity=CODES[name], example=example, **words)


def _causes() -> Iterator[Entry]:
    for phase, causes in _read("causes.yaml").items():
        for name, members in causes.items():
            yield Entry(name=name, kind="cause", phase=phase, **members)


def _others() -> Iterator[Entry]:
    kinds: tuple[Kind, ...] = ("exit code", "note")
    tables = _read("others.yaml")
    for kind in kinds:
        for name, members in tables[kind].items():
            yield Entry(name=name, kind=kind, **members)


def _remarks() -> Iterator[Entry]:
    for name, members in _read("lint.yaml").items():
        words = {word: members[word] for word in ("means", "matters", "usual", "next")}
        twins = Twins(remarked=members["contract"], sound=members["twin"]) if "contract" in members else None
        yield Entry(name=name, kind="lint", twins=twins, **words)


def _read(name: str) -> Mapping[str, Any]:
    value: Mapping[str, Any] = read_document(_FOLDER / name).value
    return value
