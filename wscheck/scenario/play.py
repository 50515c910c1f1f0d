"""A scenario played without I/O: told what was seen and what time it is, the player says what to do next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from math import inf
from typing import Literal, TypeVar

from wscheck.event import Observation
from wscheck.scenario.actions import Action, Answered, Call, Close, Drop, GiveUp, StepOutcome, Unasked, Wait
from wscheck.scenario.barriers import Meeting, Meetings
from wscheck.scenario.beats import Beats, as_send
from wscheck.scenario.captured import Captures, NotCapturedError, sent_value
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
from wscheck.scenario.outcome import (
    awaiting,
    find_outstanding,
    is_due,
    kind_of,
    name_of,
    say,
    tell_answer,
    tell_late,
    tell_missed,
    tell_unmet,
)
from wscheck.scenario.progress import Progress
from wscheck.schema import SchemaError

AnyStep = TypeVar("AnyStep", bound=ScenarioStep | None)


class Player:
    """Plays one session's script.

    Ask ``act`` what to do and do it; after a Send or Call ask again, after a Wait when something was seen, another
    session went on (``Meetings.version``) or its time has come; Close, Drop and GiveUp are the last on a connection.
    When a connection is over, ask ``reconnects`` for the next one; when there is none, say so with ``over``.
    ``scopes`` are the names of the contract's scopes: any other name is an event's. ``meetings`` are those of all
    sessions of the run; ``first`` is sent before anything else on every connection, and counts for nothing. An event
    of ``telling`` shows that a probe was let in: it then ends. ``hide`` takes secrets out of what only a part is shown
    of. Every time is in seconds on the one clock that events have in ``at``.
    """

    def __init__(
        self,
        script: SessionScript,
        *,
        deadlines: Deadlines,
        scopes: Collection[str],
        meetings: Meetings | None = None,
        first: str | None = None,
        hide: Callable[[str], str] = str,
        telling: Collection[str] = (),
    ) -> None:
        self._script = script
        self._deadlines = deadlines
        self._meetings = Meetings((script,)) if meetings is None else meetings
        self._first = first
        self._hide = hide
        self._telling = frozenset(telling if script.probe else ())
        self._captures = Captures(script.seed)
        self._at = Progress(script.steps, scopes, self._captures)
        self._beats = Beats(script, first, self._captures)
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
                if observation.event.name in self._telling:
                    self._last = self._last or Close()
            self._at.see(observation)
        self._advance(now)

    def answered(self, answer: Answered | Unasked | str, now: float) -> None:
        """Take in how the Call was answered, or in words why it was not; or that it could not be made at all."""
        step, self._called = self._called, None
        if step is None or self._last is not None:
            return
        if isinstance(answer, Answered) and is_due(answer.status, step):
            self._captures.keep(step.id, answer.json)
            self._at.go_on()
            self._advance(now)
            return
        # A service that is down is unavailable, and breaks nothing; what the peer gave for the request may be wrong.
        wrong = isinstance(answer, Unasked) or (isinstance(answer, Answered) and answer.status < 500)
        shown = self._show(step)
        self._fail(shown, "unmet" if wrong else "timeout", tell_answer(shown, answer), now)

    def ended(self, now: float) -> StepOutcome | None:
        """Return the first expect that is outstanding now that the connection has ended, or None where none is."""
        if self._last is not None:
            return None
        return find_outstanding(self._at, now, called=self._called is not None)

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
                    self._beats = Beats(self._script, self._first, self._captures)
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
            step = self._step_filled()
        except NotCapturedError as error:
            return self._fail(
                self._show(self._at.step), "unmet", f"step {name_of(self._at.step)} cannot be done: {error}", now
            )
        match step:
            case SendStep(id=name, message=message):
                self._captures.keep(name, sent_value(message))
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
                return Wait(until=min(until, self._beats.next), awaiting=awaiting(self._show(step)))
        return self._last

    def _step_filled(self) -> ScenarioStep | None:
        """Return the step at hand with its values put in; a request that was made stays as it was made."""
        match self._at.step:
            case RequestStep() as step:
                return self._called or self._captures.fill(step)
            case SendStep() as step:
                return self._captures.fill(step)
            case step:
                return step

    def _show(self, step: AnyStep) -> AnyStep:
        """Return ``step`` as sentences may show it: they show a part of a URL, and a part of a secret nobody finds."""
        if not isinstance(step, RequestStep):
            return step
        return replace(step, request=replace(step.request, url=self._hide(step.request.url)))

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
            self._captures.keep(step.id, watch.event.value)
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
                seconds = self._deadlines.welcome if step is self._at.welcome else self._deadlines.silence
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
                outcome = say(step, kind_of(watch), text, since=since, due=until, welcome=self._at.welcome)
            case BarrierStep() as step:
                assert self._meeting is not None, "who waits at a barrier has come to it"
                text = tell_late(step, self._meetings.awaited(self._meeting), until - since)
                outcome = say(step, "timeout", text, since=since, due=until, welcome=self._at.welcome)
            case step:
                if self._script.probe is not None and self._script.probe.expect == "refused":
                    self._last = Close()  # that it was opened at all is what there is to say
                    return
                text = f"{passed}, and the peer did not close the session, as the probe expects"
                outcome = say(step, "timeout", text, since=since, due=until, welcome=self._at.welcome)
        self._last = GiveUp(step=outcome, awaiting=awaiting(self._at.step))

    def _fail(self, step: ScenarioStep | None, outcome: Literal["timeout", "unmet"], text: str, now: float) -> GiveUp:
        """Give up, for the scenario cannot go on whatever else may come."""
        since = now if self._at.since is None else self._at.since
        what = say(step, outcome, text, since=since, due=now, welcome=self._at.welcome)
        self._last = GiveUp(step=what, awaiting=awaiting(step), cause="scenario")
        return self._last
