"""Deadlines of one connection: found at the next record after they passed, judged by proof of attention."""

from __future__ import annotations

import heapq
from bisect import bisect_left
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
    since the waiting began. A stall that is too short to count as one still counts for what fell due in it: that may
    have come in time, and was read late. Times are in seconds since the run began.
    """

    _alarms: list[tuple[float, int, Alarm]] = field(default_factory=list)
    _made: int = 0
    _idle: int = 0
    _unproven: list[tuple[Draft, int]] = field(default_factory=list)
    _slept: list[tuple[float, float]] = field(default_factory=list)
    _disturbed: int = 0
    _disturbed_at: float = -inf
    _alive_at: float = -inf

    def set(self, due: float, passed: Callable[[float], None]) -> Alarm:
        """Call ``passed`` with the time of the first record that comes after ``due``."""
        self._made += 1
        alarm = Alarm(passed)
        heapq.heappush(self._alarms, (due, self._made, alarm))
        return alarm

    def call_off(self, alarm: Alarm) -> None:
        """Forget ``alarm``. What is called off does not pile up: the cost is that of a few set alarms each."""
        if alarm.passed:
            alarm.passed = None
            self._idle += 1
        if self._idle > 1000 and self._idle * 2 > len(self._alarms):
            self._alarms = [one for one in self._alarms if one[2].passed]
            heapq.heapify(self._alarms)
            self._idle = 0

    def is_due(self, now: float) -> bool:
        """Whether anything fell due before ``now``."""
        return bool(self._alarms) and has_passed(self._alarms[0][0], now)

    def passed(self, now: float) -> Iterator[Callable[[float], None]]:
        """Take and yield what fell due before ``now``."""
        while self.is_due(now):
            _, _, alarm = heapq.heappop(self._alarms)
            passed, alarm.passed = alarm.passed, None
            if passed:
                yield passed
            else:
                self._idle -= 1

    def disturb(self, index: int, at: float) -> None:
        """Remember that wscheck itself was not attentive at record ``index``."""
        self._disturbed, self._disturbed_at = index, at

    def sleep(self, since: float, until: float) -> None:
        """Remember that wscheck stood still between two times: nothing shows what came meanwhile."""
        self._slept.append((since, until))

    def was_awake(self, due: float) -> bool:
        """Whether wscheck did not stand still when something was ``due``."""
        place = bisect_left(self._slept, due, key=lambda slept: slept[1])
        return place == len(self._slept) or due < self._slept[place][0]

    def is_undisturbed(self, since: int) -> bool:
        """Whether wscheck was attentive ever since record ``since``."""
        return self._disturbed <= since

    def judge_later(self, draft: Draft | None, since: int, due: float) -> None:
        """Leave ``draft`` inconclusive until there is proof. Its waiting began at record ``since``, until ``due``."""
        if draft:
            draft.amend(verdict=Verdict.INCONCLUSIVE)
            if self.was_awake(due):
                self._unproven.append((draft, since))

    def judge_wait(self, draft: Draft | None, *, since: float, due: float) -> None:
        """Judge what was awaited from ``since`` to ``due``, two times: at once where there is proof, else later."""
        if self._disturbed_at > since or not self.was_awake(due):
            return
        if draft and self._alive_at > due:
            draft.amend(verdict=Verdict.FAIL)
        else:
            self.judge_later(draft, self._disturbed, due)

    def prove(self, at: float) -> None:
        """The connection is alive here: all absences found so far were real, where nothing disturbed us."""
        self._alive_at = at
        if self._unproven:
            for draft, since in self._unproven:
                if self.is_undisturbed(since):
                    draft.amend(verdict=Verdict.FAIL)
            self._unproven.clear()
