"""A client that records and does not check: `python -m benchmarks.live.record URL CAPTURE`.

It is what `wscheck run` is made of, but for the checker: the same wire, the same redactor, the same capture.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from math import inf
from pathlib import Path

from wscheck.auth import Handshake
from wscheck.capture import CaptureWriter, Header
from wscheck.event import Observation
from wscheck.record import Record
from wscheck.redact import Redactor
from wscheck.run.sink import Sink
from wscheck.scenario.actions import Answered, Unasked, Wait
from wscheck.scenario.model import Deadlines
from wscheck.version import TOOL
from wscheck.wire.client import hold
from wscheck.wire.loop import Loop
from wscheck.wire.plan import Plan

SESSION = "flood"


class Blind:
    """A judge that looks at nothing."""

    def observe(self, record: Record) -> Sequence[Observation]:  # noqa: ARG002
        """Make nothing of ``record``."""
        return ()


class Listener:
    """A player that does nothing but listen, up to the end of the session."""

    def act(self, now: float) -> Wait:  # noqa: ARG002
        """Wait for what comes."""
        return Wait(until=inf, awaiting="the end of the session")

    def see(self, observations: Sequence[Observation], now: float) -> None:
        """Take no notice."""

    def answered(self, answer: Answered | Unasked | str, now: float) -> None:
        """Never called: nothing is asked."""

    def ended(self, now: float) -> None:  # noqa: ARG002
        """Miss nothing."""
        return

    def reconnects(self, now: float) -> None:  # noqa: ARG002
        """Stay away."""
        return

    def over(self, now: float) -> None:
        """Take no notice."""


def main() -> None:
    """Record one session."""
    url, path = sys.argv[1:]
    header = Header(tool=TOOL, run="benchmark", started="2025-09-08T03:00:00Z")
    with CaptureWriter(Path(path), header, overwrite=True) as writer:
        sink = Sink(
            writer=writer, judge=Blind(), redactor=Redactor((), [], {"one"}), contracts=(), follow=lambda _record: None
        )
        plan = Plan(session=SESSION, handshake=Handshake(url=url), deadlines=Deadlines(session=3600))
        start = time.monotonic()
        with asyncio.Runner(loop_factory=Loop) as runner:
            runner.run(hold(plan, Listener(), sink.take, lambda: round(time.monotonic() - start, 6)))
        sink.finish()


if __name__ == "__main__":
    main()
