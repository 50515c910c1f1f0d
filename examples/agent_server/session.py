"""One accepted session: plays the opening, hears what the client says, and plays every run it asks for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from hashlib import sha256
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from .runs import Cast, Performance, write_performance
from .script import (
    Blurt,
    Close,
    CloseBadly,
    Complain,
    DropTcp,
    FallSilent,
    Leak,
    OnlyAcknowledge,
    RepeatTail,
    Rest,
    Say,
    Script,
    Step,
)
from .story import Ids
from .version import Event, Greeting

MAX_MESSAGE_SIZE = 8192
"""Bytes of a message that the server hears; a longer one it drops in silence."""

_EPOCH = datetime(2025, 9, 8, 3, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How sessions are held. In seconds: ``speed`` between the events of a run, ``heartbeat`` between pings, ``pause``
    where a fault makes a run fall silent."""

    seed: int
    speed: float
    heartbeat: float
    pause: float
    environment: str
    cast: Cast


@dataclass(slots=True, eq=False)
class Guests:
    """Who is here, and how the last run of each user ended."""

    sessions: list[Session] = field(default_factory=list)
    tails: dict[str, tuple[Event, ...]] = field(default_factory=dict)


class Session:
    """The session of one user, who is here for the ``visit``-th time: what it says follows from these and the seed.

    Its clock is made up, too: it begins at a fixed time and goes on by a second with each thing that happens.
    """

    def __init__(
        self, connection: ServerConnection, *, user_id: str, visit: int, manner: Manner, guests: Guests
    ) -> None:
        self.user_id = user_id
        self._connection = connection
        self._origin = f"{manner.seed}/{user_id}/{visit}"
        self._manner = manner
        self._version = manner.cast.speech.session
        self._guests = guests
        self._silent = False
        self._deaf = False
        self._happened = 0
        self._asked = 0
        self._run_ids: set[str] = set()

    async def hold(self) -> None:
        """Hold the session until it ends, from whichever side."""
        self._guests.sessions.append(self)
        async with asyncio.TaskGroup() as tasks:
            started: list[asyncio.Task[None]] = []
            try:
                await self.play(self._write_opening())
                started.append(tasks.create_task(self._beat()))
                async for message in self._connection:
                    performance = await self._hear(message)
                    if performance:
                        started.append(tasks.create_task(self._perform(performance)))
            except ConnectionClosed:
                pass
            finally:
                self._guests.sessions.remove(self)
                for task in started:
                    task.cancel()

    # -- saying

    async def play(self, script: Script, *, pace: float = 0) -> None:
        """Do what stands in ``script``, ``pace`` seconds before each step, until the session is over."""
        try:
            for step in script:
                await asyncio.sleep(pace)
                await self._do(step)
        except ConnectionClosed:
            return

    async def _perform(self, performance: Performance) -> None:
        await self.play(performance.script, pace=self._manner.speed)
        self._guests.tails[self.user_id] = performance.tail

    async def _do(self, step: Step) -> None:
        connection = self._connection
        match step:
            case Say(event=event, copies=copies, binary=binary):
                await self._say(event, copies=copies, binary=binary)
            case Blurt(text=text):
                await connection.send(text)
            case Complain():
                await self._say(self._version.complain(step, self._tick()))
            case Leak(event=event):
                await self._leak(event)
            case Rest(seconds=seconds):
                await asyncio.sleep(self._manner.pause if seconds is None else seconds)
            case Close(code=code, reason=reason):
                await connection.close(code, reason)
            case CloseBadly(code=code):
                connection.transport.write(b"\x88\x02" + code.to_bytes(2))  # an unmasked close frame of two bytes
            case DropTcp():
                connection.transport.close()
            case FallSilent():
                self._silent = True
            case OnlyAcknowledge():
                self._deaf = True
            case RepeatTail():
                for event in self._guests.tails.get(self.user_id, ()):
                    await self._say(event)

    async def _say(self, event: Event, *, copies: int = 1, binary: bool = False) -> None:
        text = json.dumps(event, ensure_ascii=False)
        for _ in range(copies):
            await self._connection.send(text.encode() if binary else text)

    async def _leak(self, event: Event) -> None:
        for other in [session for session in self._guests.sessions if session.user_id != self.user_id]:
            await other.play((Say(event=event),))

    async def _beat(self) -> None:
        while not self._silent:
            await asyncio.sleep(self._manner.heartbeat)
            await self.play((Say(event=self._version.ping(self._tick())),))

    async def _complain(self, error: str) -> None:
        await self._do(Complain(code="FORMAT_ERROR", message="Invalid message format", error=error))

    # -- hearing

    async def _hear(self, message: str | bytes) -> Performance | None:
        """Answer one message, or return what it sets off."""
        if self._silent or len(message.encode() if isinstance(message, str) else message) > MAX_MESSAGE_SIZE:
            return None
        try:
            event = json.loads(message)
        except (ValueError, RecursionError) as error:
            await self._complain(f"no JSON: {error}")
            return None
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            await self._complain("an event is an object with a type")
            return None
        return await self._answer(event)

    async def _answer(self, event: Mapping[str, Any]) -> Performance | None:
        match event["type"]:
            case "pong":
                pass
            case other if self._deaf:
                await self._say(self._version.acknowledge(other, self.user_id, self._tick()))
            case "start_agent":
                return await self._start(event.get("payload"))
            case "chat":
                await self._say(self._version.note_chat(self.user_id, self._tick()))
            case "ping":
                await self._say(self._version.pong(self._tick()))
            case other:
                await self._say(self._version.acknowledge(other, self.user_id, self._tick()))
        return None

    async def _start(self, payload: object) -> Performance | None:
        request = payload.get("user_request") if isinstance(payload, dict) else None
        if not isinstance(payload, dict) or not isinstance(request, str) or not request:
            await self._complain("start_agent needs payload.user_request, a string that is not empty")
            return None
        ids = self._name_run(payload)
        performance = write_performance(
            request, ids, self._manner.cast, origin=self._origin, number=self._asked, began=self._tick()
        )
        if performance.run_ids & self._run_ids:
            await self._complain("payload.run_id is that of an earlier run")
            return None
        self._asked += 1
        self._run_ids |= performance.run_ids
        return performance

    # -- what follows from the seed

    def _write_opening(self) -> Script:
        manner = self._manner
        greeting = Greeting(
            user_id=self.user_id,
            connection_id=f"ws_{self.user_id}_{self._name('connection')[:4]}",
            environment=manner.environment,
            heartbeat=manner.heartbeat,
            size=MAX_MESSAGE_SIZE,
        )
        opening: Script = tuple(Say(event=event) for event in self._version.opening(greeting, self._tick()))
        changes = [fault.opening for fault in manner.cast.faults if fault.opening]
        return reduce(lambda so_far, change: change(so_far), changes, opening)

    def _name_run(self, payload: Mapping[str, object]) -> Ids:
        run_id, thread_id = (
            given
            if isinstance(given := payload.get(f"{kind}_id"), str) and given
            else f"{kind}_{self._name(kind, self._asked + 1)}"
            for kind in ("run", "thread")
        )
        return Ids(run_id=run_id, thread_id=thread_id, user_id=self.user_id)

    def _name(self, kind: str, number: int = 0) -> str:
        return sha256(f"{self._origin}/{kind}/{number}".encode()).hexdigest()[:12]

    def _tick(self) -> datetime:
        self._happened += 1
        return _EPOCH + self._happened * _SECOND
