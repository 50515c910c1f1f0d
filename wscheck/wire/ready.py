"""Is the target ready: its readiness checks, asked again and again until each is met or its time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from wscheck.condition import Condition
from wscheck.scenario.plans import HttpRequest, ReadyCheck
from wscheck.text import safe, shorten
from wscheck.wire.failures import Failure, StoppedError
from wscheck.wire.http import Ask, HttpAnswer, NoAnswerError

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 2.0
_LONGEST_ASKED_FOR = 10.0
_LONGEST_LOOK = 10.0
_LEAST_LOOK = 0.5
"""With less time than this left, nothing new would be seen: it would hide what was."""

_HOPELESS = {"tls", "proxy", "name-not-found", "too-many-files"}
"""Phases and causes that no waiting mends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _NotYet:
    """What was seen instead of readiness. ``pause``: how long the target asks to be left alone, in seconds."""

    failure: Failure
    pause: float = 0.0


async def await_ready(
    check: ReadyCheck, where: tuple[Condition, ...], *, ask: Ask, hide: Callable[[str], str] = str
) -> int:
    """Ask until ``check`` is met, and return how often that was; ``where`` is the check's, compiled.

    ``hide`` takes secrets out of what the target said before a sentence shows a part of it. Raises StoppedError where
    the time is over, or nothing that could be waited for is wrong.
    """
    clock = asyncio.get_running_loop().time
    until, pause, looks = clock() + check.within, _FIRST_PAUSE, 0
    while True:
        looks += 1
        seen = await _look(check, where, ask=ask, hide=hide, within=min(_LONGEST_LOOK, max(until - clock(), 0.1)))
        if seen is None:
            return looks
        wait = max(pause, seen.pause)
        hopeless = seen.failure.phase in _HOPELESS or seen.failure.cause in _HOPELESS
        if hopeless or clock() + wait + _LEAST_LOOK > until:
            raise StoppedError(seen.failure)
        await asyncio.sleep(wait)
        pause = min(2 * pause, _LONGEST_PAUSE)


async def _look(
    check: ReadyCheck, where: tuple[Condition, ...], *, ask: Ask, hide: Callable[[str], str], within: float
) -> _NotYet | None:
    """Ask once. None: the check is met."""
    asked = f"within {check.within:g} s the readiness check {_show(check.url)} was not met"
    try:
        answer = await ask(HttpRequest(url=check.url), within)
    except NoAnswerError as error:
        if error.failure is not None and (error.failure.phase != "tcp" or error.failure.cause == "too-many-files"):
            return _NotYet(failure=error.failure)
        return _NotYet(failure=Failure(phase="ready", cause="ready-timeout", text=f"{asked}: {error.text}"))
    value = answer.json()
    unmet = [one.pointer.text for one in where if not one.is_met_by(value)]
    if answer.status in check.status and not unmet:
        return None
    seen = f"it answered {answer.status}{_quote(hide(answer.text))}"
    if answer.status in check.status:
        seen += f", where its JSON must be as `where` wants it at {', '.join(map(safe, unmet))}"
    else:
        seen += f", where {' or '.join(map(str, check.status))} is due"
    starting = answer.status == 503 or (isinstance(value, dict) and value.get("status") == "starting")
    cause = "starting" if starting else "ready-timeout"
    return _NotYet(failure=Failure(phase="ready", cause=cause, text=f"{asked}: {seen}"), pause=_retry_after(answer))


def _retry_after(answer: HttpAnswer) -> float:
    """Return how long the answer asks to wait, in seconds, at most ten (RFC 9110, section 10.2.3)."""
    given = answer.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return min(float(given[:9]), _LONGEST_ASKED_FOR)
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return 0.0
    left = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(tz=UTC)
    return min(max(left.total_seconds(), 0.0), _LONGEST_ASKED_FOR)


def _quote(text: str) -> str:
    return f" and {shorten(safe(text.strip()), 200)}" if text.strip() else ""


def _show(url: str) -> str:
    """Return ``url`` without its query, which may hold a secret."""
    parts = urlsplit(url)
    return safe(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")
