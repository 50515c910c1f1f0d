"""What was measured, told: lines for a terminal, and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wscheck.report.terminal.lines import EMPTY, Line, Span, columns, line, prose
from wscheck.report.terminal.words import counted, times
from wscheck.strength.model import OPERATORS, Strength, Survivor
from wscheck.strength.wording import KINDS, describe
from wscheck.text import safe

FORMAT = "strength-1"
"""What the member ``wscheck`` of the JSON says."""


def as_lines(strength: Strength, *, width: int = 100) -> Iterator[Line]:
    """Yield the lines of a terminal's report, ``width`` columns wide where that can be."""
    contract = strength.contract
    yield line(Span(f"{contract.name}@{contract.version}", "strong"), f"  {_headline(strength)}")
    events = sum(count for _, count in strength.captures)
    made = sum(cell.mutants for cell in strength.cells)
    yield line(
        f"{counted(made, 'mutant')} of {counted(len(strength.captures), 'capture')} with "
        f"{counted(events, 'received event')}; at most {strength.most} for each operator and event, drawn by "
        f"--seed {strength.seed}"
    )
    yield EMPTY
    yield from _table(strength)
    if strength.allowed:
        yield EMPTY
        yield line(Span("Not counted, for they break nothing", "strong"))
        for reason, count in strength.allowed.items():
            yield from prose(f"  {count:>5,}  ", reason, width=width, indent=9)
    yield from _tell_survivors(strength, width)
    for sentence in strength.untried:
        yield from prose("Note: ", sentence, width=width, indent=6)


def as_json(strength: Strength) -> dict[str, Any]:
    """Return the report as docs/command-line.md describes it."""
    contract = strength.contract
    return {
        "wscheck": FORMAT,
        "contract": {"name": contract.name, "version": contract.version, "digest": contract.digest},
        "seed": strength.seed,
        "most": strength.most,
        "captures": [{"path": safe(path), "events": events} for path, events in strength.captures],
        "score": None if strength.score is None else round(strength.score, 4),
        "faults": strength.faults,
        "seen": strength.seen,
        "allowed": [{"reason": reason, "count": count} for reason, count in strength.allowed.items()],
        "cells": [
            {
                "operator": cell.operator,
                "event": cell.event,
                "mutants": cell.mutants,
                "seen": cell.seen,
                "allowed": cell.allowed,
                "survived": cell.survived,
            }
            for cell in strength.cells
        ],
        "survivors": [_survivor_as_json(survivor) for survivor in strength.survivors],
        "untried": list(strength.untried),
    }


def _headline(strength: Strength) -> str:
    if strength.score is None:
        return "nothing could be broken, so nothing is known"
    # Rounded down: what is not all is not 100 %.
    share = int(strength.score * 1000) / 10
    return f"sees {share:g} % of single faults ({strength.seen:,} of {strength.faults:,})"


def _table(strength: Strength) -> Iterator[Line]:
    rows: list[tuple[str, ...]] = [("operator", "seen", "events that it does not always see")]
    for operator in OPERATORS:
        cells = [cell for cell in strength.cells if cell.operator == operator]
        faults = sum(cell.seen + cell.survived for cell in cells)
        if not cells:
            continue
        unseen = ", ".join(f"{cell.event} {cell.seen}/{cell.seen + cell.survived}" for cell in cells if cell.survived)
        rows.append((operator, f"{sum(cell.seen for cell in cells)}/{faults}" if faults else "-", unseen))
    yield from columns([tuple(Span(cell, "faint") for cell in rows[0]), *rows[1:]], indent=2)


def _tell_survivors(strength: Strength, width: int) -> Iterator[Line]:
    if not strength.survivors:
        return
    yield EMPTY
    yield line(Span("What it cannot see", "strong"))
    for kind in _gather(strength.survivors):
        events, details = (list(dict.fromkeys(one)) for one in zip(*((s.event, s.detail) for s in kind), strict=True))
        first, count = kind[0], sum(one.count for one in kind)
        where = f"{times(count)}, first at #{first.index} of {first.capture}"
        what = describe(first.operator, events, details)
        yield from prose("  - ", f"{what} cannot be seen: {first.why}. ({where})", width=width, indent=4)
        yield from _tell_remedy(kind)
    yield EMPTY


def _gather(survivors: Iterable[Survivor]) -> Iterator[list[Survivor]]:
    """Yield survivors that one sentence tells: of the same events, or else at the same place of different events."""
    by_detail: dict[tuple[str, str, str], list[Survivor]] = {}
    for one in survivors:
        by_detail.setdefault((KINDS[one.operator], one.detail, one.why), []).append(one)
    by_events: dict[tuple[str, str, tuple[str, ...]], list[Survivor]] = {}
    for (words, _, why), kind in by_detail.items():
        events = tuple(dict.fromkeys(one.event for one in kind))
        by_events.setdefault((words, why, events), []).extend(kind)
    yield from by_events.values()


def _tell_remedy(kind: Sequence[Survivor]) -> Iterable[Line]:
    remedies = list(dict.fromkeys(one.remedy for one in kind if one.remedy))
    if not remedies:
        return
    what = "it" if all(one.remedy == remedies[0] for one in kind) else "some of it"
    yield line(f"    This would show {what}, and these captures pass it; put it in if the protocol promises as much:")
    for text in remedies[0].splitlines():
        yield line(f"      {text}")


def _survivor_as_json(survivor: Survivor) -> dict[str, Any]:
    return {
        "operator": survivor.operator,
        "event": survivor.event,
        "detail": safe(survivor.detail),
        "count": survivor.count,
        "capture": safe(survivor.capture),
        "index": survivor.index,
        "verdict": survivor.verdict,
        "sentence": survivor.sentence,
        "remedy": survivor.remedy,
    }
