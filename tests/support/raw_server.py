"""A server on a raw socket, for everything that a well-behaved WebSocket library would never send."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

Behave: TypeAlias = "Callable[[Peer], Awaitable[None]]"

_ROUNDS = 10
"""Of the loop, until a connection that was just accepted has its task: without one, nobody would close it."""

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, mask: bool = False) -> bytes:
    """One frame, legal or not (RFC 6455, section 5.2)."""
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if mask else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([bit | 126]) + struct.pack("!H", len(payload))
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", len(payload))
    return head + (b"\0\0\0\0" if mask else b"") + payload


def close_frame(code: int | None = None, reason: bytes = b"") -> bytes:
    return frame(CLOSE, b"" if code is None else struct.pack("!H", code) + reason)


class Peer:
    """One accepted connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.request = b""

    async def accept(self, *, headers: str = "", key: bytes | None = None, then: bytes = b"") -> None:
        """Answer the opening handshake, with ``then`` in the same write."""
        self.request = await self.reader.readuntil(b"\r\n\r\n")
        found = re.search(rb"(?i)sec-websocket-key: *(\S+)", self.request)
        assert found
        digest = hashlib.sha1((key or found[1]) + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        answer = (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}\r\n{headers}\r\n"
        )
        await self.send(answer.encode() + then)

    async def answer(self, raw: bytes) -> None:
        """Read the request, and answer it with ``raw``."""
        self.request = await self.reader.readuntil(b"\r\n\r\n")
        await self.send(raw)

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def read_frame(self) -> tuple[int, bytes]:
        """Read one frame of the client: its opcode and its payload, unmasked."""
        head, size = await self.reader.readexactly(2)
        size &= 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
        mask = await self.reader.readexactly(4)
        data = await self.reader.readexactly(size)
        return head & 0x0F, bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))

    async def stay(self) -> None:
        """Keep TCP open, whatever the client does, until the server is ended."""
        await asyncio.Event().wait()

    def reset(self) -> None:
        """End TCP with RST."""
        wire = self.writer.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@asynccontextmanager
async def raw_server(behave: Behave, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve every connection with ``behave``; gives HOST:PORT. TCP ends when ``behave`` returns."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await behave(Peer(reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    host, port = server.sockets[0].getsockname()
    try:
        yield f"{host}:{port}"
    finally:
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def sends(raw: bytes, *, then_stays: bool = False) -> Behave:
    """Answer the opening handshake with ``raw``, then end TCP, or keep it open."""

    async def behave(peer: Peer) -> None:
        await peer.answer(raw)
        if then_stays:
            await peer.stay()

    return behave


def accepts(headers: str = "", key: bytes | None = None) -> Behave:
    """Accept the opening handshake, and say nothing more."""

    async def behave(peer: Peer) -> None:
        await peer.accept(headers=headers, key=key)
        await peer.stay()

    return behave


async def silent(peer: Peer) -> None:
    await peer.stay()


async def ends_at_once(peer: Peer) -> None:
    pass
