"""One expect step, held against the events as they come."""

from __future__ import annotations

from wscheck.event import Event, Observation
from wscheck.scenario.model import ExpectStep
from wscheck.scenario.where import compile_where


class Watch:
    """What has come so far of what one expect step awaits. It looks at received events only: our own prove nothing.

    ``met``: whether the step is met. ``came``: how often its name came, as ``where`` wants it or not.
    """

    __slots__ = ("_fitting", "_scope", "_where", "came", "met", "step")

    def __init__(self, step: ExpectStep, *, scope: bool) -> None:
        self.step = step
        self.met = False
        self.came = 0
        self._scope = scope
        self._where = compile_where(step.where)
        self._fitting: set[int] = set()

    def see(self, observation: Observation) -> None:
        """Take one more observation into account."""
        if self._scope:
            self._see_scope(observation)
        elif observation.event.direction == "received" and stands_for(self.step.name, observation.event.name):
            self.came += 1
            self.met = self.met or self._meets(observation.event)

    @property
    def what(self) -> str:
        """What the step awaits, in words."""
        awaited = f"an instance of {self.step.name} to be closed" if self._scope else self.step.name
        if not self.step.where:
            return awaited
        return (
            f"{awaited} with {' and '.join(condition.pointer.text for condition in self._where)} as its `where` wants"
        )

    def _meets(self, event: Event) -> bool:
        return all(condition.is_met_by(event.value) for condition in self._where)

    def _see_scope(self, observation: Observation) -> None:
        mine = [number for scope, number in observation.given if scope == self.step.name]
        if mine and observation.event.direction == "received" and self._meets(observation.event):
            self._fitting.update(mine)
        for scope, number in observation.closed:
            if scope == self.step.name:
                self.came += 1
                self.met = self.met or not self.step.where or number in self._fitting
                self._fitting.discard(number)


def stands_for(name: str, event: str) -> bool:
    """Whether ``name`` stands for the event called ``event``: it is its name, or the event is a variant of it."""
    return event == name or event.startswith(f"{name}.")
