"""The judges of mutants: each mutant has a process of its own, and is shown streams and tests until one condemns it.

A pytest plugin: pytest collects the tests, then this takes the turn. Of streams and tests, a mutant is shown those in
which the function that it changes is called, the quickest first.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutants.children import in_child, read_child, start_child
from tests.mutants.mutant import Mutant
from tests.mutants.score import Fate
from tests.mutants.streams import Case, read_again
from tests.mutants.watch import Watch

PATIENCE = 5
"""How many times longer a judge may take than without the mutant, before that counts as seen."""

EXAMPLES = 60
"""How many hypothesis shows to each law."""

SPARE = 1 << 30
"""Bytes that a mutant may take beyond what is there already."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """One thing that a mutant is shown: ``run`` says whether it stands. ``seconds`` of CPU without a mutant.

    ``calls`` are the functions it runs through, ``reads`` those by which its contract is read.
    """

    name: str
    run: Callable[[bool], bool]
    calls: frozenset[int]
    reads: frozenset[int]
    seconds: float


class Judges:
    """Judges ``mutants`` once the tests are collected, ``processes`` at a time, and tells ``told`` of each."""

    def __init__(
        self, mutants: Sequence[Mutant], cases: Iterable[Case], told: Callable[[Fate], None], processes: int
    ) -> None:
        self.mutants = mutants
        self.cases = list(cases)
        self.told = told
        self.processes = processes
        self.condemned: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Have hypothesis look the same way each time, and not look for the smallest example."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile(
            "mutants", deadline=None, derandomize=True, database=None, phases=phases, max_examples=EXAMPLES
        )
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge the mutants instead of running the tests."""
        if session.testsfailed:
            self.condemned += ["what could not be collected"]
            return True
        trials, self.condemned = in_child(lambda: self._try_out(session.items))
        shown: list[Case | pytest.Item] = [*self.cases, *session.items]
        runs = {_name(each): each for each in shown}
        ready = [Trial(run=_runner(runs[name]), name=name, **facts) for name, facts in trials]
        if not self.condemned:
            self._judge_all(sorted(ready, key=lambda each: each.seconds))
        return True

    def _try_out(self, items: Sequence[pytest.Item]) -> tuple[list[tuple[str, dict[str, Any]]], list[str]]:
        """Show everything to the engine as it is: what runs through what, how long it takes, and what fails."""
        watch = Watch(each.function for each in self.mutants)
        trials: list[tuple[str, dict[str, Any]]] = []
        failed = []
        shown: list[Case | pytest.Item] = [*self.cases, *items]
        for one in shown:
            if isinstance(one, Case):
                watch.run(f"reading {id(one.subject)}", partial(read_again, one.subject))
            begun = process_time()
            stood = watch.run(_name(one), partial(_runner(one), False))
            trials.append((_name(one), {"seconds": process_time() - begun}))
            failed += [] if stood else [_name(one)]
        calls = watch.calls()
        for (name, facts), one in zip(trials, shown, strict=True):
            facts["calls"] = calls[name]
            facts["reads"] = calls[f"reading {id(one.subject)}"] if isinstance(one, Case) else frozenset()
        return trials, failed

    def _judge_all(self, trials: Sequence[Trial]) -> None:
        """Judge every mutant, so many at a time as there may be processes."""
        waiting, running = list(reversed(self.mutants)), dict[int, tuple[Mutant, int]]()
        while waiting or running:
            while waiting and len(running) < self.processes:
                mutant = waiting.pop()
                number = id(mutant.function)
                shown = [each for each in trials if number in each.calls | each.reads]
                pid, end = start_child(partial(judge_one, mutant, shown), silent=True)
                running[pid] = mutant, end
            pid, status = os.waitpid(-1, 0)
            mutant, end = running.pop(pid)
            self.told(_fate(mutant, status, read_child(end), trials))


def judge_one(mutant: Mutant, trials: Sequence[Trial], *, patience: float = PATIENCE) -> str | None:
    """Show a mutant everything; return the name of what condemned it, None where nothing did.

    The process is ended by a signal where a trial takes ``patience`` seconds and so many times longer than it did.
    """
    resource.setrlimit(resource.RLIMIT_AS, (_size() + SPARE, resource.RLIM_INFINITY))
    mutant.put_in_place()
    for trial in trials:
        until = process_time() + patience * trial.seconds + patience
        resource.setrlimit(resource.RLIMIT_CPU, (int(until) + 1, resource.RLIM_INFINITY))
        if not trial.run(id(mutant.function) in trial.reads):
            return trial.name
    return None


def _runner(one: Case | pytest.Item) -> Callable[[bool], bool]:
    """What shows a stream or a test to the engine; it is told whether the contract has to be read again."""
    if isinstance(one, Case):
        return lambda again: _is_found_in_order(one, again)
    return lambda _: all(each.passed or each.skipped for each in runtestprotocol(one, log=False, nextitem=None))


def _is_found_in_order(case: Case, again: bool) -> bool:
    try:
        return case.stands(read_again(case.subject) if again else case.subject)
    except Exception:  # noqa: BLE001  an engine that breaks down has been seen to be changed
        return False


def _name(one: Case | pytest.Item) -> str:
    return f"{one.name} #{id(one)}" if isinstance(one, Case) else one.nodeid


def _fate(mutant: Mutant, status: int, told: Any, trials: Sequence[Trial]) -> Fate:
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError(f"the judges broke down before {mutant.name}")
    reached = any(id(mutant.function) in each.calls | each.reads for each in trials)
    by = "it did not come to an end" if os.WIFSIGNALED(status) else told and told.partition(" #")[0]
    return Fate(name=mutant.name, module=mutant.module, by=by or None, reached=reached)


def _size() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
