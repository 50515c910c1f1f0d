"""Measuring: whose turn it is, what a process took, and what the table makes of it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.line import Bound, Line, compare
from benchmarks.measure import BenchmarkError, Cost, Costs, launch, take_turns
from benchmarks.rows import ROWS
from benchmarks.table import BEGIN, END, README, gather_versions, show_table, show_versions, write_between_markers
from benchmarks.workshop import NEXT_TO_NOTHING, Sizes, Workshop


def costs(*seconds: float) -> Costs:
    return Costs(rounds=tuple(Cost(cpu=each, wall=2 * each) for each in seconds))


def test_the_subjects_take_turns_and_none_is_always_the_first() -> None:
    turns: list[str] = []

    def subject(name: str) -> Cost:
        turns.append(name)
        return Cost(cpu=len(turns), wall=0)

    measured = take_turns({name: lambda name=name: subject(name) for name in "ABC"}, 3)  # type: ignore[misc]
    assert "".join(turns) == "ABCCBAABC"
    assert measured["A"].cpu == (1, 6, 7)


def test_what_a_process_takes_is_its_own_and_not_that_of_who_started_it(tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass\nprint('done')"
    ballast = bytearray(200 << 20)
    cost = launch([sys.executable, "-c", burn], tmp_path / "output")
    assert (tmp_path / "output").read_text(encoding="utf-8") == "done\n"
    assert 0.3 <= cost.cpu <= cost.wall + 0.1
    assert 1 << 20 < cost.peak < len(ballast)


def test_a_process_that_exits_with_another_code_than_is_due_is_no_measure(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('sorry'); raise SystemExit(3)"]
    with pytest.raises(BenchmarkError, match=r"exited with 3, where 0 was due: sorry"):
        launch(command, tmp_path / "output")
    assert launch(command, tmp_path / "output", due=3).cpu > 0


def test_the_cost_of_one_event_is_without_the_start_up() -> None:
    each = costs(5, 7).each(2, less=costs(0, 1, 9))
    assert (each.cpu, each.wall) == ((2, 3), (4, 6))


def test_a_line_has_the_ratio_of_the_least_and_the_median_of_the_rounds_own() -> None:
    line = compare("ours", costs(2, 6, 4), "theirs", costs(1, 1, 4), aim=Bound(most=2), limit=Bound(most=4))
    assert (line.least, line.middle, line.wall) == (2, 2, 2)
    assert line.verdict == "met"


@pytest.mark.parametrize(
    ("middle", "aim", "limit", "verdict"),
    [
        (2.5, Bound(most=2.5), Bound(most=4), "met"),
        (2.6, Bound(most=2.5), Bound(most=4), "kept"),
        (4.1, Bound(most=2.5), Bound(most=4), "MISSED"),
        (1.1, Bound(most=1), None, "missed"),
        (0.8, Bound(least=0.9, most=1.1), Bound(least=0.9, most=1.1), "MISSED"),
        (0.6, Bound(least=0.8), Bound(least=0.5), "kept"),
        (7.0, None, None, ""),
    ],
)
def test_a_line_says_whether_its_aim_was_met(
    middle: float, aim: Bound | None, limit: Bound | None, verdict: str
) -> None:
    assert Line(what="", against="", middle=middle, aim=aim, limit=limit).verdict == verdict


def test_the_table_shows_ratios_and_bounds_and_no_times() -> None:
    line = compare("ours", costs(0.025), "theirs", costs(0.01), aim=Bound(least=0.9, most=1.1), limit=Bound(most=4))
    peak = Line(what="memory", against="imports", middle=12.34, unit=" MiB", limit=Bound(least=0.5))
    shown = show_table([line, peak]).splitlines()
    assert [[cell.strip() for cell in row.strip("|").split("|")] for row in shown[2:]] == [
        ["ours", "theirs", "2.50", "2.50", "2.50", "0.9 to 1.1", "≤ 4", "kept"],
        ["memory", "imports", "12.3 MiB", "", "", "", "≥ 0.5", "kept"],
    ]
    assert len({len(row) for row in shown}) == 1


def test_the_versions_of_all_that_took_part_are_told_with_the_date() -> None:
    told = show_versions(gather_versions(None))
    assert told.startswith("Measured on 20")
    assert all(name in told for name in ("jsonschema-rs ", "orjson ", "wscheck-contracts ", "websockets "))


def test_the_table_replaces_what_stands_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    for text in ("first", "new"):
        write_between_markers(text, page)
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    page.write_text("no markers", encoding="utf-8")
    with pytest.raises(ValueError, match="must have the lines"):
        write_between_markers("new", page)
    assert README.read_text(encoding="utf-8").count(BEGIN) == README.read_text(encoding="utf-8").count(END) == 1


def test_a_check_that_did_not_read_every_record_is_no_measure(tmp_path: Path) -> None:
    workshop = Workshop(folder=tmp_path, sizes=Sizes())
    made = workshop.make(NEXT_TO_NOTHING)
    with pytest.raises(BenchmarkError, match=f"did not tell of {made.records + 1} records"):
        workshop.check(replace(made, records=made.records + 1))()


def test_a_row_is_measured_with_the_real_command(tmp_path: Path) -> None:
    sizes = Sizes(events=300, few_rounds=1)
    (line,) = ROWS["faults"](Workshop(folder=tmp_path, sizes=sizes))
    assert (line.what, line.against) == ("an event, 1 % faulty", "none faulty")
