"""A fault made: its server, its proxy, a run of wscheck as a process with every secret, and all that it left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.canaries import read_all
from tests.transport.certificates import server_tls, write_authority
from tests.transport.chaos import Chaos, chaos_proxy
from tests.transport.fault_server import Served, fault_server, full, nobody, repeat
from tests.transport.forks import ROOT, Ended, Forks
from tests.transport.rows import Try

SECRETS = {
    "FIRST": 'cAnArY "first" \\ & <é> 0001',
    "BEARER": "Bearer cAnArY/+bearer~0002==",
    "COOKIE": "sid=cAnArY/+cookie=0003?~",
    "API_KEY": "cAnArY/+key?&~0004",
    "SUB_TOKEN": "cAnArY/+subprotocol=~0005",
    "SAY_TOKEN": "cAnArY/+said=0006&~token",
    "LOGIN_KEY": "cAnArY-a-key-of-more-than-32-bytes-0007",
}
IN_URL = "cAnArY/+query=0008~"
CONTRACT = """
wscheck: 1
name: toy
version: "1.0.0"
event_name: /type
events:
  $open:
  $close:
  $close.turned_away: {match: {/code: {enum: [1008, 4401]}}}
  welcome:
  said:
  done:
  login: {from: client}
  say: {from: client}
scopes:
  connection: {order: "$open, ($close.turned_away | (welcome, ($close | $close.turned_away)))"}
  turn: {key: /id, order: "said+, done"}
"""
SCENARIO = """
wscheck: 1
scenario: trial
contract: toy.yaml
exercises: [turn]
deadline: {tcp: 5, tls: 5, handshake: 5, welcome: 5, silence: 5, session: 20}
sessions:
  ada:
    identity: ada
    auth: {scheme: token, token: {env: FIRST}, via: message, message: {type: login, ticket: "${token}"}}
    headers: &headers {Authorization: {env: BEARER}, Cookie: {env: COOKIE}, X-Api-Key: {env: API_KEY}}
    steps: &steps
      - expect: welcome
      - send: {type: say, id: x, ticket: "${env.SAY_TOKEN}"}
      - expect: turn
      - close: 1000
"""
BOB = """
  bob:
    identity: bob
    auth: {scheme: token, token: {env: SUB_TOKEN}, via: subprotocol}
    headers: *headers
    steps: *steps
"""
"""The second session: a token travels in one way only, and all ways are to be tried."""

REPORTS = {"json": "r.json", "junit": "r.xml", "terminal": "r.txt"}
LONGEST = 20.0
"""Seconds after the deadline of a fault at which its run is given up."""

_ENOUGH = 200_000
_INPUTS = {"toy.yaml", "trial.yaml", "authority.pem"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of one try: how it ended, what servers heard of it, and the ``folder`` with all that it left behind."""

    ended: Ended
    heads: list[str]
    connections: int
    asked: int
    folder: Path
    inputs: set[str]

    def told(self) -> dict[str, str]:
        """Return every text that wscheck left behind, by what it is called."""
        return {name: _squeeze(text) for name, text in read_all(self.folder, but=self.inputs).items()}


async def make(one: Try, folder: Path, forks: Forks) -> Made:
    """Let the fault happen to a run of wscheck in the empty ``folder``."""
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(_serve(one))
        where = served.where
        if one.through is not None:
            where = await stack.enter_async_context(chaos_proxy(where, Chaos(**one.through)))
        service = Served()
        if one.service is not None:
            service = await stack.enter_async_context(fault_server(one.service))
        addresses = _addresses(one, where, service.where)
        inputs = _write(one, folder, addresses)
        child = forks.start(
            *_arguments(one, addresses),
            folder=folder,
            environ=_environ(one, addresses),
            limits=one.limits,
            instead=[_fill(word, addresses) for word in one.instead],
        )
        served.child = child.pid
        await asyncio.wait([child.ended], timeout=one.seconds + LONGEST)
        if not child.ended.done():
            os.killpg(await child.pid, signal.SIGKILL)
        ended = await child.ended
    return Made(
        ended=ended,
        heads=served.heads,
        connections=served.connections,
        asked=service.connections,
        folder=folder,
        inputs=inputs,
    )


def warm_up(forks: Forks, folder: Path) -> None:
    """Let the forker go once through what every run goes through, in the empty ``folder``, to where nothing listens."""
    one = Try()
    addresses = _addresses(one, "127.0.0.1:9", "")
    _write(one, folder, addresses)
    forks.warm_up(*_arguments(one, addresses), folder=folder, environ=_environ(one, addresses))


@asynccontextmanager
async def _serve(one: Try) -> AsyncIterator[Served]:
    kind, _, name = one.server.partition(":")
    match kind:
        case "nobody":
            server = nobody()
        case "full":
            server = full()
        case "tls":
            server = fault_server(one.acts, tls=server_tls(name))
        case _:
            server = fault_server(one.acts)
    async with server as served:
        yield served


def _addresses(one: Try, where: str, service: str) -> dict[str, str]:
    scheme = "wss" if one.server.startswith("tls") else "ws"
    secret = "access_token=cAnArY%2F%2Bquery%3D0008~"
    url = f"{scheme}://{where}/ws?{secret}"
    return {"<PYTHON>": sys.executable, "<URL>": url, "<WHERE>": where, "<SECRET>": secret, "<SERVICE>": service}


def _write(one: Try, folder: Path, addresses: dict[str, str]) -> set[str]:
    """Write what the run is about; return the names of the files, which are ours and no sink."""
    scenario = SCENARIO if one.alone else SCENARIO + BOB
    files = {"toy.yaml": _change(CONTRACT, one.contract), "trial.yaml": _change(scenario, one.scenario), **one.files}
    for name, text in files.items():
        (folder / name).write_bytes(_fill(text, addresses).encode("utf-8", "surrogatepass"))
    if one.server.startswith("tls"):
        write_authority(folder / "authority.pem")
    return {*files, *_INPUTS}


def _change(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def _arguments(one: Try, addresses: dict[str, str]) -> list[str]:
    reports = [word for form, name in REPORTS.items() for word in ("--report", f"{form}={name}")]
    usual = ["run", "trial.yaml", "--url", one.url, "--save-capture", "c.jsonl", "-vv", *reports]
    if one.server.startswith("tls"):
        usual += ["--ca-cert", "authority.pem"]
    words = usual if one.command is None else list(one.command)
    return [_fill(word, addresses) for word in (*words, *one.arguments)]


def _squeeze(text: str) -> str:
    """Return ``text`` without the long runs of one letter that only make it large, and of a flood its two ends."""
    for letter in "ax9":
        text = text.replace(letter * 100, "")
    return text if len(text) <= 2 * _ENOUGH else f"{text[:_ENOUGH]}\n{text[-_ENOUGH:]}"


def _environ(one: Try, addresses: dict[str, str]) -> dict[str, str]:
    ours = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = {name: _fill(value, addresses) for name, value in one.environ.items()}
    return {**ours, "PYTHONPATH": str(ROOT), **SECRETS, **given}


def _fill(text: str, addresses: dict[str, str]) -> str:
    for name, address in addresses.items():
        text = text.replace(name, address)
    return repeat(text)
