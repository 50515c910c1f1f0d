"""One expect step, held against the events as they come."""

from __future__ import annotations

from collections.abc import Sequence

from wscheck.condition import Condition
from wscheck.event import Event, Observation
from wscheck.scenario.model import ExpectStep, Wanted
from wscheck.scenario.where import compile_where


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
