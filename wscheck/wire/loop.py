"""The event loop of a run: the look-up of a name, which nothing can break off, never keeps it from its end."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any


class Loop(asyncio.SelectorEventLoop):
    """An event loop that looks names up in threads that nobody waits for.

    asyncio's own are waited for when the loop ends and again when Python does, for as long as the system's resolver
    tries: half a minute, which a deadline or Ctrl-C is not to last. ``look_up`` is called as socket.getaddrinfo.
    """

    def __init__(self, look_up: Callable[..., Any] = socket.getaddrinfo) -> None:
        super().__init__()
        self._look_up = look_up

    async def getaddrinfo(self, host: Any, port: Any, **wanted: Any) -> Any:
        """Return what socket.getaddrinfo does; raises what it raises."""
        answer: asyncio.Future[Any] = self.create_future()

        def look() -> None:
            try:
                found: Any = self._look_up(host, port, **wanted)
            except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
                found = error
            with suppress(RuntimeError):  # the loop has ended meanwhile
                self.call_soon_threadsafe(_settle, answer, found)

        threading.Thread(target=look, name="look-up", daemon=True).start()
        return await answer


def _settle(answer: asyncio.Future[Any], found: Any) -> None:
    if answer.done():  # nobody waits for it any more
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
