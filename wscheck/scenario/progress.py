"""How far a script has been played: its step at hand, and what has come of what its expects await."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from math import inf

from wscheck.condition import Condition
from wscheck.event import Event, Observation
from wscheck.scenario.captured import Captures
from wscheck.scenario.model import (
    BarrierStep,
    ExpectStep,
    PauseStep,
    ReconnectStep,
    RequestStep,
    ScenarioStep,
    SendStep,
)
from wscheck.scenario.where import Wanted, compile_where


class Progress:
    """The state of one session's script.

    ``position`` is that of the step at hand. ``since`` is when its waiting began, None where it has not; ``stimulus``
    when the last stimulus was, which is called ``began`` in words; ``came`` counts the events that were received since
    then. ``watches`` are those of the expects up to the next stimulus, by position. ``welcome`` is the step without
    which the session is not ready, None where there is none.
    """

    __slots__ = (
        "_captures",
        "_scopes",
        "began",
        "came",
        "position",
        "since",
        "steps",
        "stimulus",
        "watches",
        "welcome",
    )

    def __init__(self, steps: tuple[ScenarioStep, ...], scopes: Collection[str], captures: Captures) -> None:
        self.steps = steps
        self.position = 0
        self.since: float | None = None
        self.came: Counter[str] = Counter()
        self.watches: dict[int, Watch] = {}
        self._scopes = frozenset(scopes)
        self._captures = captures
        self.welcome = _find_welcome(steps, scopes)
        self.begin(-inf, "the session was opened")

    @property
    def step(self) -> ScenarioStep | None:
        """The step at hand, None where all are done."""
        return self.steps[self.position] if self.position < len(self.steps) else None

    def begin(self, now: float, began: str) -> None:
        """Begin anew at a stimulus: the expects up to the next one look only at what comes from here on."""
        self.stimulus = now
        self.began = began
        self.since = None
        self.came.clear()
        self.watches.clear()
        for position in range(self.position, len(self.steps)):
            step = self.steps[position]
            if isinstance(step, SendStep | RequestStep | ReconnectStep):
                break
            if isinstance(step, ExpectStep):
                self.watches[position] = Watch(step, scope=step.name in self._scopes)

    def go_on(self) -> None:
        """Pass to the next step, whose waiting has not begun."""
        self.position += 1
        self.since = None

    def see(self, observation: Observation) -> None:
        """Take in one event that came; what had come before the stimulus, and is only looked at later, is no answer."""
        event = observation.event
        if event.at < self.stimulus:
            return
        if event.direction == "received" and not event.name.startswith("$"):
            self.came[event.name] += 1
        for watch in self.watches.values():
            watch.see(observation)

    def look(self) -> Watch:
        """Return the watch of the expect at hand, its ``where`` known from here on.

        Raises NotCapturedError where a captured value in it is not there, SchemaError where it cannot be used so.
        """
        watch = self.watches[self.position]
        if not watch.known:
            watch.know(self._captures.fill(watch.step).where)
        return watch


class Watch:
    """What has come so far of what one expect step awaits. It looks at received events only: our own prove nothing.

    A ``where`` with captured values is not known before its step begins: until ``know`` is called, what may matter is
    kept. ``known``: whether it is. ``event`` is the one that met the step, for a scope the one that closed it; ``met``:
    whether there is one. ``came``: how often its name came, as ``where`` wants it or not.
    """

    __slots__ = ("_fitting", "_kept", "_scope", "_where", "came", "event", "known", "step")

    def __init__(self, step: ExpectStep, *, scope: bool) -> None:
        self.step = step
        self.came = 0
        self.event: Event | None = None
        self.known = step.unfilled is None
        self._scope = scope
        self._where: tuple[Condition, ...] = compile_where(step.where) if self.known else ()
        self._fitting: set[int] = set()
        self._kept: list[Observation] = []

    @property
    def met(self) -> bool:
        """Whether the step is met."""
        return self.event is not None

    def know(self, where: Sequence[Wanted]) -> None:
        """Take in the ``where`` with the captured values in it. Raises SchemaError where it cannot be used."""
        self._where = compile_where(where)
        self.known = True
        kept, self._kept, self.came = self._kept, [], 0
        self._fitting.clear()
        for observation in kept:
            self.see(observation)

    def see(self, observation: Observation) -> None:
        """Take one more observation into account."""
        came, given = self.came, any(scope == self.step.name for scope, _ in observation.given)
        if self._scope:
            self._see_scope(observation)
        elif observation.event.direction == "received" and stands_for(self.step.name, observation.event.name):
            self.came += 1
            self._take(observation.event, fits=self._meets(observation.event))
        if not self.known and (self.came > came or (self._scope and given)):
            self._kept.append(observation)

    @property
    def what(self) -> str:
        """What the step awaits, in words."""
        awaited = f"an instance of {self.step.name} to be closed" if self._scope else self.step.name
        if not self.step.where:
            return awaited
        return f"{awaited} with {' and '.join(each.pointer.text for each in self.step.where)} as its `where` wants"

    def _take(self, event: Event, *, fits: bool) -> None:
        if self.known and self.event is None and fits:
            self.event = event

    def _meets(self, event: Event) -> bool:
        return all(condition.is_met_by(event.value) for condition in self._where)

    def _see_scope(self, observation: Observation) -> None:
        mine = [number for scope, number in observation.given if scope == self.step.name]
        if mine and observation.event.direction == "received" and self._meets(observation.event):
            self._fitting.update(mine)
        for scope, number in observation.closed:
            if scope == self.step.name:
                self.came += 1
                self._take(observation.event, fits=not self.step.where or number in self._fitting)
                self._fitting.discard(number)


def stands_for(name: str, event: str) -> bool:
    """Whether ``name`` stands for the event called ``event``: it is its name, or the event is a variant of it."""
    return event == name or event.startswith(f"{name}.")


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
