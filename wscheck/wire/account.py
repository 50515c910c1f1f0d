"""What the opening of a session came to, as records."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from websockets.http11 import Response

from wscheck.record import Blocked, Opened, Record, Refused, Violation
from wscheck.wire.answer import Answer, merge
from wscheck.wire.failures import Failure
from wscheck.wire.plan import Plan
from wscheck.wire.tcp import Stopwatch

_MOST_BODY = 4096


class Account:
    """Makes the records of one opening: each with the time that every phase took."""

    def __init__(self, plan: Plan, clock: Callable[[], float]) -> None:
        self._plan = plan
        self._clock = clock
        self.watch = Stopwatch(clock)

    def opened(self, response: Response, subprotocol: str | None, at: float) -> Opened:
        """Say that the session is open since ``at``."""
        handshake = self._plan.handshake
        return Opened(
            **self._who() | {"at": at},
            uri=handshake.url,
            subprotocol=subprotocol,
            offered=handshake.subprotocols,
            identity=handshake.identity,
            headers=merge(response.headers.raw_items()),
            expires=None if handshake.expires is None else handshake.expires - time.time() + self._clock(),
            phases=dict(self.watch.taken),
        )

    def refused(self, answer: Answer) -> tuple[Record, ...]:
        """Say that the server answered with a status other than 101."""
        self.watch.lap("handshake")
        return (
            Refused(
                **self._who(),
                status=answer.status,
                uri=self._plan.handshake.url,
                headers=answer.headers,
                body=self._plan.hide(answer.body).encode()[:_MOST_BODY].decode("utf-8", "ignore"),
                phases=dict(self.watch.taken),
            ),
        )

    def blocked(self, failure: Failure) -> tuple[Record, ...]:
        """Say where and why the way to the session ended, and what the peer broke, if it did."""
        if failure.phase not in self.watch.taken:
            self.watch.lap(failure.phase)
        who, text = self._who(), failure.text
        ending = Blocked(
            **who,
            phase=failure.phase,
            cause=failure.cause,
            text=text,
            uri=self._plan.handshake.url,
            phases=dict(self.watch.taken),
        )
        if failure.violation is None:
            return (ending,)
        return (Violation(**who, code=failure.violation, text=text), ending)

    def _who(self) -> dict[str, Any]:
        return {"at": self._clock(), "session": self._plan.session, "connection": self._plan.connection}
