"""Outcomes of one capture made one: sessions of a run that spoke different contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from wscheck.finding import Verdict
from wscheck.result import Outcome, ScopeResult, SessionResult, Tolerated


def merge_outcomes(
    outcomes: Sequence[Outcome],
    aside: Sequence[Outcome] = (),
    *,
    order: Sequence[tuple[str, int]],
    places: Sequence[Sequence[int]],
) -> Outcome:
    """Return one outcome of ``outcomes``, at least one, with the strongest verdict.

    ``aside`` are outcomes of probes only, which exercise nothing and so take nothing from a pass. ``order`` is that in
    which the connections began; ``places`` are, for each outcome, the records at which its findings were made.
    """
    if len(outcomes) == 1 and not aside:
        return outcomes[0]
    everything = [*outcomes, *aside]
    strongest = max(everything, key=lambda one: one.verdict)
    verdict, why = strongest.verdict, strongest.why
    idle = [one for one in outcomes if one.verdict is Verdict.NONE]
    if verdict is Verdict.PASS and idle:
        verdict, why = Verdict.INCONCLUSIVE, f"some sessions held, but not all were checked: {idle[0].why}"
    spoken = [one for one in outcomes if one.scopes] or [outcomes[0]]
    several = len(spoken) > 1
    counted = Counter[str]()
    for one in everything:
        counted.update({tolerated.what: tolerated.count for tolerated in one.tolerated})
    placed = [pair for one, its in zip(everything, places, strict=True) for pair in zip(its, one.findings, strict=True)]
    sessions = [session for one in everything for session in one.sessions]
    return replace(
        strongest if strongest in spoken else spoken[0],
        verdict=verdict,
        why=f"{_name(strongest)}: {why}" if several and strongest in spoken else why,
        sessions=tuple(sorted(sessions, key=lambda one: order.index((one.name, one.connection)))),
        scopes=tuple(_label(scope, one) if several else scope for one in outcomes for scope in one.scopes),
        findings=tuple(finding for _, finding in sorted(placed, key=lambda pair: pair[0])),
        causes=tuple(cause for one in everything for cause in one.causes),
        notes=(*_held(spoken, several=several), *dict.fromkeys(note for one in everything for note in one.notes)),
        tolerated=tuple(Tolerated(what=what, count=count) for what, count in counted.items()),
        records=sum(one.records for one in everything),
    )


def _held(outcomes: Sequence[Outcome], *, several: bool) -> tuple[str, ...]:
    if not several:
        return ()
    return tuple(
        f"{_names(one.sessions)} {'was' if len(one.sessions) == 1 else 'were'} held to {_name(one)}" for one in outcomes
    )


def _names(sessions: Sequence[SessionResult]) -> str:
    names = list(dict.fromkeys(f"session {one.name!r}" for one in sessions))
    return ", ".join(names)


def _label(scope: ScopeResult, outcome: Outcome) -> ScopeResult:
    return replace(scope, name=f"{_name(outcome)} {scope.name}")


def _name(outcome: Outcome) -> str:
    return f"{outcome.contract.name}@{outcome.contract.version}"
