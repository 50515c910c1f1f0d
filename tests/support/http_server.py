"""A tiny HTTP server on loopback: each request is answered by a function of the test's."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. ``headers`` are lower-case; ``path`` holds the query too."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Told: TypeAlias = "tuple[int, Any] | tuple[int, Any, Mapping[str, str]] | bytes"
"""Status and body (bytes, a text, or what is sent as JSON), and headers; or the raw answer."""


@dataclass(slots=True)
class HttpServer:
    """A server that listens at ``url``, without a slash at its end; ``asked`` are the requests so far."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)


@asynccontextmanager
async def http_server(
    answer: Callable[[Asked], Told], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[HttpServer]:
    """Serve every request with ``answer``, one a connection. An empty answer ends TCP."""
    found = HttpServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await _read(reader)
            found.asked.append(asked)
            writer.write(_encode(answer(asked)))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls) as server:
        found.url = f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield found


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method=method, path=path, headers=headers, body=body)


def _encode(told: Told) -> bytes:
    if isinstance(told, bytes):
        return told
    status, body, *more = told
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    headers = {"Content-Length": str(len(body)), "Connection": "close", **(more[0] if more else {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} x\r\n{lines}\r\n".encode("latin-1") + body
