"""The terminal report: for a person who has to act, the cause before the symptom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from wscheck.finding import Verdict
from wscheck.report.terminal.advice import advise
from wscheck.report.terminal.findings import describe_findings, describe_tolerated, listed
from wscheck.report.terminal.lines import EMPTY, Line, Span, columns, line, paint, prose
from wscheck.report.terminal.opening import describe_causes
from wscheck.report.terminal.sessions import describe_scopes, describe_sessions
from wscheck.report.terminal.words import HEADLINES, STYLES, counted
from wscheck.result import Outcome, Result


def render(result: Result, *, color: bool = False, width: int = 100, next_steps: Sequence[str] = ()) -> str:
    """Return ``result`` as lines of text, prose wrapped at ``width`` columns.

    First the verdict and why; then what stopped a session or what the server said of its failure; then sessions,
    scopes, notes and findings; last what to try next, ``next_steps`` before our own advice. All foreign text is made
    safe; the only control sequences are those of ``color``.
    """
    return paint(_report(result, width=width, next_steps=next_steps), color=color)


def _report(result: Result, *, width: int, next_steps: Sequence[str]) -> Iterator[Line]:
    first = 1
    if len(result.outcomes) != 1:
        yield from _summary(result)
    for outcome in result.outcomes:
        alone = len(result.outcomes) == 1
        yield from () if alone else (EMPTY,)
        yield from _headline(outcome, result.verdict if alone else outcome.verdict, alone=alone, width=width)
        yield EMPTY
        yield from _outcome(outcome, first=first, width=width)
        first += len(listed(outcome))
    yield from () if result.outcomes else (EMPTY,)
    yield line(Span(f"{result.tool}, {result.engine}, exit code {result.exit_code}", "faint"))
    if steps := [*next_steps, *advise(result)]:
        yield EMPTY
        yield line(Span("Next", "strong"))
        for step in steps:
            yield line(f"  {step}")


def _summary(result: Result) -> Iterator[Line]:
    counts = Counter(outcome.verdict for outcome in result.outcomes)
    each = ", ".join(f"{counts[verdict]} {verdict}" for verdict in sorted(counts, reverse=True))
    noun = "run" if all(outcome.capture is None for outcome in result.outcomes) else "capture"
    what = f"{counted(len(result.outcomes), noun)}: {each}" if each else "there was nothing to look at"
    yield line(_word(result.verdict), f"  {what}")
    yield from columns([(Span(str(o.verdict), STYLES[o.verdict]), _name(o)) for o in result.outcomes], indent=2)


def _headline(outcome: Outcome, verdict: Verdict, *, alone: bool, width: int) -> Iterator[Line]:
    name = "" if alone else f"{_name(outcome)}, "
    contract = f"{outcome.contract.name}@{outcome.contract.version}"
    yield from prose(_word(verdict), f"  {name}{contract}: {outcome.why}", width=width, indent=2)


def _outcome(outcome: Outcome, *, first: int, width: int) -> Iterator[Line]:
    yield from describe_causes(outcome, width=width)
    yield from describe_sessions(outcome)
    yield from describe_scopes(outcome)
    # What the stream speaks, or what wscheck missed of it, explains the findings.
    yield from _describe_notes(outcome, width=width)
    yield from describe_findings(outcome, first=first, width=width)
    yield from describe_tolerated(outcome, width=width)
    truncated = ", truncated: more may be lacking" if outcome.truncated else ""
    capture = f" in {outcome.capture}" if outcome.capture is not None else ""
    yield line(Span(f"{counted(outcome.records, 'record')}{capture}{truncated}", "faint"))


def _describe_notes(outcome: Outcome, *, width: int) -> Iterator[Line]:
    if outcome.notes:
        yield line(Span("Notes", "strong"))
        for note in outcome.notes:
            yield from prose("  ", note, width=width, indent=4)
        yield EMPTY


def _word(verdict: Verdict) -> Span:
    return Span(HEADLINES[verdict], STYLES[verdict])


def _name(outcome: Outcome) -> str:
    return outcome.capture if outcome.capture is not None else "live"
