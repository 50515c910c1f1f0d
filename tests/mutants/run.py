"""Mutants of the engine before the judges: ``python -m tests.mutants.run`` prints the score and keeps who survived.

Which files are changed is said in pyproject.toml, under `[tool.mutmut]`. Nothing on disk is changed: a mutant lives in
the memory of one process. It exits 1 where the score is less than what was asked for, 2 where the judges condemn the
engine as it is.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from tests.mutants.judging import Judges
from tests.mutants.making import make_mutants, mutated_files
from tests.mutants.mutant import Mutant
from tests.mutants.score import Fate, table
from tests.mutants.streams import make_cases

ROOT = Path(__file__).parents[2]
JUDGES = ("checker", "laws", "oracle/test_corpus.py", "order", "rules", "told")
"""Tests that judge, after the oracle's streams."""

SEEDS, EACH, CELL = range(300), 4, 4


def main() -> int:
    """Make the mutants, have them judged, and tell; return what the process exits with."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--sample", type=int, default=0, help="judge only so many, drawn by chance (0: all)")
    options.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    options.add_argument("--only", default="", help="only of files whose path holds this")
    options.add_argument("--least", type=float, default=0, help="the score in percent below which it exits 1 (0)")
    options.add_argument(
        "--survivors", type=Path, default=ROOT / "build" / "mutants.txt", help="where they are written"
    )
    options.add_argument("--processes", type=int, default=os.cpu_count(), help="how many at once (one a core)")
    chosen = options.parse_args()
    begun = monotonic()
    files = [path for path in mutated_files(ROOT) if chosen.only in str(path.relative_to(ROOT))]
    mutants = [mutant for path in files for mutant in make_mutants(path, ROOT)]
    drawn = mutants if not chosen.sample else Random(chosen.seed).sample(mutants, min(chosen.sample, len(mutants)))
    _say(f"{len(mutants)} mutants, {len(drawn)} to be judged ({monotonic() - begun:.0f} s)")
    fates: list[Fate] = []

    def take(fate: Fate) -> None:
        fates.append(fate)
        if fate.by is None or len(fates) % 100 == 0:
            told = f"survived: {fate.name}" if fate.by is None else f"at {fate.name}"
            _say(f"{len(fates)}/{len(drawn)} ({monotonic() - begun:.0f} s) {told}")

    judges = Judges(drawn, make_cases(SEEDS, EACH, CELL), take, chosen.processes)
    _say(f"{len(judges.cases)} streams ({monotonic() - begun:.0f} s)")
    options_of_pytest = ["-qq", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-n", "0", "--no-cov"]
    options_of_pytest += ["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]
    code = pytest.main([*options_of_pytest, *(str(ROOT / "tests" / each) for each in JUDGES)], plugins=[judges])
    if judges.condemned or not fates:
        _say(f"the judges condemn the engine as it is: {', '.join(judges.condemned[:20])} (pytest: {code})")
        return 2
    _tell(fates, drawn, Counter(mutant.module for mutant in mutants), chosen.survivors)
    _say(f"{monotonic() - begun:.0f} s on {chosen.processes} processes")
    killed = sum(fate.by is not None for fate in fates)
    return int(100 * killed < chosen.least * len(fates))


def _tell(fates: list[Fate], mutants: Iterable[Mutant], totals: Counter[str], survivors: Path) -> None:
    judges = Counter((fate.by or "nothing").partition("[")[0].partition(", seed")[0] for fate in fates)
    _say("who condemned: " + ", ".join(f"{name} {count}" for name, count in judges.most_common(12)))
    for line in table(fates, dict(totals)):
        _say(line)
    alive = {fate.name for fate in fates if fate.by is None}
    survivors.parent.mkdir(parents=True, exist_ok=True)
    texts = [mutant.difference() for mutant in mutants if mutant.name in alive]
    survivors.write_text("\n".join(texts), encoding="utf-8")
    _say(f"the {len(alive)} survivors are written to {survivors}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
