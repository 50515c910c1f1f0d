"""One session held: the player is asked what to do, it is done, and a record goes out for all that happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, Protocol, TypeAlias

from wscheck.event import Event, Observation
from wscheck.record import Closed, Cut, Record, Step
from wscheck.scenario.play import Action, Close, GiveUp, Send, StepOutcome, Wait
from wscheck.wire.address import check_handshake
from wscheck.wire.connection import Connection
from wscheck.wire.opening import Session, open_session
from wscheck.wire.plan import Plan

_Last: TypeAlias = Closed | Cut

_STARVED = 0.1


class Player(Protocol):
    """What plays a scenario: it is asked, told and dismissed, and never waits. Times are seconds on the run's clock."""

    def act(self, now: float) -> Action:
        """Say what to do next."""

    def see(self, observations: Sequence[Observation], now: float) -> None:
        """Take in what one record brought."""

    def ended(self, now: float) -> StepOutcome | None:
        """Take in that the peer ended the session; return the expect that is now not met, if one was outstanding."""


Emit = Callable[[Record], Sequence[Observation]]
"""Keeps one record, and returns what the player should see of it."""


async def hold(plan: Plan, player: Player, emit: Emit, clock: Callable[[], float]) -> None:
    """Open one session, let ``player`` play on it, and ``emit`` a record of all that happens, up to one ending.

    ``clock`` gives the seconds since the run began. Records are emitted in their order. Raises UsageError before
    anything opens where the plan cannot be carried out. When cancelled, the session ends with a Cut and is closed with
    1001 before CancelledError goes on; what ``emit`` or ``player`` raise goes on too, after the session was closed.
    """
    address = check_handshake(plan.handshake)
    try:
        session = await open_session(plan, address, clock)
    except asyncio.CancelledError:
        emit(_interrupted(plan, clock(), "the opening handshake"))
        raise
    match session:
        case Session(connection=connection, opened=opened):
            await _Conversation(plan, player, emit, clock, connection).run(opened)
        case records:
            for record in records:
                emit(record)


