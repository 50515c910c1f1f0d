"""Is the target ready: its readiness checks, asked again and again until each is met or its time is over."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from wscheck.condition import Condition
from wscheck.pointer import MISSING, Pointer
from wscheck.scenario.plans import HttpRequest, ReadyCheck, Revision
from wscheck.text import safe, shorten
from wscheck.wire.failures import Failure, StoppedError
from wscheck.wire.http import Ask, HttpAnswer, NoAnswerError
from wscheck.wire.waiting import asked_to_wait, is_mendable, pause_after

_LONGEST_PAUSE = 2.0
_LONGEST_LOOK = 10.0
_LEAST_LOOK = 0.5
"""With less time than this left, nothing new would be seen: it would hide what was."""

_STATUS = Pointer("/status")
_AVAILABLE = Pointer("/available")
"""Where servers say of themselves that they are starting, or that what they answer is canned, with any HTTP status."""

_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)
_WHOLE = (40, 64)
"""Digits of a commit's whole hash: SHA-1, SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """A readiness check that was met: after how many seconds, and by which look."""

    waited: float
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _NotYet:
    """What was seen instead of readiness. ``pause``: how long the target asks to be left alone, in seconds."""

    failure: Failure
    pause: float = 0.0


async def await_ready(
    check: ReadyCheck, where: tuple[Condition, ...], *, ask: Ask, hide: Callable[[str], str] = str
) -> Readiness:
    """Ask until ``check`` is met, and return how long that took; ``where`` is the check's, compiled.

    The check's ``revision``, where it has one, says itself what is due. ``hide`` takes secrets out of what the target
    said before a sentence shows a part of it. Raises StoppedError, which says how long was waited and what was seen
    last, where the time is over, or nothing that could be waited for is wrong.
    """
    clock = asyncio.get_running_loop().time
    began, looks = clock(), 0
    until = began + check.within
    while True:
        looks += 1
        seen = await _look(check, where, ask=ask, hide=hide, within=min(_LONGEST_LOOK, max(until - clock(), 0.1)))
        if seen is None:
            return Readiness(waited=clock() - began, looks=looks)
        wait = max(pause_after(looks, longest=_LONGEST_PAUSE), seen.pause)
        over = clock() + wait + _LEAST_LOOK > until
        if over or not is_mendable(seen.failure.phase, seen.failure.cause):
            raise StoppedError(_tell_waiting(check, seen, waited=clock() - began, looks=looks))
        await asyncio.sleep(wait)


def is_revision(deployed: object, due: str) -> bool:
    """Whether the revision that an answer tells is the one that is ``due``.

    A number counts as its digits. Of a commit that is written in hexadecimal, either side may give seven digits or more
    of its beginning, as git does; digits alone, unless they are a whole hash, are the number of a build.
    """
    told = str(deployed) if isinstance(deployed, str | int) and not isinstance(deployed, bool) else ""
    if told == due:
        return True
    commits = _COMMIT.fullmatch(told) and _COMMIT.fullmatch(due)
    short, long = sorted((told.lower(), due.lower()), key=len)
    return bool(commits) and (not long.isdigit() or len(long) in _WHOLE) and long.startswith(short)


async def _look(
    check: ReadyCheck, where: tuple[Condition, ...], *, ask: Ask, hide: Callable[[str], str], within: float
) -> _NotYet | None:
    """Ask once. None: the check is met."""
    try:
        answer = await ask(HttpRequest(url=check.url), within)
    except NoAnswerError as error:
        if error.failure is not None and (error.failure.phase != "tcp" or error.failure.cause == "too-many-files"):
            return _NotYet(failure=error.failure)
        return _not_yet("ready-timeout", error.text)
    seen = f"it answered {answer.status}{_quote(hide(answer.text))}"
    value = answer.json()
    starting = _STATUS.find(value) == "starting"
    if answer.status not in check.status:
        due = " or ".join(map(str, check.status))
        cause = "starting" if starting or answer.status == 503 else "ready-timeout"
        return _not_yet(cause, f"{seen}, where {due} is due", answer)
    if unmet := [safe(one.pointer.text) for one in where if not one.is_met_by(value)]:
        places = ", ".join(unmet)
        cause = "starting" if starting else "ready-timeout"
        return _not_yet(cause, f"{seen}, where its JSON must be as `where` wants it at {places}", answer)
    if starting and not _speaks_of(where, _STATUS):
        return _not_yet("starting", f"{seen}: its `status` says that it is starting", answer)
    if _AVAILABLE.find(value) is False and not _speaks_of(where, _AVAILABLE):
        return _not_yet("ready-timeout", f"{seen}: its `available` says that it is not ready", answer)
    if (wrong := _look_at_revision(check.revision, value, hide)) is not None:
        return _not_yet("wrong-revision", wrong, answer)
    return None


def _look_at_revision(revision: Revision | None, value: Any, hide: Callable[[str], str]) -> str | None:
    """Say which other revision is deployed than the one that is due. None: there is nothing to say."""
    if revision is None or revision.due is None:
        return None
    deployed = revision.at.find(value)
    if is_revision(deployed, revision.due):
        return None
    place, due = safe(revision.at.text), safe(shorten(hide(revision.due), 80))
    if deployed is MISSING:
        return f"it tells no revision at {place}, where {due} is due"
    return f"the revision that it tells at {place} is {safe(shorten(hide(str(deployed)), 80))}, and {due} is due"


def _not_yet(cause: str, seen: str, answer: HttpAnswer | None = None) -> _NotYet:
    pause = asked_to_wait(answer.headers) if answer else 0.0
    if cause == "starting":
        return _NotYet(failure=Failure(phase="ready", cause="starting", text=seen), pause=pause)
    if cause == "wrong-revision":
        return _NotYet(failure=Failure(phase="ready", cause="wrong-revision", text=seen), pause=pause)
    return _NotYet(failure=Failure(phase="ready", cause="ready-timeout", text=seen), pause=pause)


def _tell_waiting(check: ReadyCheck, seen: _NotYet, *, waited: float, looks: int) -> Failure:
    """Return what was seen last, with how long was waited for something else."""
    last = seen.failure
    asked = f"asked {looks} times, last" if looks > 1 else "asked once"
    asks = seen.pause > max(check.within - waited, 0)
    more = f"; it asks to be left alone for {seen.pause:.0f} s" if asks else ""
    text = f"the readiness check {_show(check.url)} was not met after {waited:.1f} s of {check.within:g} s ({asked}): "
    return Failure(phase=last.phase, cause=last.cause, text=f"{text}{last.text}{more}")


def _speaks_of(where: Sequence[Condition], place: Pointer) -> bool:
    """Whether ``where`` itself says what must stand at ``place``."""
    return any(one.pointer.text == place.text for one in where)


def _quote(text: str) -> str:
    return f" and {shorten(safe(text.strip()), 200)}" if text.strip() else ""


def _show(url: str) -> str:
    """Return ``url`` without its query, which may hold a secret."""
    parts = urlsplit(url)
    return safe(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")
