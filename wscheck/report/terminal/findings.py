"""Findings for a person who has to act: what was seen, the events around it, and the contract's line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from wscheck.finding import EventRef, Finding, Severity, Verdict
from wscheck.report.terminal.lines import EMPTY, Line, Span, Style, columns, line, prose
from wscheck.report.terminal.words import as_json, counted, seconds, times
from wscheck.result import Outcome
from wscheck.text import safe, shorten

MOST_WHOLE = 20
"""Findings that one report shows."""

MOST_OF_A_KIND = 3
"""Findings of one kind that are shown one by one; of more only the first is."""

_MOST_OF_A_MESSAGE = 200
_MOST_OF_A_KEY = 80
_MARGIN = "     "
_STYLES: Mapping[Severity, Style] = {Severity.ERROR: "bad", Severity.WARNING: "doubtful"}


class Shown(NamedTuple):
    """A finding that is shown, and how many more of its kind it stands for."""

    finding: Finding
    more: int


def listed(outcome: Outcome) -> list[Shown]:
    """Return the findings that are shown: errors, then warnings, each in the order they were made.

    Of a kind, that is one code about one event in one scope or by one rule, all are shown where they are few, else the
    first: a stream of another version breaks the same schema with every event.
    """
    findings = [finding for severity in _STYLES for finding in outcome.findings if finding.severity is severity]
    counts = Counter(map(_kind, findings))
    shown: list[Shown] = []
    folded = set()
    for finding in findings:
        kind = _kind(finding)
        if counts[kind] <= MOST_OF_A_KIND:
            shown.append(Shown(finding, 0))
        elif kind not in folded:
            folded.add(kind)
            shown.append(Shown(finding, counts[kind] - 1))
    return shown


def count_listed(shown: Iterable[Shown]) -> int:
    """Return how many findings stand behind those that are shown."""
    return sum(1 + one.more for one in shown)


def count_findings(outcome: Outcome) -> str:
    """Return how many errors and warnings there are."""
    counts = Counter(finding.severity for finding in outcome.findings)
    return ", ".join(counted(counts[severity], str(severity)) for severity in _STYLES if counts[severity])


def describe_findings(outcome: Outcome, *, first: int, width: int) -> Iterator[Line]:
    """Yield the findings of ``outcome``, numbered from ``first``; past ``MOST_WHOLE`` only how many more there are."""
    findings = listed(outcome)
    if findings:
        yield line(Span("Findings", "strong"), f"  {count_findings(outcome)}")
        yield EMPTY
    whole = max(MOST_WHOLE - first + 1, 0)
    for number, (finding, more) in enumerate(findings[:whole], start=first):
        yield from describe_finding(number, finding, outcome.contract.file, width=width)
        if more:
            yield line(f"{_MARGIN}and {more:,} more of this kind, all in the JSON report")
        yield EMPTY
    if rest := count_listed(findings[whole:]):
        yield line(f"… and {rest:,} more, all in the JSON report")
        yield EMPTY
    yield from _describe_infos(outcome)


def describe_finding(
    number: int, finding: Finding, contract: str, *, width: int, most: int | None = _MOST_OF_A_MESSAGE
) -> Iterator[Line]:
    """Yield one finding; ``most`` characters of its message, or all. ``contract`` is the contract's file."""
    doubt = "" if finding.verdict is Verdict.FAIL else f" ({finding.verdict})"
    severity = Span(f"{finding.severity}{doubt}", _STYLES.get(finding.severity, "plain"))
    rule = f"  rule {finding.rule}" if finding.rule else ""
    yield line(f"{number:>3}  ", severity, "  ", Span(finding.code, "strong"), rule)
    message = safe(finding.message) if most is None else shorten(safe(finding.message), most)
    yield from prose(_MARGIN, message, width=width, indent=len(_MARGIN))
    if more := finding.more:
        yield line(_MARGIN, f"and {more:,} more like it")
    if finding.why:
        yield from prose(f"{_MARGIN}why: ", finding.why, width=width, indent=len(_MARGIN))
    for place in describe_places(finding, contract):
        yield line(_MARGIN, Span(place, "faint"))
    yield from describe_events(finding, indent=len(_MARGIN))


def describe_places(finding: Finding, contract: str) -> Iterator[str]:
    """Yield where ``finding`` is: in the stream, in its event, and in the contract, whose file is ``contract``."""
    yield from filter(None, (_describe_place(finding), _describe_paths(finding), _describe_line(finding, contract)))


def describe_events(finding: Finding, *, indent: int = 0) -> list[Line]:
    """Return the events that ``finding`` speaks of and those before it, its own marked."""
    own = (finding.event,) if finding.event else ()
    each_once = dict.fromkeys((*finding.recent, *finding.related, *own))
    events = sorted(each_once, key=lambda event: (event.index, event.part))
    return columns([_describe_event(event, marked=event == finding.event) for event in events], indent=indent)


def describe_tolerated(outcome: Outcome, *, width: int) -> Iterator[Line]:
    """Yield one line on what was held against nobody."""
    if outcome.tolerated:
        each = ", ".join(f"{tolerated.what} {times(tolerated.count)}" for tolerated in outcome.tolerated)
        yield from prose(Span("Tolerated", "strong"), f"  {each}", width=width, indent=2)
        yield EMPTY


def gather_infos(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Return the findings that are only for information, by code: how often, and the first one's message."""
    infos = [finding for finding in outcome.findings if finding.severity is Severity.INFO]
    rows = []
    for code, count in Counter(finding.code for finding in infos).items():
        message = next(finding.message for finding in infos if finding.code == code)
        rest = f"; {counted(count - 1, 'other')} like it" if count > 1 else ""
        rows.append((code, times(count), shorten(safe(message), _MOST_OF_A_MESSAGE) + rest))
    return rows


def _kind(finding: Finding) -> tuple[object, ...]:
    name = finding.event.name if finding.event else None
    return finding.severity, finding.verdict, finding.code, finding.rule, finding.scope, name


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


def _describe_event(event: EventRef, *, marked: bool) -> tuple[str | Span, ...]:
    style: Style = "strong" if marked else "plain"
    cells = (">" if marked else " ", event.place, event.name, event.direction, seconds(event.at))
    return tuple(Span(cell, style) for cell in cells)


def _describe_infos(outcome: Outcome) -> Iterator[Line]:
    if rows := gather_infos(outcome):
        yield line(Span("For information", "strong"))
        yield from columns(rows, indent=2)
        yield EMPTY
