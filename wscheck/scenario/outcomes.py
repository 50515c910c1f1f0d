"""What comes of steps that were not met, as data."""

from __future__ import annotations

from typing import Literal

from wscheck.scenario.actions import StepOutcome
from wscheck.scenario.model import CloseStep, DropStep, ExpectStep, ReconnectStep, RequestStep, ScenarioStep, SendStep
from wscheck.scenario.progress import Progress
from wscheck.scenario.telling import expected, tell_unmet
from wscheck.scenario.watch import Watch
from wscheck.text import safe


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


def find_outstanding(at: Progress, now: float, *, called: bool, welcome: ExpectStep | None) -> StepOutcome | None:
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
                return say(step, "timeout", text, since=now, due=now, welcome=welcome)
            case ExpectStep() as step if not (watch := at.watches[position]).met:
                text = tell_unmet(watch, "the session ended", at.began, at.came)
                return say(step, kind_of(watch), text, since=since, due=now, welcome=welcome)
            case _:
                pass
    return None


def kind_of(watch: Watch) -> Literal["timeout", "unmet"]:
    """Say whether what was awaited never came, or came but never as ``where`` wants it."""
    return "unmet" if watch.known and watch.came else "timeout"


def name_of(step: ScenarioStep | None) -> str:
    """Return the id of ``step``; a probe's waiting is no step, and is called so."""
    return "probe" if step is None else step.id
