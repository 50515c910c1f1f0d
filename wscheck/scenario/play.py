"""A scenario played without I/O: told what was seen and what time it is, the player says what to do next."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal, TypeAlias

from wscheck.event import Observation
from wscheck.scenario.model import CloseStep, Deadlines, ExpectStep, ScenarioStep, SendStep, SessionScript
from wscheck.scenario.watch import Watch, stands_for
from wscheck.text import safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send this message. Exactly one of ``text`` and ``binary`` is there."""

    text: str | None = None
    binary: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Listen until something comes, or until ``until``, in seconds like ``now``. ``awaiting`` says for what."""

    until: float
    awaiting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The scenario has run to its end: start the closing handshake (RFC 6455, section 7.1.2)."""

    code: int = 1000
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """An expect step that was not met: what a Step record is made from.

    ``outcome`` is "unmet" where what was awaited came, but never as ``where`` wants it. ``since`` is when the waiting
    began, ``due`` when its time was over or the session was, in seconds like ``now``. ``welcome``: whether it is the
    first of all steps and awaits an event. ``text`` is one sentence.
    """

    id: str
    outcome: Literal["timeout", "unmet"]
    expected: str
    required: bool
    since: float
    due: float
    text: str
    welcome: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """A step's time is over: the scenario cannot go on. ``awaiting`` says what was waited for."""

    step: StepOutcome
    awaiting: str


Action: TypeAlias = Send | Wait | Close | GiveUp


class Player:
    """Plays one session's script.

    Ask ``act`` what to do and do it; after a Send ask again, after a Wait when something was seen or its time has
    come; Close and GiveUp are the last. ``scopes`` are the names of the contract's scopes: any other name is an
    event's. Every time is in seconds on the one clock that events have in ``at``.
    """

    def __init__(self, script: SessionScript, *, deadlines: Deadlines, scopes: Collection[str]) -> None:
        self._steps = script.steps
        self._replies = script.replies
        self._deadlines = deadlines
        self._scopes = frozenset(scopes)
        # What is expected before anything was sent is the welcome: only after it is the session ready.
        first = script.steps[0] if script.steps else None
        welcomed = isinstance(first, ExpectStep) and first.name not in scopes
        self._first = first if welcomed else None
        self._next = 0
        self._due: deque[str] = deque()
        self._last: Close | GiveUp | None = None
        self._since: float | None = None
        self._stimulus = -inf
        self._came: Counter[str] = Counter()
        self._watches: dict[int, Watch] = {}
        self._begin(-inf)

    def act(self, now: float) -> Action:
        """Return what is to be done next, at the time ``now``."""
        if self._last is not None:
            return self._last
        self._advance(now)
        step = self._step
        if isinstance(step, ExpectStep) and now >= self._until(step):
            return self._give_up(step, now)
        if self._due:
            return Send(text=self._due.popleft())
        match step:
            case ExpectStep():
                return Wait(until=self._until(step), awaiting=_awaiting(step))
            case SendStep():
                self._next += 1
                self._begin(now)
                return Send(text=step.text)
            case CloseStep():
                self._last = Close(code=step.code)
            case None:
                self._last = Close()
        return self._last

    def see(self, observations: Sequence[Observation], now: float) -> None:
        """Take what the checker made of the events that came, up to the time ``now``."""
        for observation in observations:
            event = observation.event
            if event.direction == "received":
                self._due.extend(reply.text for reply in self._replies if stands_for(reply.on, event.name))
            if event.at < self._stimulus:
                continue  # it had come before the stimulus, and was only looked at later
            if event.direction == "received" and not event.name.startswith("$"):
                self._came[event.name] += 1
            for watch in self._watches.values():
                watch.see(observation)
        self._advance(now)

    def ended(self, now: float) -> StepOutcome | None:
        """Return the first expect that is outstanding now that the session has ended, or None where none is."""
        if self._last is not None:
            return None
        sent = True
        for position in range(self._next, len(self._steps)):
            match self._steps[position]:
                case SendStep():
                    sent = False
                case CloseStep():
                    return None
                case ExpectStep() as step if not sent:
                    text = f"the session ended before step {step.id} could await {step.name}"
                    return self._outcome(step, "timeout", since=now, due=now, text=text)
                case ExpectStep() as step:
                    watch = self._watches[position]
                    if not watch.met:
                        return self._unmet(watch, now, now, "the session ended")
        return None

    @property
    def _step(self) -> ScenarioStep | None:
        return self._steps[self._next] if self._next < len(self._steps) else None

    def _advance(self, now: float) -> None:
        """Pass over the expects that are met; the waiting for the next one begins."""
        while isinstance(self._step, ExpectStep) and self._watches[self._next].met:
            self._next += 1
            self._since = None
        if self._since is None and isinstance(self._step, ExpectStep):
            self._since = max(now, self._stimulus)

    def _until(self, step: ExpectStep) -> float:
        default = self._deadlines.welcome if step is self._first else self._deadlines.silence
        assert self._since is not None, "a step has no end before its beginning"
        return self._since + (default if step.within is None else step.within)

    def _give_up(self, step: ExpectStep, now: float) -> GiveUp:
        assert self._since is not None, "a step has no end before its beginning"
        passed = f"{self._until(step) - self._since:g} s passed"
        outcome = self._unmet(self._watches[self._next], now, self._until(step), passed)
        self._last = GiveUp(step=outcome, awaiting=_awaiting(step))
        return self._last

    def _begin(self, stimulus: float) -> None:
        """Begin anew at a stimulus: the expects up to the next one look only at what comes from here on."""
        self._stimulus = stimulus
        self._since = None
        self._came.clear()
        self._watches.clear()
        for position in range(self._next, len(self._steps)):
            step = self._steps[position]
            if isinstance(step, SendStep):
                break
            if isinstance(step, ExpectStep):
                self._watches[position] = Watch(step, scope=step.name in self._scopes)

    def _unmet(self, watch: Watch, now: float, due: float, when: str) -> StepOutcome:
        begin = "the session was opened" if self._stimulus == -inf else "the last message of the scenario was sent"
        seen = f"it came {_times(watch.came)}, but never so" if watch.came else "it never came"
        text = f"{when} while step {watch.step.id} awaited {watch.what}: {seen}; since {begin}, {self._what_came()}"
        since = now if self._since is None else self._since
        return self._outcome(watch.step, "unmet" if watch.came else "timeout", since=since, due=due, text=text)

    def _outcome(
        self, step: ExpectStep, outcome: Literal["timeout", "unmet"], *, since: float, due: float, text: str
    ) -> StepOutcome:
        return StepOutcome(
            id=step.id,
            outcome=outcome,
            expected=step.name,
            required=step.required,
            since=since,
            due=due,
            text=safe(text),
            welcome=step is self._first,
        )

    def _what_came(self, most: int = 6) -> str:
        if not self._came:
            return "nothing came"
        names = [f"{name} ({count})" if count > 1 else name for name, count in self._came.most_common(most)]
        more = f" and {len(self._came) - most} other names" if len(self._came) > most else ""
        return f"there came {', '.join(names)}{more}"


def _awaiting(step: ExpectStep) -> str:
    return f"{step.name} (step {step.id})"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
