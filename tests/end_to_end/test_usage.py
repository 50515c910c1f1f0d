"""What cannot be used is exit 2, with a sentence that says where and how to mend it, before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.agent_server import DEMO_KEY
from tests.end_to_end.asked import serve_asked
from tests.end_to_end.runs import CONFORMING, KEY, NOWHERE, background, write_triage, wscheck, wscheck_here

HEAD = "wscheck: 1\nscenario: trial\ncontract: agent-events@2\n"
ADA = "sessions: {ada: {identity: ada-0001}}\n"

USAGE: dict[str, tuple[tuple[str, ...], str]] = {
    "no command": ((), "Usage"),
    "an unknown command": (("chekc",), "Did you mean 'check'?"),
    "an unknown option": (("check", "--reprt", "json=r"), "--report"),
    "no capture": (("check", "agent-events@2"), "CAPTURES"),
    "no scenario": (("run",), "SCENARIOS"),
    "an unknown contract": (("check", "agent-event@2", str(CONFORMING)), "did you mean 'agent-events@2'"),
    "an unknown version": (("check", "agent-events@9", str(CONFORMING)), "2.0.0"),
    "no contract at all": (("check", "", str(CONFORMING)), "contract"),
    "a scenario that is not there": (("run", "no-such.yaml"), "no-such.yaml"),
    "a folder for a scenario": (("run", "/"), "/"),
    "two tokens": (("run", "s.yaml", "--token-env", "A", "--token-stdin"), "only one"),
    "one capture for two scenarios": (("run", "a.yaml", "b.yaml", "--save-capture", "c.jsonl"), "several scenarios"),
    "a report in the place of the capture": (
        ("run", "a.yaml", "--save-capture", "c.jsonl", "--report", "json=./c.jsonl"),
        "another name",
    ),
    "a report in the place of a capture": (("check", "agent-events", "c.jsonl", "--report", "json=c.jsonl"), "another"),
    "a seed that is no number": (("run", "s.yaml", "--seed", "x"), "--seed"),
}


@pytest.mark.parametrize(("arguments", "said"), USAGE.values(), ids=USAGE)
def test_what_cannot_be_used_is_2_and_says_how_to_mend_it(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = wscheck_here(capsys, *arguments)
    assert (done.code, done.out) == (2, ""), done.said
    assert said in done.err
    assert "Traceback" not in done.err


SCENARIOS: dict[str, tuple[str, str]] = {
    "an unknown member": (HEAD + ADA + "exercise: [run]\n", "did you mean"),
    "no YAML": (HEAD + "sessions: {\n", "trial.yaml:5"),
    "an unknown contract": (HEAD.replace("events@2", "event@2") + ADA, "did you mean 'agent-events@2'"),
    "a contract that is broken": (HEAD.replace("agent-events@2", "trial.yaml") + ADA, "trial.yaml"),
    "an unknown event": (HEAD + "sessions: {ada: {steps: [{expect: agent_startd}]}}\n", "agent_started"),
    "an unknown scope": (HEAD + ADA + "exercises: [runs]\n", "run"),
    "an unknown value": (HEAD + "sessions: {ada: {steps: [{send: '${nonec}'}]}}\n", "nonce"),
    "a barrier for one": (HEAD + "sessions: {ada: {steps: [{barrier: b}]}}\n", "no other session"),
    "an unknown environment": (HEAD + "target: nowhere\n" + ADA, "no environment 'nowhere'"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_that_cannot_be_used_is_2_and_says_where(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trial.yaml").write_text(text)
    done = wscheck_here(
        capsys, "run", tmp_path / "trial.yaml", "--url", NOWHERE, "--save-capture", tmp_path / "c.jsonl"
    )
    assert (done.code, done.out) == (2, ""), done.said
    assert done.err.startswith(f"wscheck: {tmp_path / 'trial.yaml'}") or "contract" in done.err
    assert said in done.err
    assert not (tmp_path / "c.jsonl").exists()


def test_a_scenario_without_a_url_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "trial.yaml").write_text(HEAD + ADA)
    done = wscheck_here(capsys, "run", tmp_path / "trial.yaml")
    assert (done.code, done.out) == (2, "")
    assert "--url" in done.err


def test_what_is_wrong_with_the_last_scenario_is_said_before_the_first_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY, DEMO_KEY)
    (tmp_path / "last.yaml").write_text(HEAD + ADA + "exercise: [run]\n")
    with background(serve_asked()) as server:
        done = wscheck_here(capsys, "run", write_triage(tmp_path), "last.yaml", "--url", server.url)
        assert not server.asked.is_set()
    assert (done.code, done.out) == (2, "")
    assert "last.yaml" in done.err


@pytest.mark.parametrize(
    ("secret", "said"),
    [("", "empty"), ("short-canary", "32"), ("line one\nline two, the canary", "line break")],
)
def test_a_secret_that_cannot_serve_is_2_and_is_never_shown(
    secret: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(KEY, secret)
    done = wscheck_here(capsys, "run", write_triage(tmp_path), "--url", NOWHERE)
    assert (done.code, done.out) == (2, "")
    assert KEY in done.err
    assert said in done.err
    assert "canary" not in done.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--token-env", "NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE"),
        (("--token-file", "no-such-file"), "no-such-file"),
        ((), KEY),
    ],
)
def test_a_secret_that_is_not_there_is_2_and_names_its_place(
    options: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(KEY, raising=False)
    done = wscheck_here(capsys, "run", write_triage(tmp_path), "--url", NOWHERE, *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (tmp_path / "wscheck-captures").exists()


async def test_an_empty_standard_input_holds_no_secret(tmp_path: Path) -> None:
    done = await wscheck("run", write_triage(tmp_path), "--url", NOWHERE, "--token-stdin", folder=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == "wscheck: the secret from standard input is empty; put the token or key there\n"


URLS = [
    "http://x/",
    "ws://",
    "ws://a b/",
    "ws://user:canary@h/",
    "ws://h:99999/",
    "ws://h/#f",
    "ws://[::1",
    "ws:/h",
    "h",
]


@pytest.mark.parametrize("url", URLS)
def test_a_url_that_cannot_serve_is_2_and_leaves_no_capture(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY, DEMO_KEY)
    done = wscheck_here(capsys, "run", write_triage(tmp_path), "--url", url)
    assert (done.code, done.out) == (2, "")
    assert "canary" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["triage.yaml"]
