"""Side by side: each subject a fresh process on one core, in turn, round after round."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias, TypeVar

_LAUNCHER = Path(__file__).with_name("launch.py")
Name = TypeVar("Name")


class BenchmarkError(Exception):
    """Something did not do what was to be measured; ``str()`` says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process took: seconds of processor and wall time, bytes of memory at its peak, and what it told."""

    cpu: float
    wall: float
    peak: int = 0
    told: Mapping[str, Any] = field(default_factory=dict)


Subject: TypeAlias = Callable[[], Cost]
"""Something to measure: called once a round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one subject took, round by round."""

    rounds: tuple[Cost, ...]

    @property
    def cpu(self) -> tuple[float, ...]:
        """Seconds of processor time."""
        return tuple(cost.cpu for cost in self.rounds)

    @property
    def wall(self) -> tuple[float, ...]:
        """Seconds of wall time."""
        return tuple(cost.wall for cost in self.rounds)

    def each(self, count: float, *, less: Costs | None = None) -> Costs:
        """Return the cost of one of ``count`` parts, without the median of ``less``, such as a start-up."""
        cpu, wall = (median(less.cpu), median(less.wall)) if less else (0.0, 0.0)
        return Costs(
            rounds=tuple(Cost(cpu=(cost.cpu - cpu) / count, wall=(cost.wall - wall) / count) for cost in self.rounds)
        )


def take_turns(subjects: Mapping[Name, Subject], rounds: int) -> dict[Name, Costs]:
    """Measure the subjects in turn, A B A B …, every second round backwards, so that none is always the first."""
    costs: dict[Name, list[Cost]] = {name: [] for name in subjects}
    for number in range(rounds):
        for name in list(subjects) if number % 2 == 0 else reversed(list(subjects)):
            costs[name].append(subjects[name]())
    return {name: Costs(rounds=tuple(each)) for name, each in costs.items()}


def launch(command: Sequence[str], output: Path, *, due: int = 0) -> Cost:
    """Run ``command`` in a fresh process on one core, its standard output in ``output``, and return what it took.

    Raises BenchmarkError where it exits with another code than ``due``.
    """
    launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), find_core(), str(output)]
    ran = subprocess.run([*launcher, *command], stdout=subprocess.PIPE, check=True)
    cost = json.loads(ran.stdout)
    if cost["code"] != due:
        said = output.read_text(encoding="utf-8", errors="replace")[-500:]
        raise BenchmarkError(f"{' '.join(command)} exited with {cost['code']}, where {due} was due: {said}")
    return Cost(cpu=cost["cpu"], wall=cost["wall"], peak=cost["peak"])


def launch_loop(command: Sequence[str], output: Path) -> Cost:
    """Run a command that times itself and prints JSON: ``cpu`` and ``wall`` in seconds, and whatever else it tells."""
    launch(command, output)
    told = json.loads(output.read_text(encoding="utf-8"))
    return Cost(cpu=told.pop("cpu"), wall=told.pop("wall"), told=told)


def find_core() -> str:
    """Return the core that everything is measured on: the last that is ours; "any" where none can be chosen."""
    return str(max(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else "any"
