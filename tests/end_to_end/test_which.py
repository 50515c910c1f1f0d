"""`wscheck which`: every contract that can be found by name, against one capture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.streams import session
from wscheck.capture import CaptureWriter, Header
from wscheck.cli import main
from wscheck.record import Closed, Message, Opened, Record, Step

ONE = """wscheck: 1
name: chat
version: "1.0.0"
select: {event: hello, at: /v, range: "1.x"}
event_name: /t
ignore: [ping]
events: {hello: , said: , ping: }
scopes: {room: {key: /k, order: said+}}
"""
TWO = ONE.replace('"1.0.0"', '"2.0.0"').replace('"1.x"', '">=2 <3"').replace("said+", '"said, said, said"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, version, text in (
        ("chat", "1.0.0", ONE),
        ("chat", "2.0.0", TWO),
        ("chat", "3.0.0", "wscheck: 2\n"),
        ("other", "1.0.0", ONE.replace("chat", "other").replace("hello", "hallo").replace("said", "words")),
    ):
        place = tmp_path / name / version
        place.mkdir(parents=True)
        (place / "contract.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def _capture(folder: Path, *events: object) -> str:
    path = folder / "capture.jsonl"
    with CaptureWriter(path, Header(tool="t", run="r", started="now")) as writer:
        for record in session(*events):
            writer.write(record)
        writer.finish()
    return str(path)


SAID = [{"t": "hello", "v": "1.2"}, {"t": "said", "k": 1}, {"t": "said", "k": 1}, {"t": "ping"}]


def test_what_fits_comes_first_and_every_other_with_its_first_offence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["which", _capture(folder, *SAID), "--contracts", str(folder), "--contract", "chat"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[0].endswith("capture.jsonl speaks chat@1.0.0")
    assert lines[1:3] == ["chat@1.0.0  fits: 3 events held to it", "select holds"]
    assert lines[3].startswith(
        "chat@2.0.0  does not fit, though 3 of its events came: incomplete: room 1, opened by said (#3), was not"
    )
    assert lines[4] == 'select does not hold: it asks for >=2 <3 at /v of hello, and "1.2" stands there'
    assert lines[5].startswith("chat@3.0.0  cannot be read: ")


def test_json_holds_what_the_terminal_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["which", _capture(folder, *SAID), "--contracts", str(folder), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = {(each["name"], each["version"]): each for each in told["contracts"]}
    assert found["chat", "1.0.0"] == {
        "name": "chat",
        "version": "1.0.0",
        "fits": True,
        "events": 3,
        "offence": None,
        "select": {"holds": True, "why": None},
    }
    offence = found["chat", "2.0.0"]["offence"]
    assert (offence["code"], offence["index"]) == ("incomplete", None)
    assert found["chat", "2.0.0"]["select"]["holds"] is False
    assert "error" in found["chat", "3.0.0"]
    assert (found["other", "1.0.0"]["fits"], found["other", "1.0.0"]["events"]) == (False, 0)
    assert ("agent-events", "2.0.0") in found


@pytest.mark.parametrize("events", [[], [{"t": "ping"}], [[{"t": "said", "k": 1}]]], ids=["none", "ignored", "sent"])
def test_a_contract_of_which_no_event_was_received_never_fits(
    events: list[object], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["which", _capture(folder, *events), "--contracts", str(folder), "--format", "json"]
    assert main(arguments) == 0
    assert not any(each.get("fits") for each in json.loads(capsys.readouterr().out)["contracts"])


def test_a_name_that_is_none_and_a_file_that_is_no_capture_exit_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["which", _capture(folder), "--contract", "caht"]) == 2
    assert "there is no contract by the name 'caht'" in capsys.readouterr().err
    assert main(["which", str(folder / "chat" / "1.0.0" / "contract.yaml")]) == 2
    assert main(["which", str(folder / "nowhere.jsonl")]) == 2


def test_what_breaks_the_scenario_breaks_no_contract(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "capture.jsonl"
    *records, closed = session(*SAID)
    unmet = Step(at=1.0, session="s", id="1", expected="said", outcome="unmet", since=0.0, due=1.0)
    probe: list[Record] = [
        Opened(at=2.0, session="p", uri="ws://h/", probe={"expect": "closed"}),
        Message(at=2.1, session="p", direction="received", text='{"t": "said", "k": 2}'),
        Closed(at=2.2, session="p", code=1008),
    ]
    with CaptureWriter(path, Header(tool="t", run="r", started="now")) as writer:
        for record in (*records, unmet, closed, *probe):
            writer.write(record)
        writer.finish()
    assert main(["which", str(path), "--contracts", str(folder), "--contract", "chat"]) == 0
    assert "chat@1.0.0  fits: 3 events held to it" in capsys.readouterr().out


def test_a_capture_that_does_not_say_its_path_is_told_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = folder / "byway" / "1.0.0"
    place.mkdir(parents=True)
    text = ONE.replace("chat", "byway").replace('{event: hello, at: /v, range: "1.x"}', "{path: /ws*}")
    (place / "contract.yaml").write_text(text, encoding="utf-8")
    assert main(["which", _capture(folder, *SAID), "--contracts", str(folder), "--contract", "byway"]) == 0
    assert (
        "select does not hold: it asks for the path '/ws*', and nothing says which the session's is"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_a_capture_that_is_cut_is_said_to_be_so(folder: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    path = Path(_capture(folder, *SAID))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert main(["which", str(path), "--contracts", str(folder), "--contract", "chat", "--format", form]) == 0
    told = capsys.readouterr().out
    if form == "json":
        value = json.loads(told)
        assert (value["truncated"], len(value["notes"])) == (True, 1)
        told = value["notes"][0]
    assert "no end line" in told
