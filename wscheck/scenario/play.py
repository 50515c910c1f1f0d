"""A scenario played without I/O: told what was seen and what time it is, the player says what to do next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf
from typing import Literal

from wscheck.event import Observation
from wscheck.scenario.actions import Action, Answered, Call, Close, Drop, GiveUp, StepOutcome, Wait
from wscheck.scenario.beats import Beats, as_send
from wscheck.scenario.captured import NotCapturedError
from wscheck.scenario.meetings import Meeting, Meetings
from wscheck.scenario.model import (
    BarrierStep,
    CloseStep,
    Deadlines,
    DropStep,
    ExpectStep,
    PauseStep,
    ReconnectStep,
    RequestStep,
    ScenarioStep,
    SendStep,
    SessionScript,
)
from wscheck.scenario.outcomes import find_outstanding, kind_of, name_of, say
from wscheck.scenario.progress import Progress, sent_value
from wscheck.scenario.telling import awaiting, tell_answer, tell_late, tell_missed, tell_unmet
from wscheck.schema import SchemaError


class Player:
    """Plays one session's script.

    Ask ``act`` what to do and do it; after a Send or Call ask again, after a Wait when something was seen, another
    session went on (``Meetings.version``) or its time has come; Close, Drop and GiveUp are the last on a connection.
    When a connection is over, ask ``reconnects`` for the next one; when there is none, say so with ``over``.
    ``scopes`` are the names of the contract's scopes: any other name is an event's. ``meetings`` are those of all
    sessions of the run; ``first`` is sent before anything else on every connection, and counts for nothing. Every time
    is in seconds on the one clock that events have in ``at``.
    """

    def __init__(
        self,
        script: SessionScript,
        *,
        deadlines: Deadlines,
        scopes: Collection[str],
        meetings: Meetings | None = None,
        first: str | None = None,
    ) -> None:
        self._script = script
        self._deadlines = deadlines
        self._meetings = Meetings((script,)) if meetings is None else meetings
        self._first = first
        self._welcome = _find_welcome(script.steps, scopes)
        self._at = Progress(script.steps, scopes)
        self._beats = Beats(script, first)
        self._last: Close | Drop | GiveUp | None = None
        self._meeting: Meeting | None = None
        self._called: RequestStep | None = None

    def act(self, now: float) -> Action:
        """Return what is to be done next, at the time ``now``."""
        if self._last is None and (greeting := self._beats.greet(now)) is not None:
            return greeting
        self._advance(now)
        if self._last is None and now >= self._deadline():
            self._run_out()
        if self._last is not None:
            return self._last
        return self._beats.take(now) or self._do(now)

    def see(self, observations: Sequence[Observation], now: float) -> None:
        """Take what the checker made of the events that came, up to the time ``now``."""
        for observation in observations:
            if observation.event.direction == "received":
                self._beats.hear(observation.event)
            self._at.see(observation)
        self._advance(now)

    def answered(self, answer: Answered | str, now: float) -> None:
        """Take in how the Call was answered, or in words why it was not."""
        step, self._called = self._called, None
        if step is None or self._last is not None:
            return
        if isinstance(answer, Answered) and _is_due(answer.status, step):
            self._at.capture(step.id, answer.json)
            self._at.go_on()
            self._advance(now)
            return
        # A service that is down is unavailable, and breaks nothing.
        wrong = isinstance(answer, Answered) and answer.status < 500
        self._fail(step, "unmet" if wrong else "timeout", tell_answer(step, answer), now)

    def ended(self, now: float) -> StepOutcome | None:
        """Return the first expect that is outstanding now that the connection has ended, or None where none is."""
        if self._last is not None:
            return None
        return find_outstanding(self._at, now, called=self._called is not None, welcome=self._welcome)

    def reconnects(self, now: float) -> float | None:
        """Return in how many seconds the next connection is to be opened, now that one is over; None for never."""
        if isinstance(self._last, Close | GiveUp):
            return None
        seconds = 0.0
        for position in range(self._at.position, len(self._at.steps)):
            match self._at.steps[position]:
                case PauseStep(seconds=more):
                    seconds += more
                case ReconnectStep():
                    self._at.position = position + 1
                    self._at.begin(now, "the session was opened again")
                    self._beats = Beats(self._script, self._first)
                    self._last = self._called = None
                    return seconds
                case _:
                    break
        return None

    def over(self, now: float) -> None:  # noqa: ARG002 - told the time like all else
        """Take in that the session is over for good: no other one waits for it at a barrier any more."""
        self._meetings.leave(self._script.name)

    def _do(self, now: float) -> Action:
        """Return the action of the step at hand, none of whose deadlines has passed."""
        try:
            step = None if self._at.step is None else self._at.filled(self._at.step)
        except NotCapturedError as error:
            return self._fail(self._at.step, "unmet", f"step {name_of(self._at.step)} cannot be done: {error}", now)
        match step:
            case SendStep(id=name, message=message):
                self._at.capture(name, sent_value(message))
                self._at.go_on()
                self._at.begin(now, "the last message of the scenario was sent")
                return as_send(message)
            case RequestStep() if self._called is None:
                self._called = step
                self._begin_request(now)
                return Call(request=step.request, within=self._silence(step.within))
            case DropStep():
                self._at.go_on()
                self._last = Drop()
            case ReconnectStep():
                self._last = Drop()  # not reached while the peer keeps to its closing: what was awaited is over
            case CloseStep(code=code):
                self._last = Close(code=code)
            case None if self._script.probe is None:
                self._last = Close()
            case _:
                until = self._pause_end(step) if isinstance(step, PauseStep) else self._deadline()
                return Wait(until=min(until, self._beats.next), awaiting=awaiting(step))
        return self._last

    def _begin_request(self, now: float) -> None:
        """A request is a stimulus: what comes before its answer may be what it asked for."""
        self._at.position += 1
        self._at.begin(now, "the last request of the scenario was made")
        self._at.position -= 1

    def _advance(self, now: float) -> None:
        """Pass over the steps that are met; the waiting for the next one begins."""
        while self._last is None and self._is_met(now):
            self._at.go_on()
        waits = isinstance(self._at.step, ExpectStep | BarrierStep | PauseStep | None)
        if self._at.since is None and waits:
            self._at.since = max(now, self._at.stimulus)

    def _is_met(self, now: float) -> bool:
        match self._at.step:
            case ExpectStep() as step:
                return self._looks_met(step, now)
            case BarrierStep() as step:
                return self._has_met(step, now)
            case PauseStep() as step:
                return self._at.since is not None and now >= self._pause_end(step)
            case _:
                return False

    def _looks_met(self, step: ExpectStep, now: float) -> bool:
        try:
            watch = self._at.look()
        except NotCapturedError as error:
            self._fail(step, "unmet", f"step {step.id} cannot await {step.name}: {error}", now)
            return False
        except SchemaError as error:
            text = f"step {step.id} cannot await {step.name}: with the captured values its `where` {error.message}"
            self._fail(step, "unmet", text, now)
            return False
        if watch.event is not None:
            self._at.capture(step.id, watch.event.value)
        return watch.met

    def _has_met(self, step: BarrierStep, now: float) -> bool:
        if self._meeting is None:
            self._meeting = self._meetings.arrive(self._script.name, step.name)
        if self._meetings.is_met(self._meeting):
            self._meeting = None
            return True
        if missed := self._meetings.missed(self._meeting):
            self._fail(step, "timeout", tell_missed(step, missed), now)
        return False

    def _deadline(self) -> float:
        """Return when the time of the step at hand is over, infinity where it has none."""
        match self._at.step:
            case ExpectStep(within=within) as step:
                seconds = self._deadlines.welcome if step is self._welcome else self._deadlines.silence
                seconds = seconds if within is None else within
            case BarrierStep(within=within):
                seconds = self._deadlines.session if within is None else within
            case None if self._script.probe is not None:
                seconds = self._deadlines.welcome
            case _:
                return inf
        assert self._at.since is not None, "a step has no end before its beginning"
        return self._at.since + seconds

    def _pause_end(self, step: PauseStep) -> float:
        assert self._at.since is not None, "a pause has no end before its beginning"
        return self._at.since + step.seconds

    def _silence(self, within: float | None) -> float:
        return self._deadlines.silence if within is None else within

    def _run_out(self) -> None:
        """Give up, for the time of the step at hand is over."""
        until, since = self._deadline(), self._at.since
        assert since is not None, "a step has no end before its beginning"
        passed = f"{until - since:g} s passed"
        match self._at.step:
            case ExpectStep() as step:
                watch = self._at.look()
                text = tell_unmet(watch, passed, self._at.began, self._at.came)
                outcome = say(step, kind_of(watch), text, since=since, due=until, welcome=self._welcome)
            case BarrierStep() as step:
                assert self._meeting is not None, "who waits at a barrier has come to it"
                text = tell_late(step, self._meetings.awaited(self._meeting), until - since)
                outcome = say(step, "timeout", text, since=since, due=until, welcome=self._welcome)
            case step:
                if self._script.probe is not None and self._script.probe.expect == "refused":
                    self._last = Close()  # that it was opened at all is what there is to say
                    return
                text = f"{passed}, and the peer did not close the session, as the probe expects"
                outcome = say(step, "timeout", text, since=since, due=until, welcome=self._welcome)
        self._last = GiveUp(step=outcome, awaiting=awaiting(self._at.step))

    def _fail(self, step: ScenarioStep | None, outcome: Literal["timeout", "unmet"], text: str, now: float) -> GiveUp:
        """Give up, for the scenario cannot go on whatever else may come."""
        since = now if self._at.since is None else self._at.since
        what = say(step, outcome, text, since=since, due=now, welcome=self._welcome)
        self._last = GiveUp(step=what, awaiting=awaiting(step), cause="scenario")
        return self._last


def _find_welcome(steps: Sequence[ScenarioStep], scopes: Collection[str]) -> ExpectStep | None:
    """Return the first expect, if it awaits an event before anything is sent: only then is the session ready."""
    for step in steps:
        match step:
            case PauseStep() | BarrierStep():
                continue
            case ExpectStep(name=name) if name not in scopes:
                return step
            case _:
                return None
    return None


def _is_due(status: int, step: RequestStep) -> bool:
    return status in step.status if step.status else 200 <= status <= 299
