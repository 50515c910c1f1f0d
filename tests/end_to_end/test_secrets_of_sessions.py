"""Secrets in every way that a session has for them, against servers that tell all they hear: nothing shows any."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.end_to_end.canaries import find_jwts, find_leaks, find_pieces, read_all
from tests.end_to_end.echoing import (
    CONTRACT,
    Echoing,
    behave_well,
    break_off,
    refuse,
    refuse_at,
    serve_echo,
    tell_in_events,
)
from tests.end_to_end.runs import NOWHERE, background, wscheck_here

_NAMES = "HEADER SUB QUERY COOKIE MESSAGE BASIC ANY TOLD FILED COMMAND SESSION MY_TOKEN"
SECRETS = {name: f"cAnArY/+{name}={number}?&~token" for number, name in enumerate(_NAMES.split())}
SECRETS |= {"MESSAGE": 'cAnArY "quoted" \\ & <é> é', "BASIC": 'cAnArY: "pass" é/+', "KEY": "cAnArY-key-" * 4}
SECRETS["COOKIE"] = "cAnArY/+cookie=4?&~token"
GIVEN = {name for name in SECRETS if name not in ("FILED", "COMMAND")}
TOKEN = "scheme: token, token: "
AUTHS = {
    "header": f"{{{TOKEN}{{env: HEADER}}, via: header}}",
    "minted": "{scheme: jwt, key: {env: KEY}, claims: {sub: ada}, via: header}",
    "minted-sub": "{scheme: jwt, key: {env: KEY}, claims: {sub: bob}, via: subprotocol}",
    "subprotocol": f"{{{TOKEN}{{env: SUB}}, via: subprotocol}}",
    "query": f"{{{TOKEN}{{env: QUERY}}, via: query, query: {{name: t}}}}",
    "cookie": f"{{{TOKEN}{{env: COOKIE}}, via: cookie, cookie: {{name: sid}}}}",
    "message": f"{{{TOKEN}{{env: MESSAGE}}, via: message, message: {{type: init, auth: 'Bearer ${{token}}'}}}}",
    "basic": "{scheme: basic, user: ada, password: {env: BASIC}}",
    "any": f"{{{TOKEN}{{env: ANY}}, via: header, header: {{name: X-Ticket, prefix: 'v1 '}}}}",
    "filed": f"{{{TOKEN}{{file: filed.txt}}, via: header}}",
    "command": f"{{{TOKEN}{{command: [cat, command.txt]}}, via: header}}",
}
"""By session: which credential it has, and how it goes."""

Serve = Callable[[], AbstractAsyncContextManager[Any]]
AUTHORITY = trustme.CA()


@asynccontextmanager
async def _nothing() -> AsyncIterator[Echoing]:
    yield Echoing(url=NOWHERE)


@asynccontextmanager
async def _wrong_scheme() -> AsyncIterator[Echoing]:
    async with serve_echo(behave_well) as server:
        server.url = server.url.replace("ws:", "wss:")
        yield server


def _untrusted() -> AbstractAsyncContextManager[Echoing]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    return serve_echo(behave_well, tls=context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A server, what the run must come to, and the capture's name. ``opens``: whether the server hears any request."""

    serve: Serve
    exit: int
    opens: bool = True
    capture: str = "c.jsonl"


SERVERS = {
    "good": Row(serve=lambda: serve_echo(behave_well), exit=0),
    "tells all in events": Row(serve=lambda: serve_echo(tell_in_events), exit=1),
    "tells all in events, compressed": Row(serve=lambda: serve_echo(tell_in_events), exit=1, capture="c.jsonl.gz"),
    "refuses and tells all": Row(serve=lambda: serve_echo(refuse), exit=3),
    "refuses, cut after five characters": Row(serve=lambda: serve_echo(refuse_at(5)), exit=3),
    "refuses, cut after fifteen characters": Row(serve=lambda: serve_echo(refuse_at(15)), exit=3),
    "no HTTP": Row(serve=lambda: serve_echo(break_off("SSH-2.0 HEAD\r\n\r\n")), exit=3),
    "another protocol": Row(serve=lambda: serve_echo(break_off("HTTP/1.1 101 x\r\nUpgrade: HEAD\r\n\r\n")), exit=1),
    "a broken body": Row(
        serve=lambda: serve_echo(break_off("HTTP/1.1 500 x\r\nX: HEAD\r\nTransfer-Encoding: chunked\r\n\r\nHEAD")),
        exit=3,
    ),
    "not there": Row(serve=_nothing, exit=3, opens=False),
    "not trusted": Row(serve=_untrusted, exit=3, opens=False),
    "no TLS": Row(serve=_wrong_scheme, exit=3, opens=False),
}
REPORTS = ("--report", "json=r.json", "--report", "junit=r.xml", "--report", "terminal=r.txt")
OPTIONS = ("-vv", "-H", "X-Told: ${env.TOLD}", "-H", "X-File: @header.txt", *REPORTS)
INPUTS = {"trial.yaml", "toy.yaml", "wscheck.toml", "filed.txt", "command.txt", "header.txt"}


def write(folder: Path) -> Path:
    """Write the scenario with a session for each of ``AUTHS``, and all that it is read from."""
    (folder / "toy.yaml").write_text(CONTRACT)
    for name, secret in (("filed", "FILED"), ("command", "COMMAND"), ("header", "FILED")):
        (folder / f"{name}.txt").write_text(f"{SECRETS[secret]}\n")
    sessions = ""
    for name, auth in AUTHS.items():
        sessions += f"  {name}:\n    auth: {auth}\n    headers: {{X-Session-Key: {{env: SESSION}}"
        sessions += ", X-Wants: wants-to-speak}\n" if name == "message" else "}\n"
        sessions += "    steps:\n      - expect: welcome\n      - send: {type: say, it: '${env.MY_TOKEN}'}\n"
    path = folder / "trial.yaml"
    head = "wscheck: 1\nscenario: trial\ncontract: toy.yaml\ndeadline: {tls: 0.5}\nsessions:\n"
    path.write_text(head + sessions)
    return path


@pytest.mark.parametrize("name", SERVERS)
def test_no_spelling_of_any_secret_is_shown_or_kept(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = SERVERS[name]
    monkeypatch.chdir(tmp_path)
    for variable in GIVEN:
        monkeypatch.setenv(variable, SECRETS[variable])
    scenario = write(tmp_path)
    with background(row.serve()) as server:
        url = f"{server.url}?access_token=cAnArY%2Fin-the-url"
        done = wscheck_here(capsys, "run", scenario, "--url", url, "--save-capture", row.capture, *OPTIONS)
    assert done.code == row.exit, done.said
    assert bool(server.heard) == row.opens
    told = {"out": done.out, "err": done.err, **read_all(tmp_path, but=INPUTS)}
    assert {row.capture, "r.json", "r.xml", "r.txt"} <= told.keys()
    secrets = {*SECRETS.values(), *find_jwts(server.heard), "cAnArY/in-the-url"}
    assert len(secrets) >= len(SECRETS) + (3 if row.opens else 1)
    assert find_leaks(told, secrets) == []
    assert find_pieces(told) == []
