"""What is measured: a fault, the cell it belongs to, what survived, and the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

from wscheck.record import Record
from wscheck.result import ContractInfo
from wscheck.strength.specimen import Place, Specimen

Operator: TypeAlias = Literal[
    "drop",
    "duplicate",
    "swap",
    "move",
    "reverse",
    "replay",
    "inject",
    "truncate",
    "delay",
    "retype",
    "unknown",
    "wrong-type",
    "missing-member",
    "null-id",
    "ghost-id",
    "crossed-id",
]

OPERATORS: Mapping[Operator, str] = {
    "drop": "the event never comes",
    "duplicate": "it comes twice, one right after the other",
    "swap": "it changes places with the event that comes next",
    "move": "it comes at another place, two or more events off",
    "reverse": "it and the two to four events after it come in reverse",
    "replay": "it comes once more, later",
    "inject": "it comes once more, before its time",
    "truncate": "it and all that the server sends after it never come",
    "delay": "it and all after it come late, by more than any deadline that speaks of it",
    "retype": "it says that it is another declared event",
    "unknown": "it says that it is an event that nobody declared",
    "wrong-type": "one of its members holds a value of another type",
    "missing-member": "one of its members is not there",
    "null-id": "an id in it is null",
    "ghost-id": "an id in it is one that nobody gave out",
    "crossed-id": "an id in it is that of another instance",
}
"""Every way in which a stream is broken, and what it does to the event that it is about."""

Edit: TypeAlias = Callable[[Sequence[Record]], tuple[Record, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Mutant:
    """A good stream with one fault.

    ``detail`` is the JSON Pointer, the name or the seconds that it is about as well. ``touched`` are the events that
    come more or less often, or late, ``moved`` those that came one after the other and changed places, as they come
    now. ``value`` is what one event holds now, ``renamed`` the id that gave way to one that nobody gave out.
    """

    operator: Operator
    specimen: Specimen
    place: Place
    edit: Edit
    detail: str = ""
    touched: tuple[Place, ...] = ()
    moved: tuple[Place, ...] = ()
    value: Any = None
    renamed: str | None = None

    @property
    def event(self) -> str:
        """The name of the event that it is about."""
        return self.place.event.name

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The stream as it is now."""
        return self.edit(self.specimen.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The mutants of one operator and event: ``seen`` by the contract, ``allowed`` for they break nothing, the rest."""

    operator: Operator
    event: str
    seen: int = 0
    allowed: int = 0
    survived: int = 0

    @property
    def mutants(self) -> int:
        """How many there were."""
        return self.seen + self.allowed + self.survived


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """Faults of a kind that the contract does not see. ``count`` were made; the first is at ``index`` of ``capture``.

    ``detail`` is the JSON Pointer, the two events, the name or the seconds that it is about as well. ``verdict`` is
    what the first came to. ``remedy`` is YAML that would show it, tried on the captures; None where there is none.
    """

    operator: Operator
    event: str
    detail: str
    what: str
    why: str
    count: int
    capture: str
    index: int
    verdict: str
    remedy: str | None = None

    @property
    def sentence(self) -> str:
        """What cannot be seen, and why."""
        return f"{self.what} cannot be seen: {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """How many of the single faults in good streams a contract sees.

    ``allowed`` says, by reason, how many mutants are as right as the stream they were made from; they count for
    nothing. ``untried`` says in sentences what could not be tried.
    """

    contract: ContractInfo
    seed: int
    most: int
    captures: tuple[tuple[str, int], ...]
    cells: tuple[Cell, ...]
    survivors: tuple[Survivor, ...]
    allowed: Mapping[str, int]
    untried: tuple[str, ...] = ()

    @property
    def seen(self) -> int:
        """Faults that the contract sees: each makes a finding of severity error and verdict fail."""
        return sum(cell.seen for cell in self.cells)

    @property
    def faults(self) -> int:
        """Mutants that break something."""
        return sum(cell.seen + cell.survived for cell in self.cells)

    @property
    def score(self) -> float | None:
        """The share of the faults that is seen, None where there was no fault."""
        return self.seen / self.faults if self.faults else None
