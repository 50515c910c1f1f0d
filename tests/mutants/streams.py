"""The quick judge: streams, and what the oracle makes of them, told beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

from tests.laws.crossing import crossed
from tests.oracle.cells import Cell, all_cells, pairs, words
from tests.oracle.compare import report
from tests.oracle.fuzz import leave_silence, samples, settle, spell
from tests.oracle.operators import OPERATORS
from tests.oracle.speaker import as_records
from tests.oracle.subjects import Subject, names, on_the_spot, subject
from tests.oracle.verdict import Judgement, conclude
from wscheck.contract.load import parse_contract

Lines = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A stream and what is due. ``subject`` holds the contract as the engine had read it before it was changed."""

    name: str
    subject: Subject
    lines: Lines
    ended: bool
    due: Judgement

    def stands(self, held: Subject) -> bool:
        """Whether the engine still finds what is due, its verdict and exit code too; ``held``: the contract to hold."""
        told = report(held, self.lines, ended=self.ended, junit=False)
        rows = [[*row[:3], row[3] and [spell(part) for part in row[3]], *row[4:]] for row in self.due.rows]
        ours, theirs = (settle(leave_silence(held.document, list(map(tuple, each)))) for each in (rows, told.rows))
        if json.dumps(ours) != json.dumps(theirs):
            return False
        silent = len(ours) != len(rows)
        return silent or (told.verdict, told.exit_code) == (self.due.verdict, self.due.exit_code)


def make_cases(seeds: range, each: int, cell: int) -> Iterator[Case]:
    """Yield ``each`` streams for every contract made by chance, and ``cell`` for every cell of the others."""
    for seed in seeds:
        for document, made in (*samples(seed, each), *crossed(seed, each // 2)):
            held = on_the_spot(document, parse_contract(json.dumps(document)))
            for lines, ended in made:
                yield _case(f"seed {seed}", held, lines, ended)
    for contract, column in all_cells(names()):
        held, told = subject(contract), Cell(contract=contract, column=column)
        made_here = pairs(held, column, 0, told) if column in OPERATORS else words(held, column, 0, cell)
        for number, _, (said, ending, opening) in islice(made_here, cell):
            yield _case(f"{told.name}, seed {number}", held, as_records(said, held, ending, opening), True)


@cache
def read_again(held: Subject) -> Subject:
    """The subject with its contract read by the engine as it is now, once."""
    if held.name in names():
        subject.cache_clear()
        return subject(held.name)
    return replace(held, loaded=parse_contract(json.dumps(held.document)))


def _case(name: str, held: Subject, lines: Lines, ended: bool) -> Case:
    return Case(name=name, subject=held, lines=lines, ended=ended, due=conclude(held.contract, lines, ended=ended))
