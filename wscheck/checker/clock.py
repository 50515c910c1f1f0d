"""Deadlines of one connection: found at the next record after they passed, judged by proof of attention."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf

from wscheck.checker.alarm import Alarm
from wscheck.checker.findings import Draft
from wscheck.finding import Verdict
from wscheck.timing import has_passed


@dataclass(slots=True)
class Clock:
    """What is due, and what would prove that nothing was overlooked.

    Absence needs proof of attention: a message or a pong after the deadline, with no stall of ours and no limit hit
    since the waiting began. Times are in seconds since the run began.
    """

    _alarms: list[Alarm] = field(default_factory=list)
    _made: int = 0
    _idle: int = 0
    _unproven: list[tuple[Draft, int]] = field(default_factory=list)
    _disturbed: int = 0
    _disturbed_at: float = -inf
    _alive_at: float = -inf

    def set(self, due: float, passed: Callable[[float], None]) -> Alarm:
        """Call ``passed`` with the time of the first record that comes after ``due``."""
        self._made += 1
        alarm = Alarm(due, self._made, passed)
        heapq.heappush(self._alarms, alarm)
        return alarm

    def call_off(self, alarm: Alarm) -> None:
        """Forget ``alarm``. What is called off does not pile up: the cost is that of a few set alarms each."""
        if alarm.passed:
            alarm.passed = None
            self._idle += 1
        if self._idle > 1000 and self._idle * 2 > len(self._alarms):
            self._alarms = [one for one in self._alarms if one.passed]
            heapq.heapify(self._alarms)
            self._idle = 0

    def passed(self, now: float) -> Iterator[Callable[[float], None]]:
        """Take and yield what fell due before ``now``."""
        while self._alarms and has_passed(self._alarms[0].due, now):
            alarm = heapq.heappop(self._alarms)
            passed, alarm.passed = alarm.passed, None
            if passed:
                yield passed
            else:
                self._idle -= 1

    def disturb(self, index: int, at: float) -> None:
        """Remember that wscheck itself was not attentive at record ``index``."""
        self._disturbed, self._disturbed_at = index, at

    def is_undisturbed(self, since: int) -> bool:
        """Whether wscheck was attentive ever since record ``since``."""
        return self._disturbed <= since

    def judge_later(self, draft: Draft | None, since: int) -> None:
        """Leave ``draft`` inconclusive until there is proof. Its waiting began at record ``since``."""
        if draft:
            draft.amend(verdict=Verdict.INCONCLUSIVE)
            self._unproven.append((draft, since))

    def judge_wait(self, draft: Draft | None, *, since: float, due: float) -> None:
        """Judge what was awaited from ``since`` to ``due``, two times: at once where there is proof, else later."""
        if draft and self._disturbed_at <= since and self._alive_at > due:
            draft.amend(verdict=Verdict.FAIL)
        elif self._disturbed_at <= since:
            self.judge_later(draft, self._disturbed)

    def prove(self, at: float) -> None:
        """The connection is alive here: all absences found so far were real, where nothing disturbed us."""
        self._alive_at = at
        for draft, since in self._unproven:
            if self.is_undisturbed(since):
                draft.amend(verdict=Verdict.FAIL)
        self._unproven.clear()
