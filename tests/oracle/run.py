"""The engine against the oracle, cell by cell: ``python -m tests.oracle.run --streams 100000`` prints the table.

It exits 1 where the judges differ anywhere, or where a cell has too few streams of either side to prove anything; what
they differ at is made small and kept in tests/corpus/.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from time import monotonic

from tests.oracle.cells import SHORT, Cell, all_cells, judge_stream, run_cell
from tests.oracle.corpus import keep
from tests.oracle.fuzz import samples
from tests.oracle.subjects import names, on_the_spot, subject
from tests.oracle.words import short_words
from wscheck.contract.load import parse_contract

MADE = "made by chance"
"""What stands for the contracts that are made at random, some shapes of which no protocol has."""

HEADS = ("streams", "conforming", "(mutants)", "violating", "undecided", "disagreements")
_BLOCK, _EACH = 25, 20
_KEPT = 5
_JUNIT = 3


def plan(contracts: Iterable[str], streams: int) -> list[tuple[str, str, int]]:
    """The cells, each with the streams it gets; every short word where there are streams enough for that."""
    cells = all_cells(list(contracts))
    share = streams // (len(cells) + 10)
    short = {name: sum(1 for _ in short_words(subject(name))) for name, column in cells if column == SHORT}
    due = {cell: min(max(share, streams // 70), short[cell[0]]) if cell[1] == SHORT else 0 for cell in cells}
    made = max(streams // 20 // (_BLOCK * _EACH), 1)
    each = (streams - sum(due.values()) - made * _BLOCK * _EACH) // sum(1 for cell in cells if cell[1] != SHORT)
    planned = [(contract, column, due[contract, column] or max(each, 1)) for contract, column in cells]
    return planned + [(MADE, str(number), _BLOCK * _EACH) for number in range(made)]


def run(task: tuple[str, str, int, int, int]) -> Cell:
    """One cell: its contract, its column, its streams, the least of each side, and the seed."""
    contract, column, streams, least, seed = task
    if contract != MADE:
        return run_cell(contract, column, streams=streams, least=least, seed=seed, junit=_JUNIT)
    cell = Cell(contract=MADE, column="any words")
    first = seed + 100_000 + int(column) * _BLOCK
    for number in range(first, first + _BLOCK):
        for document, made in samples(number, _EACH):
            held = on_the_spot(document, parse_contract(json.dumps(document)))
            for records, ended in made:
                judge_stream(cell, held, number, records, ended=ended, junit=cell.streams % _JUNIT == 0)
    return cell


class Table:
    """The table of cells on the standard output, a line at a time."""

    def __init__(self, planned: Iterable[tuple[str, str, int]], least: int) -> None:
        told = list(planned)
        self.least = least
        self.widths = max(len(contract) for contract, *_ in told), max(len(column) for _, column, _ in told)
        self._line("contract", "operator", HEADS)

    def tell(self, cell: Cell) -> None:
        """Print one cell."""
        values = (cell.streams, cell.conforming, cell.unseen, cell.violating, cell.undecided, len(cell.differing))
        told = [str(value).rjust(len(head)) for value, head in zip(values, HEADS, strict=True)]
        self._line(cell.contract, cell.column, [*told, *["VACUOUS"] * cell.is_vacuous(self.least)])

    def conclude(self, cells: list[Cell]) -> None:
        """Print what they come to together."""
        codes = sum((cell.codes for cell in cells), Counter[str]())
        differing, vacuous = sum(len(each.differing) for each in cells), sum(map(self._is_vacuous, cells))
        streams = sum(cell.streams for cell in cells)
        _say("findings: " + ", ".join(f"{code} {count}" for code, count in sorted(codes.items())))
        _say(f"{len(cells)} cells, {streams} streams, {differing} disagreements, {vacuous} cells vacuous")

    def _is_vacuous(self, cell: Cell) -> bool:
        return cell.is_vacuous(self.least)

    def _line(self, contract: str, column: str, told: Iterable[str]) -> None:
        _say("  ".join([contract.ljust(self.widths[0]), column.ljust(self.widths[1]), *told]))


def main() -> int:
    """Run all cells on all cores; return what the process exits with."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--streams", type=int, default=100_000, help="about how many in all (100000)")
    options.add_argument("--least", type=int, default=100, help="conforming and violating streams a cell needs (100)")
    options.add_argument("--seed", type=int, default=0, help="where chance begins: another seed, other streams (0)")
    options.add_argument("--contract", action="append", choices=names(), help="only this one; may be repeated")
    options.add_argument("--processes", type=int, default=os.cpu_count(), help="how many at once (one a core)")
    chosen = options.parse_args()
    begun = monotonic()
    least = min(chosen.least, chosen.streams // (4 * len(all_cells(chosen.contract or names()))))
    planned = plan(chosen.contract or names(), chosen.streams)
    tasks = [(contract, column, streams, least, chosen.seed * 1_000_000) for contract, column, streams in planned]
    table, made, cells = Table(planned, least), Cell(contract=MADE, column="any words"), list[Cell]()
    with ProcessPoolExecutor(chosen.processes) as pool:
        for cell in pool.map(run, tasks):
            if cell.contract == MADE:
                made.add(cell)
            else:
                table.tell(cell)
                cells.append(cell)
    table.tell(made)
    table.conclude([*cells, made])
    for cell in [*cells, made]:
        _keep_some(cell)
    _say(f"{monotonic() - begun:.0f} s on {chosen.processes} processes")
    return int(any(cell.differing or cell.is_vacuous(least) for cell in [*cells, made]))


def _keep_some(cell: Cell) -> None:
    for each in cell.differing[:_KEPT]:
        document = next(samples(each.seed, 1))[0] if cell.contract == MADE else subject(cell.contract).document
        path = keep(document, each.records, each.ended, found=f"{cell.name}, seed {each.seed}")
        _say(f"{cell.name}, seed {each.seed}: {'; '.join(each.apart)[:200]}; kept in {path}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
