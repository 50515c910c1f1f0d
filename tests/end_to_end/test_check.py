"""`wscheck check` on every kind of file it may be given: never a false verdict, and never a traceback."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import jsonschema
import pytest

from tests.end_to_end.runs import AGENT_EVENTS, BREAKING, CONFORMING, merged, wscheck, wscheck_here
from wscheck.capture import CaptureWriter, Header
from wscheck.contract.load import load_contract
from wscheck.errors import CaptureError
from wscheck.finding import Severity, Verdict
from wscheck.run import check_capture
from wscheck.shipped import schemas

WHOLE = CONFORMING.read_bytes()
HEADER, *RECORDS, END = WHOLE.splitlines(keepends=True)
CASES = Path(__file__).parents[1] / "cases"
GRAPHQL = CASES / "graphql_strawberry.jsonl"
REPORT_SCHEMA = json.loads((schemas() / "wscheck" / "report-1.schema.json").read_text(encoding="utf-8"))


def _record(**members: object) -> bytes:
    return json.dumps({"at": 1.0, "session": "ada", **members}).encode() + b"\n"


def _seal(lines: Iterable[bytes]) -> bytes:
    """Return the whole capture that has the records ``lines``."""
    body = list(lines)
    end = {"wscheck": "end", "records": len(body), "sha256": hashlib.sha256(b"".join(body)).hexdigest()}
    return b"".join([HEADER, *body, json.dumps(end).encode(), b"\n"])


def _is_noise(line: bytes) -> bool:
    return b"run_id" not in line and b"start_agent" not in line


OPENED = _record(kind="opened")
NO_JSON = _record(kind="message", direction="received", text="{")
CLOSED = _record(kind="closed", code=1000, initiator="peer")

FILES: dict[str, tuple[bytes, int, str]] = {
    "an empty file": (b"", 2, "empty"),
    "a header alone": (HEADER, 4, "no end line"),
    "a header without its newline": (HEADER.rstrip(), 4, "no end line"),
    "half a header": (HEADER[:30], 2, "first line"),
    "a header and an end": (HEADER + END, 4, "records"),
    "records without a header": (b"".join(RECORDS), 2, "first line"),
    "a session that opened": (HEADER + OPENED, 4, "no end line"),
    "a session that the server closed": (HEADER + OPENED + CLOSED, 1, "connection_established"),
    "a message that is no JSON": (HEADER + OPENED + NO_JSON + CLOSED, 1, "not-json"),
    "sessions without the agent's events": (_seal(filter(_is_noise, RECORDS)), 4, "no run"),
    "a capture that breaks off": (WHOLE[:1500], 4, "torn"),
    "the same records, sealed anew": (_seal(RECORDS), 0, "PASS"),
    "a capture that was changed": (WHOLE.replace(b"triage", b"TRIAGE"), 4, "sha256"),
    "two captures in one": (WHOLE + WHOLE, 2, "two captures"),
    "a line that is no record": (HEADER + b'{"kind": "opened"}\n' + b"".join(RECORDS), 2, ":2:"),
    "an unknown kind": (HEADER + _record(kind="guess") + b"".join(RECORDS), 2, "kind"),
    "a contract": ((AGENT_EVENTS / "contract.yaml").read_bytes(), 2, "first line"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 2, "no capture"),
    "zeros": (bytes(5000), 2, "no capture"),
    "UTF-16": (WHOLE.decode().encode("utf-16"), 2, "UTF-16"),
    "a page": (b"<!doctype html>\n<html></html>\n", 2, "first line"),
    "compressed under a plain name": (gzip.compress(WHOLE, mtime=0), 2, ".gz"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code", "said"), FILES.values(), ids=FILES)
def test_no_file_is_green_unless_it_shows_the_agents_events(
    content: bytes, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.jsonl").write_bytes(content)
    done = wscheck_here(capsys, "check", "agent-events@2", tmp_path / "c.jsonl")
    assert done.code == code, done.said
    assert said in done.said
    assert "Traceback" not in done.said
    if code == 2:
        assert done.out == ""
        assert done.err.startswith("wscheck: ")
        assert "c.jsonl" in done.err
        assert done.err.count("\n") == 1


def _missing(folder: Path) -> str:
    return "no-such.jsonl"


def _folder(folder: Path) -> str:
    (folder / "captures").mkdir()
    return "captures"


def _not_compressed(folder: Path) -> str:
    (folder / "c.jsonl.gz").write_bytes(WHOLE)
    return "c.jsonl.gz"


def _empty_compressed(folder: Path) -> str:
    (folder / "c.jsonl.gz").write_bytes(b"")
    return "c.jsonl.gz"


def _device(folder: Path) -> str:
    return "/dev/null"


def _long(folder: Path) -> str:
    return "x" * 5000


@pytest.mark.parametrize("make", [_missing, _folder, _not_compressed, _empty_compressed, _device, _long])
def test_what_is_no_capture_file_is_named_in_one_sentence(
    make: Callable[[Path], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = make(tmp_path)
    done = wscheck_here(capsys, "check", "agent-events@2", tmp_path / name)
    assert done.code == 2, done.said
    assert done.out == ""
    assert done.err.startswith("wscheck: ")
    assert name in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_cut_at_any_byte_never_passes_and_never_fails_what_a_longer_session_could_mend(
    suffix: str, tmp_path: Path
) -> None:
    contract = load_contract(str(AGENT_EVENTS))
    whole = gzip.compress(WHOLE, mtime=0) if suffix else WHOLE
    path = tmp_path / f"c.jsonl{suffix}"
    codes = set()
    for length in range(0, len(whole) - 1, 7 if suffix else 89):
        path.write_bytes(whole[:length])
        try:
            outcome = check_capture(contract, path, fail_on=Severity.ERROR)
        except CaptureError:
            codes.add(2)
            continue
        codes.add(merged(outcome).exit_code)
        assert outcome.truncated
        assert [finding for finding in outcome.findings if finding.verdict is Verdict.FAIL] == []
    assert codes == {2, 4}


def test_a_capture_of_another_protocol_is_none_of_this_contract(capsys: pytest.CaptureFixture[str]) -> None:
    done = wscheck_here(capsys, "check", "agent-events@2", GRAPHQL)
    assert done.code == 1, done.said
    assert "unknown-event" in done.out


def test_a_capture_of_this_protocol_is_none_of_another_contract(capsys: pytest.CaptureFixture[str]) -> None:
    done = wscheck_here(capsys, "check", CASES / "graphql_strawberry.contract.yaml", CONFORMING)
    assert done.code == 1, done.said


SEVERAL: dict[str, tuple[tuple[str, ...], int]] = {
    "good": (("good",), 0),
    "good, good": (("good", "good"), 0),
    "good, bad": (("good", "bad"), 1),
    "bad, cut": (("bad", "cut"), 1),
    "good, cut": (("good", "cut"), 4),
    "good, bare": (("good", "bare"), 4),
    "blocked, good": (("blocked", "good"), 3),
    "cut, blocked": (("cut", "blocked"), 3),
    "blocked, bad": (("blocked", "bad"), 1),
    "bad, missing": (("bad", "missing"), 2),
}
CONTENTS = {
    "good": WHOLE,
    "bad": BREAKING.read_bytes(),
    "cut": WHOLE[:2000],
    "bare": HEADER,
    "blocked": HEADER + _record(kind="blocked", phase="tcp", cause="connection-refused"),
}


@pytest.mark.parametrize(("names", "code"), SEVERAL.values(), ids=SEVERAL)
def test_the_strongest_of_several_captures_decides(
    names: tuple[str, ...], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in CONTENTS.items():
        (tmp_path / name).write_bytes(content)
    done = wscheck_here(capsys, "check", "agent-events@2", *(tmp_path / name for name in names))
    assert done.code == code, done.said


def test_a_report_is_written_by_the_published_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [f"--report=json={tmp_path}/one.json", f"--report=json={tmp_path}/two.json"]
    (tmp_path / "one.json").write_text("what was there before")
    done = wscheck_here(capsys, "check", "agent-events@2", BREAKING, CONFORMING, *reports)
    assert done.code == 1, done.said
    assert done.err == ""
    report = json.loads((tmp_path / "one.json").read_text())
    jsonschema.validate(report, REPORT_SCHEMA)
    assert report["exit_code"] == 1
    assert {finding["capture"] for finding in report["findings"]} == {str(BREAKING)}
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"one.json", "two.json"}


def test_json_on_standard_output_is_the_report_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    done = wscheck_here(capsys, "check", "agent-events@2", CONFORMING, "--format", "json")
    assert (done.code, done.err) == (0, "")
    jsonschema.validate(json.loads(done.out), REPORT_SCHEMA)


async def test_a_pipe_as_a_report_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    done = await wscheck("check", "agent-events@2", CONFORMING, "--report", "json=/dev/stderr", folder=tmp_path)
    assert done.code == 0
    assert json.loads(done.err)["verdict"] == "pass"


def test_a_link_as_a_report_is_followed_and_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "r.json")
    done = wscheck_here(capsys, "check", "agent-events@2", CONFORMING, "--report", f"json={tmp_path}/link.json")
    assert done.code == 0
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "r.json").read_text())["verdict"] == "pass"


BAD_OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "a report without a path": (("--report", "json"), "FORMAT=PATH"),
    "a report with an empty path": (("--report", "json="), "FORMAT=PATH"),
    "a report of an unknown format": (("--report", "jsn=r.json"), "FORMAT=PATH"),
    "a report in a folder that is not there": (("--report", "json=no/such/r.json"), "no/such"),
    "a report on a folder": (("--report", "json=."), "folder"),
    "an unknown format": (("--format", "jsn"), "jsn"),
    "an unknown severity": (("--fail-on", "info"), "info"),
    "an unknown option": (("--formt", "json"), "--format"),
}


@pytest.mark.parametrize(("options", "said"), BAD_OPTIONS.values(), ids=BAD_OPTIONS)
def test_an_option_that_cannot_be_used_is_said_before_anything_is_read(
    options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = wscheck_here(capsys, "check", "agent-events@2", "no-such.jsonl", *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "no-such.jsonl" not in done.err


async def test_many_checks_at_once_write_whole_reports(tmp_path: Path) -> None:
    """Whole or not at all: the reader of a report never finds half of one."""
    arguments = ("check", "agent-events@2", BREAKING, "--report", "json=r.json")
    checks = [asyncio.ensure_future(wscheck(*arguments, folder=tmp_path)) for _ in range(2)]
    seen = 0
    while not all(check.done() for check in checks):
        if (tmp_path / "r.json").exists():
            assert json.loads((tmp_path / "r.json").read_text())["exit_code"] == 1
            seen += 1
        await asyncio.sleep(0)
    assert seen > 0
    assert {(await check).code for check in checks} == {1}


def test_a_dialect_is_named_wherever_there_is_no_pass_also_where_the_contract_lets_it_go(tmp_path: Path) -> None:
    path = tmp_path / "contract.yaml"
    head = 'wscheck: 1\nname: t\nversion: "1.0.0"\nevent_name: /type\n'
    path.write_text(head + "severity: {unknown-event: ignore}\nevents: {hello: }\n", encoding="utf-8")
    for name, notes in (("event_type", ["the name stands at /event_type, not at /type (1 event)"]), ("type", [])):
        message = _record(kind="message", direction="received", text=json.dumps({name: "hello"}))
        capture = tmp_path / f"{name}.jsonl"
        capture.write_bytes(_seal([OPENED, message, CLOSED]))
        outcome = check_capture(load_contract(str(path)), capture, fail_on=Severity.ERROR)
        assert (outcome.verdict, list(outcome.notes)) == (Verdict.PASS if not notes else Verdict.NONE, notes)


def test_a_capture_says_which_scenario_was_run(tmp_path: Path) -> None:
    capture = tmp_path / "capture.jsonl"
    with CaptureWriter(capture, Header(tool="t", run="r", started="now", scenario="triage")) as writer:
        writer.finish()
    contract = load_contract(str(AGENT_EVENTS))
    assert check_capture(contract, capture, fail_on=Severity.ERROR).scenario == "triage"
    assert check_capture(contract, CONFORMING, fail_on=Severity.ERROR).scenario is None
