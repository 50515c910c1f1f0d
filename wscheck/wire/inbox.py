"""What the session brought, in its order and bounded: when it is full, reading waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from wscheck.record import Message, Record

_MOST_RECORDS = 256
_MOST_BYTES = 16 * 2**20


class Inbox:
    """Records on their way from the socket to the capture.

    ``pause`` is called when it holds 256 records or 16 MiB, ``resume`` when it is down to a quarter of that. What one
    read from the socket brought is always taken whole.
    """

    def __init__(self, *, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        self._pause = pause
        self._resume = resume
        self._records: deque[Record] = deque()
        self._bytes = 0
        self._paused = False
        self._came = asyncio.Event()

    def __len__(self) -> int:
        return len(self._records)

    def put(self, record: Record) -> None:
        """Add ``record`` at the end."""
        self._records.append(record)
        self._bytes += _weigh(record)
        self._came.set()
        if not self._paused and (len(self._records) >= _MOST_RECORDS or self._bytes >= _MOST_BYTES):
            self._paused = True
            self._pause()

    def take(self) -> Record | None:
        """Remove and return the first record. None where there is none."""
        if not self._records:
            return None
        record = self._records.popleft()
        self._bytes -= _weigh(record)
        if self._paused and len(self._records) <= _MOST_RECORDS // 4 and self._bytes <= _MOST_BYTES // 4:
            self._paused = False
            self._resume()
        return record

    def wake(self) -> None:
        """Let ``wait`` return, though there is no record."""
        self._came.set()

    async def wait(self, seconds: float) -> None:
        """Return when there is a record, or after ``seconds``. Lets the socket be read in any case."""
        self._came.clear()
        if self._records or seconds <= 0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._came.wait()
        except TimeoutError:
            return


def _weigh(record: Record) -> int:
    match record:
        case Message(text=str(text)):
            return len(text)
        case Message(binary=bytes(binary)):
            return len(binary)
        case _:
            return 0
