"""One line of the table: a ratio, what it should be, and what it must be."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from statistics import median

from benchmarks.measure import Costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """From ``least`` to ``most``, both included."""

    least: float = -inf
    most: float = inf

    def holds(self, value: float) -> bool:
        """Whether ``value`` is in it."""
        return self.least <= value <= self.most

    def __str__(self) -> str:
        if self.least == -inf:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.most == inf else f"{self.least:g} to {self.most:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``what`` as a multiple of ``against``.

    ``least`` is the ratio of the rounds that took least of each, ``middle`` the median of the rounds' own ratios, both
    of processor time unless the words say otherwise; ``wall`` is as ``middle``, of wall time. ``aim`` is what is
    wanted of ``middle``, ``limit`` what it must not pass. ``aside`` is said on the terminal only: what depends on the
    machine.
    """

    what: str
    against: str
    middle: float
    least: float | None = None
    wall: float | None = None
    unit: str = ""
    aim: Bound | None = None
    limit: Bound | None = None
    aside: str = ""

    @property
    def verdict(self) -> str:
        """Whether the aim was met, or at least the limit kept."""
        if self.aim and self.aim.holds(self.middle):
            return "met"
        if self.limit is None:
            return "missed" if self.aim else ""
        return "kept" if self.limit.holds(self.middle) else "MISSED"


def compare(
    what: str,
    ours: Costs,
    against: str,
    theirs: Costs,
    *,
    rate: bool = False,
    aim: Bound | None = None,
    limit: Bound | None = None,
) -> Line:
    """Return the line that says what multiple of ``theirs`` ``ours`` is; both are costs of one event.

    Where ``rate`` is said, the ratio is that of the events a second.
    """
    above, below = (theirs, ours) if rate else (ours, theirs)
    return Line(
        what=what,
        against=against,
        least=min(above.cpu) / min(below.cpu),
        middle=median(a / b for a, b in zip(above.cpu, below.cpu, strict=True)),
        wall=median(a / b for a, b in zip(above.wall, below.wall, strict=True)),
        aim=aim,
        limit=limit,
        aside=f"{show_times(ours)} : {show_times(theirs)}",
    )


def show_times(costs: Costs) -> str:
    """Return processor and wall time, the least and the median, in microseconds."""
    cpu, wall = (f"{min(each) * 1e6:.1f}/{median(each) * 1e6:.1f}" for each in (costs.cpu, costs.wall))
    return f"{cpu} µs (wall {wall})"
