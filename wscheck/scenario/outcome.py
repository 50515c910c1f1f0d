"""What comes of steps that were not met: as data, and in sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from wscheck.scenario.actions import Answered, StepOutcome, Unasked
from wscheck.scenario.model import (
    BarrierStep,
    CloseStep,
    DropStep,
    ExpectStep,
    PauseStep,
    ReconnectStep,
    RequestStep,
    ScenarioStep,
    SendStep,
)
from wscheck.scenario.plans import HttpRequest
from wscheck.scenario.progress import Progress, Watch
from wscheck.schema.words import listed
from wscheck.text import safe, shorten

_USER = re.compile(r"//[^/?#@]*@")


def say(
    step: ScenarioStep | None,
    outcome: Literal["timeout", "unmet"],
    text: str,
    *,
    since: float,
    due: float,
    welcome: ExpectStep | None,
) -> StepOutcome:
    """Return what came of ``step``, None for a probe's waiting. ``welcome`` is the step that awaits the welcome."""
    return StepOutcome(
        id=name_of(step),
        outcome=outcome,
        expected=expected(step),
        required=isinstance(step, ExpectStep) and step.required,
        since=since,
        due=due,
        text=safe(text),
        welcome=step is not None and step is welcome,
    )


def find_outstanding(at: Progress, now: float, *, called: bool) -> StepOutcome | None:
    """Return what came of the first expect that the end of a connection leaves unmet, or None where there is none.

    ``called``: the step at hand is a request that was made, and waits for its answer.
    """
    sent = True
    since = now if at.since is None else at.since
    for position in range(at.position, len(at.steps)):
        match at.steps[position]:
            case CloseStep():
                return None
            case ReconnectStep() if sent:
                return None
            case SendStep() | DropStep() | ReconnectStep():
                sent = False
            case RequestStep():
                sent = sent and called and position == at.position
            case ExpectStep() as step if not sent:
                text = f"the session ended before step {step.id} could await {step.name}"
                return say(step, "timeout", text, since=now, due=now, welcome=at.welcome)
            case ExpectStep() as step if not (watch := at.watches[position]).met:
                text = tell_unmet(watch, "the session ended", at.began, at.came)
                return say(step, kind_of(watch), text, since=since, due=now, welcome=at.welcome)
            case _:
                pass
    return None


def kind_of(watch: Watch) -> Literal["timeout", "unmet"]:
    """Say whether what was awaited never came, or came but never as ``where`` wants it."""
    return "unmet" if watch.known and watch.came else "timeout"


def is_due(status: int, step: RequestStep) -> bool:
    """Whether ``status`` is what the request of ``step`` is to be answered with."""
    return status in step.status if step.status else 200 <= status <= 299


def name_of(step: ScenarioStep | None) -> str:
    """Return the id of ``step``; a probe's waiting is no step, and is called so."""
    return "probe" if step is None else step.id


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


def tell_answer(step: RequestStep, answer: Answered | Unasked | str) -> str:
    """Say that a request was not answered as is due: with another status, or for the reason ``answer`` not at all."""
    asked = f"step {step.id} asked {show_request(step.request)}"
    match answer:
        case Answered(status=status, text=text):
            body = f": {shorten(safe(text))}" if text else ""
            return f"{asked} and was answered with status {status}, where {_due_status(step)} was due{body}"
        case Unasked(why=why):
            return f"step {step.id} cannot ask {show_request(step.request)}, made from captured values: {why}"
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
