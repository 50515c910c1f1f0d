"""What judges the engine's mutants: it sees what is changed, lets go what is not, and counts right."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from functools import partial
from types import FunctionType
from typing import Any

import pytest

from tests.mutants import score
from tests.mutants.children import in_child, read_child, start_child
from tests.mutants.judging import Trial, judge_one
from tests.mutants.mutant import Mutant
from tests.mutants.score import Fate
from tests.mutants.streams import make_cases, read_again
from tests.mutants.watch import Watch

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
"""A worker of pytest-xdist has threads; the copies that are made of it here use none of what they may hold."""


def double(number: int) -> int:
    assert number < 9
    return 2 * number


def triple(number: int) -> int:
    assert number < 9
    return 3 * number


def for_ever(number: int) -> int:
    while True:
        number += 1


def mutant(instead: FunctionType) -> Mutant:
    text = "def double(number: int) -> int:\n    assert number < 9\n    return 3 * number"
    return Mutant(name="m.x_double__mutmut_1", module="m", function=_real(double), instead=instead, text=text)


def trial(name: str, run: Any) -> Trial:
    return Trial(name=name, run=lambda _: run(), calls=frozenset(), reads=frozenset(), seconds=0)


TRIALS = [trial("of nothing", lambda: double(0) == 0), trial("of three", lambda: double(3) == 6)]


def test_a_mutant_is_condemned_by_the_first_that_sees_it_and_lives_only_in_its_process() -> None:
    assert in_child(lambda: judge_one(mutant(_real(triple)), TRIALS)) == "of three"
    assert double(3) == 6


def test_a_mutant_that_changes_nothing_survives() -> None:
    assert in_child(lambda: judge_one(mutant(_real(double)), TRIALS)) is None


def test_a_mutant_that_never_ends_is_ended() -> None:
    pid, end = start_child(partial(judge_one, mutant(_real(for_ever)), TRIALS, patience=0), silent=True)
    assert read_child(end) is None
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGXCPU


def test_a_judge_that_breaks_down_is_no_verdict(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError):
        in_child(lambda: judge_one(mutant(_real(double)), [trial("of no use", lambda: 1 / 0)]))
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_what_was_changed_is_shown_as_a_difference() -> None:
    shown = mutant(_real(triple)).difference()
    assert shown.startswith("## m.x_double__mutmut_1\n")
    assert "-    return 2 * number" in shown
    assert "+    return 3 * number" in shown


def test_the_watch_tells_what_runs_through_a_function() -> None:
    def look() -> dict[str, frozenset[int]]:
        watch = Watch([_real(double), _real(triple)])
        watch.run("one", lambda: double(1))
        watch.run("both", lambda: double(1) + triple(1))
        watch.run("none", lambda: 1)
        calls = watch.calls()
        return {name: calls[name] for name in ("one", "both", "none")}

    ids = frozenset({id(double), id(triple)})
    assert in_child(look) == {"one": frozenset({id(double)}), "both": ids, "none": frozenset()}


def test_a_stream_condemns_an_engine_that_finds_something_else() -> None:
    for case in make_cases(range(3), 1, 0):
        assert case.stands(case.subject)
        assert case.stands(read_again(case.subject))
        due = case.due
        assert not replace(case, due=replace(due, verdict="none", exit_code=0)).stands(case.subject)
        more = [*due.rows, ("missing", None, "P", None, 1, (), "fail")]
        assert not replace(case, due=replace(due, rows=more)).stands(case.subject)


@pytest.mark.parametrize(
    ("killed", "judged", "total", "low", "high"),
    [
        (90, 100, 100, 0.9, 0.9),  # all of them: nothing is left to chance
        (0, 0, 50, 0.0, 1.0),
        (90, 100, 10**9, 0.826, 0.945),  # Wilson's interval
        (100, 100, 10**9, 0.963, 1.0),
        (285, 300, 5000, 0.920, 0.969),
    ],
)
def test_a_sample_says_how_sure_it_is(killed: int, judged: int, total: int, low: float, high: float) -> None:
    assert score.interval(killed, judged, total) == pytest.approx((low, high), abs=0.002)


def test_the_table_counts_each_module_and_all_together() -> None:
    fates = [Fate(name="1", module="a", by="x"), Fate(name="2", module="a", by=None, reached=False)]
    fates += [Fate(name="3", module="b", by="y"), Fate(name="4", module="b", by="y")]
    assert list(score.table(fates, {"a": 2, "b": 2})) == [
        "module  mutants  judged  killed  not run  score",
        "a             2       2       1        1   50.0",
        "b             2       2       2        0  100.0",
        "all           4       4       3        1   75.0",
        "3 of all 4 mutants are killed: 75.0 %",
    ]
    told = list(score.table(fates, {"a": 20, "b": 20, "c": 3}))
    assert told[3].split() == ["c", "3", "0", "0", "0", "-"]
    assert told[-1].startswith("3 of 4 mutants, drawn from 43, are killed: 75.0 %; of all, ")


def _real(function: Any) -> FunctionType:
    assert isinstance(function, FunctionType)
    return function
