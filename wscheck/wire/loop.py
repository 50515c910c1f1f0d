"""The event loop of a run: the look-up of a name, which nothing can break off, never keeps it from its end."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from wscheck.errors import UsageError

if sys.platform != "win32":
    import resource

_ENOUGH_FILES = 65_536


class Loop(asyncio.SelectorEventLoop):
    """An event loop that looks names up in threads that nobody waits for.

    asyncio's own are waited for when the loop ends and again when Python does, for as long as the system's resolver
    tries: half a minute, which a deadline or Ctrl-C is not to last. ``look_up`` is called as socket.getaddrinfo.

    It lets the process open as many files as the machine allows, up to 65,536, for a session is one. Raises UsageError
    where that is too few for the loop itself.
    """

    def __init__(self, look_up: Callable[..., Any] = socket.getaddrinfo) -> None:
        _allow_files()
        try:
            super().__init__()
        except OSError as error:
            asyncio.BaseEventLoop.close(self)  # half made, it would complain when it is thrown away
            if error.errno not in (errno.EMFILE, errno.ENFILE):
                raise
            text = "this machine lets wscheck open too few files and sockets to begin; raise the limit (ulimit -n)"
            raise UsageError(text) from None
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


def _allow_files() -> None:
    if sys.platform == "win32":  # it has no such limit
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_FILES if most == resource.RLIM_INFINITY else min(most, _ENOUGH_FILES)
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(OSError, ValueError):  # what the system does not allow stays as it is
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _settle(answer: asyncio.Future[Any], found: Any) -> None:
    if answer.done():  # nobody waits for it any more
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
