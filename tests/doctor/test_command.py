"""`wscheck doctor`, as it is called: what TARGET may be, what cannot be used, the JSON, and signals."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tests.doctor.table import TABLE
from tests.doctor.targets import CONTRACT, SCENARIO, TOKEN, door, here, obey, well
from tests.doctor.test_broken_targets import GOLDEN, look_at, mask
from tests.end_to_end.runs import background, finish, start, wscheck_here
from tests.report.goldens import golden
from tests.support.raw_server import Peer, raw_server
from wscheck.doctor.model import STEPS

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOKEN", TOKEN)


def test_the_json_is_what_it_was_when_it_was_last_read(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = look_at(TABLE["bad-token"], tmp_path, capsys, monkeypatch, "--format", "json")
    told = json.loads(done.out)
    assert (done.code, told["exit_code"], told["wscheck"]) == (3, 3, "doctor-1")
    assert [step["name"] for step in told["steps"]] == list(STEPS)
    for part in (*told["steps"], *told["compared"]):
        part["seconds"] = None if part["seconds"] is None else 0
    masked = mask(json.dumps(told, indent=2) + "\n")
    assert masked == golden("bad-token.json", masked, GOLDEN)


UNUSABLE = {
    "no such thing": (("nowhere",), "'nowhere' is no URL and no file, and no wscheck.toml was found"),
    "no such file": (("nowhere.yaml",), "this file cannot be read"),
    "http": (("http://127.0.0.1:9/",), "must be ws:// or wss://"),
    "a password": (("ws://ada:cAnArY@127.0.0.1:9/",), "give credentials by auth"),
    "no such variable": (("ws://127.0.0.1:9/", "--token-env", "NOT_SET"), "NOT_SET is not set"),
    "two tokens": (("ws://127.0.0.1:9/", "--token-env", "TOKEN", "--token-stdin"), "give only one of"),
    "a secret header": (("ws://127.0.0.1:9/", "-H", "Cookie: cAnArY"), "may hold a secret"),
    "a proxy with a password": (("ws://127.0.0.1:9/", "--proxy", "http://a:cAnArY@b"), "--proxy env"),
    "a long name": (("x" * 300,), "is no URL and no file"),
}


@pytest.mark.parametrize("row", UNUSABLE)
def test_what_cannot_be_used_exits_with_2_and_one_sentence(row: str, capsys: Capsys) -> None:
    arguments, words = UNUSABLE[row]
    done = wscheck_here(capsys, "doctor", *arguments)
    assert (done.code, done.out) == (2, ""), done.said
    assert words in done.err
    assert "cAnArY" not in done.err


def test_an_environment_s_name_that_is_misspelt_has_a_remedy(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "wscheck.toml").write_text(here() + "[env.empty]\n", encoding="utf-8")
    done = wscheck_here(capsys, "doctor", "hero")
    assert (done.code, done.out) == (2, "")
    assert "no environment 'hero'" in done.err
    assert "did you mean 'here'?" in done.err
    done = wscheck_here(capsys, "doctor", "empty")
    assert done.code == 2
    assert "wscheck.toml:4:1: at /env/empty: the environment 'empty' has no url" in done.err


def test_a_scenario_goes_where_its_environment_says(tmp_path: Path, capsys: Capsys) -> None:
    behave = door(well, obey, headers="Sec-WebSocket-Protocol: toy.v2\r\n")
    with background(raw_server(behave)) as host:
        (tmp_path / "trial.yaml").write_text(SCENARIO + "target: here\n", encoding="utf-8")
        (tmp_path / "toy.yaml").write_text(CONTRACT, encoding="utf-8")
        (tmp_path / "wscheck.toml").write_text(here().replace("HOST", host), encoding="utf-8")
        done = wscheck_here(capsys, "doctor", "trial.yaml", "--format", "json")
    told = json.loads(done.out)
    assert (done.code, told["environment"], told["session"]) == (0, "here", "ada"), done.said
    assert told["url"] == f"ws://{host}/ws"
    assert next(step for step in told["steps"] if step["name"] == "welcome")["text"] == "welcome came"


def test_a_url_wins_over_the_environment_that_lends_it_its_headers(tmp_path: Path, capsys: Capsys) -> None:
    with background(raw_server(door(well, obey))) as host:
        (tmp_path / "wscheck.toml").write_text(here().replace("HOST", "127.0.0.1:9"), encoding="utf-8")
        done = wscheck_here(capsys, "doctor", f"ws://{host}/ws", "-e", "here", "--format", "json")
    told = json.loads(done.out)
    assert (done.code, told["url"], told["environment"]) == (0, f"ws://{host}/ws", "here")


def test_a_name_that_nobody_knows_is_named_in_the_first_line(capsys: Capsys) -> None:
    done = wscheck_here(capsys, "doctor", "ws://no-such-host.invalid/ws")
    first = done.out.split("\n", 1)[0]
    assert done.code == 3, done.said
    assert first.startswith("BROKEN at name: ")  # a machine without a name service says so
    assert "no-such-host.invalid" in first
    assert "Check the " in first


async def test_ctrl_c_ends_it_with_130_and_what_was_gone_is_told(tmp_path: Path) -> None:
    process = None

    async def interrupts(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        assert process is not None
        os.kill(process.pid, signal.SIGINT)
        await peer.stay()

    async with raw_server(interrupts) as host:
        process = await start("doctor", f"ws://{host}/ws", folder=tmp_path)
        done = await finish(process)
    assert done.code == 130, done.said
    assert done.out.startswith("INTERRUPTED"), done.said
    assert "takes connections" in done.out
    assert "Traceback" not in done.err
