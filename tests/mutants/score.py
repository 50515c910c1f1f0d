"""What became of the mutants: the score, how sure it is where not all were judged, and the table of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

SURE = 1.96
"""Standard deviations to either side that hold 95 of 100 samples."""


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What became of one mutant. ``by`` condemned it; None where nothing did. ``reached``: something ran through it."""

    name: str
    module: str
    by: str | None
    reached: bool = True


def interval(killed: int, judged: int, total: int) -> tuple[float, float]:
    """Between which two shares of ``total`` mutants the killed ones lie, 95 times in 100, going by a sample.

    That of Wilson (1927), drawn together by how much of the whole was judged.
    """
    if not judged or judged == total:
        return (killed / judged, killed / judged) if judged else (0.0, 1.0)
    rest = SURE**2 * (total - judged) / (total - 1)
    share = killed / judged
    middle = (share + rest / (2 * judged)) / (1 + rest / judged)
    reach = sqrt(rest * (share * (1 - share) / judged + rest / (4 * judged**2))) / (1 + rest / judged)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def table(fates: Iterable[Fate], totals: dict[str, int]) -> Iterator[str]:
    """The lines of the table: for each module its mutants, those judged, those killed and the score; then the whole.

    ``totals`` are the mutants that there are of each module.
    """
    by_module: dict[str, list[Fate]] = defaultdict(list)
    for fate in fates:
        by_module[fate.module].append(fate)
    width = max(map(len, ["module", *totals]))
    yield f"{'module'.ljust(width)}  mutants  judged  killed  not run  score"
    for module, total in sorted(totals.items()):
        yield _line(module.ljust(width), by_module[module], total)
    everything = [fate for fates_here in by_module.values() for fate in fates_here]
    yield _line("all".ljust(width), everything, sum(totals.values()))
    yield _sentence(everything, sum(totals.values()))


def _line(name: str, fates: list[Fate], total: int) -> str:
    killed, unreached = sum(fate.by is not None for fate in fates), sum(not fate.reached for fate in fates)
    score = f"{100 * killed / len(fates):5.1f}" if fates else "    -"
    return f"{name}  {total:7}  {len(fates):6}  {killed:6}  {unreached:7}  {score}"


def _sentence(fates: list[Fate], total: int) -> str:
    killed, judged = sum(fate.by is not None for fate in fates), len(fates)
    if judged == total:
        return f"{killed} of all {total} mutants are killed: {100 * killed / max(total, 1):.1f} %"
    low, high = interval(killed, judged, total)
    told = f"{killed} of {judged} mutants, drawn from {total}, are killed: {100 * killed / max(judged, 1):.1f} %"
    return f"{told}; of all, {100 * low:.1f} to {100 * high:.1f} % (95 times in 100)"
