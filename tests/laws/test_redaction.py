"""Redaction changes no verdict, and lets no secret into a record or a report."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.keys import ENDINGS, facts, rename, renamed
from tests.laws.made import FEWER, Document, Made, judge, made, records_of
from wscheck.capture.jsonl import encode_record
from wscheck.finding import Finding, Severity
from wscheck.pointer import Pointer
from wscheck.redact import Redactor
from wscheck.report import REPORTS
from wscheck.result import merge

SECRET = "S3CRET"


def _compared_only(document: Document) -> None:
    """Leave no rule that counts with a value: redaction keeps what is equal equal, and does not keep sums."""
    document.pop("identity", None)
    for scope in document["scopes"].values():
        scope["rules"] = [rule for rule in scope.get("rules", []) if "counter" not in rule]


@given(made(_compared_only), st.sets(st.sampled_from(["keys", "/v", "/n /m"]), min_size=1))
@settings(FEWER)
def test_redaction_never_changes_a_verdict(one: Made, hidden: set[str]) -> None:
    places = [place for each in hidden - {"keys"} for place in each.split()]
    places += _key_places(one.document) if "keys" in hidden else []
    redactor = Redactor((), [Pointer(place) for place in places])
    before = judge(one.contract, one.records, truncated=not one.ended)
    after = judge(one.contract, [redactor.record(each) for each in one.records], truncated=not one.ended)
    assert _but_keys(after.findings) == _but_keys(before.findings)
    assert after.outcome.verdict == before.outcome.verdict
    names = {(_key(was), _key(now)) for was, now in zip(before.findings, after.findings, strict=True)}
    assert len({was for was, _ in names}) == len({now for _, now in names}) == len(names), "equal stays equal"


@given(made(), st.booleans())
@settings(FEWER)
def test_no_secret_is_in_any_record_or_report(one: Made, by_value: bool) -> None:
    lines = rename(one.lines, one.document, SECRET)
    lines = [{**line, "reason": f"for {SECRET}any"} if line["kind"] == "closed" else line for line in lines]
    secrets = {part for line in lines for part in _strings(line) if part.startswith(SECRET)} | {f"{SECRET}any"}
    pointers = [] if by_value else [Pointer(place) for place in _key_places(one.document)]
    redactor = Redactor(secrets if by_value else [f"{SECRET}any"], pointers)
    records = [redactor.record(record) for record in records_of(lines)]
    outcome = judge(one.contract, records, truncated=not one.ended).outcome
    result = merge((outcome,), tool="", engine="", fail_on=Severity.ERROR)
    told = [encode_record(record) for record in records] + [report(result) for report in REPORTS.values()]
    assert [_around(text) for text in told if SECRET in text] == []
    assert all(SECRET not in finding.message for finding in outcome.findings)


def _strings(line: dict[str, Any]) -> list[str]:
    return re.findall(r'"((?:[^"\\]|\\.)*)"', line.get("text") or "")


def _key_places(document: Document) -> list[str]:
    return [f"/{name}{ending}" for name in document["scopes"] for ending in ENDINGS]


def _but_keys(findings: tuple[Finding, ...]) -> list[Any]:
    return [(*facts(each, range(1, 100))[:5], *facts(each, range(1, 100))[6:]) for each in findings]


def _key(finding: Finding) -> str:
    return repr(finding.key and [renamed(part, "") for part in finding.key])


def _around(text: str) -> str:
    at = text.index(SECRET)
    return text[max(at - 200, 0) : at + 80]
