"""The cells: for each contract and operator so many streams, conforming ones and broken ones, before both judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

from tests.oracle.compare import differ
from tests.oracle.operators import OPERATORS, applies, mutate
from tests.oracle.speaker import Line, as_records
from tests.oracle.subjects import Subject, subject
from tests.oracle.walk import Made, walk
from tests.oracle.words import random_word, short_words, spell

RANDOM, SHORT = "random words", "short words"
COLUMNS = [*OPERATORS, RANDOM, SHORT]

Stream = tuple[list[Line], dict[str, Any], dict[str, Any]]
"""Its lines, how its sessions end, and how they were opened."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A stream at which the judges differ, and in what. ``ended``: the capture's last line stands."""

    seed: int
    records: list[dict[str, Any]]
    ended: bool
    apart: list[str]


@dataclass(kw_only=True)
class Cell:
    """What a cell came to. ``differing`` are the streams at which the judges differ.

    ``conforming`` and ``violating`` are counted by the oracle's verdict, `pass` and `fail`; what is neither is
    ``undecided``. ``unseen`` of the conforming ones were mutants. ``codes`` are the oracle's findings.
    """

    contract: str
    column: str
    streams: int = 0
    conforming: int = 0
    violating: int = 0
    undecided: int = 0
    unseen: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    differing: list[Difference] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.contract} x {self.column}"

    def add(self, other: Cell) -> None:
        """Count what another cell counted as this one's."""
        self.streams += other.streams
        self.conforming += other.conforming
        self.violating += other.violating
        self.undecided += other.undecided
        self.unseen += other.unseen
        self.codes += other.codes
        self.differing += other.differing

    def is_vacuous(self, least: int) -> bool:
        """Whether an operator's cell has fewer than ``least`` streams of one side; words are what they are."""
        return self.column in OPERATORS and min(self.conforming, self.violating) < least


def run_cell(contract: str, column: str, *, streams: int, least: int, seed: int = 0, junit: int = 1) -> Cell:
    """Judge ``streams`` streams of a cell, and go on, up to ten times as many, until it has ``least`` of each side.

    The JUnit report is read at every ``junit``-th stream.
    """
    held, cell = subject(contract), Cell(contract=contract, column=column)
    made = words(held, column, seed, streams) if column in (RANDOM, SHORT) else pairs(held, column, seed, cell)
    for number, mutant, (lines, ending, opening) in made:
        if cell.streams >= streams and not (cell.is_vacuous(least) and cell.streams < 10 * max(streams, least)):
            break
        records = as_records(lines, held, ending, opening)
        judge_stream(cell, held, number, records, mutant=mutant, junit=cell.streams % junit == 0)
    return cell


def pairs(held: Subject, operator: str, seed: int, cell: Cell) -> Iterator[tuple[int, bool, Stream]]:
    """Walks without end, each followed by mutants of it, at a depth of one to three: by as many as the cell lacks."""
    number = seed
    while True:
        number += 1
        rng = Random(f"{held.name} {operator} {number}")
        lines, ending = conforming(rng, held)
        opening = _opening(rng, held, good=True)
        yield number, False, (lines, ending, opening)
        for depth in rng.choices([1, 1, 2, 3], k=1 if cell.violating > cell.conforming else 3):
            changed = opening if rng.random() < 0.9 else _opening(rng, held, good=False)
            yield number, True, (mutate(rng, held, operator, lines, depth), ending, changed)


def words(held: Subject, column: str, seed: int, wanted: int) -> Iterator[tuple[int, bool, Stream]]:
    """Random words, or the short words: all of them, or where fewer are wanted, spread over all."""
    if column == RANDOM:
        for number in range(seed, seed + wanted):
            yield number, True, (*random_word(Random(f"{held.name} {number}"), held), {})
        return
    total = sum(len(held.letters) ** length for length in range(6))
    for number, word in enumerate(islice(short_words(held), 0, None, max(total // max(wanted, 1), 1))):
        yield number, True, (*spell(held, word), {})


def conforming(rng: Random, held: Subject) -> Made:
    """A walk that came to its end."""
    for _ in range(1000):
        made = walk(rng, held)
        if made is not None and made[0]:
            return made
    raise ValueError(f"{held.name} cannot be walked")


def _opening(rng: Random, held: Subject, *, good: bool) -> dict[str, Any]:
    """A subprotocol offered, and selected or not, where the contract speaks of one."""
    wanted = (held.document.get("select") or {}).get("subprotocol")
    if wanted:
        return {} if good else {"subprotocol": None}
    if not any(name.startswith("$open.") for name in held.contract.definitions):
        return {}
    selected = {"offered": ["jwt-auth"], "subprotocol": "jwt-auth"}
    return rng.choice([{}, selected]) if good else {"offered": ["jwt-auth"]}


def judge_stream(
    cell: Cell,
    held: Subject,
    number: int,
    records: list[dict[str, Any]],
    *,
    mutant: bool = False,
    ended: bool = True,
    junit: bool = True,
) -> None:
    """Have one stream judged by both, and count it."""
    due, _, apart = differ(held, records, ended=ended, junit=junit)
    cell.streams += 1
    cell.conforming += due.verdict == "pass"
    cell.violating += due.verdict == "fail"
    cell.undecided += due.verdict not in ("pass", "fail")
    cell.codes.update(row[0] for row in due.rows)
    cell.unseen += mutant and due.verdict == "pass"
    if apart:
        cell.differing.append(Difference(seed=number, records=records, ended=ended, apart=apart))


def all_cells(contracts: list[str]) -> list[tuple[str, str]]:
    """Every cell there is."""
    return [
        (contract, column)
        for contract in contracts
        for column in COLUMNS
        if column not in OPERATORS or applies(column, subject(contract))
    ]
