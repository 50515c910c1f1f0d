"""The sentences about steps that were not met."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wscheck.scenario.actions import Answered
from wscheck.scenario.model import (
    BarrierStep,
    CloseStep,
    DropStep,
    ExpectStep,
    HttpRequest,
    PauseStep,
    ReconnectStep,
    RequestStep,
    ScenarioStep,
    SendStep,
)
from wscheck.scenario.watch import Watch
from wscheck.schema.words import listed
from wscheck.text import safe, shorten

_USER = re.compile(r"//[^/?#@]*@")


def awaiting(step: ScenarioStep | None) -> str:
    """Return what is waited for while ``step`` is at hand, in words."""
    match step:
        case ExpectStep(name=name):
            what = name
        case RequestStep(request=request):
            what = f"the answer to {show_request(request)}"
        case BarrierStep(name=name):
            what = f"the other sessions at {name}"
        case PauseStep():
            what = "the end of a pause"
        case SendStep() | CloseStep() | DropStep() | ReconnectStep():
            what = "nothing"
        case None:
            return "being turned away"
    return f"{what} (step {step.id})"


def expected(step: ScenarioStep | None) -> str:
    """Return what ``step`` would have been met by, None for a probe's waiting."""
    match step:
        case ExpectStep(name=name):
            return name
        case RequestStep(request=request):
            return f"{_due_status(step)} from {show_request(request)}"
        case BarrierStep(name=name):
            return f"barrier {name}"
        case None:
            return "$close"
        case _:
            return "a captured value"


def show_request(request: HttpRequest) -> str:
    """Return method and address of a request without the parts that may hold a secret (RFC 3986, section 3)."""
    address = _USER.sub("//", request.url).partition("?")[0].partition("#")[0]
    return f"{request.method} {shorten(safe(address))}"


def tell_unmet(watch: Watch, when: str, begin: str, came: Counter[str]) -> str:
    """Say that the expect of ``watch`` was not met ``when``, and what came since ``begin`` instead."""
    seen = f"it came {_times(watch.came)}, but never so" if watch.came else "it never came"
    return f"{when} while step {watch.step.id} awaited {watch.what}: {seen}; since {begin}, {_what_came(came)}"


def tell_answer(step: RequestStep, answer: Answered | str) -> str:
    """Say that a request was not answered as is due: with another status, or for the reason ``answer`` not at all."""
    asked = f"step {step.id} asked {show_request(step.request)}"
    match answer:
        case Answered(status=status, text=text):
            body = f": {shorten(safe(text))}" if text else ""
            return f"{asked} and was answered with status {status}, where {_due_status(step)} was due{body}"
        case reason:
            return f"{asked} and was not answered: {safe(reason)}"


def tell_late(step: BarrierStep, awaited: Sequence[str], seconds: float) -> str:
    """Say that not everyone came to a barrier in time."""
    return f"{seconds:g} s passed while step {step.id} waited at {step.name} for {listed(awaited)}"


def tell_missed(step: BarrierStep, missed: Sequence[str]) -> str:
    """Say that a barrier cannot be met any more."""
    verb = "is" if len(missed) == 1 else "are"
    return (
        f"step {step.id} waits at {step.name} for {listed(missed)}, whose session{'s' * (len(missed) > 1)} {verb} over"
    )


def _due_status(step: RequestStep) -> str:
    return f"status {listed([str(each) for each in step.status], 'or')}" if step.status else "a status from 200 to 299"


def _what_came(came: Counter[str], most: int = 6) -> str:
    if not came:
        return "nothing came"
    names = [f"{name} ({count})" if count > 1 else name for name, count in came.most_common(most)]
    more = f" and {len(came) - most} other names" if len(came) > most else ""
    return f"there came {', '.join(names)}{more}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
