"""Faults of order, number and time: each takes one event of a good stream and yields streams broken there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from wscheck.contract.model import Contract, Scope
from wscheck.rules.ask import Ask
from wscheck.strength import edits
from wscheck.strength.draw import Draw
from wscheck.strength.model import Edit, Mutant, Operator
from wscheck.strength.specimen import Place, Specimen

_LONGEST_REVERSED = 5


def drop(specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """The event never comes."""
    yield _counted("drop", specimen, place, partial(edits.drop, slot=place.slot))


def duplicate(specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """The event comes twice, one right after the other."""
    yield _counted("duplicate", specimen, place, partial(edits.repeat, slot=place.slot))


def replay(specimen: Specimen, place: Place, draw: Draw) -> Iterator[Mutant]:
    """The event comes once more, after at least one other."""
    line, rank = _line(specimen, place)
    later = [after.slot + 1 for after in line[rank + 1 :]]
    for slot in draw.some(later, "replay", place.index):
        yield _counted("replay", specimen, place, partial(edits.repeat, slot=place.slot, before=slot))


def inject(specimen: Specimen, place: Place, draw: Draw) -> Iterator[Mutant]:
    """The event comes once more, before its time."""
    line, rank = _line(specimen, place)
    for earlier in draw.some(line[:rank], "inject", place.index):
        yield _counted("inject", specimen, place, partial(edits.repeat, slot=place.slot, before=earlier.slot))


def truncate(specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """The server sends nothing more, from the event on."""
    line, rank = _line(specimen, place)
    yield _counted("truncate", specimen, place, partial(edits.cut_short, slot=place.slot), *line[rank:])


def delay(contract: Contract, specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """The event, and all after it, come later by more than any deadline that speaks of it."""
    longest = max(deadlines(contract, place.event.name), default=None)
    if longest is not None:
        seconds = longest + 1
        edit = partial(edits.delay, slot=place.slot, seconds=seconds)
        yield _counted("delay", specimen, place, edit, detail=f"{seconds:g}")


def deadlines(contract: Contract, event: str) -> Iterator[float]:
    """Yield every deadline, in seconds, of an answer that ``event`` is, and of the scopes that it may come in."""
    for scope in contract.scopes.values():
        for rule in scope.rules:
            if isinstance(rule.law, Ask) and event in rule.law.answers and rule.law.within is not None:
                yield rule.law.within
        if event in scope.ordered:
            around: Scope | None = scope
            while around:
                yield from (at for at in (around.within, around.gap) if at is not None)
                around = contract.scopes.get(around.parent or "")


def swap(specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """The event changes places with the one that comes next in its connection."""
    line, rank = _line(specimen, place)
    if rank + 1 < len(line):
        yield _rearranged("swap", specimen, place, line[rank : rank + 2], (1, 0))


def move(specimen: Specimen, place: Place, draw: Draw) -> Iterator[Mutant]:
    """The event comes two or more events earlier or later."""
    line, rank = _line(specimen, place)
    there = [other for other in range(len(line)) if abs(other - rank) > 1]
    for other in draw.some(there, "move", place.index):
        length = abs(other - rank) + 1
        moved = (*range(1, length), 0) if other > rank else (length - 1, *range(length - 1))
        start = min(rank, other)
        yield _rearranged("move", specimen, place, line[start : start + length], moved)


def reverse(specimen: Specimen, place: Place) -> Iterator[Mutant]:
    """The event and the two to four after it come in reverse."""
    line, rank = _line(specimen, place)
    for length in range(3, min(_LONGEST_REVERSED, len(line) - rank) + 1):
        run = line[rank : rank + length]
        yield _rearranged("reverse", specimen, place, run, tuple(reversed(range(length))))


def _line(specimen: Specimen, place: Place) -> tuple[tuple[Place, ...], int]:
    return specimen.lines[place.connection], specimen.ranks[place.slot]


def _counted(
    operator: Operator, specimen: Specimen, place: Place, edit: Edit, *touched: Place, detail: str = ""
) -> Mutant:
    return Mutant(
        operator=operator, specimen=specimen, place=place, edit=edit, touched=touched or (place,), detail=detail
    )


def _rearranged(
    operator: Operator, specimen: Specimen, place: Place, run: Sequence[Place], order: Sequence[int]
) -> Mutant:
    moved = tuple(run[one] for one in order)
    edit = partial(edits.rearrange, slots=[one.slot for one in run], contents=[one.slot for one in moved])
    return Mutant(operator=operator, specimen=specimen, place=place, edit=edit, moved=moved)
