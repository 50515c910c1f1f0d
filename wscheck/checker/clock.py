"""Deadlines of one connection: found at the next record after they passed, judged by proof of attention."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from wscheck.checker.findings import Draft
from wscheck.finding import Verdict

TOLERANCE = 1e-9
"""Seconds by which binary fractions may be off: a deadline that is met to the microsecond is met."""


@dataclass(slots=True)
class Clock:
    """What is due, and what would prove that nothing was overlooked.

    Absence needs proof of attention: a message or a pong after the deadline, with no stall of ours and no limit hit
    since the waiting began. Times are in seconds since the run began.
    """

    _due: list[tuple[float, int, Callable[[float], None]]] = field(default_factory=list)
    _made: int = 0
    _unproven: list[tuple[Draft, int]] = field(default_factory=list)
    _disturbed: int = 0

    def set(self, due: float, passed: Callable[[float], None]) -> None:
        """Call ``passed`` with the time of the first record that comes after ``due``."""
        self._made += 1
        heapq.heappush(self._due, (due, self._made, passed))

    def passed(self, now: float) -> Iterator[Callable[[float], None]]:
        """Take and yield what fell due before ``now``."""
        while self._due and now > self._due[0][0] + TOLERANCE:
            yield heapq.heappop(self._due)[2]

    def disturb(self, index: int) -> None:
        """Remember that wscheck itself was not attentive at record ``index``."""
        self._disturbed = index

    def judge_later(self, draft: Draft | None, since: int) -> None:
        """Leave ``draft`` inconclusive until there is proof. Its waiting began at record ``since``."""
        if draft:
            draft.amend(verdict=Verdict.INCONCLUSIVE)
            self._unproven.append((draft, since))

    def prove(self) -> None:
        """The connection is alive here: all absences found so far were real, where nothing disturbed us."""
        for draft, since in self._unproven:
            if self._disturbed <= since:
                draft.amend(verdict=Verdict.FAIL)
        self._unproven.clear()
