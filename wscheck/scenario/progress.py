"""How far a script has been played: its step at hand, what came since the last stimulus, and what was captured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from math import inf
from typing import Any

from wscheck.event import Observation
from wscheck.json_text import decode
from wscheck.pointer import MISSING
from wscheck.scenario.build import build_step
from wscheck.scenario.captured import fill_step
from wscheck.scenario.model import (
    BinaryMessage,
    ExpectStep,
    JsonMessage,
    Outgoing,
    ReconnectStep,
    RequestStep,
    ScenarioStep,
    SendStep,
    TextMessage,
)
from wscheck.scenario.watch import Watch


class Progress:
    """The state of one session's script.

    ``position`` is that of the step at hand. ``since`` is when its waiting began, None where it has not; ``stimulus``
    when the last stimulus was, which is called ``began`` in words; ``came`` counts the events that were received since
    then. ``watches`` are those of the expects up to the next stimulus, by position.
    """

    __slots__ = ("_captures", "_scopes", "began", "came", "position", "since", "steps", "stimulus", "watches")

    def __init__(self, steps: tuple[ScenarioStep, ...], scopes: Collection[str]) -> None:
        self.steps = steps
        self.position = 0
        self.since: float | None = None
        self.came: Counter[str] = Counter()
        self.watches: dict[int, Watch] = {}
        self._scopes = frozenset(scopes)
        self._captures: dict[str, Any] = {}
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
            step = self.filled(watch.step)
            assert isinstance(step, ExpectStep), "filling changes no step's kind"
            watch.know(step.where)
        return watch

    def filled(self, step: ScenarioStep) -> ScenarioStep:
        """Return ``step`` with the captured values in it put in. Raises NotCapturedError where one is not there."""
        match step:
            case SendStep(unfilled=None) | ExpectStep(unfilled=None) | RequestStep(unfilled=None):
                return step
            case SendStep() | ExpectStep() | RequestStep():
                return build_step(fill_step(step.unfilled, self._captures), step.id, step.path)
            case _:
                return step

    def capture(self, step: str, value: Any) -> None:
        """Keep what the step with the id ``step`` sent, received or was answered."""
        self._captures[step] = value


def sent_value(message: Outgoing) -> Any:
    """Return what can be captured of a message: its JSON, else its text; of a binary one nothing."""
    match message:
        case JsonMessage(value=value):
            return value
        case TextMessage(text=text):
            decoded = decode(text)
            return decoded.value if decoded.readable else text
        case BinaryMessage():
            return MISSING
