"""The records that a session's own course makes: a step not met, a reply not sent, and an ending that is ours."""

from __future__ import annotations

from typing import TypeAlias

from wscheck.event import Event, Observation
from wscheck.record import Closed, Cut, CutCause, Note, Step
from wscheck.scenario.actions import StepOutcome
from wscheck.wire.plan import Plan

Last: TypeAlias = Closed | Cut
"""How an open connection ends."""


def tell_step(plan: Plan, step: StepOutcome, at: float) -> Step:
    """Return the record of ``step``, which was not met."""
    return Step(
        at=at,
        session=plan.session,
        connection=plan.connection,
        id=step.id,
        outcome=step.outcome,
        expected=step.expected,
        required=step.required,
        since=step.since,
        due=step.due,
        text=step.text,
        welcome=step.welcome,
    )


def tell_unsent(plan: Plan, text: str, at: float) -> Note:
    """Return the record of a reply that was not sent, for the reason ``text``."""
    return Note(at=at, session=plan.session, connection=plan.connection, code="reply-unsent", text=text)


def cut(plan: Plan, at: float, cause: CutCause, *, awaiting: str = "", text: str = "") -> Cut:
    """Return the ending of a connection that we stopped listening to."""
    return Cut(at=at, session=plan.session, connection=plan.connection, cause=cause, awaiting=awaiting, text=text)


def tell_deadline(plan: Plan) -> str:
    """Say that the session's time is over."""
    return f"the session took {plan.deadlines.session:g} s, its deadline"


def interrupted(plan: Plan, at: float, awaiting: str) -> Cut:
    """Return the ending of a connection that a signal broke off, opened or not."""
    return cut(plan, at, "interrupted", awaiting=awaiting, text="wscheck was told to stop")


def closing_seen(ending: Closed) -> Observation:
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
