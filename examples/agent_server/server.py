"""The server: one port for sessions, for what is asked over plain HTTP, and for the login."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import reduce

from websockets.asyncio.server import serve as listen

from .checks import Checks
from .door import Door
from .faults import find_faults
from .login import DEMO_BYPASS_KEY, LOGIN, DoorConnection
from .runs import Cast
from .session import MAX_MESSAGE_SIZE, Manner
from .speeches import SPEECHES
from .tokens import DEMO_KEY

__all__ = ["MAX_MESSAGE_SIZE", "Server", "serve"]

_SHORTEST_KEY = 32  # bytes; RFC 7518, section 3.2: a key of the hash's size or larger
_READ_AT_MOST = 2**20  # bytes; what is longer than MAX_MESSAGE_SIZE is read and dropped, but not without end


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Where sessions are opened."""
        return f"ws://{self.host}:{self.port}/ws"

    @property
    def http_url(self) -> str:
        """What /health and /api/discovery/services are appended to."""
        return f"http://{self.host}:{self.port}"

    @property
    def login_url(self) -> str:
        """Where a test token is handed out."""
        return self.http_url + LOGIN


@asynccontextmanager
async def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    version: str = "2",
    faults: Iterable[str] = (),
    key: str = DEMO_KEY,
    bypass_key: str | None = DEMO_BYPASS_KEY,
    seed: int = 0,
    speed: float = 0.02,
    heartbeat: float = 25.0,
    pause: float = 31.0,
    runs: int = 1,
    sub_agents: int = 0,
    environment: str = "local",
) -> AsyncIterator[Server]:
    """Listen until the block is left; port 0 takes a free one.

    ``version`` is "1", "2" or "mixed". ``key`` verifies tokens (HS256, at least 32 bytes), ``bypass_key`` opens the
    login; ``seed`` decides every id and text. In seconds: ``speed`` between the events of a run, ``heartbeat`` between
    JSON pings, ``pause`` where the fault "gap" makes a run fall silent. ``runs`` agents work on a request, one after
    the other, each with so many ``sub_agents``. Raises FaultError, ValueError, OSError.
    """
    cast = _write_cast(version, faults, runs, sub_agents)
    manner = Manner(seed=seed, speed=speed, heartbeat=heartbeat, pause=pause, environment=environment, cast=cast)
    checks = _choose_checks(key, cast)
    door = Door(key=key, bypass_key=bypass_key, checks=checks, manner=manner)
    async with listen(
        door.hold,
        host,
        port,
        create_connection=DoorConnection,
        process_request=door.answer,
        select_subprotocol=door.select_subprotocol,
        open_timeout=None if checks.stalls else 10,
        ping_interval=None,
        close_timeout=1,
        compression=None,
        max_size=_READ_AT_MOST,
    ) as listener:
        try:
            yield Server(host=host, port=next(iter(listener.sockets)).getsockname()[1])
        finally:
            door.close()


def _write_cast(version: str, faults: Iterable[str], runs: int, sub_agents: int) -> Cast:
    if version not in SPEECHES:
        raise ValueError(f"there is no version {version!r}; there are: {', '.join(SPEECHES)}")
    if runs < 1 or sub_agents < 0:
        raise ValueError("a request needs at least one run, and no fewer than no sub-agents")
    return Cast(speech=SPEECHES[version], faults=find_faults(faults), runs=runs, sub_agents=sub_agents)


def _choose_checks(key: str, cast: Cast) -> Checks:
    if len(key.encode()) < _SHORTEST_KEY:
        raise ValueError(f"the key is shorter than {_SHORTEST_KEY} bytes; take a longer one")
    changes = [fault.checks for fault in cast.faults if fault.checks]
    return reduce(lambda so_far, change: change(so_far), changes, Checks(key=key))
