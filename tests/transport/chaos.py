"""A proxy that makes a good line bad: late, slow, in slices, cut in the middle, or closed on one side."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chaos:
    """What happens to what a server sends. ``latency``: seconds that each piece comes late, both ways.

    ``slice``: the most bytes of a piece. ``bandwidth``: bytes a second. After ``reset_after`` bytes both sides are
    reset; after ``end_after`` bytes the client gets an end of TCP while its own side is left open; after
    ``silent_after`` nothing comes any more.
    """

    latency: float = 0.0
    slice: int = 65536
    bandwidth: float = float("inf")
    reset_after: float = float("inf")
    end_after: float = float("inf")
    silent_after: float = float("inf")


@asynccontextmanager
async def chaos_proxy(target: str, chaos: Chaos) -> AsyncIterator[str]:
    """Pass TCP on to HOST:PORT ``target``, as ``chaos`` says; gives HOST:PORT."""
    host, _, port = target.rpartition(":")
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        there, forward = await asyncio.open_connection(host, int(port))
        upwards = asyncio.create_task(_pass_on(reader, forward, Chaos(latency=chaos.latency)))
        tasks.add(upwards)
        try:
            await _pass_on(there, writer, chaos)
            await upwards
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            upwards.cancel()
            forward.close()
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    own_host, own_port = server.sockets[0].getsockname()
    try:
        yield f"{own_host}:{own_port}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, chaos: Chaos) -> None:
    """Pass on what comes, up to its end or what ``chaos`` puts in its place."""
    passed = 0
    with suppress(ConnectionError):
        while data := await reader.read(chaos.slice):
            await asyncio.sleep(chaos.latency + len(data) / chaos.bandwidth)  # slowness is what the proxy is for
            data = data[: int(min(len(data), chaos.reset_after - passed, chaos.end_after - passed))]
            if passed < chaos.silent_after:
                writer.write(data)
                await writer.drain()
            passed += len(data)
            if passed >= chaos.reset_after:
                _reset(writer)
                return
            if passed >= chaos.end_after:
                break
        writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    wire = writer.get_extra_info("socket")
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
