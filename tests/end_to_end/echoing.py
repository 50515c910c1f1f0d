"""Servers that tell everything they hear: in events, headers, bodies, reasons; and proxies and token services."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.support.http_server import Asked, Told
from tests.support.raw_server import BINARY, TEXT, Peer, close_frame, frame, raw_server

CONTRACT = """
wscheck: 1
name: toy
version: "1.0.0"
event_name: /type
redact: [/secret, /deep/1]
events:
  $open:
  $close:
  welcome:
  said: {schema: {properties: {n: {type: integer, maximum: 5}, s: {const: due}}}}
  failed: {cause: /why}
  say: {from: client}
scopes:
  connection: {order: "$open, welcome?, said*, $close"}
"""

_OURS = re.compile(r"(?i)host|upgrade|connection|user-agent|sec-websocket-[kve]")

Tell = Callable[[Peer, str], Awaitable[None]]


@dataclass(slots=True)
class Echoing:
    """A server that listens at ``url``; ``heard`` are the heads of the requests and the messages so far."""

    url: str = ""
    heard: list[str] = field(default_factory=list)


@asynccontextmanager
async def serve_echo(tell: Tell, *, tls: Any = None) -> AsyncIterator[Echoing]:
    """Serve every connection with ``tell``, which is given the head of the request, still unanswered."""
    found = Echoing()

    async def behave(peer: Peer) -> None:
        request = await peer.reader.readuntil(b"\r\n\r\n")
        found.heard.append(request.decode("latin-1"))
        peer.reader.feed_data(request)
        await tell(peer, found.heard[-1])

    async with raw_server(behave, tls=tls) as where:
        found.url = f"ws{'s' if tls else ''}://{where}/ws"
        yield found


async def behave_well(peer: Peer, head: str) -> None:
    """Welcome, and close as one should once the client has spoken or closes."""
    await peer.accept(headers=_selected(head))
    await peer.send(frame(TEXT, b'{"type": "welcome"}'))
    while True:
        opcode, data = await peer.read_frame()
        if opcode == 8:
            await peer.send(frame(8, data))
            return


async def tell_in_events(peer: Peer, head: str) -> None:
    """Accept, and tell the head of the request in every part of an answer, of events, and of a closing."""
    shown = _secret_lines(head)
    fields = "".join(f"X-Echo-{number}: {line}\r\n" for number, line in enumerate(shown))
    echoed = f"{_selected(head)}{fields}Set-Cookie: {shown[0]}\r\nLocation: /login?next={quote(shown[0], safe='')}\r\n"
    await peer.accept(headers=echoed)
    opcode, first = 0, b""
    if "wants-to-speak" in head:
        opcode, first = await peer.read_frame()
    for line in [*shown, *([first.decode()] if opcode == TEXT else [])]:
        for event in _events_of(line):
            await peer.send(frame(TEXT, event.encode()))
        await peer.send(frame(BINARY, line.encode()))
        await peer.send(frame(TEXT, f'{{"type": "said", "torn": {json.dumps(line)[:-1]}'.encode()))
        await peer.send(frame(TEXT, b'\xff"' + line.encode()))
    # A reason has no room for more than 123 bytes: it ends amidst the last secret.
    await peer.send(close_frame(1008, f"{'not you: '.rjust(108)}{shown[-1].split()[-1]}".encode()[:123]))


def _events_of(line: str) -> list[str]:
    """Return events that tell ``line`` in every place and spelling."""
    raw = line.encode()
    plain: list[Any] = [
        {"type": "failed", "why": line},
        {"type": "said", "n": line, "s": line, "id": line},
        {"type": "said", "n": 1, "s": "due", "id": line},
        {"type": line},
        {"type": "said", line: {line: line}},
        {"type": "said", "text": json.dumps({"nested": line})},
        {"type": "said", "base64": [base64.b64encode(b"-" * many + raw).decode() for many in range(3)]},
        {"type": "said", "base64url": [base64.urlsafe_b64encode(b"-" * many + raw).decode() for many in range(3)]},
        {"type": "said", "percent": [quote(line), quote(line, safe="").lower(), quote(quote(line, safe=""), safe="")]},
        {"type": "said", "hex": [raw.hex(), raw.hex().upper()]},
    ]
    escaped = "".join(f"\\u{ord(character):04x}" for character in line)
    return [*map(json.dumps, plain), f'{{"type": "said", "x": 1, "x": "{escaped}"}}']


async def refuse(peer: Peer, head: str) -> None:
    """Refuse, and tell the head of the request in each header and in the body."""
    shown = _secret_lines(head)
    fields = "".join(f"X-Echo-{number}: {line}\r\n" for number, line in enumerate(shown))
    fields += f"Location: /login?next={quote(shown[0], safe='')}\r\nSet-Cookie: {shown[0]}\r\n"
    body = json.dumps({"headers": shown, "base64": base64.b64encode(head.encode()).decode()}) + head
    await peer.answer(f"HTTP/1.1 403 {shown[0]}\r\n{fields}Content-Length: {len(body)}\r\n\r\n{body}".encode())


def refuse_at(kept: int) -> Tell:
    """Refuse with a body of which no more is kept than the first ``kept`` characters of a secret."""

    async def tell(peer: Peer, head: str) -> None:
        secret = _secret_lines(head)[-1].split()[-1]
        body = secret.rjust(4096 + len(secret) - kept)
        await peer.answer(f"HTTP/1.1 500 x\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

    return tell


def break_off(begin: str) -> Tell:
    """Answer with what is no good answer to an opening handshake: ``begin``, and the head of the request in it."""

    async def tell(peer: Peer, head: str) -> None:
        line = _secret_lines(head)[-1]
        await peer.answer(begin.replace("HEAD", line).encode())

    return tell


def _secret_lines(head: str) -> list[str]:
    """Return the request line and those headers that can hold a secret."""
    return [line for line in head.split("\r\n") if line and not _OURS.match(line)]


def _selected(head: str) -> str:
    offered = re.search(r"(?i)sec-websocket-protocol: *(.+)\r\n", head)
    return f"Sec-WebSocket-Protocol: {offered[1].split(',')[-1].strip()}\r\n" if offered else ""


def answer_with_echo(status: int) -> Callable[[Asked], Told]:
    """Return what answers HTTP requests with ``status``, and with all that was asked."""

    def answer(asked: Asked) -> Told:
        body = asked.body.decode()
        told = {"path": asked.path, "headers": dict(asked.headers), "body": body, "status": "echo"}
        fields = {"X-Echo": asked.headers.get("authorization", "none"), "Location": asked.path}
        return status, json.dumps(told) if len(body) % 2 else f"{asked.path} {body} {asked.headers}", fields

    return answer
