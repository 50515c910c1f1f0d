"""Findings for a person who has to act: what was seen, the events around it, and the contract's line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from wscheck.finding import EventRef, Finding, Severity, Verdict
from wscheck.report.terminal.lines import EMPTY, Line, Span, Style, columns, line, prose
from wscheck.report.terminal.words import as_json, counted, seconds, times
from wscheck.result import Outcome
from wscheck.text import safe, shorten

MOST_WHOLE = 20
"""Findings that one report shows whole."""

_MOST_OF_A_MESSAGE = 200
_MOST_OF_A_KEY = 80
_MARGIN = "     "
_STYLES: Mapping[Severity, Style] = {Severity.ERROR: "bad", Severity.WARNING: "doubtful"}


def listed(outcome: Outcome) -> list[Finding]:
    """Return the findings that are shown one by one: errors, then warnings, each in the order they were made."""
    return [finding for severity in _STYLES for finding in outcome.findings if finding.severity is severity]


def describe_findings(outcome: Outcome, *, first: int, width: int) -> Iterator[Line]:
    """Yield the findings of ``outcome``, numbered from ``first``; past ``MOST_WHOLE`` only how many more there are."""
    findings = listed(outcome)
    if findings:
        yield line(Span("Findings", "strong"), f"  {_count(findings)}")
        yield EMPTY
    whole = max(MOST_WHOLE - first + 1, 0)
    for number, finding in enumerate(findings[:whole], start=first):
        yield from _describe_finding(number, finding, outcome.contract.file, width=width)
        yield EMPTY
    if len(findings) > whole:
        yield line(f"… and {len(findings) - whole:,} more, all in the JSON report")
        yield EMPTY
    yield from _describe_infos(outcome)


def describe_tolerated(outcome: Outcome, *, width: int) -> Iterator[Line]:
    """Yield one line on what was held against nobody."""
    if outcome.tolerated:
        each = ", ".join(f"{tolerated.what} {times(tolerated.count)}" for tolerated in outcome.tolerated)
        yield from prose(Span("Tolerated", "strong"), f"  {each}", width=width, indent=2)
        yield EMPTY


def _count(findings: list[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(counted(counts[severity], str(severity)) for severity in _STYLES if counts[severity])


def _describe_finding(number: int, finding: Finding, contract: str, *, width: int) -> Iterator[Line]:
    doubt = "" if finding.verdict is Verdict.FAIL else f" ({finding.verdict})"
    severity = Span(f"{finding.severity}{doubt}", _STYLES[finding.severity])
    rule = f"  rule {finding.rule}" if finding.rule else ""
    yield line(f"{number:>3}  ", severity, "  ", Span(finding.code, "strong"), rule)
    message = shorten(safe(finding.message), _MOST_OF_A_MESSAGE)
    yield from prose(_MARGIN, message, width=width, indent=len(_MARGIN))
    if more := finding.more:
        yield line(_MARGIN, f"and {more:,} more like it")
    if finding.why:
        yield from prose(f"{_MARGIN}why: ", finding.why, width=width, indent=len(_MARGIN))
    for place in filter(None, (_describe_place(finding), _describe_paths(finding), _describe_line(finding, contract))):
        yield line(_MARGIN, Span(place, "faint"))
    yield from _describe_events(finding)


def _describe_place(finding: Finding) -> str:
    connection = f", connection {finding.connection}" if (finding.connection or 1) > 1 else ""
    key = shorten(", ".join(map(as_json, finding.key or ())), _MOST_OF_A_KEY)
    parts = (
        f"session {finding.session}{connection}" if finding.session is not None else "",
        f"scope {finding.scope}" if finding.scope else "",
        f"key {key}" if key else "",
        f"on the {finding.blame}'s side" if finding.blame else "",
    )
    return ", ".join(filter(None, parts))


def _describe_paths(finding: Finding) -> str:
    parts = (
        f"in the event at {finding.instance_path or 'its top'}" if finding.instance_path is not None else "",
        f"in its schema at {finding.schema_path or 'its top'}" if finding.schema_path is not None else "",
    )
    return ", ".join(filter(None, parts))


def _describe_line(finding: Finding, contract: str) -> str:
    if finding.contract_path is None and finding.contract_line is None:
        return ""
    place = contract if finding.contract_line is None else f"{contract}:{finding.contract_line}"
    return f"{place} {finding.contract_path or ''}"


def _describe_events(finding: Finding) -> Iterator[Line]:
    own = (finding.event,) if finding.event else ()
    each_once = dict.fromkeys((*finding.recent, *finding.related, *own))
    events = sorted(each_once, key=lambda event: event.index)
    yield from columns([_describe_event(event, marked=event == finding.event) for event in events], indent=5)


def _describe_event(event: EventRef, *, marked: bool) -> tuple[str | Span, ...]:
    style: Style = "strong" if marked else "plain"
    cells = (">" if marked else " ", f"#{event.index}", event.name, event.direction, seconds(event.at))
    return tuple(Span(cell, style) for cell in cells)


def _describe_infos(outcome: Outcome) -> Iterator[Line]:
    infos = [finding for finding in outcome.findings if finding.severity is Severity.INFO]
    if not infos:
        return
    rows = []
    for code, count in Counter(finding.code for finding in infos).items():
        message = next(finding.message for finding in infos if finding.code == code)
        rest = f"; {counted(count - 1, 'other')} like it" if count > 1 else ""
        rows.append((code, times(count), shorten(safe(message), _MOST_OF_A_MESSAGE) + rest))
    yield line(Span("For information", "strong"))
    yield from columns(rows, indent=2)
    yield EMPTY