class _Conversation:
    """An open session, from its opening to its ending."""

    def __init__(
        self, plan: Plan, player: Player, emit: Emit, clock: Callable[[], float], connection: Connection
    ) -> None:
        self._plan = plan
        self._player = player
        self._emit = emit
        self._clock = clock
        self._connection = connection
        self._awaiting = ""
        self._ended = False
        self._began = clock()
        self._next_ping = self._began + plan.ping_every

    async def run(self, opened: Record) -> None:
        try:
            self._emit(opened)
            self._end(await self._converse())
        except asyncio.CancelledError:
            if not self._ended:
                self._end(self._tell_all() or _interrupted(self._plan, self._clock(), self._awaiting))
            raise
        finally:
            await self._connection.leave(self._plan.answer_within)

    async def _converse(self) -> _Last:
        """Go on until the session has an ending."""
        while True:
            seen_until = await self._listen()
            if isinstance(seen_until, Closed | Cut):
                return self._peer_ended(seen_until)
            ending = await self._judge_time(self._clock())
            if ending is not None:
                return ending
            match self._player.act(seen_until):
                case Send(text=text, binary=binary):
                    self._connection.send_message(text, binary)
                case Wait(until=until, awaiting=awaiting):
                    self._awaiting = awaiting
                    await self._wait(until)
                case Close(code=code, reason=reason):
                    return await self._close(code, reason)
                case GiveUp(step=step, awaiting=awaiting):
                    self._awaiting = awaiting
                    return await self._give_up(step)

    async def _listen(self) -> float | _Last:
        """Tell what has come; return the time up to which everything is told, or the session's ending.

        The player's time is that of what it has seen: a message that came in time is never too late because we are.
        A peer that sends faster than we can tell must not keep the player from its turn.
        """
        turn = self._clock() + _STARVED
        while True:
            while (record := self._take()) is not None:
                if isinstance(record, Closed | Cut):
                    return record
                self._show(record)
                await asyncio.sleep(0)
                if self._clock() > turn and len(self._connection.inbox) > 0:
                    return record.at
            # The loop runs us before it reads what the socket has: only at our next turn has all been heard.
            await asyncio.sleep(0)
            if len(self._connection.inbox) == 0:
                return self._clock()

    async def _wait(self, until: float) -> None:
        soonest = min(until, self._next_ping, self._began + self._plan.deadlines.session)
        silent_since = self._connection.silent_since
        if silent_since is not None:
            soonest = min(soonest, silent_since + self._plan.patience)
        await self._connection.inbox.wait(soonest - self._clock())

    async def _judge_time(self, now: float) -> _Last | None:
        """Send the ping that is due, and return the ending where a deadline of ours has passed."""
        session = self._plan.deadlines.session
        if now >= self._next_ping:
            self._next_ping = now + self._plan.ping_every
            self._connection.send_ping()
        silent_since = self._connection.silent_since
        if silent_since is not None and now - silent_since >= self._plan.patience:
            text = f"a ping was not answered for {self._plan.patience:g} s, and nothing else came"
            return self._cut("unresponsive", text)
        if now < self._began + session:
            return None
        text = f"the session was open for {session:g} s, its deadline"
        return await self._prove_attention() or self._cut("deadline", text)

    async def _give_up(self, step: StepOutcome) -> _Last:
        ending = await self._prove_attention() or self._cut("deadline", step.text)
        self._tell_step(step, ending.at)
        return ending

    async def _prove_attention(self) -> _Last | None:
        """Wait for the pong of a new ping, so that what did not come is known not to be on its way.

        Returns the ending, if the session ended meanwhile.
        """
        ping = self._connection.send_ping()
        until = self._clock() + self._plan.answer_within
        while self._connection.awaits_pong(ping) and self._clock() < until:
            ending = self._tell_all()
            if ending is not None:
                return ending
            await self._connection.inbox.wait(until - self._clock())
        return self._tell_all()

    async def _close(self, code: int, reason: str) -> _Last:
        """Go through the closing handshake (RFC 6455, section 7.1.2); what still comes is told."""
        self._connection.send_close(code, reason)
        until = self._clock() + self._plan.answer_within
        while self._clock() < until:
            ending = self._tell_all()
            if ending is not None:
                return self._peer_ended(ending)
            await self._connection.inbox.wait(until - self._clock())
        self._connection.close_unanswered(f"nothing came for {self._plan.answer_within:g} s")
        ending = self._tell_all()
        assert ending is not None
        return self._peer_ended(ending)

    def _peer_ended(self, ending: _Last) -> _Last:
        """Return ``ending``, after the step that it leaves unmet was told."""
        match ending:
            case Closed(initiator="peer"):
                self._player.see([_closing(ending)], ending.at)
                step = self._player.ended(ending.at)
                if step is not None:
                    self._tell_step(step, ending.at)
            case Cut():
                return replace(ending, awaiting=self._awaiting)
            case _:
                pass
        return ending

    def _tell_all(self) -> _Last | None:
        """Tell all that has come, without the player. Return the ending, if it is among it."""
        while (record := self._take()) is not None:
            if isinstance(record, Closed | Cut):
                return record
            self._emit(record)
        return None

    def _show(self, record: Record) -> None:
        observations = self._emit(record)
        if observations:
            self._player.see(observations, record.at)

    def _take(self) -> Record | None:
        if self._connection.fault is not None:
            raise self._connection.fault
        return self._connection.inbox.take()

    def _tell_step(self, step: StepOutcome, at: float) -> None:
        self._emit(
            Step(
                at=at,
                session=self._plan.session,
                connection=self._plan.connection,
                id=step.id,
                outcome=step.outcome,
                expected=step.expected,
                required=step.required,
                since=step.since,
                due=step.due,
                text=step.text,
                welcome=step.welcome,
            )
        )

    def _end(self, ending: _Last) -> None:
        self._ended = True
        self._emit(ending)

    def _cut(self, cause: Literal["deadline", "unresponsive"], text: str) -> Cut:
        return Cut(
            at=self._clock(),
            session=self._plan.session,
            connection=self._plan.connection,
            cause=cause,
            awaiting=self._awaiting,
            text=text,
        )


def _closing(ending: Closed) -> Observation:
    """Return the closing as the event that a step may await; it is recorded after the step that it leaves unmet."""
    value = {"code": ending.code, "reason": ending.reason, "initiator": ending.initiator}
    event = Event(
        name="$close",
        value=value,
        index=0,
        at=ending.at,
        direction="received",
        session=ending.session,
        connection=ending.connection,
    )
    return Observation(event=event)


def _interrupted(plan: Plan, now: float, awaiting: str) -> Cut:
    text = "wscheck was told to stop"
    return Cut(
        at=now, session=plan.session, connection=plan.connection, cause="interrupted", awaiting=awaiting, text=text
    )
