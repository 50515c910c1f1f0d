"""The Markdown report: for the summary of a pipeline's step and for comments, the cause before the symptom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from wscheck.finding import Finding, Verdict
from wscheck.report.terminal.advice import advise
from wscheck.report.terminal.findings import (
    MOST_WHOLE,
    Shown,
    count_findings,
    count_listed,
    describe_events,
    describe_places,
    gather_infos,
    listed,
)
from wscheck.report.terminal.lines import Line, line, paint
from wscheck.report.terminal.opening import describe_causes, is_stopped
from wscheck.report.terminal.sessions import brief_rows, describe_scope
from wscheck.report.terminal.words import HEADLINES, counted, times
from wscheck.result import Outcome, Result
from wscheck.text import safe_markdown, safe_markdown_block, shorten

_WIDTH = 100
_MOST_OF_A_MESSAGE = 1_000
_MOST_OF_A_LINE = 4_000


def render(result: Result, *, whole: bool = True) -> str:
    """Return ``result`` in the dialect of Markdown that GitHub and GitLab show; without ``whole`` only the verdicts.

    All that is not wscheck's own words stands in code spans and code blocks, where nothing is markup, a link, a mention
    or HTML. What is shortened says so.
    """
    return "\n\n".join(_report(result, whole=whole)) + "\n"


def _report(result: Result, *, whole: bool) -> Iterator[str]:
    if len(result.outcomes) == 1 and whole:
        yield from _outcome(result.outcomes[0], result.verdict, depth=2, first=1)
    else:
        yield from _summary(result)
        yield from _outcomes(result.outcomes) if whole else ()
    if whole and (steps := list(advise(result))):
        yield "**Next**"
        yield safe_markdown_block(steps)
    yield f"{safe_markdown(f'{result.tool}, {result.engine}')}, exit code {result.exit_code}"


def _summary(result: Result) -> Iterator[str]:
    yield f"## {HEADLINES[result.verdict]}"
    counts = Counter(outcome.verdict for outcome in result.outcomes)
    each = ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in sorted(counts, reverse=True))
    yield f"{counted(len(result.outcomes), 'run')}: {each}" if each else "There was nothing to look at."
    rows = [(str(one.verdict), *_spans(_name(one), _contract(one), one.why)) for one in result.outcomes]
    yield from _table(("verdict", "run", "contract", "why"), rows)


def _outcomes(outcomes: Iterable[Outcome]) -> Iterator[str]:
    first = 1
    for outcome in outcomes:
        yield from _outcome(outcome, outcome.verdict, depth=3, first=first)
        first += len(listed(outcome))


def _outcome(outcome: Outcome, verdict: Verdict, *, depth: int, first: int) -> Iterator[str]:
    yield f"{'#' * depth} {HEADLINES[verdict]}: {', '.join(_spans(_name(outcome), _contract(outcome)))}"
    yield _shortened(outcome.why)
    yield from _block(describe_causes(outcome, width=_WIDTH))
    yield from _sessions(outcome)
    yield from _scopes(outcome)
    if outcome.notes:
        yield "**Notes**"
        yield "\n".join(f"- {_shortened(note)}" for note in outcome.notes)
    yield from _findings(outcome, depth=depth + 1, first=first)
    if outcome.tolerated:
        each = (f"{safe_markdown(one.what)} {times(one.count)}" for one in outcome.tolerated)
        yield f"**Tolerated**: {', '.join(each)}"
    truncated = ", truncated: more may be lacking" if outcome.truncated else ""
    capture = f" in {safe_markdown(outcome.capture)}" if outcome.capture is not None else ""
    yield f"{counted(outcome.records, 'record')}{capture}{truncated}"


def _sessions(outcome: Outcome) -> Iterator[str]:
    rows, more = brief_rows([session for session in outcome.sessions if not is_stopped(session)])
    table = [(safe_markdown(name), messages, _shortened(ending)) for name, messages, ending in rows]
    yield from _table(("session", "messages", "ending"), table)
    if more:
        yield f"… and {more:,} more, all in the JSON report"


def _scopes(outcome: Outcome) -> Iterator[str]:
    # What a cause left without a verdict stands in the block that tells the cause.
    blocked = bool(outcome.causes) or any(map(is_stopped, outcome.sessions))
    rows = []
    for scope in outcome.scopes:
        if not (blocked and scope.verdict is Verdict.NONE):
            instances, *required = describe_scope(scope)
            events = map(_shortened, filter(None, required))
            rows.append((safe_markdown(scope.name), str(scope.verdict), instances, *events))
    yield from _table(("scope", "verdict", "instances", "required events"), rows)


def _findings(outcome: Outcome, *, depth: int, first: int) -> Iterator[str]:
    findings = listed(outcome)
    if findings:
        yield f"{'#' * depth} Findings: {count_findings(outcome)}"
    whole = max(MOST_WHOLE - first + 1, 0)
    for number, shown in enumerate(findings[:whole], start=first):
        yield from _finding(number, shown, outcome.contract.file, depth=depth + 1)
    if rest := count_listed(findings[whole:]):
        yield f"… and {rest:,} more, all in the JSON report"
    rows = [(safe_markdown(code), often, safe_markdown(message)) for code, often, message in gather_infos(outcome)]
    yield from _table(("for information", "", ""), rows)


def _finding(number: int, shown: Shown, contract: str, *, depth: int) -> Iterator[str]:
    finding = shown.finding
    yield f"{'#' * depth} {number}. {_severity(finding)}: {safe_markdown(finding.code)}{_rule(finding)}"
    yield _shortened(finding.message)
    if finding.why:
        yield f"why: {_shortened(finding.why)}"
    yield from _block([*map(line, describe_places(finding, contract)), *describe_events(finding)])
    if finding.more:
        yield f"and {finding.more:,} more like it"
    if shown.more:
        yield f"and {shown.more:,} more of this kind, all in the JSON report"


def _severity(finding: Finding) -> str:
    return f"{finding.severity}" + ("" if finding.verdict is Verdict.FAIL else f" ({finding.verdict})")


def _rule(finding: Finding) -> str:
    return f", rule {safe_markdown(finding.rule)}" if finding.rule else ""


def _name(outcome: Outcome) -> str:
    return outcome.scenario or outcome.capture or "live"


def _contract(outcome: Outcome) -> str:
    return f"{outcome.contract.name}@{outcome.contract.version}"


def _spans(*texts: str) -> tuple[str, ...]:
    return tuple(map(_shortened, texts))


def _shortened(text: str) -> str:
    return safe_markdown(shorten(text, _MOST_OF_A_MESSAGE))


def _block(lines: Iterable[Line]) -> Iterator[str]:
    text = paint(lines, color=False).strip("\n")
    if text:
        yield safe_markdown_block(shorten(each, _MOST_OF_A_LINE) for each in text.split("\n"))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table of cells that are safe; none without rows. What a row lacks at its end is empty."""
    if rows:
        filled = [(*row, *("",) * (len(head) - len(row))) for row in rows]
        yield "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *filled))
