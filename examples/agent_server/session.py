"""One accepted session: plays the opening, hears what the client says, and plays every run it asks for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from hashlib import sha256
from random import Random
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from .faults import Fault, Rewrite
from .script import Close, DropTcp, FallSilent, Ids, Say, Script, ping, write_opening, write_run

MAX_MESSAGE_SIZE = 8192
"""Bytes of a message that the server hears; a longer one it drops in silence."""

_EPOCH = datetime(2025, 9, 8, 3, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How sessions are held. ``speed`` is seconds between the events of a run, ``heartbeat`` seconds between pings."""

    seed: int
    speed: float
    heartbeat: float
    environment: str
    faults: tuple[Fault, ...]


class Session:
    """The session of one user, who is here for the ``visit``-th time: what it says follows from these and the seed.

    Its clock is made up, too: it begins at a fixed time and goes on by a second with each thing that happens.
    """

    def __init__(self, connection: ServerConnection, *, user_id: str, visit: int, manner: Manner) -> None:
        self._connection = connection
        self._user_id = user_id
        self._origin = f"{manner.seed}/{user_id}/{visit}"
        self._manner = manner
        self._silent = False
        self._happened = 0
        self._run_ids: set[str] = set()

    async def hold(self) -> None:
        """Hold the session until it ends, from whichever side."""
        async with asyncio.TaskGroup() as tasks:
            started: list[asyncio.Task[None]] = []
            try:
                await self._play(self._opening())
                started.append(tasks.create_task(self._beat()))
                async for message in self._connection:
                    run = await self._hear(message)
                    if run is not None:
                        started.append(tasks.create_task(self._play(run, pace=self._manner.speed)))
            except ConnectionClosed:
                pass
            finally:
                for task in started:
                    task.cancel()

    # -- saying

    async def _play(self, script: Script, *, pace: float = 0) -> None:
        try:
            for step in script:
                await asyncio.sleep(pace)
                await self._do(step)
        except ConnectionClosed:
            return

    async def _do(self, step: Say | Close | DropTcp | FallSilent) -> None:
        match step:
            case Say(event=event, copies=copies):
                text = json.dumps(event, ensure_ascii=False)
                for _ in range(copies):
                    await self._connection.send(text)
            case Close(code=code, reason=reason):
                await self._connection.close(code, reason)
            case DropTcp():
                self._connection.transport.close()
            case FallSilent():
                self._silent = True

    async def _beat(self) -> None:
        while not self._silent:
            await asyncio.sleep(self._manner.heartbeat)
            await self._play((Say(event=ping(self._tick())),))

    async def _say(self, name: str, **members: Any) -> None:
        await self._do(Say(event={"type": name, **members, "timestamp": self._tick().timestamp()}))

    async def _complain(self, error: str) -> None:
        what = "Invalid message format"
        await self._say("error_message", error_code="FORMAT_ERROR", error_message=what, details={"error": error})

    # -- hearing

    async def _hear(self, message: str | bytes) -> Script | None:
        """Answer one message, or return the run that it starts."""
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

    async def _answer(self, event: Mapping[str, Any]) -> Script | None:
        match event["type"]:
            case "start_agent":
                return await self._start(event.get("payload"))
            case "chat":
                await self._say("system_message", data={"event": "message_received", "user_id": self._user_id})
            case "ping":
                await self._say("pong")
            case "pong":
                pass
            case other:
                await self._say("ack", received_type=other, user_id=self._user_id, status="acknowledged")
        return None

    async def _start(self, payload: object) -> Script | None:
        request = payload.get("user_request") if isinstance(payload, dict) else None
        if not isinstance(payload, dict) or not isinstance(request, str) or not request:
            await self._complain("start_agent needs payload.user_request, a string that is not empty")
            return None
        ids = self._name_run(payload)
        if ids.run_id in self._run_ids:
            await self._complain("payload.run_id is that of an earlier run")
            return None
        self._run_ids.add(ids.run_id)
        script = write_run(request, ids, chance=Random(f"{self._origin}/{len(self._run_ids)}"), began=self._tick())
        return _rewrite(script, [fault.run for fault in self._manner.faults])

    # -- what follows from the seed

    def _opening(self) -> Script:
        script = write_opening(
            user_id=self._user_id,
            connection_id=f"ws_{self._user_id}_{self._name('connection')[:4]}",
            environment=self._manner.environment,
            heartbeat=self._manner.heartbeat,
            size=MAX_MESSAGE_SIZE,
            now=self._tick(),
        )
        return _rewrite(script, [fault.opening for fault in self._manner.faults])

    def _name_run(self, payload: Mapping[str, object]) -> Ids:
        number = len(self._run_ids) + 1
        run_id, thread_id = (
            given
            if isinstance(given := payload.get(f"{kind}_id"), str) and given
            else f"{kind}_{self._name(kind, number)}"
            for kind in ("run", "thread")
        )
        return Ids(run_id=run_id, thread_id=thread_id, user_id=self._user_id)

    def _name(self, kind: str, number: int = 0) -> str:
        return sha256(f"{self._origin}/{kind}/{number}".encode()).hexdigest()[:12]

    def _tick(self) -> datetime:
        self._happened += 1
        return _EPOCH + self._happened * _SECOND


def _rewrite(script: Script, changes: list[Rewrite | None]) -> Script:
    return reduce(lambda so_far, change: change(so_far) if change else so_far, changes, script)
