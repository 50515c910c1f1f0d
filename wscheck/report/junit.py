"""JUnit XML: one suite a capture or run, one case a session, a scope and a rule, for what counts failed tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from wscheck.finding import Verdict
from wscheck.report.junit_cases import Case, cases_of
from wscheck.report.terminal.words import describe_exit
from wscheck.result import Outcome, Result
from wscheck.text import safe_xml

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render(result: Result) -> str:
    """Return ``result`` as JUnit XML: `testsuites`, in it `testsuite`, in it `testcase`.

    A case has at most one of `failure` (fail), `error` (wscheck could not look) and `skipped` (never exercised, or
    undecided, with the reason). The first case of a suite is its verdict, the cause before the symptoms; that one is an
    `error` where the verdict is none or inconclusive, so that what counts failures and errors only is red whenever the
    exit code is not 0. Times are in seconds and stand at the verdict. Characters that XML 1.0 (section 2.2) does not
    have, and those that could hide or move text, are written as ``\\u{…}``; all else that is not ASCII is a character
    reference, so that the text is the same in every encoding.
    """
    suites = list(_gather(result))
    if result.exit_code and not any(case.red for suite in suites for case in suite.cases):
        suites.append(_Suite(name="wscheck", group="wscheck", cases=(_explain_exit(result.exit_code),)))
    root = ET.Element("testsuites", {"name": "wscheck", **_count(case for suite in suites for case in suite.cases)})
    for suite in suites:
        root.append(_suite(suite, result))
    ET.indent(root)
    # ElementTree declares what it is told to write, and here that is a part of what is declared.
    written: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=False)
    return f"{_DECLARATION}{written.decode('ascii')}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suite:
    """A suite. ``group`` is the class of its cases, a dot between package and class, as Jenkins takes them apart."""

    name: str
    group: str
    cases: tuple[Case, ...]
    outcome: Outcome | None = None


def _gather(result: Result) -> Iterator[_Suite]:
    groups: Counter[str] = Counter()
    for outcome in result.outcomes:
        contract, run = outcome.contract, outcome.scenario or outcome.capture or "live"
        group = f"{contract.name.replace('.', '_')}.{run.replace('.', '_')}"
        groups[group] += 1
        # What compares two pipelines tells cases apart by class and name; a run's capture has a new name each time.
        number = f" ({groups[group]})" if groups[group] > 1 else ""
        yield _Suite(
            name=f"{contract.name}@{contract.version} {run}{number}",
            group=group + number,
            cases=tuple(cases_of(outcome, result.fail_on)),
            outcome=outcome,
        )


def _explain_exit(code: int) -> Case:
    return Case(name="exit code", verdict=Verdict.ERROR, kind="exit code", message=describe_exit(code))


def _suite(suite: _Suite, result: Result) -> ET.Element:
    element = ET.Element("testsuite", {"name": safe_xml(suite.name), **_count(suite.cases)})
    if suite.outcome:
        properties = ET.SubElement(element, "properties")
        for name, value in _describe(suite.outcome, result):
            ET.SubElement(properties, "property", name=name, value=safe_xml(value))
    element.extend(_case(case, suite.group) for case in suite.cases)
    return element


def _describe(outcome: Outcome, result: Result) -> Iterator[tuple[str, str]]:
    yield "tool", f"{result.tool}, {result.engine}"
    yield "contract", f"{outcome.contract.name}@{outcome.contract.version}"
    yield "contract digest", outcome.contract.digest
    if outcome.capture:
        yield "capture", outcome.capture
    yield "verdict", str(outcome.verdict)
    yield "exit code", str(result.exit_code)
    yield "records", str(outcome.records)


def _case(case: Case, group: str) -> ET.Element:
    element = ET.Element("testcase", classname=safe_xml(group), name=safe_xml(case.name), time=_seconds(case.seconds))
    if tag := case.tag:
        told = ET.SubElement(element, tag, message=safe_xml(case.message))
        if tag != "skipped":
            told.set("type", safe_xml(case.kind))
        told.text = _lines(case.text or safe_xml(case.message))
    if case.aside:
        ET.SubElement(element, "system-out").text = _lines(case.aside)
    return element


def _count(cases: Iterable[Case]) -> dict[str, str]:
    found = list(cases)
    tags = Counter(case.tag for case in found)
    return {
        "tests": str(len(found)),
        "failures": str(tags["failure"]),
        "errors": str(tags["error"]),
        "skipped": str(tags["skipped"]),
        "time": _seconds(sum(case.seconds for case in found)),
    }


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _lines(text: str) -> str:
    return "\n".join(map(safe_xml, text.split("\n")))
