"""What is measured: a table of functions, each of which measures its subjects side by side and gives lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from benchmarks.line import Line
from benchmarks.rows.growth import measure_faults, measure_length, measure_open
from benchmarks.rows.live import measure_live
from benchmarks.rows.memory import measure_memory
from benchmarks.rows.rivals import measure_rivals
from benchmarks.workshop import Workshop

Measure: TypeAlias = Callable[[Workshop], list[Line]]

ROWS: Mapping[str, Measure] = {
    "rivals": measure_rivals,
    "length": measure_length,
    "open": measure_open,
    "faults": measure_faults,
    "memory": measure_memory,
    "live": measure_live,
}
