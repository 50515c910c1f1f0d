"""Is the peer there, and were we: pings that are owed an answer, and the moments when wscheck itself stood still."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LEAST_STALL = 0.25
"""The shortest standstill that is told, in seconds."""

_TICK = 0.1


class Attention:
    """Notices when the event loop stood still, so that what was read late is never held against the peer.

    ``report`` is called with the seconds of each standstill of at least LEAST_STALL, before anything that came during
    it is looked at: a socket's callbacks run before a timer that is due, so those who read must ``look`` first.
    """

    def __init__(self, clock: Callable[[], float], report: Callable[[float], None]) -> None:
        self._clock = clock
        self._report = report
        self._due = clock() + _TICK
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Look ten times a second from now on."""
        self._due = self._clock() + _TICK
        self._timer = asyncio.get_running_loop().call_later(_TICK, self._tick)

    def look(self) -> None:
        """Report a standstill, if there just was one."""
        now = self._clock()
        late = now - self._due
        if late >= LEAST_STALL:
            self._due = now + _TICK
            self._report(late + _TICK)  # it may have begun right after the last look

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self.look()
        self.start()


class Pulse:
    """The pings that were sent and what the answers say (RFC 6455, section 5.5.2)."""

    def __init__(self) -> None:
        self._sent: dict[bytes, float] = {}
        self._count = 0

    def beat(self, now: float) -> bytes:
        """Return the payload of a new ping, sent at ``now``."""
        self._count += 1
        payload = self._count.to_bytes(4)
        self._sent[payload] = now
        return payload

    def answered(self, payload: bytes, now: float) -> float | None:
        """Return how long the ping of this pong took, in seconds. None where no ping waits for it.

        A pong answers all earlier pings too: a peer may answer only the latest (RFC 6455, section 5.5.3).
        """
        sent = self._sent.get(payload)
        if sent is None:
            return None
        self._sent = {other: at for other, at in self._sent.items() if other > payload}
        return now - sent

    def waits_for(self, payload: bytes) -> bool:
        """Tell whether the ping with ``payload`` is unanswered."""
        return payload in self._sent

    def oldest(self) -> float | None:
        """Return when the oldest unanswered ping was sent. None where all are answered."""
        return next(iter(self._sent.values()), None)
