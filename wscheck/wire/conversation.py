"""One open connection, from its opening to its ending: what comes is told, and what the player says is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeAlias

from wscheck.errors import UsageError
from wscheck.event import Observation
from wscheck.record import Closed, Cut, CutCause, Record
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
from wscheck.wire.bell import Bell
from wscheck.wire.connection import Connection
from wscheck.wire.endings import Last, closing_seen, cut, interrupted, tell_deadline, tell_step, tell_unsent
from wscheck.wire.http import Ask, NoAnswerError
from wscheck.wire.plan import Plan

Emit: TypeAlias = Callable[[Record], Sequence[Observation]]
"""Keeps one record, and returns what the player should see of it."""

_STARVED = 0.1
_LAST_WORD = 0.1
"""How long a peer that answered nothing has to end TCP, in seconds."""


class Player(Protocol):
    """What plays a scenario: it is asked, told and dismissed, and never waits. Times are seconds on the run's clock."""

    def act(self, now: float) -> Action:
        """Say what to do next."""

    def see(self, observations: Sequence[Observation], now: float) -> None:
        """Take in what one record brought."""

    def answered(self, answer: Answered | Unasked | str, now: float) -> None:
        """Take in the answer to the Call that was asked for, why there is none, or why it could not be made."""

    def ended(self, now: float) -> StepOutcome | None:
        """Take in that the peer ended the session; return the expect that is now not met, if one was outstanding."""

    def reconnects(self, now: float) -> float | None:
        """Say in how many seconds the next connection is to be opened, now that one has ended; None: no more."""

    def over(self, now: float) -> None:
        """Take in that the session is over for good."""


