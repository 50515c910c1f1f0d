"""How much memory the check of a large capture takes."""

from __future__ import annotations

import sys

from benchmarks.line import Bound, Line
from benchmarks.measure import launch
from benchmarks.stream import Wanted
from benchmarks.workshop import Workshop

_MEBIBYTE = 1 << 20


def measure_memory(workshop: Workshop) -> list[Line]:
    """Measure the peak of checking a large capture, above that of a process that only imports the command."""
    wanted = Wanted(size=workshop.sizes.memory)
    made = workshop.make(wanted)
    bare = launch([sys.executable, "-c", "import wscheck.cli"], workshop.output).peak
    peak = workshop.check(made)().peak
    workshop.drop(wanted)
    above = (peak - bare) / _MEBIBYTE
    most = Bound(most=64)
    return [
        Line(
            what=f"peak memory, checking {made.size / 1e6:,.0f} MB",
            against="above the imports",
            middle=above,
            unit=" MiB",
            aim=most,
            limit=most,
            aside=f"{peak / _MEBIBYTE:.1f} MiB, of which imports {bare / _MEBIBYTE:.1f} MiB",
        )
    ]
