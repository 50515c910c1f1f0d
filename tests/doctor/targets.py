"""Targets that are broken, each in one way, over real sockets: how each is served, asked for and given."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import jwt
import trustme

from tests.support.raw_server import PONG, TEXT, Behave, Peer, close_frame, frame, raw_server

CLAIMS = {"sub": "ada-0001", "aud": "agents", "jti": "cAnArY-jti"}
KEY = "cAnArY-key-" * 4
TOKEN = jwt.encode({**CLAIMS, "exp": int(time.time()) + 3600}, KEY, algorithm="HS256")
EXPIRED = jwt.encode({**CLAIMS, "exp": int(time.time()) - 60}, KEY, algorithm="HS256")
WELCOME = frame(TEXT, b'{"type": "welcome"}')
STARTING = b'{"status": "starting", "phase": "database"}'

CONTRACT = """
wscheck: 1
name: toy
version: "1.0.0"
select: {subprotocol: toy.v2}
event_name: /type
events: {welcome: , said: }
scopes: {connection: {order: "welcome, said*"}}
"""
SCENARIO = """
wscheck: 1
scenario: trial
contract: toy.yaml
sessions:
  turned-away: {probe: {expect: refused}}
  ada: {steps: [{expect: welcome}, {send: {type: say}}, {expect: said}]}
"""
READY = """
[env.here]
url = "ws://HOST/ws"
ready = [{ url = "http://HOST/health", within = 1 }]
"""
DOOR = """
[env.here]
url = "ws://HOST/ws"
auth = "door"
[auth.door]
scheme = "login"
token = "/access_token"
request = { url = "http://HOST/login", headers = { X-Bypass-Key = { env = "TOKEN" } } }
"""
BRIEF = "deadline: {welcome: 0.3}\n"


def here(*, welcome: float = 10.0, silence: float = 10.0) -> str:
    """Return a wscheck.toml whose environment, here, has these deadlines."""
    return f'[env.here]\nurl = "ws://HOST/ws"\ndeadline = {{ welcome = {welcome}, silence = {silence} }}\n'


def response(status: str, body: bytes = b"", *headers: str) -> bytes:
    """Return an answer of HTTP that is always the same."""
    lines = "".join(f"{line}\r\n" for line in (f"Content-Length: {len(body)}", "Connection: close", *headers))
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One opening handshake, or another request: its path, and the token that it shows."""

    path: str
    token: str


def door(answer: Callable[[Ask], bytes | None], then: Behave | None = None, headers: str = "") -> Behave:
    """Answer each request as ``answer`` says; for None accept the opening handshake, and go on with ``then``."""

    async def behave(peer: Peer) -> None:
        head = (await peer.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        peer.reader.feed_data(head.encode("latin-1"))  # for whoever accepts it
        path = head.split(" ")[1]
        token = next(
            (line.partition(":")[2].strip() for line in head.split("\r\n") if line[:14] == "Authorization:"), ""
        )
        raw = answer(Ask(path=path, token=token))
        if raw is not None:
            await peer.answer(raw)
            return
        await peer.accept(headers=headers)
        await (then or obey)(peer)

    return behave


async def obey(peer: Peer) -> None:
    """Welcome, answer every ping, and answer the close frame."""
    await peer.send(WELCOME)
    while True:
        opcode, payload = await peer.read_frame()
        if opcode == 9:
            await peer.send(frame(PONG, payload))
        elif opcode == 8:
            await peer.send(frame(8, payload))
            return


async def welcomes_and_is_dumb(peer: Peer) -> None:
    await peer.send(WELCOME)
    await peer.stay()


async def restarts(peer: Peer) -> None:
    """Welcome, and close at the first ping."""
    await peer.send(WELCOME)
    await peer.read_frame()
    await peer.send(close_frame(1012, b"deploying"))
    await peer.read_frame()


async def masks_its_frames(peer: Peer) -> None:
    await peer.send(frame(TEXT, b"{}", mask=True))
    await peer.stay()


async def stays_silent(peer: Peer) -> None:
    await peer.stay()


def closes(code: int, reason: bytes) -> Behave:
    """Close at once."""

    async def behave(peer: Peer) -> None:
        await peer.send(close_frame(code, reason))
        await peer.read_frame()

    return behave


async def answers_no_close(peer: Peer) -> None:
    await peer.send(WELCOME)
    while (ping := await peer.read_frame())[0] == 9:
        await peer.send(frame(PONG, ping[1]))
    await peer.stay()


def well(_: Ask) -> bytes | None:
    return None


@cache
def authority() -> trustme.CA:
    return trustme.CA(organization_name="An Authority", organization_unit_name="its unit")


def tls_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _issue(life: timedelta) -> trustme.LeafCert:
    until = datetime.now(UTC) + life
    return authority().issue_cert(
        "127.0.0.1", organization_name="A Server", organization_unit_name="its unit", not_after=until
    )


def expired() -> ssl.SSLContext:
    return tls_of(_issue(-timedelta(days=3, hours=1)))


def good(*, days: int = 100) -> ssl.SSLContext:
    return tls_of(_issue(timedelta(days=days, hours=1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A target: ``behave`` serves it, by ``tls`` where there is some; HOST in ``asked`` and ``files`` is where.

    ``token`` is in the environment as TOKEN. ``first`` are words that the first line must hold, to say what to mend.
    """

    behave: Behave
    first: tuple[str, ...]
    asked: tuple[str, ...] = ("ws://HOST/ws", "--token-env", "TOKEN")
    files: tuple[tuple[str, str], ...] = ()
    tls: Callable[[], ssl.SSLContext] | None = None
    token: str = TOKEN
    exit: int = 3

    def serve(self) -> AbstractAsyncContextManager[str]:
        """Serve it; gives HOST:PORT."""
        return raw_server(self.behave, tls=self.tls() if self.tls else None)

    def write(self, folder: Path, host: str) -> list[str]:
        """Write the files that it needs into ``folder``, and return what is asked for."""
        authority().cert_pem.write_to_path(str(folder / "authority.pem"))
        for name, text in self.files:
            (folder / name).write_text(text.replace("HOST", host), encoding="utf-8")
        return [word.replace("HOST", host) for word in self.asked]
