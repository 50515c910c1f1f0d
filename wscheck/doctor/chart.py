"""The chart of one look: what each step came to, redacted and made safe as it is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from wscheck.doctor.advice import explain
from wscheck.doctor.model import STEPS, Fault, State, Step, StepName, Trial
from wscheck.text import safe


class Chart:
    """Takes what is seen, in any order. ``hide`` takes secrets out of a text.

    ``stop`` notes the broken step; what was gone before it stays, and what comes after it was not tried.
    """

    def __init__(self, hide: Callable[[str], str]) -> None:
        self._hide = hide
        self._steps: dict[StepName, Step] = {}
        self._trials: list[Trial] = []
        self.step: StepName | None = None
        self.fault: Fault | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in their order."""
        return tuple(self._steps.get(name, Step(name=name, state="not tried")) for name in STEPS)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """What was compared."""
        return tuple(self._trials)

    def note(
        self,
        name: StepName,
        state: State,
        text: str = "",
        *,
        seconds: float | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Write down what a step came to."""
        shown = {self._show(label): self._show(value) for label, value in (details or {}).items() if value}
        self._steps[name] = Step(name=name, state=state, text=self._show(text), seconds=seconds, details=shown)

    def stop(
        self, name: StepName, fault: Fault, *, seconds: float | None = None, details: Mapping[str, str] | None = None
    ) -> None:
        """Write down that a step is broken, and why. The first one that is broken stays the broken one."""
        whole = explain(fault)
        self.note(name, "broken", fault.text, seconds=seconds, details=details)
        if self.fault is None:
            self.step = name
            advice = tuple(map(self._show, whole.advice))
            self.fault = replace(whole, text=self._show(whole.text), usual=self._show(whole.usual), advice=advice)

    def add(self, trial: Trial) -> None:
        """Write down what was compared."""
        self._trials.append(
            replace(
                trial,
                path=self._show(trial.path),
                answer=self._show(trial.answer),
                body=self._show(trial.body),
                challenge=self._show(trial.challenge),
            )
        )

    def _show(self, text: str) -> str:
        return safe(self._hide(text))
