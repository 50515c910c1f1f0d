"""Annotations for GitHub Actions: workflow commands that mark a step, and the lines of the contract, one a line."""

from __future__ import annotations

from collections.abc import Iterator

from wscheck.finding import Finding, Severity, Verdict
from wscheck.report.terminal.findings import MOST_WHOLE, Shown, count_listed, describe_places, listed
from wscheck.report.terminal.lines import paint
from wscheck.report.terminal.opening import describe_causes
from wscheck.report.terminal.words import HEADLINES, counted, describe_exit
from wscheck.result import Outcome, Result
from wscheck.text import safe_annotation, shorten

_UNWRAPPED = 1_000_000
_MOST_OF_A_LINE = 1_000


def render(result: Result) -> str:
    """Return ``result`` as ``::error``, ``::warning`` and ``::notice`` commands.

    First the verdict of each run, an error wherever the exit code is not 0, then the findings: GitHub shows ten of a
    kind in a step, and what is past them only in the log. An annotation stands at the line of the contract where there
    is one. https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "".join(f"{command}\n" for command in _commands(result))


def _commands(result: Result) -> Iterator[str]:
    yield from map(_verdict, result.outcomes)
    if result.exit_code and all(outcome.verdict is Verdict.PASS for outcome in result.outcomes):
        yield _command("error", describe_exit(result.exit_code), title="wscheck")
    shown = [(outcome, one) for outcome in result.outcomes for one in listed(outcome)]
    for outcome, one in shown[:MOST_WHOLE]:
        yield _finding(outcome, one)
    if rest := count_listed(one for _, one in shown[MOST_WHOLE:]):
        yield _command("notice", f"{counted(rest, 'finding')} more, all in the JSON report", title="wscheck")


def _verdict(outcome: Outcome) -> str:
    causes = paint(describe_causes(outcome, width=_UNWRAPPED), color=False).split("\n")
    contract = f"{outcome.contract.name}@{outcome.contract.version}"
    return _command(
        "notice" if outcome.verdict is Verdict.PASS else "error",
        *filter(None, causes),
        outcome.why,
        title=f"wscheck {HEADLINES[outcome.verdict]}: {outcome.scenario or outcome.capture or 'live'}, {contract}",
    )


def _finding(outcome: Outcome, shown: Shown) -> str:
    finding, contract = shown.finding, outcome.contract
    more = finding.more + shown.more
    return _command(
        "error" if finding.severity is Severity.ERROR else "warning",
        finding.message,
        *((f"why: {finding.why}",) if finding.why else ()),
        *describe_places(finding, contract.file),
        *((f"and {more:,} more of this kind",) if more else ()),
        title=f"{finding.code}{_doubt(finding)}{f', rule {finding.rule}' if finding.rule else ''}",
        **({"file": contract.file, "line": str(finding.contract_line)} if finding.contract_line is not None else {}),
    )


def _doubt(finding: Finding) -> str:
    return "" if finding.verdict is Verdict.FAIL else f" ({finding.verdict})"


def _command(name: str, *lines: str, **members: str) -> str:
    told = ",".join(f"{member}={safe_annotation(value, member=True)}" for member, value in members.items())
    text = "%0A".join(safe_annotation(shorten(line, _MOST_OF_A_LINE)) for line in lines)
    return f"::{name} {told}::{text}"
