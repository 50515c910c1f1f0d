"""What a session sends whenever it is due: its replies, and what it sends every so many seconds."""

from __future__ import annotations

from collections import deque
from math import inf
from typing import Any

from wscheck.event import Event
from wscheck.scenario.actions import Send, Unsent
from wscheck.scenario.captured import Captures, NotCapturedError, compact
from wscheck.scenario.model import BinaryMessage, JsonMessage, Outgoing, Reply, SessionScript, TextMessage
from wscheck.scenario.progress import stands_for


class Beats:
    """What is due to be sent on one connection beside the steps. None of it is a stimulus.

    ``first`` is sent before anything else. A beat that could not be sent in its time is left out, never made up for.
    What is always due goes out once, then it is the steps' turn. A reply for which its event lacks a value is not sent,
    which is noted once a connection.
    """

    __slots__ = ("_captures", "_due", "_every", "_first", "_next", "_noted", "_replies", "_taken")

    def __init__(self, script: SessionScript, first: str | None, captures: Captures) -> None:
        self._replies = script.replies
        self._every = script.every
        self._first = first
        self._captures = captures
        self._due: deque[tuple[Reply, Any]] = deque()
        self._next: list[float] | None = None
        self._noted: set[str] = set()
        self._taken: set[int] = set()

    def hear(self, event: Event) -> None:
        """Take in an event that was received: what replies to it is due."""
        self._due.extend((reply, event.value) for reply in self._replies if stands_for(reply.on, event.name))

    def greet(self, now: float) -> Send | None:
        """Return what goes first on this connection, whose beats begin at the first call."""
        if self._next is None:
            self._next = [now + each.seconds for each in self._every]
        first, self._first = self._first, None
        return None if first is None else Send(text=first)

    def take(self, now: float) -> Send | Unsent | None:
        """Return what is due at the time ``now``, or None where nothing is."""
        while self._due:
            if (reply := self._reply(*self._due.popleft())) is not None:
                return reply
        assert self._next is not None, "a connection is greeted first"
        for number, each in enumerate(self._every):
            if now >= self._next[number] and number not in self._taken:
                self._taken.add(number)
                missed = (now - self._next[number]) // each.seconds
                self._next[number] += (missed + 1) * each.seconds
                return as_send(self._captures.message(each))
        self._taken.clear()
        return None

    @property
    def next(self) -> float:
        """When the next beat is due, infinity where there is none."""
        return min(self._next or (), default=inf)

    def _reply(self, reply: Reply, answered: Any) -> Send | Unsent | None:
        try:
            return as_send(self._captures.message(reply, answered))
        except NotCapturedError as error:
            if reply.path in self._noted:
                return None
            self._noted.add(reply.path)
            return Unsent(text=f"a reply to {reply.on} was not sent: {error}")


def as_send(message: Outgoing) -> Send:
    """Return what sends ``message``."""
    match message:
        case JsonMessage(value=value):
            return Send(text=compact(value))
        case TextMessage(text=text):
            return Send(text=text)
        case BinaryMessage(data=data):
            return Send(binary=data)
