"""A diagnosis for a terminal, and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from wscheck.doctor.model import Diagnosis, State, Step
from wscheck.report.terminal.lines import EMPTY, Line, Span, Style, columns, line, prose
from wscheck.text import shorten

_STYLES: Mapping[State, Style] = {
    "well": "good",
    "doubtful": "doubtful",
    "broken": "bad",
    "passed over": "faint",
    "not tried": "faint",
}
_MOST = 200
"""Characters of what a server said that a terminal is shown; all of it is in the JSON."""

_MOST_OF_A_STEP = 400


def as_lines(diagnosis: Diagnosis, *, width: int) -> Iterator[Line]:
    """Yield the lines of a terminal; the first one, which is never wrapped, alone says what to mend."""
    word, _, rest = diagnosis.summary.partition(" ")
    style: Style = "bad" if diagnosis.fault else "good" if word == "WELL:" else "doubtful"
    yield line(Span(word, style), f" {rest}")
    yield EMPTY
    yield from _show_target(diagnosis)
    yield EMPTY
    yield from _show_steps(diagnosis, width)
    if diagnosis.trials:
        yield EMPTY
        yield line(Span("The opening handshake, compared", "strong"))
        yield from columns([(one.way, one.path, one.answer, _time(one.seconds)) for one in diagnosis.trials], indent=2)
    if diagnosis.fault is None:
        return
    if diagnosis.fault.usual:
        yield EMPTY
        yield line(Span("What usually causes it", "strong"))
        yield from prose("  ", diagnosis.fault.usual, width=width, indent=2)
    yield EMPTY
    yield line(Span("What to try next", "strong"))
    for advice in diagnosis.fault.advice:
        yield from prose("  ", advice, width=width, indent=4)


def as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the object of ``--format json``."""
    fault = diagnosis.fault
    broken = fault and {
        "step": diagnosis.step,
        "phase": fault.phase,
        "code": fault.code,
        "text": fault.text,
        "usual": fault.usual,
        "next": list(fault.advice),
    }
    return {
        "wscheck": "doctor-1",
        "verdict": str(diagnosis.verdict),
        "exit_code": diagnosis.exit_code,
        "summary": diagnosis.summary,
        "target": diagnosis.target,
        "url": diagnosis.url,
        "environment": diagnosis.environment,
        "session": diagnosis.session,
        "broken": broken,
        "steps": [
            {
                "name": step.name,
                "state": step.state,
                "seconds": _round(step.seconds),
                "text": step.text,
                "details": dict(step.details),
            }
            for step in diagnosis.steps
        ],
        "compared": [
            {
                "way": trial.way,
                "path": trial.path,
                "status": trial.status,
                "answer": trial.answer,
                "body": trial.body,
                "seconds": _round(trial.seconds),
            }
            for trial in diagnosis.trials
        ],
    }


def _show_target(diagnosis: Diagnosis) -> Iterator[Line]:
    told = [diagnosis.url]
    told += [f"environment {diagnosis.environment}"] if diagnosis.environment else []
    told += [f"session {diagnosis.session} of {diagnosis.target}"] if diagnosis.session else []
    yield line("  ", ", ".join(told))


def _show_steps(diagnosis: Diagnosis, width: int) -> Iterator[Line]:
    rows = list(map(_row, diagnosis.steps))
    heads = columns([(*row, "") for row in rows], indent=2)
    start = sum(len(span.text) for span in heads[0])
    for step, head in zip(diagnosis.steps, heads, strict=True):
        # What is broken stands in the first line already, and below with all that was seen.
        text = shorten(step.text, _MOST_OF_A_STEP)
        wrapped = textwrap.wrap(text, max(width - start, 30), break_long_words=False, break_on_hyphens=False) or [""]
        yield (*head, Span(wrapped[0]))
        yield from (line(" " * start, more) for more in wrapped[1:])
        if step.state in {"broken", "doubtful"} or step.name in {"tls", "welcome", "opening handshake"}:
            yield from (line(" " * start, Span(each, "faint")) for each in _details(step))


def _row(step: Step) -> tuple[Span | str, ...]:
    return (step.name, "" if step.seconds is None else _time(step.seconds), Span(step.state, _STYLES[step.state]))


def _details(step: Step) -> Iterator[str]:
    for label, value in step.details.items():
        yield f"{label}: {shorten(value, _MOST)}"


def _time(seconds: float) -> str:
    return f"{seconds:.3f} s"


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)
