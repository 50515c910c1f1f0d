"""One instance's way through its order: each event is taken, or is one fault and the way goes on.

The automaton goes on as if the stream had been right, so that one fault makes one finding.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TypeAlias

from wscheck.finding import EventRef
from wscheck.order.automaton import Automaton


@dataclass(slots=True, eq=False)
class Debt:
    """One `missing` fault: what it skipped may still come. ``report`` is kept for whoever reports it."""

    report: object = None


@dataclass(slots=True)
class Owed:
    """The names that were skipped and have not come yet, each with its debts, oldest first."""

    _debts: dict[str, deque[Debt]] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self._debts

    def add(self, name: str, debt: Debt) -> None:
        """Remember that ``name`` was skipped."""
        self._debts.setdefault(name, deque()).append(debt)

    def pay(self, name: str) -> Debt:
        """Take the oldest debt of ``name``. Raises KeyError where it is not owed."""
        debts = self._debts[name]
        if len(debts) == 1:
            del self._debts[name]
        return debts.popleft()


@dataclass(frozen=True, slots=True)
class Taken:
    """The order has a way on for it."""


TAKEN = Taken()


@dataclass(frozen=True, slots=True)
class Paid:
    """It was skipped earlier, and comes now."""

    debt: Debt


@dataclass(frozen=True, slots=True)
class Duplicate:
    """It repeats the last event."""


@dataclass(frozen=True, slots=True)
class AfterEnd:
    """Nothing more may come."""


@dataclass(frozen=True, slots=True)
class Missing:
    """It is allowed only after ``names``, which did not come."""

    names: tuple[str, ...]
    debt: Debt


@dataclass(frozen=True, slots=True)
class Unexpected:
    """It has no place here, nor soon. ``expected`` has."""

    expected: tuple[str, ...]


Step: TypeAlias = Taken | Paid | Duplicate | AfterEnd | Missing | Unexpected
StepAtEnd: TypeAlias = Paid | Duplicate | AfterEnd


@dataclass(slots=True)
class Remains:
    """What is kept of an ended way: its last event and what it is owed.

    ``ended`` orders endings; ``end`` is the event that ended it.
    """

    last: str | None
    owed: Owed
    ended: int
    end: EventRef

    def give(self, name: str) -> StepAtEnd:
        """Say what an event is that comes after the end. It does not become the last event."""
        if name in self.owed:
            return Paid(self.owed.pay(name))
        return Duplicate() if name == self.last else AfterEnd()


@dataclass(slots=True)
class Progress:
    """An instance's state in its automaton.

    ``last`` is the last name that was given; ``confused`` says whether the last event was unexpected.
    """

    automaton: Automaton
    state: int = 0
    last: str | None = None
    owed: Owed = field(default_factory=Owed)
    confused: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the order could end here."""
        return self.automaton.accepting[self.state]

    @property
    def exhausted(self) -> bool:
        """Whether the order could end here and cannot go on."""
        return self.automaton.exhausted(self.state)

    @property
    def expected(self) -> tuple[str, ...]:
        """The names that are taken here."""
        return tuple(self.automaton.moves[self.state])

    def gives_way_to(self, name: str) -> bool:
        """Whether ``name`` cannot go on here but can begin anew."""
        return (
            self.accepted
            and name not in self.automaton.moves[self.state]
            and self.automaton.starts(name)
            and name not in self.owed
        )

    def give(self, name: str, *, opening: bool = False) -> Step:
        """Take one step. ``opening``: ``name`` is an inner scope, of which an instance opens."""
        there = self.automaton.moves[self.state].get(name)
        if name in self.owed:
            step: Step = Paid(self.owed.pay(name))
        elif there is not None:
            self.state, self.last, self.confused = there, name, False
            return TAKEN
        else:
            step = self._find_fault(name, opening)
        self.last = name
        if not isinstance(step, Duplicate):
            self.confused = isinstance(step, Unexpected)
        return step

    def _find_fault(self, name: str, opening: bool) -> Step:
        moves = self.automaton.moves
        if name == self.last and not opening:
            return Duplicate()
        if self.exhausted:
            return AfterEnd()
        path = self.automaton.path(self.state, name)
        if path is None:
            return Unexpected(self.expected)
        debt = Debt()
        for skipped in path:
            self.state = moves[self.state][skipped]
            self.owed.add(skipped, debt)
        self.state = moves[self.state][name]
        return Missing(path, debt)
