"""The proxy that makes a good line bad: each way in which it does, and nothing but that."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.transport.chaos import Chaos, chaos_proxy
from tests.transport.fault_server import fault_server

HELLO = b"hello, and goodbye"


async def read_through(chaos: Chaos) -> bytes:
    """Return what a client behind the proxy reads of HELLO, up to its end."""
    async with fault_server([{"send": HELLO.decode()}]) as served, chaos_proxy(served.where, chaos) as where:
        host, _, port = where.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()


async def test_without_chaos_everything_passes() -> None:
    assert await read_through(Chaos()) == HELLO


async def test_slices_and_latency_change_no_byte() -> None:
    began = time.monotonic()
    assert await read_through(Chaos(slice=3, latency=0.01)) == HELLO
    assert time.monotonic() - began >= 0.01 * len(HELLO) / 3


async def test_bandwidth_is_bytes_a_second() -> None:
    began = time.monotonic()
    assert await read_through(Chaos(bandwidth=100)) == HELLO
    assert time.monotonic() - began >= len(HELLO) / 100


async def test_an_end_cuts_after_so_many_bytes() -> None:
    assert await read_through(Chaos(end_after=5)) == HELLO[:5]


async def test_a_reset_cuts_after_so_many_bytes() -> None:
    with pytest.raises(ConnectionResetError):
        await read_through(Chaos(reset_after=5))
