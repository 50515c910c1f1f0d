"""What holds where the command line says nothing: WSCHECK_ variables, then a profile of wscheck.toml, then defaults."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.end_to_end.runs import Finished, background, wscheck_here
from tests.support.toy import CONTRACT, Toy, serve_toy, write_toy
from wscheck.errors import WscheckError
from wscheck.run import Options, learn_scenario

CONFIG = """\
contracts = "catalogue"
[env.here]
url = "URL/here"
[env.there]
url = "URL/there"
[auth.door]
scheme = "token"
token = { env = "DOOR" }
[profile.release]
fail_on = "warning"
seed = 7
[profile.plain]
"""
WARNS = CONTRACT.replace("event_name", "severity: {unknown-event: warning}\nevent_name").replace("  welcome:\n", "")
ADA = "  ada: {steps: [{send: {type: say, id: '${nonce}'}}, {expect: turn}]}\n"

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("WSCHECK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DOOR", "d" * 20)


def run(folder: Path, capsys: Capsys, *options: str) -> tuple[Finished, Toy]:
    """Run a session that earns one warning."""
    with background(serve_toy()) as toy:
        scenario = write_toy(folder, ADA, config=CONFIG.replace("URL", toy.url))
        (folder / "toy.yaml").write_text(WARNS, encoding="utf-8")
        given = [option.replace("URL", toy.url) for option in options]
        done = wscheck_here(capsys, "run", scenario, "--save-capture", "c.jsonl", "--overwrite", *given)
    return done, toy


FAIL_ON: dict[str, tuple[dict[str, str], tuple[str, ...], int]] = {
    "by default": ({}, (), 0),
    "by profile": ({}, ("--profile", "release"), 1),
    "by a profile that says nothing": ({}, ("--profile", "plain"), 0),
    "by a profile that a variable names": ({"PROFILE": "release"}, (), 1),
    "by variable": ({"FAIL_ON": "warning"}, (), 1),
    "by variable, over the profile": ({"FAIL_ON": "error"}, ("--profile", "release"), 0),
    "by the command line, over a variable": ({"FAIL_ON": "warning"}, ("--fail-on", "error"), 0),
    "by the command line, over all": (
        {"FAIL_ON": "error", "PROFILE": "plain"},
        ("--profile", "plain", "--fail-on", "warning"),
        1,
    ),
    "with an empty variable": ({"FAIL_ON": "", "PROFILE": ""}, (), 0),
    "with variables that nobody knows": ({"FALL_ON": "warning", "RUN_FAIL_ON": "warning"}, (), 0),
}


@pytest.mark.parametrize("row", FAIL_ON)
def test_what_fails_is_what_the_nearest_word_says(
    row: str, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ, options, code = FAIL_ON[row]
    for name, value in environ.items():
        monkeypatch.setenv(f"WSCHECK_{name}", value)
    done, _ = run(tmp_path, capsys, "--url", "URL/", "--report", "json=r.json", *options)
    assert done.code == code, done.said
    assert json.loads(Path("r.json").read_text())["fail_on"] == ("warning" if code else "error")
    again = wscheck_here(capsys, "check", "toy.yaml", "c.jsonl", *options)
    assert again.code == code, again.said


WHERE: dict[str, tuple[dict[str, str], tuple[str, ...], str]] = {
    "by variable": ({"ENV": "there"}, (), "/there"),
    "by the command line, over a variable": ({"ENV": "there"}, ("-e", "here"), "/here"),
    "by a variable with a url, over the environment": ({"ENV": "there", "URL": "URL/else"}, (), "/else"),
}


@pytest.mark.parametrize("row", WHERE)
def test_where_to_is_what_the_nearest_word_says(
    row: str, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ, options, path = WHERE[row]
    with background(serve_toy()) as toy:
        for name, value in environ.items():
            monkeypatch.setenv(f"WSCHECK_{name}", value.replace("URL", toy.url))
        scenario = write_toy(tmp_path, ADA, config=CONFIG.replace("URL", toy.url))
        done = wscheck_here(capsys, "run", scenario, "--save-capture", "c.jsonl", *options)
    assert done.code == 0, done.said
    assert [request.path for request in toy.requests] == [path]


def nonce_sent(toy: Toy) -> str:
    return str(toy.heard[0][1]["id"])


def test_a_seed_comes_from_the_profile_and_others_win_over_it(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nonce(*options: str) -> str:
        return nonce_sent(run(tmp_path, capsys, "--url", "URL/", *options)[1])

    seven = nonce("--seed", "7")
    assert nonce("--profile", "release") == seven
    assert nonce("--profile", "release", "--seed", "8") != seven
    monkeypatch.setenv("WSCHECK_SEED", "8")
    assert nonce("--profile", "release") == nonce("--seed", "8")


def test_check_and_which_find_the_contracts_that_the_configuration_names(tmp_path: Path, capsys: Capsys) -> None:
    done, _ = run(tmp_path, capsys, "--url", "URL/")
    assert done.code == 0
    folder = tmp_path / "catalogue" / "toy" / "1.0.0"
    folder.mkdir(parents=True)
    (folder / "contract.yaml").write_text(WARNS, encoding="utf-8")
    deep = tmp_path / "deep" / "er"
    deep.mkdir(parents=True)
    os.chdir(deep)
    assert wscheck_here(capsys, "check", "toy@1", "../../c.jsonl").code == 0
    assert "toy@1.0.0" in wscheck_here(capsys, "which", "../../c.jsonl", "--contract", "toy").out


def test_contracts_of_a_variable_come_before_the_configuration_s(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, capsys, "--url", "URL/")
    for name, severity in (("catalogue", "warning"), ("mine", "error")):
        folder = tmp_path / name / "toy" / "1.0.0"
        folder.mkdir(parents=True)
        (folder / "contract.yaml").write_text(WARNS.replace("event: warning", f"event: {severity}"), encoding="utf-8")
    assert wscheck_here(capsys, "check", "toy", "c.jsonl").code == 0
    monkeypatch.setenv("WSCHECK_CONTRACTS", os.pathsep.join(["nowhere", "mine"]))
    assert wscheck_here(capsys, "check", "toy", "c.jsonl").code == 1
    assert wscheck_here(capsys, "check", "toy", "c.jsonl", "--contracts", "catalogue").code == 0


UNUSABLE: dict[str, tuple[str, dict[str, str], tuple[str, ...], str]] = {
    "an unknown profile": (CONFIG, {}, ("--profile", "relaese"), "no profile 'relaese' in"),
    "a profile without a configuration": (
        "",
        {},
        ("--profile", "a"),
        "no wscheck.toml and no [tool.wscheck] was found",
    ),
    "an unknown key": ("contract = 1\n", {}, (), "did you mean 'contracts'?"),
    "a variable of no use": (CONFIG, {"FAIL_ON": "never"}, (), "'never' is not one of 'error', 'warning'"),
}


@pytest.mark.parametrize("row", UNUSABLE)
def test_what_cannot_be_used_is_2_with_its_reason(
    row: str, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, environ, options, words = UNUSABLE[row]
    for name, value in environ.items():
        monkeypatch.setenv(f"WSCHECK_{name}", value)
    scenario = write_toy(tmp_path, ADA, config=config)
    for command in (("run", scenario, "--url", "ws://127.0.0.1:9/"), ("check", "toy.yaml", "c.jsonl")):
        done = wscheck_here(capsys, *command, *options)
        assert (done.code, done.out) == (2, ""), done.said
        assert words in done.err


def test_a_profile_holds_for_a_library_too(tmp_path: Path) -> None:
    scenario = write_toy(tmp_path, ADA, config=CONFIG)
    learn_scenario(scenario, Options(url="ws://127.0.0.1:9/", profile="release"))
    with pytest.raises(WscheckError, match="no profile 'x'"):
        learn_scenario(scenario, Options(url="ws://127.0.0.1:9/", profile="x"))
