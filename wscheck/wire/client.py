"""One session held, connection by connection: the player is asked what to do, and a record goes out for all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from wscheck.scenario.plans import HttpRequest
from wscheck.wire.address import Address, check_handshake
from wscheck.wire.bell import Bell
from wscheck.wire.conversation import Conversation, Emit, Player
from wscheck.wire.endings import cut, interrupted, tell_deadline
from wscheck.wire.http import Ask, HttpAnswer, Way, ask
from wscheck.wire.opening import Session, open_session
from wscheck.wire.plan import Plan

__all__ = ["Company", "Emit", "Player", "hold"]

_NEXT = "the session's next connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a session shares with the others of its run: who does its HTTP calls, and what wakes it."""

    ask: Ask
    bell: Bell


async def hold(
    plan: Plan, player: Player, emit: Emit, clock: Callable[[], float], company: Company | None = None
) -> None:
    """Hold one session: let ``player`` play on it, and ``emit`` a record of all that happens.

    Each connection has exactly one ending; whether there is a next one, and when, the player says. ``clock`` gives the
    seconds since the run began. Without ``company`` the session is alone, and its HTTP calls go out directly. Records
    are emitted in their order. Raises UsageError before anything opens where the plan cannot be carried out. When
    cancelled, the connection ends with a Cut and is closed with 1001 before CancelledError goes on; what ``emit`` or
    ``player`` raise goes on too, after the connection was closed.
    """
    company = company or Company(ask=_ask_directly, bell=Bell())
    until = clock() + plan.deadlines.session
    address = check_handshake(plan.handshake)
    try:
        while True:
            session = await _open(plan, address, emit, clock)
            if session is None:
                break
            talk = Conversation(
                plan, player, emit, clock, session.connection, ask=company.ask, bell=company.bell, until=until
            )
            try:
                await talk.run(session.opened)
            except asyncio.CancelledError:
                if player.reconnects(clock()) is not None:  # it had ended already, and there was to be a next one
                    emit(interrupted(replace(plan, connection=plan.connection + 1), clock(), _NEXT))
                raise
            pause = player.reconnects(clock())
            if pause is None:
                break
            plan = replace(plan, connection=plan.connection + 1)
            if not await _pause(plan, pause, until, emit, clock):
                break
    finally:
        player.over(clock())
        company.bell.look()


async def _open(plan: Plan, address: Address, emit: Emit, clock: Callable[[], float]) -> Session | None:
    """Return the open session. None: there is none, and the records that say why are emitted."""
    try:
        session = await open_session(plan, address, clock)
    except asyncio.CancelledError:
        emit(interrupted(plan, clock(), "the opening handshake"))
        raise
    if isinstance(session, Session):
        return session
    for record in session:
        emit(record)
    return None


async def _pause(plan: Plan, seconds: float, until: float, emit: Emit, clock: Callable[[], float]) -> bool:
    """Wait before the next connection. Returns whether there is to be one: not where the session's time is over."""
    left = until - clock()
    try:
        await asyncio.sleep(min(seconds, left))
    except asyncio.CancelledError:
        emit(interrupted(plan, clock(), _NEXT))
        raise
    if seconds < left:
        return True
    emit(cut(plan, clock(), "deadline", awaiting=_NEXT, text=tell_deadline(plan)))
    return False


async def _ask_directly(request: HttpRequest, within: float) -> HttpAnswer:
    headers = {name: value for name, value in request.headers.items() if isinstance(value, str)}
    return await ask(request, headers, way=Way(), within=within)
