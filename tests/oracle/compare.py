"""One stream before both judges: the report's findings, verdict and exit code against the oracle's."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from tests.oracle.fuzz import leave_silence, settle, spell
from tests.oracle.subjects import Subject
from tests.oracle.verdict import Judgement, conclude
from wscheck.capture.jsonl import decode_record
from wscheck.checker import Checker
from wscheck.finding import Severity
from wscheck.report import REPORTS
from wscheck.result import merge

Records = list[dict[str, Any]]
Row = tuple[Any, ...]

_HEAD = re.compile(
    r"^ *\d+  (error|warning|info)(?: \((\w+)\))?  ([a-z0-9-]+)(?:  rule (.+))?\n {5}(.*)$", re.MULTILINE
)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the reports of the engine say: the JSON one, read again, and the JUnit one beside it."""

    rows: list[Row]
    verdict: str
    exit_code: int
    apart: str | None


def differ(
    subject: Subject, records: Records, *, ended: bool = True, junit: bool = True
) -> tuple[Judgement, Report, list[str]]:
    """Both judgements, and in what they differ, if in anything. ``junit``: that report is held to the JSON one too."""
    due = conclude(subject.contract, records, ended=ended)
    told = report(subject, records, ended=ended, junit=junit)
    rows = [[*row[:3], row[3] and [spell(part) for part in row[3]], *row[4:]] for row in due.rows]
    ours, theirs = (settle(leave_silence(subject.document, list(map(tuple, each)))) for each in (rows, told.rows))
    apart = [] if json.dumps(ours) == json.dumps(theirs) else ["findings"]
    if len(ours) == len(rows):  # past a silence of the language, what follows from the findings is open too
        apart += [] if due.verdict == told.verdict else [f"verdict {told.verdict}, due {due.verdict}"]
        apart += [] if due.exit_code == told.exit_code else [f"exit code {told.exit_code}, due {due.exit_code}"]
    return due, told, apart + ([told.apart] if told.apart else [])


def report(subject: Subject, records: Records, *, ended: bool, junit: bool) -> Report:
    """Check the records as `wscheck check` does, and read its reports."""
    checker = Checker(subject.loaded)
    for record in records:
        checker.observe(decode_record(json.dumps(record)))
    outcome = checker.conclude(truncated=not ended)
    result = merge((outcome,), tool="", engine="", fail_on=Severity.ERROR)
    value = json.loads(REPORTS["json"](result))
    findings = [each for each in value["findings"] if each["severity"] != "ignore"]
    return Report(
        rows=[_row(finding) for finding in findings],
        verdict=value["verdict"],
        exit_code=value["exit_code"],
        apart=junit_apart(ET.fromstring(REPORTS["junit"](result)), findings, value["exit_code"]) if junit else None,
    )


def _row(finding: dict[str, Any]) -> Row:
    return (
        finding["code"],
        finding["rule"],
        finding["scope"],
        finding["key"] and [spell(part) for part in finding["key"]],
        finding["event"] and finding["event"]["index"],
        tuple(event["index"] for event in finding["related"]),
        finding["verdict"],
    )


def junit_apart(root: ET.Element, findings: list[dict[str, Any]], exit_code: int) -> str | None:
    """What the JUnit report tells otherwise than the JSON one."""
    told: Counter[Any] = Counter()
    for case in root.iter("testcase"):
        for text in [each.text or "" for each in case] if case.get("name") != "verdict" else []:
            for severity, verdict, code, rule, message in _HEAD.findall(text):
                told[severity, verdict or "fail", code, rule or None, message] += 1
    members = ("severity", "verdict", "code", "rule", "message")
    due = Counter(tuple(finding[member] for member in members) for finding in findings)
    if told != due:
        return f"JUnit tells {list((told - due).elements())}, JSON {list((due - told).elements())}"
    red = int(root.get("failures", 0)) + int(root.get("errors", 0))
    return f"JUnit has {red} red cases, the exit code is {exit_code}" if bool(red) != bool(exit_code) else None
