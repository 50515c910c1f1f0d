"""What the tests of the wire share: a player that follows a list, and one session held and its records returned."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, TypeAlias

from wscheck.auth import Handshake
from wscheck.event import Event, Observation
from wscheck.record import Message, Record, Stall
from wscheck.scenario.actions import (
    Action,
    Answered,
    Call,
    Close,
    Drop,
    GiveUp,
    Send,
    StepOutcome,
    Unasked,
    Unsent,
    Wait,
)
from wscheck.scenario.model import Deadlines
from wscheck.wire.client import Company, hold
from wscheck.wire.plan import Plan

SOON = Deadlines(tcp=1.0, tls=0.5, handshake=0.5, session=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Await:
    """Go on when ``count`` messages were received in all; give up after ``seconds``."""

    count: int
    seconds: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Wait until ``count`` answers were told."""

    count: int


Todo: TypeAlias = Send | Unsent | Await | Call | Answers | Drop | Close


@dataclass(slots=True)
class ListPlayer:
    """Does one thing after the other. At the end it waits, so that the peer must end the session."""

    todo: list[Todo]
    received: int = 0
    answers: list[Answered | Unasked | str] = field(default_factory=list)
    is_over: bool = False
    since: float | None = None
    outcome: StepOutcome | None = None
    seen: list[Observation] = field(default_factory=list)

    def act(self, now: float) -> Action:
        while self.todo:
            match self.todo[0]:
                case Await(count=count, seconds=seconds):
                    self.since = now if self.since is None else self.since
                    if self.received >= count:
                        self.since = None
                        self.todo.pop(0)
                    elif now < self.since + seconds:
                        return Wait(until=self.since + seconds, awaiting=f"{count} messages")
                    else:
                        return GiveUp(step=self._outcome(), awaiting=f"{count} messages")
                case Send() | Unsent() as said:
                    self.todo.pop(0)
                    return said
                case Call() as call:
                    self.todo[0] = Answers(count=len(self.answers) + 1)
                    return call
                case Answers(count=count):
                    if len(self.answers) < count:
                        return Wait(until=inf, awaiting="an answer")
                    self.todo.pop(0)
                case Drop() as drop:
                    return drop
                case Close() as close:
                    return close
        return Wait(until=now + 60, awaiting="the end")

    def see(self, observations: Sequence[Observation], now: float) -> None:
        self.seen.extend(observations)
        events = [observation.event for observation in observations if not observation.event.name.startswith("$")]
        self.received += sum(event.direction == "received" for event in events)

    def answered(self, answer: Answered | Unasked | str, now: float) -> None:
        self.answers.append(answer)

    def reconnects(self, now: float) -> float | None:
        if not (self.todo and isinstance(self.todo[0], Drop)):
            return None
        self.todo.pop(0)
        return 0.0 if self.todo else None

    def over(self, now: float) -> None:
        self.is_over = True

    def ended(self, now: float) -> StepOutcome | None:
        outstanding = [todo for todo in self.todo if isinstance(todo, Await) and todo.count > self.received]
        return self._outcome() if outstanding else None

    def _outcome(self) -> StepOutcome:
        return StepOutcome(
            id="1",
            outcome="timeout",
            expected="messages",
            required=False,
            since=self.since or 0.0,
            due=1.5,
            text="they never came",
            welcome=True,
        )


def observe(record: Record) -> Sequence[Observation]:
    """Make one event of each message, as a checker would."""
    match record:
        case Message(at=at, session=session, direction=direction):
            event = Event(name="message", value=None, index=1, at=at, direction=direction, session=session)
            return [Observation(event=event)]
        case _:
            return []


async def converse(
    url: str,
    *todo: Todo,
    handshake: Handshake | None = None,
    emit: Callable[[Record], Sequence[Observation]] | None = None,
    deadlines: Deadlines = SOON,
    stalls: bool = False,
    company: Company | None = None,
    player: ListPlayer | None = None,
    **settings: Any,
) -> list[Record]:
    """Hold one session and return its records, which stand in the order of their times.

    Without its standstills, unless ``stalls``: on a busy machine there may be one anywhere.
    """
    records: list[Record] = []
    start = time.monotonic()

    def keep(record: Record) -> Sequence[Observation]:
        records.append(record)
        return (emit or observe)(record)

    plan = Plan(
        session="ada",
        handshake=replace(handshake, url=url) if handshake else Handshake(url=url),
        deadlines=deadlines,
        **{"answer_within": 0.2, **settings},
    )
    async with asyncio.timeout(15):
        await hold(plan, player or ListPlayer(list(todo)), keep, lambda: time.monotonic() - start, company)
    assert [record.at for record in records] == sorted(record.at for record in records)
    return [record for record in records if stalls or not isinstance(record, Stall)]


def kinds(records: list[Record]) -> list[str]:
    return [type(record).__name__.lower() for record in records]
