"""A stream and the capture of it come to the same, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.made import FEWER, Document, Made, made
from wscheck.capture import CaptureWriter, Header, read_capture
from wscheck.checker import Checker
from wscheck.finding import Severity
from wscheck.redact import Redactor
from wscheck.report.json_report import findings_json
from wscheck.run import check_capture

HEADER = Header(tool="laws", run="r", started="2026-01-01T00:00:00Z")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("captures")


def _redacting(document: Document) -> None:
    document["redact"] = ["/P", "/Pb", "/m"]


@given(one=made() | made(_redacting), suffix=st.sampled_from(["", ".gz"]))
@settings(FEWER)
def test_what_is_found_live_is_found_in_the_capture_of_it(folder: Path, one: Made, suffix: str) -> None:
    path = folder / f"stream.jsonl{suffix}"
    redactor, checker = Redactor((), one.contract.redact), Checker(one.contract)
    kept = []
    with CaptureWriter(path, HEADER, overwrite=True) as writer:
        for record in map(redactor.record, one.records):
            writer.write(record)
            checker.observe(record)
            kept.append(record)
        if one.ended:
            writer.finish()
    live = checker.conclude(truncated=not one.ended)
    with read_capture(path) as capture:
        assert list(capture) == kept
        assert capture.truncated is not one.ended
    told = check_capture(one.contract, path, fail_on=Severity.ERROR)
    assert findings_json(told.findings) == findings_json(live.findings)
    assert (told.verdict, told.sessions, told.scopes) == (live.verdict, live.sessions, live.scopes)
    assert (told.records, told.causes, told.tolerated) == (live.records, live.causes, live.tolerated)


@given(made())
@settings(FEWER)
def test_a_stream_is_judged_the_same_each_time(one: Made) -> None:
    first, second = Checker(one.contract), Checker(one.contract)
    for record in one.records:
        assert first.observe(record) == second.observe(record)
    assert first.conclude() == second.conclude()
    assert first.places() == second.places()
