"""Ctrl-C and SIGTERM: what they end, and that they mean afterwards what they meant before."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any


async def run_until_interrupted(work: Coroutine[Any, Any, None]) -> int | None:
    """Let ``work`` go on to its end; cancel it at SIGINT or SIGTERM, and return which of them came."""
    task = asyncio.ensure_future(work)
    with _cancelled_by_signals(task) as came:
        try:
            await task
        except asyncio.CancelledError:
            if not came:
                raise
    return came[0] if came else None


@contextmanager
def _cancelled_by_signals(task: asyncio.Future[None]) -> Iterator[list[int]]:
    """Cancel ``task`` at a signal; gives the list of those that came."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came  # signals come to the main thread only, and are its business
        return

    def interrupt(number: int) -> None:
        came.append(number)
        task.cancel()

    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, interrupt, number)
    try:
        yield came
    finally:
        for number, meant in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, meant)
