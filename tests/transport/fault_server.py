"""A server on a raw socket that does what a row of the table says: any bytes at any stage, or none."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.support.raw_server import BINARY, CLOSE, PING, PONG, TEXT, Peer, close_frame, frame, raw_server

Act: TypeAlias = "str | dict[str, Any]"
"""What the server does next: a word, or a word and what it needs."""

_REPEATED = re.compile(r"<([^<>*]+)\*([0-9]+)>")
_OURS = re.compile(r"(?i)host|upgrade|connection|user-agent|sec-websocket-[kve]")


@dataclass(slots=True, kw_only=True)
class Served:
    """A fault server that listens at HOST:PORT ``where``. ``child``: the process that a signal is still to go to."""

    where: str = ""
    heads: list[str] = field(default_factory=list)
    connections: int = 0
    child: asyncio.Future[int] | None = None


def repeat(text: str) -> str:
    """Return ``text`` with what it says is to be repeated: ``<x*5>`` stands for ``xxxxx``."""
    return _REPEATED.sub(lambda match: match[1] * int(match[2]), text)


@asynccontextmanager
async def fault_server(acts: Sequence[Act], *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Served]:
    """Do ``acts`` on every connection, then end TCP."""
    served = Served()

    async def behave(peer: Peer) -> None:
        served.connections += 1
        await _Turn(peer, served).do(acts)
        await _end(peer)

    async with raw_server(behave, tls=tls) as served.where:
        yield served


async def _end(peer: Peer) -> None:
    """End our side of TCP, and let the client end its own: what it still sends would otherwise be met with a reset."""
    if peer.writer.can_write_eof() and not peer.writer.is_closing():
        peer.writer.write_eof()
        while await peer.reader.read(65536):
            pass


class _Turn:
    """One connection. ``told`` is what of it could hold a secret: it is what a server might tell back."""

    def __init__(self, peer: Peer, served: Served) -> None:
        self.peer = peer
        self.served = served
        self.told = ""

    async def do(self, acts: Sequence[Act]) -> None:
        for act in acts:
            word, given = (act, None) if isinstance(act, str) else next(iter(act.items()))
            await getattr(self, f"_{word}")(given)

    # Before the socket speaks WebSocket.

    async def _read(self, _: Any) -> None:
        request = await self.peer.reader.readuntil(b"\r\n\r\n")
        self.peer.reader.feed_data(request)
        lines = request.decode("latin-1").split("\r\n")
        self.served.heads.append("\n".join(lines))
        self.told = " ".join(line for line in lines if line and not _OURS.match(line))

    async def _answer(self, raw: str) -> None:
        """Answer the opening handshake, or any request, with bytes, the length of the body put in."""
        await self._read(None)
        head, _, body = self._bytes(raw).partition(b"\r\n\r\n")
        head = head.replace(b"<LENGTH>", str(len(body)).encode())
        await self.peer.answer(head + b"\r\n\r\n" + body)

    async def _accept(self, given: dict[str, str] | None) -> None:
        await self._read(None)
        given = given or {}
        key = given.get("key")
        headers = self._bytes(given.get("headers", "")).decode("latin-1")
        await self.peer.accept(headers=headers, key=key.encode() if key else None)

    async def _open(self, given: dict[str, str] | None) -> None:
        """Accept, welcome, hear the first message and what the scenario says, and begin to answer it."""
        await self._accept(given)
        await self._text('{"type": "welcome"}')
        while '"say"' not in self.told:
            await self._hear(1)
        await self._text('{"type": "said", "id": "x", "text": "good"}')

    # While it is open.

    async def _hear(self, count: int | None) -> None:
        """Wait for messages, and answer pings meanwhile."""
        for _ in range(count or 1):
            opcode, data = await self.peer.read_frame()
            while opcode in (PING, PONG):
                if opcode == PING:
                    await self.peer.send(frame(PONG, data))
                opcode, data = await self.peer.read_frame()
            self.told += f" {data.decode('utf-8', 'replace')}"

    async def _text(self, text: str) -> None:
        await self.peer.send(frame(TEXT, self._put(text, self.told).encode("utf-8", "surrogatepass")))

    async def _said(self, text: str) -> None:
        """Send an event whose member ``text`` is ``text``, written as it stands."""
        await self._text(f'{{"type": "said", "id": "x", "text": {text}}}')

    async def _done(self, _: Any) -> None:
        await self._text('{"type": "done", "id": "x"}')

    async def _binary(self, raw: str) -> None:
        await self.peer.send(frame(BINARY, self._bytes(raw)))

    async def _frame(self, given: dict[str, Any]) -> None:
        given = dict(given)
        data = self._bytes(given.pop("data", "")) * given.pop("times", 1)
        await self.peer.send(frame(given.pop("opcode", TEXT), data, **given))

    async def _send(self, raw: str) -> None:
        await self.peer.send(self._bytes(raw))

    async def _bomb(self, size: int) -> None:
        """Send one small compressed frame of a message of ``size`` bytes (RFC 7692)."""
        deflate = zlib.compressobj(wbits=-15)
        block = deflate.compress(b"\0" * 2**20) + deflate.flush(zlib.Z_FULL_FLUSH)  # blocks that can stand in a row
        await self.peer.send(frame(TEXT, (block * (size // 2**20))[:-4], rsv=4))

    async def _fragments(self, count: int) -> None:
        """Send one event in ``count`` frames, all but the first and the last empty."""
        text = b'{"type": "said", "id": "x", "text": "in pieces"}'
        await self.peer.send(frame(TEXT, text[:9], fin=False) + frame(0, fin=False) * (count - 2) + frame(0, text[9:]))

    async def _flood(self, seconds: float) -> None:
        """Send events of 500 bytes for so long as fast as they are taken, then the last."""
        event = frame(TEXT, json.dumps({"type": "said", "id": "x", "text": "x" * 450}).encode())
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await self.peer.send(event * 100)
            await asyncio.sleep(0)  # sending does not wait as long as all of it is taken, and others are served too

    async def _drip(self, text: str) -> None:
        for byte in self._bytes(text):
            await self.peer.send(bytes([byte]))
            await asyncio.sleep(0.1)  # slowness is what is shown

    async def _close(self, given: int | list[Any] | None) -> None:
        code, reason = given if isinstance(given, list) else (given, "")
        await self.peer.send(close_frame(code, self._bytes(reason)[:123]))

    async def _close_frame(self, raw: str) -> None:
        await self.peer.send(frame(CLOSE, self._bytes(raw)[:125]))

    # How it ends.

    async def _obey(self, _: Any) -> None:
        """Answer pings, and close as one should."""
        while True:
            opcode, data = await self.peer.read_frame()
            if opcode == PING:
                await self.peer.send(frame(PONG, data))
            elif opcode == CLOSE:
                await self.peer.send(frame(CLOSE, data))
                return

    async def _deaf(self, _: Any) -> None:
        """Answer pings, and no close frame."""
        while True:
            opcode, data = await self.peer.read_frame()
            if opcode == PING:
                await self.peer.send(frame(PONG, data))

    async def _stay(self, _: Any) -> None:
        await self.peer.stay()

    async def _half(self, _: Any) -> None:
        """End our side of TCP, and keep the other open whatever the client does."""
        self.peer.writer.write_eof()
        await self.peer.stay()

    async def _reset(self, _: Any) -> None:
        self.peer.reset()

    async def _signal(self, name: str) -> None:
        """Send a signal to the command that is served, once: a second one would end it at once."""
        child, self.served.child = self.served.child, None
        if child:
            os.kill(await child, getattr(signal, name))

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)  # what must pass first, such as the life of a token

    def _bytes(self, raw: str) -> bytes:
        """Return the bytes that ``raw`` has as its characters, what was told among them in UTF-8."""
        return self._put(raw, self.told.encode().decode("latin-1")).encode("latin-1")

    def _put(self, text: str, told: str) -> str:
        for name, value in (("<TOLD>", told), ("<QUOTED>", json.dumps(told)), ("<WHERE>", self.served.where)):
            text = text.replace(name, value)
        return repeat(text)


@asynccontextmanager
async def nobody() -> AsyncIterator[Served]:
    """Give an address where nothing listens."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield Served(where=f"127.0.0.1:{reserved.getsockname()[1]}")


@asynccontextmanager
async def full() -> AsyncIterator[Served]:
    """Give an address that takes no more connections: to a client, a host that drops what it is sent."""
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for other in (first, second):
            other.setblocking(False)
            other.connect_ex(listening.getsockname())
        yield Served(where=f"127.0.0.1:{listening.getsockname()[1]}")
