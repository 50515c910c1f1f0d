"""Secrets in captures made elsewhere, in files of no use, and where wscheck itself breaks: nothing shows any."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import click
import jwt
import pytest

from tests.end_to_end.canaries import find_leaks, find_pieces, read_all
from tests.end_to_end.echoing import CONTRACT, behave_well, serve_echo
from tests.end_to_end.runs import background, wscheck_here
from wscheck.cli import main
from wscheck.cli.verbose import telling
from wscheck.record import Message, Record
from wscheck.redact import Redactor
from wscheck.run import Options, run_scenario

Capsys = pytest.CaptureFixture[str]
CANARY = "cAnArY/+elsewhere=1"
SIGNED = jwt.encode({"sub": "ada", "jti": "cAnArY"}, "cAnArY-key-" * 4, algorithm="HS256")
SECRETS = {CANARY, SIGNED, "cAnArY-ticket-12345"}
EVENTS = [
    {"type": "welcome", "secret": CANARY},
    {"type": "said", "secret": {"a": [CANARY, {CANARY: CANARY}], "n": 4}, "n": "no integer"},
    {"type": "said", "deep": ["x", CANARY], "s": "not due"},
    {"type": "unheard-of", "secret": CANARY, "deep": [1, [CANARY]]},
    {"type": "said", "token": f"Bearer {SIGNED}", "s": f"Bearer {SIGNED}"},
    {"type": "failed", "why": f"it came with {SIGNED}", "secret": CANARY},
]
OTHER = CONTRACT.replace("1.0.0", "2.0.0").replace("/type", "/kind")


def write_elsewhere(folder: Path, *, compressed: bool) -> Path:
    """Write a capture that another tool made, and redacted nothing in."""
    opened = {
        "at": 0, "session": "s", "kind": "opened", "uri": "wss://ada:cAnArY-ticket-12345@h/ws?ticket=cAnArY-ticket-12345",
        "headers": {"set-cookie": CANARY, "x-api-key": CANARY}, "offered": [f"jwt.{SIGNED}"],
    }  # fmt: skip
    records: list[dict[str, object]] = [opened]
    for event in EVENTS:
        text = json.dumps(event)
        records.append({"at": 1, "session": "s", "kind": "message", "direction": "received", "text": text})
    torn = f'{{"type": "said", "secret": "{CANARY}'
    records.append({"at": 1, "session": "s", "kind": "message", "direction": "received", "text": torn})
    records.append(
        {"at": 2, "session": "s", "kind": "closed", "code": 1008, "reason": f"no {SIGNED}", "initiator": "peer"}
    )
    header = {
        "wscheck": "capture-1",
        "tool": "elsewhere",
        "run": "1",
        "started": "2026-01-01T00:00:00Z",
        "redacted": [],
    }
    lines = "".join(json.dumps(line) + "\n" for line in [{**header, "redacted": []}, *records])
    path = folder / ("c.jsonl.gz" if compressed else "c.jsonl")
    path.write_bytes(gzip.compress(lines.encode()) if compressed else lines.encode())
    return path


def write_contracts(folder: Path, contract: str = CONTRACT) -> None:
    for version, text in (("1.0.0", contract), ("2.0.0", contract.replace("1.0.0", "2.0.0").replace("/type", "/kind"))):
        (folder / "toy" / version).mkdir(parents=True)
        (folder / "toy" / version / "contract.yaml").write_text(text)


REPORTS = ("--report", "json=r.json", "--report", "junit=r.xml", "--report", "terminal=r.txt")
COMMANDS: dict[str, tuple[tuple[str, ...], int]] = {
    "check": (("check", "toy@1", "CAPTURE", *REPORTS), 1),
    "check, as JSON": (("check", "toy@1", "CAPTURE", "--format", "json"), 1),
    "check, another version": (("check", "toy@2", "CAPTURE", *REPORTS), 1),
    "which": (("which", "CAPTURE"), 0),
    "which, as JSON": (("which", "CAPTURE", "--format", "json"), 0),
}


@pytest.mark.parametrize("redacting", [True, False])
@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_shows_what_a_contract_hides_in_a_capture_made_elsewhere(
    name: str, redacting: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, code = COMMANDS[name]
    path = write_elsewhere(tmp_path, compressed=redacting)
    write_contracts(tmp_path, CONTRACT if redacting else re.sub("redact: .*\n", "", CONTRACT))
    done = wscheck_here(capsys, *[word.replace("CAPTURE", path.name) for word in arguments], "--contracts", ".")
    assert done.code == code, done.said
    told = {"out": done.out, "err": done.err, **read_all(tmp_path, but=(path.name, "contract.yaml"))}
    # Where the contract hides nothing, what nobody named is shown; a JWT and a private header never are.
    assert find_leaks(told, SECRETS if redacting else SECRETS - {CANARY}) == []
    assert find_pieces(told) == [] or not redacting


SCENARIO = "wscheck: 1\nscenario: trial\ncontract: toy.yaml\nsessions:\n  ada:\n"
TOKEN = "    auth: {scheme: token, token: {env: MY_TOKEN}, "
UNUSABLE: dict[str, tuple[str, str]] = {
    "a key in the configuration": (SCENARIO + "    auth: door\n", f"[auth.door]\nscheme = 'jwt'\nkey = '{CANARY}'\n"),
    "a password in the configuration": (
        SCENARIO + "    auth: door\n",
        f"[auth.door]\nscheme = 'basic'\nuser = 'ada'\npassword = '{CANARY}'\n",
    ),
    "a header in the configuration": (SCENARIO, f"[env.here]\nheaders = {{ Authorization = '{CANARY}' }}\n"),
    "a header of a login": (
        SCENARIO + "    auth: door\n",
        f"[auth.door]\nscheme = 'login'\nrequest = {{ url = 'http://h', headers = {{ X-Api-Key = '{CANARY}' }} }}\n",
    ),
    "a token in a file of no TOML": (SCENARIO, f"[auth.door]\nkey = {CANARY}\n"),
    "a proxy with a password": (SCENARIO, f"[env.here]\nproxy = 'http://ada:{CANARY}@h:1'\n"),
    "a token in the scenario": (SCENARIO + f"    auth: {{scheme: token, token: {CANARY}, via: header}}\n", ""),
    "a header in the scenario": (SCENARIO + f"    headers: {{Cookie: {CANARY}}}\n", ""),
    "a url with a password": (SCENARIO + f"    url: ws://ada:{CANARY}@h/\n", ""),
    "a url with a space": (SCENARIO + f"    url: 'ws://h/ ?token={CANARY}'\n", ""),
    "a pattern that is none": (
        SCENARIO + "    steps: [{expect: said, where: {/n: {type: string, pattern: '(${env.MY_TOKEN}'}}}]\n", "",
    ),
    "a condition that is none": (
        SCENARIO + "    steps: [{expect: said, where: {/n: {type: '${env.MY_TOKEN}'}}}]\n", "",
    ),
    "a method that is none": (
        SCENARIO + "    steps: [{request: {method: 'a ${env.MY_TOKEN}', url: 'http://h/'}}]\n", "",
    ),
    "a URL of a stimulus": (SCENARIO + "    steps: [{request: {url: 'http://h/ ${env.MY_TOKEN}'}}]\n", ""),
    "a scheme that is a secret": (SCENARIO + "    steps: [{request: {url: '${env.LOWER_TOKEN}://h/'}}]\n", ""),
    "a subprotocol of a secret": (
        SCENARIO + TOKEN + "via: subprotocol, subprotocol: {encoding: none}}\n", "",
    ),
    "claims that cannot be": (
        SCENARIO + "    auth: {scheme: jwt, key: {env: KEY}, claims: {x: '${env.MY_TOKEN}'}, via: header}\n", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_used_is_told_without_the_secret_in_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MY_TOKEN", CANARY)
    monkeypatch.setenv("LOWER_TOKEN", "canary-scheme")
    monkeypatch.setenv("KEY", "cAnArY")
    scenario, config = UNUSABLE[name]
    (tmp_path / "toy.yaml").write_text(CONTRACT)
    (tmp_path / "trial.yaml").write_text(scenario if "steps" in scenario else scenario + "    steps: []\n")
    (tmp_path / "wscheck.toml").write_text(config)
    url = () if "url: ws" in scenario else ("--url", "ws://127.0.0.1:9/ws")
    options = ("-e", "here") if "env.here" in config else ()
    done = wscheck_here(capsys, "run", "trial.yaml", *url, *options, "-vv", "--save-capture", "c.jsonl")
    assert (done.code, done.out) == (2, ""), done.said
    assert not (tmp_path / "c.jsonl").exists()
    assert find_leaks({"err": done.err}, [CANARY, "canary-scheme"]) == []
    assert find_pieces({"err": done.err}) == []


def _breaks(_: Record) -> None:
    secret = CANARY
    raise ZeroDivisionError(f"a fault of ours, with {secret}")


def test_where_wscheck_breaks_in_a_run_no_traceback_holds_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "toy.yaml").write_text(CONTRACT)
    auth = TOKEN + "via: header}\n    steps: [{expect: welcome}]\n"
    (tmp_path / "trial.yaml").write_text(SCENARIO + auth)
    with background(serve_echo(behave_well)) as server:
        options = Options(url=server.url, environ={"MY_TOKEN": CANARY}, follow=_breaks, tell=telling(2).tell)
        command = click.Command("trial", callback=lambda: run_scenario(tmp_path / "trial.yaml", options))
        assert main([], entry=command) == 70
    assert CANARY in server.heard[0]
    out, err = capsys.readouterr()
    file = Path(re.findall(r"\S+$", err)[0])
    told = {"out": out, "err": err, "traceback": file.read_text()}
    file.unlink()
    assert "ZeroDivisionError" in told["traceback"]
    assert "in _breaks" in told["traceback"]
    assert find_leaks(told, [CANARY]) == []
    assert find_pieces(told) == []


def test_the_log_shows_an_error_without_what_its_frames_hold(capsys: Capsys) -> None:
    told = telling(2)

    def fail(secret: str) -> None:
        raise ValueError

    try:
        fail(CANARY)
    except ValueError as error:
        told.tell("failed", {"error": error, "exc_info": True, "stack_info": True})
        told.follow(Redactor([CANARY]).record(Message(at=1.0, session="s", direction="sent", text=CANARY)))
    err = capsys.readouterr().err
    assert err.count("\n") == 2
    assert "Traceback" not in err
    assert find_pieces({"err": err}) == []
