"""The name and TCP: from a host's name to a connected socket, each phase with its own time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any, TypeAlias

from wscheck.record import Phase
from wscheck.wire.address import Address
from wscheck.wire.failures import StoppedError, connect_failure, name_failure

_Place: TypeAlias = tuple[int, int, int, str, Any]


class Stopwatch:
    """How long each phase took: ``taken`` maps phases to seconds, in their order."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since = clock()
        self.taken: dict[str, float] = {}

    def lap(self, phase: Phase) -> None:
        """Note that ``phase`` is over, and that the next begins."""
        now = self._clock()
        self.taken[phase] = now - self._since
        self._since = now


async def connect_tcp(address: Address, *, within: float, watch: Stopwatch) -> socket.socket:
    """Return a socket connected to ``address``. Raises StoppedError; both phases share ``within`` seconds."""
    until = asyncio.get_running_loop().time() + within
    places = await _look_up(address, within)
    watch.lap("dns")
    return await _connect_any(places, address, until, within)


async def _look_up(address: Address, within: float) -> list[_Place]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(within):
            return list(await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM))
    except OSError as error:
        raise StoppedError(name_failure(error, address.host, within)) from None


async def _connect_any(places: list[_Place], address: Address, until: float, within: float) -> socket.socket:
    """Try each address in turn; none may take so long that the next has no time."""
    errors: list[OSError] = []
    for tried, place in enumerate(places):
        left = until - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(left, 0) / (len(places) - tried)):
                return await _connect(place)
        except OSError as error:
            errors.append(error)
    raise StoppedError(connect_failure(errors, address, within))


async def _connect(place: _Place) -> socket.socket:
    family, kind, protocol, _, where = place
    wire = socket.socket(family, kind, protocol)
    try:
        wire.setblocking(False)
        await asyncio.get_running_loop().sock_connect(wire, where)
    except BaseException:
        wire.close()
        raise
    return wire
