"""Work that a signal breaks off."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from wscheck.run.signals import Stop


async def do(work: Coroutine[Any, Any, None], stop: Stop) -> None:
    """Let ``work`` go on to its end; it is cancelled when a signal comes, or has come already."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
    stop.cancel = lambda: loop.call_soon_threadsafe(task.cancel)
    try:
        if stop.number is not None:
            await asyncio.sleep(0)  # what has not begun could not end its sessions
            task.cancel()
        await task
    except asyncio.CancelledError:
        if stop.number is None:
            raise
    finally:
        stop.cancel = lambda: None