class Conversation:
    """An open connection. ``until`` is when the session's time is over; ``ask`` does the player's HTTP calls.

    ``bell`` wakes it when what other sessions did may let the player go on.
    """

    def __init__(
        self,
        plan: Plan,
        player: Player,
        emit: Emit,
        clock: Callable[[], float],
        connection: Connection,
        *,
        ask: Ask,
        bell: Bell,
        until: float,
    ) -> None:
        self._plan = plan
        self._player = player
        self._emit = emit
        self._clock = clock
        self._connection = connection
        self._ask = ask
        self._bell = bell
        self._until = until
        self._call: asyncio.Task[Answered | Unasked | str] | None = None
        self._awaiting = ""
        self._ended = False
        self._answers_until: float | None = None
        self._next_ping = clock() + plan.ping_every

    async def run(self, opened: Record) -> None:
        """Tell that the connection is open, and go on up to its ending and the end of TCP."""
        try:
            self._emit(opened)
            with self._bell.heard_by(self._connection.inbox.wake):
                self._end(await self._converse())
        except asyncio.CancelledError:
            if not self._ended:
                self._end(self._tell_all() or interrupted(self._plan, self._clock(), self._awaiting))
            raise
        finally:
            if self._call is not None:
                self._call.cancel()
            await self._connection.leave(max(self._await_answers() - self._clock(), _LAST_WORD))

    async def _converse(self) -> Last:
        """Go on until the connection has an ending."""
        while True:
            seen_until = await self._listen()
            if isinstance(seen_until, Closed | Cut):
                return self._peer_ended(seen_until)
            ending = await self._judge_time(self._clock()) or await self._act(seen_until)
            if ending is not None:
                return ending

    async def _act(self, now: float) -> Last | None:
        """Ask the player what is to be done and do it; return the ending that it makes."""
        if self._call is not None and self._call.done():
            self._player.answered(self._call.result(), now)
            self._call = None
        action = self._player.act(now)
        self._bell.look()
        match action:
            case Send(text=text, binary=binary):
                self._connection.send_message(text, binary)
            case Unsent(text=text):
                self._emit(tell_unsent(self._plan, text, self._clock()))
            case Call() as call:
                self._call = asyncio.ensure_future(self._answer(call))
                self._call.add_done_callback(lambda _: self._connection.inbox.wake())
            case Wait(until=until, awaiting=awaiting):
                self._awaiting = awaiting
                await self._wait(until)
            case Close(code=code, reason=reason):
                return await self._close(code, reason)
            case Drop():
                return self._drop()
            case GiveUp() as given_up:
                return await self._give_up(given_up)
        return None

    async def _answer(self, call: Call) -> Answered | Unasked | str:
        try:
            answer = await self._ask(call.request, call.within)
        except NoAnswerError as error:
            return error.text
        except UsageError as error:  # what was captured may have made a URL or a header that cannot be sent
            return Unasked(why=str(error))
        return Answered(status=answer.status, json=answer.json(), text=self._plan.hide(answer.text))

    async def _listen(self) -> float | Last:
        """Tell what has come; return the time up to which everything is told, or the connection's ending.

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
        soonest = min(until, self._next_ping, self._until)
        silent_since = self._connection.silent_since
        if silent_since is not None:
            soonest = min(soonest, silent_since + self._plan.patience)
        await self._connection.inbox.wait(soonest - self._clock())

    async def _judge_time(self, now: float) -> Last | None:
        """Send the ping that is due, and return the ending where a deadline of ours has passed."""
        if now >= self._next_ping:
            self._next_ping = now + self._plan.ping_every
            self._connection.send_ping()
        silent_since = self._connection.silent_since
        if silent_since is not None and now - silent_since >= self._plan.patience:
            text = f"a ping was not answered for {self._plan.patience:g} s, and nothing else came"
            return self._cut("unresponsive", text)
        if now < self._until:
            return None
        return await self._prove_attention() or self._cut("deadline", tell_deadline(self._plan))

    async def _give_up(self, given_up: GiveUp) -> Last:
        self._awaiting = given_up.awaiting
        if given_up.cause == "scenario":  # nothing that the peer still could send is waited for
            ending: Last = self._cut("scenario", given_up.step.text)
        else:
            ending = await self._prove_attention() or self._cut("deadline", given_up.step.text)
        self._emit(tell_step(self._plan, given_up.step, ending.at))
        return ending

    async def _prove_attention(self) -> Last | None:
        """Wait for the pong of a new ping, so that what did not come is known not to be on its way.

        Returns the ending, if the connection ended meanwhile.
        """
        ping = self._connection.send_ping()
        until = self._await_answers()
        while self._connection.awaits_pong(ping) and self._clock() < until:
            ending = self._tell_all()
            if ending is not None:
                return ending
            await self._connection.inbox.wait(until - self._clock())
        return self._tell_all()

    async def _close(self, code: int, reason: str) -> Last:
        """Go through the closing handshake (RFC 6455, section 7.1.2); what still comes is told."""
        self._connection.send_close(code, reason)
        until = self._await_answers()
        while self._clock() < until:
            ending = self._tell_all()
            if ending is not None:
                return self._peer_ended(ending)
            await self._connection.inbox.wait(until - self._clock())
        self._connection.close_unanswered(f"nothing came for {self._plan.answer_within:g} s")
        ending = self._tell_all()
        assert ending is not None
        return self._peer_ended(ending)

    def _await_answers(self) -> float:
        """Return until when the peer may answer what ends the session: pong, close frame and end of TCP together."""
        if self._answers_until is None:
            self._answers_until = self._clock() + self._plan.answer_within
        return self._answers_until

    def _drop(self) -> Last:
        self._connection.drop()
        return self._cut("dropped", "the scenario ended TCP without a close frame")

    def _peer_ended(self, ending: Last) -> Last:
        """Return ``ending``, after the step that it leaves unmet was told."""
        match ending:
            case Closed(initiator="peer"):
                self._player.see([closing_seen(ending)], ending.at)
                step = self._player.ended(ending.at)
                if step is not None:
                    self._emit(tell_step(self._plan, step, ending.at))
            case Cut():
                return replace(ending, awaiting=self._awaiting)
            case _:
                pass
        return ending

    def _tell_all(self) -> Last | None:
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

    def _end(self, ending: Last) -> None:
        self._ended = True
        self._emit(ending)

    def _cut(self, cause: CutCause, text: str) -> Cut:
        return cut(self._plan, self._clock(), cause, awaiting=self._awaiting, text=text)
