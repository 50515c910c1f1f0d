"""A scenario run again where its target was only unavailable: never where something was broken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from wscheck.redact import Redactor
from wscheck.run.availability import asked_pause, has_opened, is_unavailable
from wscheck.run.captures import make_fresh_path, name_dialect
from wscheck.run.interruptible import do
from wscheck.run.live import LiveRun
from wscheck.run.options import Options, Ran
from wscheck.run.secrets import KeptInput, hiding
from wscheck.run.signals import Stop, noting_signals
from wscheck.run.target import Target
from wscheck.wire.waiting import pause_after

_LEAST_LEFT = 0.01
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that another one followed: when it began, in seconds since the first one did, and why it ended.

    ``capture`` is where its capture was put aside, None where no session was opened, so that there is nothing in it.
    """

    began: float
    why: str
    capture: Path | None = None


def run_attempts(target: Target, options: Options) -> Ran:
    """Run the scenario of ``target``, again and again within ``options.retry_for`` seconds while it is unavailable.

    Each attempt is a run of its own, from the readiness checks on, with a capture of its own; the last one is what the
    run came to, and its notes tell of the others. Raises what LiveRun raises.
    """
    if options.stdin is not None:
        options = replace(options, stdin=KeptInput(options.stdin))
    first, earlier = time.monotonic(), list[Attempt]()
    run = _prepare(target, options)  # a signal that comes while a secret is read ends all at once
    with noting_signals() as stop:
        while True:
            began = time.monotonic() - first
            ran = run.go(stop)
            pause = _choose_pause(ran, len(earlier) + 1, left=options.retry_for - (time.monotonic() - first))
            if stop.number is not None or pause is None:
                break
            facts = {"attempt": len(earlier) + 1, "why": ran.outcome.why, "pause": round(pause, 3)}
            options.tell("unavailable", facts)
            if not _wait(pause, stop):
                break
            earlier.append(Attempt(began=began, why=ran.outcome.why, capture=_put_aside(ran, options)))
            run = _prepare(target, options)
        outcome = ran.outcome
        if len(target.contracts) == 1:
            outcome = name_dialect(outcome, target.contracts[0], ran.capture, target.folders)
        waited = time.monotonic() - first
        outcome = replace(outcome, notes=(*_tell(earlier, ran, began=began, waited=waited), *outcome.notes))
    return replace(ran, outcome=outcome, interrupted=stop.number)


def learn_secrets(target: Target, options: Options) -> frozenset[str]:
    """Read every secret that a run of ``target`` would need, and return them; nothing is opened.

    Raises what LiveRun raises.
    """
    redactor = _make_redactor(target, options)
    with hiding(redactor):
        LiveRun(target, options, redactor)
    return redactor.secrets


def _prepare(target: Target, options: Options) -> LiveRun:
    """Return an attempt that can begin: secrets are read and tokens minted anew, for time has passed."""
    redactor = _make_redactor(target, options)
    with hiding(redactor):
        return LiveRun(target, options, redactor)


def _make_redactor(target: Target, options: Options) -> Redactor:
    pointers = [pointer for contract in target.contracts for pointer in contract.redact]
    return Redactor(options.known, pointers, {contract.frame for contract in target.contracts})


def _choose_pause(ran: Ran, attempts: int, *, left: float) -> float | None:
    """Return how many seconds to wait before the next attempt. None: there is to be none.

    ``left`` is the time in which one may begin, in seconds. Of a pause of our own the last one is cut short, so that
    the time is used to its end; one that the server asks for is not.
    """
    if left <= _LEAST_LEFT or not is_unavailable(ran.outcome):
        return None
    asked = asked_pause(ran.outcome)
    return max(min(pause_after(attempts), left), asked) if asked <= left else None


def _wait(seconds: float, stop: Stop) -> bool:
    """Wait so long; tell whether no signal broke that off."""
    asyncio.run(do(asyncio.sleep(seconds), stop))
    return stop.number is None


def _put_aside(ran: Ran, options: Options) -> Path | None:
    """Keep the capture of an attempt where a session was opened in it, and leave its name free for the next one."""
    if not has_opened(ran.outcome):
        with suppress(OSError):  # then the next attempt finds its name taken, and says so
            ran.capture.unlink(missing_ok=True)
        return None
    if options.capture is None:
        return ran.capture
    aside = make_fresh_path(ran.capture.parent, ran.capture.name.split(".")[0])
    if ran.capture.suffix == ".gz":
        aside = aside.with_name(f"{aside.name}.gz")
    with suppress(OSError):
        return ran.capture.rename(aside)
    return ran.capture


def _tell(earlier: Sequence[Attempt], ran: Ran, *, began: float, waited: float) -> list[str]:
    """Return notes that say what the attempts came to. There are none where the first one was the only one."""
    if not earlier:
        return []
    number = len(earlier) + 1
    if is_unavailable(ran.outcome):
        said = [f"the target was still unavailable after {waited:.1f} s and {number} attempts"]
    elif has_opened(ran.outcome):
        said = [f"the target came up after {began:.1f} s, at attempt {number}"]
    else:
        said = [f"after {began:.1f} s, at attempt {number}, what stopped it was nothing that waiting mends"]
    groups: dict[str, list[int]] = {}
    for place, attempt in enumerate(earlier, 1):
        groups.setdefault(attempt.why, []).append(place)
    said += [f"{_name(places)}: {why}" for why, places in list(groups.items())[:_MOST_TOLD]]
    if len(groups) > _MOST_TOLD:
        said.append(f"… and {len(groups) - _MOST_TOLD} other reasons of earlier attempts")
    kept = [f"{place} in {attempt.capture}" for place, attempt in enumerate(earlier, 1) if attempt.capture]
    if kept:
        more = f", … and {len(kept) - _MOST_TOLD} more beside them" if len(kept) > _MOST_TOLD else ""
        said.append(f"captures of earlier attempts in which a session opened: {', '.join(kept[:_MOST_TOLD])}{more}")
    return said


def _name(places: Sequence[int]) -> str:
    """Return which attempts these are: `attempt 3`, `attempts 1 to 4`, `attempts 1, 2 and 5`."""
    if len(places) == 1:
        return f"attempt {places[0]}"
    first, last = places[0], places[-1]
    if last - first + 1 == len(places) > 2:
        return f"attempts {first} to {last}"
    if len(places) > _MOST_TOLD:
        return f"{len(places)} attempts from {first} to {last}"
    return f"attempts {', '.join(map(str, places[:-1]))} and {last}"
