"""The JUnit report: what counts failed tests is red exactly when the exit code is not 0."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.report.goldens import FOLDER, golden
from tests.report.hostile import HOSTILE, hostile
from tests.report.parts import OUT_OF_ORDER, OUTCOME, SCOPES, SESSION, result
from tests.report.results import ANOTHER_VERSION, FAILED, REASON, RESULTS
from tests.support.foreign import FOREIGN, find_commands
from tests.support.streams import ROWS, check, records_of
from wscheck.contract.load import parse_contract
from wscheck.errors import ContractError
from wscheck.finding import Severity, Verdict
from wscheck.report import REPORTS
from wscheck.report.junit import render
from wscheck.result import Result, RuleResult, merge
from wscheck.text import safe_xml

PRINTED = ("pass", "fail", "several", "cause", "blocked", "nothing", "truncated", "none at all", "probe")
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"failure", "error", "skipped", "system-out"},
}
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"classname", "name", "time"},
    "property": {"name", "value"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}
FORBIDDEN = "\x00\x0b\x1b\r\n\x85\ud800\ufffe\uffff"
"""Characters that XML 1.0 does not have, or changes in reading."""


def parse(report: Result) -> ET.Element:
    return ET.fromstring(render(report))


def reds(root: ET.Element) -> list[ET.Element]:
    return [
        case for case in root.iter("testcase") if case.find("failure") is not None or case.find("error") is not None
    ]


def case(root: ET.Element, name: str) -> ET.Element:
    (found,) = (case for case in root.iter("testcase") if case.get("name") == name)
    return found


def one(report: Any, tag: str) -> ET.Element:
    found = report.find(tag)
    assert found is not None, f"there is no {tag} in {ET.tostring(report)!r}"
    return found


@pytest.mark.parametrize("name", PRINTED)
def test_the_junit_report_is_the_golden_one(name: str) -> None:
    text = render(RESULTS[name])
    assert text == golden(f"{name.replace(' ', '-')}.xml", text)


def test_every_golden_of_junit_belongs_to_a_result() -> None:
    assert {path.stem for path in FOLDER.glob("*.xml")} == {name.replace(" ", "-") for name in PRINTED}


@pytest.mark.parametrize("name", RESULTS)
def test_a_report_has_the_shape_that_every_reader_knows(name: str) -> None:
    root = parse(RESULTS[name])
    assert root.tag == "testsuites"
    for element in root.iter():
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        assert set(element.attrib) == ATTRIBUTES.get(element.tag, set())
    for found in root.iter("testcase"):
        assert len([child for child in found if child.tag != "system-out"]) <= 1


@pytest.mark.parametrize("name", RESULTS)
def test_the_counts_are_those_of_the_cases(name: str) -> None:
    root = parse(RESULTS[name])
    for element in (root, *root.iter("testsuite")):
        cases = list(element.iter("testcase"))
        assert element.get("tests") == str(len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert element.get(attribute) == str(sum(found.find(tag) is not None for found in cases))
        assert float(element.get("time", "")) == pytest.approx(sum(float(found.get("time", "")) for found in cases))


@pytest.mark.parametrize("name", RESULTS)
def test_a_case_is_told_apart_from_every_other(name: str) -> None:
    cases = [(found.get("classname"), found.get("name")) for found in parse(RESULTS[name]).iter("testcase")]
    assert len(cases) == len(set(cases))


@pytest.mark.parametrize("name", RESULTS)
def test_what_counts_only_failures_is_red_exactly_when_the_exit_code_is_not_zero(name: str) -> None:
    assert bool(reds(parse(RESULTS[name]))) == bool(RESULTS[name].exit_code)


@pytest.mark.parametrize("fail_on", [Severity.ERROR, Severity.WARNING], ids=str)
def test_over_every_labelled_stream_red_and_the_exit_code_agree(fail_on: Severity) -> None:
    for row in ROWS:
        try:
            contract = parse_contract(row["contract"])
        except ContractError:
            continue
        outcome = check(contract, records_of(row), truncated=not row.get("ended", True), fail_on=fail_on)
        report = merge((outcome,), tool="t", engine="e", fail_on=fail_on)
        found = reds(parse(report))
        assert bool(found) == bool(report.exit_code), row["name"]
        if report.exit_code:
            assert found[0].get("name") == "verdict", row["name"]


def test_nothing_checked_is_skipped_clause_by_clause_and_red_as_a_whole() -> None:
    root = parse(RESULTS["nothing"])
    assert [found.get("name") for found in reds(root)] == ["verdict", "session ada"]
    for name in ("connection", "run", "tool"):
        assert one(case(root, f"scope {name}"), "skipped").get("message") == (
            f"no {name} was ever seen: no event was received"
        )


def test_the_cause_stands_whole_in_the_first_case() -> None:
    first = next(parse(RESULTS["cause"]).iter("testcase"))
    error = one(first, "error")
    assert first.get("name") == "verdict"
    assert str(error.get("message")).startswith(f"the server said why it failed: {REASON}; ")
    assert f'"details":{{"error":"{REASON}"}}' in str(error.text)


def test_a_message_is_whole_in_the_attribute_and_in_the_text() -> None:
    root = parse(RESULTS["fail"])
    failure = one(case(root, "session ada"), "failure")
    whole = FAILED.findings[1].message
    assert failure.get("message") == f"schema: {whole}"
    assert whole.rstrip() in str(failure.text)


def test_every_finding_of_a_case_stands_in_it() -> None:
    root = parse(result(Verdict.FAIL, 1, ANOTHER_VERSION))
    failure = one(case(root, "session ada"), "failure")
    assert str(failure.get("message")).endswith("(and 41 more findings)")
    assert len(re.findall(r"^ +\d+  error  schema$", str(failure.text), re.MULTILINE)) == 42


def test_a_finding_of_a_rule_fails_the_rule_and_not_its_scope() -> None:
    scope = replace(SCOPES[2], rules=(RuleResult(id="paired", kind="need", verdict=Verdict.FAIL),))
    broken = replace(OUT_OF_ORDER, code="need", rule="paired")
    root = parse(result(Verdict.FAIL, 1, replace(FAILED, scopes=(scope,), findings=(broken,))))
    assert one(case(root, "scope tool, rule paired"), "failure").get("type") == "need"
    assert list(case(root, "scope tool")) == []


def test_a_rule_that_nothing_came_for_is_skipped() -> None:
    skipped = one(case(parse(RESULTS["pass"]), "scope tool, rule once"), "skipped")
    assert skipped.get("message") == "nothing came that this unique rule looks at"
    assert list(case(parse(RESULTS["pass"]), "scope tool, rule answered")) == []


def test_a_warning_stands_aside_until_it_is_to_fail() -> None:
    warning = replace(OUT_OF_ORDER, severity=Severity.WARNING)
    warned = result(Verdict.PASS, 0, replace(OUTCOME, findings=(warning,)))
    assert OUT_OF_ORDER.message in str(one(case(parse(warned), "scope tool"), "system-out").text)
    assert reds(parse(warned)) == []
    strict = replace(warned, fail_on=Severity.WARNING, exit_code=1)
    assert "scope tool" in [found.get("name") for found in reds(parse(strict))]


def test_a_probe_that_was_turned_away_as_it_must_be_is_a_pass_though_nothing_came() -> None:
    closed = replace(SESSION, received=0, probe={"expect": "closed", "code": 1008})
    found = case(
        parse(result(Verdict.PASS, 0, replace(OUTCOME, sessions=(SESSION, replace(closed, name="eve"))))), "session eve"
    )
    assert list(found) == []


def test_a_finding_of_no_session_is_not_lost() -> None:
    stray = replace(OUT_OF_ORDER, scope=None, session="nobody")
    root = parse(result(Verdict.FAIL, 1, replace(FAILED, findings=(stray,))))
    assert one(case(root, "stream"), "failure").get("type") == "out-of-order"


def test_a_run_that_a_signal_ended_is_red_though_all_that_was_seen_held() -> None:
    root = parse(replace(RESULTS["pass"], exit_code=130))
    (found,) = reds(root)
    assert one(found, "error").get("message") == "the run was ended by signal 2: exit code 130"


def test_two_live_runs_of_one_contract_have_names_of_their_own() -> None:
    live = replace(OUTCOME, capture=None)
    names = [suite.get("name") for suite in parse(result(Verdict.PASS, 0, live, live)).iter("testsuite")]
    assert names == ["agent-events@2.0.0 live", "agent-events@2.0.0 live (2)"]


def test_a_run_is_named_by_its_scenario_and_keeps_that_name_from_one_pipeline_to_the_next() -> None:
    runs = [replace(OUTCOME, capture=f"kept/{number}.jsonl", scenario="triage.run") for number in (1, 2)]
    root = parse(result(Verdict.PASS, 0, *runs))
    assert [suite.get("name") for suite in root] == [
        "agent-events@2.0.0 triage.run",
        "agent-events@2.0.0 triage.run (2)",
    ]
    classes = dict.fromkeys(found.get("classname") for found in root.iter("testcase"))
    assert list(classes) == ["agent-events.triage_run", "agent-events.triage_run (2)"]
    assert [next(suite.iter("system-out")).text.splitlines()[0] for suite in root] == [
        "capture kept/1.jsonl", "capture kept/2.jsonl",
    ]  # fmt: skip


def test_each_connection_of_a_session_is_a_case() -> None:
    sessions = (SESSION, replace(SESSION, connection=2))
    root = parse(result(Verdict.PASS, 0, replace(OUTCOME, sessions=sessions)))
    assert list(case(root, "session ada")) == list(case(root, "session ada, connection 2")) == []


@given(FOREIGN)
@example(FORBIDDEN)
def test_any_text_is_read_back_as_what_was_shown(text: str) -> None:
    written = render(hostile(text))
    assert written.isascii()
    assert "\r" not in written
    assert find_commands(written) == []
    root = ET.fromstring(written)
    assert one(case(root[0], safe_xml(f"scope {text}, rule {text}")), "failure").get("type") == safe_xml(text)
    assert root[0].get("name") == safe_xml(f"{text}@{text} {text or 'live'}")


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint (libxml2-utils) is not installed")
@settings(max_examples=20)
@given(st.lists(FOREIGN, min_size=20, max_size=20))
def test_another_reader_of_xml_finds_it_well_formed(texts: list[str]) -> None:
    reports = [*map(render, map(hostile, [*texts, HOSTILE, FORBIDDEN])), *map(render, RESULTS.values())]
    whole = (
        "<all>"
        + "".join(report.removeprefix('<?xml version="1.0" encoding="UTF-8"?>') for report in reports)
        + "</all>"
    )
    read = subprocess.run(["xmllint", "--noout", "-"], input=whole, text=True, capture_output=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")


def test_no_foreign_text_makes_an_element_of_its_own() -> None:
    text = '"/><testcase name="forged"/><![CDATA[ ]]> &amp; <!--'
    root = parse(hostile(text))
    assert not [found for found in root.iter("testcase") if found.get("name") == "forged"]
    assert one(case(root[0], f"scope {text}, rule {text}"), "failure").get("type") == text


def test_the_junit_report_is_in_the_table_of_reports() -> None:
    assert REPORTS["junit"](RESULTS["fail"]) == render(RESULTS["fail"])
