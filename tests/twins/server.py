"""The one server of all twins: on each path it plays the script that a row has for it, over a real socket.

A script is a list of what the server says and does, one after the other:

- ``start`` is the event ``{"type": "start"}``; a mapping with ``type`` is that event; both as a text message.
- ``{text: …}`` is a text message verbatim, in ``encoding`` if it is not to be UTF-8; ``{binary: …}`` a binary message;
  ``{levels: n}`` the event ``step``, nested so deep.
- ``{frame: {opcode: n, text: …, raw: …, size: n, fin: …, rsv: n, mask: …}}`` is one frame, legal or not, and
  ``{bytes: …}`` are bytes on the wire; ``raw`` and ``bytes`` are in hexadecimal.
- ``{close: n, reason: …}`` is a close frame; a script that says no other ending has one with 1000.
- ``{hear: true}`` waits for a message, ``{wait: n}`` for so many seconds, ``{stay: true}`` until the client closes.
- ``{deaf: true}`` does nothing any more, ``{drop: true}`` ends TCP.

The opening handshake is accepted. A first ``{open: {headers: [lines], key: …, size: n}}`` says how: for another key
than the client's, with a header of so many bytes. ``{answer: …}`` is another answer: a status, with ``headers`` and
``json`` if wanted, or raw text. What is said with nothing to wait for between goes out in one write, and so comes at
one time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from tests.support.raw_server import BINARY, CLOSE, PING, PONG, TEXT, Peer, close_frame, frame, raw_server

Script: TypeAlias = Sequence[Any]

_FIRST = {"open", "answer", "deaf"}
_DONE = {"stay", "deaf", "drop"}
_LAST = {*_DONE, "close", "answer"}


@asynccontextmanager
async def serve_scripts(scripts: Mapping[str, Script]) -> AsyncIterator[str]:
    """Serve every path by its script; gives HOST:PORT."""

    async def behave(peer: Peer) -> None:
        request = await peer.reader.readuntil(b"\r\n\r\n")
        peer.reader.feed_data(request)  # it is read again where it is answered
        await _play(peer, _whole(scripts[request.split(b" ")[1].decode()]))

    async with raw_server(behave) as where:
        yield where


def _whole(script: Script) -> Script:
    """Return ``script`` with the opening and the ending that go without saying."""
    opening: Script = [] if _ends(script[:1], by=_FIRST) else [{"open": {}}]
    ending: Script = [] if _ends(script, by=_LAST) else [{"close": 1000}]
    return [*opening, *script, *ending]


def _ends(script: Script, *, by: set[str]) -> bool:
    return bool(script) and isinstance(script[-1], Mapping) and bool(by & set(script[-1]))


async def _play(peer: Peer, script: Script) -> None:
    first, *rest = script
    if "open" not in first:
        await (peer.answer(_encode_answer(**first)) if "answer" in first else peer.stay())
        return
    (said, then), *turns = _turns(rest)
    await _accept(peer, said, **first["open"])
    await _do(peer, then)
    for said, then in turns:
        await peer.send(said)
        await _do(peer, then)


async def _accept(
    peer: Peer, then: bytes, *, headers: Sequence[str] = (), key: str | None = None, size: int = 0
) -> None:
    lines = [*headers, *([f"X-Large: {'x' * size}"] if size else [])]
    await peer.accept(headers="".join(f"{line}\r\n" for line in lines), key=key.encode() if key else None, then=then)


def _turns(script: Script) -> Iterator[tuple[bytes, Mapping[str, Any]]]:
    """Yield what is said in one write, and what is done after it."""
    said = b""
    for item in script:
        raw = _encode(item)
        said += raw or b""
        if raw is None:
            yield said, item
            said = b""
    if not _ends(script, by=_DONE):
        yield said, {"part": True}


def _encode(item: Any) -> bytes | None:
    """Return the bytes that ``item`` is on the wire, None where it is not something said."""
    match item:
        case str():
            return _encode({"type": item})
        case {"type": _}:
            return frame(TEXT, json.dumps(item).encode())
        case {"text": text}:
            return frame(TEXT, text.encode(item.get("encoding", "utf-8")))
        case {"binary": text}:
            return frame(BINARY, text.encode())
        case {"levels": levels}:
            return frame(TEXT, f'{{"type": "step", "deep": {"[" * (levels - 1)}{"]" * (levels - 1)}}}'.encode())
        case {"frame": members}:
            return _encode_frame(**members)
        case {"bytes": raw}:
            return bytes.fromhex(raw)
        case {"close": code}:
            return close_frame(code, item.get("reason", "").encode(item.get("encoding", "utf-8")))
        case _:
            return None


def _encode_frame(*, opcode: int, text: str = "", raw: str = "", size: int = 0, **how: Any) -> bytes:
    return frame(opcode, text.encode() + bytes.fromhex(raw) + b"x" * size, **how)


def _encode_answer(answer: int | str, *, headers: Sequence[str] = (), **body: Any) -> bytes:
    if isinstance(answer, str):
        return answer.encode()
    text = json.dumps(body.get("json", "no"))
    lines = [f"HTTP/1.1 {answer} x", f"Content-Length: {len(text)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", text]).encode()


async def _do(peer: Peer, action: Mapping[str, Any]) -> None:
    match action:
        case {"wait": seconds}:
            await asyncio.sleep(seconds)
        case {"hear": True}:
            await _listen(peer, until=TEXT)
        case {"stay": True}:
            await peer.send(frame(CLOSE, await _listen(peer, until=CLOSE)))
        case {"part": True}:
            await _listen(peer, until=CLOSE)
        case {"deaf": True}:
            await peer.stay()
        case {"drop": True}:
            peer.writer.transport.abort()
        case _:
            raise ValueError(f"a script holds {action}")


async def _listen(peer: Peer, *, until: int) -> bytes:
    """Read up to a frame with that opcode, and return what it holds. Pings are answered meanwhile."""
    while True:
        opcode, data = await peer.read_frame()
        if opcode == PING:
            await peer.send(frame(PONG, data))
        elif opcode == until:
            return data
        elif opcode == CLOSE:
            await peer.send(frame(CLOSE, data))
            raise ConnectionAbortedError("the client closed, and is not waited for any more")
