"""Good streams, broken in one place in every way, and judged: what the contract sees, and what survives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from wscheck.checker.outcome import describe_contract
from wscheck.contract.model import Contract
from wscheck.record import Message, Record
from wscheck.result import Outcome
from wscheck.strength import contents, orders
from wscheck.strength.design import find_disorder, why_allowed
from wscheck.strength.draw import Draw
from wscheck.strength.model import OPERATORS, Cell, Mutant, Operator, Strength, Survivor
from wscheck.strength.reasons import explain
from wscheck.strength.remedies import find_remedy
from wscheck.strength.specimen import Place, Specimen, is_seen, judge
from wscheck.strength.wording import describe, name_pair


def measure(contract: Contract, specimens: Sequence[Specimen], *, seed: int = 0, most: int = 10) -> Strength:
    """Say how many single faults in ``specimens`` the contract sees.

    Of each operator and event at most ``most`` mutants are judged, drawn by ``seed``.
    """
    draw = Draw(seed=seed, most=most)
    kept: dict[_Kind, _Kept] = {}
    allowed: Counter[str] = Counter()
    cells: list[Cell] = []
    for operator in OPERATORS:
        for event, mutants in _broken(contract, specimens, operator, draw).items():
            cell = _Count()
            for mutant in _drawn(mutants, draw, operator, event):
                _judge(contract, mutant, cell, kept, allowed)
            if cell.total:
                cells.append(cell.seal(operator, event))
    return Strength(
        contract=describe_contract(contract),
        seed=seed,
        most=most,
        captures=tuple((specimen.capture, len(specimen.places)) for specimen in specimens),
        cells=tuple(cells),
        survivors=tuple(_survivor(contract, specimens, kind, one) for kind, one in kept.items()),
        allowed=dict(sorted(allowed.items())),
        untried=tuple(_untried(contract, specimens, cells)),
    )


@dataclass(slots=True)
class _Count:
    seen: int = 0
    allowed: int = 0
    survived: int = 0

    @property
    def total(self) -> int:
        return self.seen + self.allowed + self.survived

    def seal(self, operator: Operator, event: str) -> Cell:
        return Cell(operator=operator, event=event, seen=self.seen, allowed=self.allowed, survived=self.survived)


@dataclass(frozen=True, slots=True)
class _Kind:
    operator: Operator
    event: str
    detail: str
    why: str


@dataclass(slots=True)
class _Kept:
    """Survivors of one kind."""

    first: Mutant
    outcome: Outcome
    count: int = field(default=0)


def _broken(
    contract: Contract, specimens: Sequence[Specimen], operator: Operator, draw: Draw
) -> dict[str, list[Mutant]]:
    """Return the mutants of one operator by event. Where an event came often, only some of its places are broken."""
    fault = _faults(contract, draw)[operator]
    found: dict[str, list[Mutant]] = {}
    for number, specimen in enumerate(specimens):
        by_name: dict[str, list[Place]] = {}
        for place in specimen.places:
            by_name.setdefault(place.event.name, []).append(place)
        for name, places in by_name.items():
            for place in draw.some(places, operator, number, name):
                found.setdefault(name, []).extend(fault(specimen, place))
    return dict(sorted(found.items()))


def _faults(contract: Contract, draw: Draw) -> dict[Operator, Callable[[Specimen, Place], Iterator[Mutant]]]:
    return {
        "drop": orders.drop,
        "duplicate": orders.duplicate,
        "swap": orders.swap,
        "move": lambda specimen, place: orders.move(specimen, place, draw),
        "reverse": orders.reverse,
        "replay": lambda specimen, place: orders.replay(specimen, place, draw),
        "inject": lambda specimen, place: orders.inject(specimen, place, draw),
        "truncate": orders.truncate,
        "delay": lambda specimen, place: orders.delay(contract, specimen, place),
        "retype": lambda specimen, place: contents.retype(contract, specimen, place, draw),
        "unknown": lambda specimen, place: contents.unknown(contract, specimen, place),
        "wrong-type": lambda specimen, place: contents.wrong_type(contract, specimen, place, draw),
        "missing-member": lambda specimen, place: contents.missing_member(contract, specimen, place, draw),
        "null-id": lambda specimen, place: contents.null_id(contract, specimen, place),
        "ghost-id": lambda specimen, place: contents.ghost_id(contract, specimen, place),
        "crossed-id": lambda specimen, place: contents.crossed_id(contract, specimen, place, draw),
    }


def _drawn(mutants: Sequence[Mutant], draw: Draw, operator: Operator, event: str) -> Iterator[Mutant]:
    """Yield the mutants that are to be judged: none that is the stream it was made from."""
    left = draw.most
    for mutant in draw.order(mutants, "judge", operator, event):
        if left and not _is_same(mutant):
            left -= 1
            yield mutant


def _is_same(mutant: Mutant) -> bool:
    return mutant.operator != "delay" and _said(mutant.records) == _said(mutant.specimen.records)


def _said(records: Sequence[Record]) -> list[tuple[str, int, str | None]]:
    return [(one.session, one.connection, one.text) for one in records if isinstance(one, Message)]


def _judge(contract: Contract, mutant: Mutant, cell: _Count, kept: dict[_Kind, _Kept], allowed: Counter[str]) -> None:
    outcome = judge(contract, mutant.records, mutant.specimen.exercises)
    if is_seen(outcome):
        cell.seen += 1
    elif reason := why_allowed(contract, mutant):
        cell.allowed += 1
        allowed[reason] += 1
    else:
        cell.survived += 1
        kind = _Kind(mutant.operator, mutant.event, _detail(contract, mutant), explain(contract, mutant, outcome))
        kept.setdefault(kind, _Kept(mutant, outcome)).count += 1


def _detail(contract: Contract, mutant: Mutant) -> str:
    found = find_disorder(contract, mutant) if mutant.moved else None
    return name_pair(found[0].event.name, found[1].event.name) if found else mutant.detail


def _survivor(contract: Contract, specimens: Sequence[Specimen], kind: _Kind, kept: _Kept) -> Survivor:
    mutant = kept.first
    return Survivor(
        operator=kind.operator,
        event=kind.event,
        detail=kind.detail,
        what=describe(kind.operator, [kind.event], [kind.detail]),
        why=kind.why,
        count=kept.count,
        capture=mutant.specimen.capture,
        index=mutant.place.index,
        verdict=str(kept.outcome.verdict),
        remedy=find_remedy(contract, specimens, mutant, kept.outcome),
    )


def _untried(contract: Contract, specimens: Sequence[Specimen], cells: Sequence[Cell]) -> Iterator[str]:
    delayed = {cell.event for cell in cells if cell.operator == "delay"}
    timeless = sorted({place.event.name for one in specimens for place in one.places} - delayed - contract.ignore)
    if timeless:
        yield f"no deadline of the contract speaks of {', '.join(timeless)}: however late they come, nothing is seen"
    tried = {cell.operator for cell in cells}
    for operator, what in OPERATORS.items():
        if operator not in tried and operator != "delay":
            yield f"{operator} was not tried ({what}): no event of these captures lends itself to it"
