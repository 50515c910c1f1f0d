"""A diagnosis as data: the steps of the way to a session, what each came to, and the first one that is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from wscheck.finding import Verdict
from wscheck.record import Phase
from wscheck.result import EXIT_CODES

StepName: TypeAlias = Literal[
    "name",
    "tcp",
    "proxy",
    "tls",
    "readiness",
    "credentials",
    "opening handshake",
    "subprotocol",
    "welcome",
    "ping",
    "closing handshake",
]
State: TypeAlias = Literal["well", "doubtful", "broken", "passed over", "not tried"]

STEPS: tuple[StepName, ...] = (
    "name",
    "tcp",
    "proxy",
    "tls",
    "readiness",
    "credentials",
    "opening handshake",
    "subprotocol",
    "welcome",
    "ping",
    "closing handshake",
)
"""All steps, in the order of the phases that they are in."""

STEP_OF_PHASE: Mapping[Phase, StepName] = {
    "dns": "name",
    "tcp": "tcp",
    "proxy": "proxy",
    "tls": "tls",
    "ready": "readiness",
    "auth": "credentials",
    "handshake": "opening handshake",
    "welcome": "welcome",
}
"""The step that a phase is; the phase ``open`` is several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. ``seconds`` are None where it was not gone; ``details`` are what was seen, whole, by name."""

    name: StepName
    state: State
    text: str = ""
    seconds: float | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is broken. ``code`` is a cause of ``phase``, or a finding code where RFC 6455 or the contract is broken.

    ``verdict`` is what a run would come to. ``usual`` says what usually causes it, ``advice`` what to try next, in
    order; where they are empty, those of the code hold.
    """

    phase: Phase
    code: str
    text: str
    verdict: Verdict = Verdict.ERROR
    usual: str = ""
    advice: tuple[str, ...] = ()


class BrokenError(Exception):
    """The way ended in the step ``step``, at ``fault``; ``closed`` is the server's close code, if it closed."""

    def __init__(self, step: StepName, fault: Fault, *, closed: int | None = None) -> None:
        super().__init__(fault)
        self.step = step
        self.fault = fault
        self.closed = closed

    def __str__(self) -> str:
        return f"{self.step}: {self.fault.code}: {self.fault.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One opening handshake, made to be compared with others.

    ``way`` says how it was made. ``status`` is the answer's, 101 where a session opened, None where no answer came:
    ``answer`` says in words what came. ``body`` and ``challenge`` (WWW-Authenticate) are the answer's. ``closed`` is
    the close code with which the server ended the session at once, None where it did not.
    """

    way: str
    path: str
    status: int | None
    answer: str
    body: str = ""
    challenge: str = ""
    closed: int | None = None
    seconds: float = 0.0

    @property
    def opened(self) -> bool:
        """Whether a session opened, and stayed open."""
        return self.status == 101 and self.closed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What one look at a target came to.

    ``target`` is what the user gave, ``url`` where that leads. ``environment`` and ``session`` are names, None where
    there is none. ``step`` is the broken one, and ``fault`` why. ``trials`` are opening handshakes that were compared.
    All texts are redacted, and safe for a terminal. ``interrupted`` is the number of the signal that ended it early.
    """

    target: str
    url: str
    environment: str | None
    session: str | None
    steps: tuple[Step, ...]
    trials: tuple[Trial, ...]
    step: StepName | None = None
    fault: Fault | None = None
    interrupted: int | None = None

    @property
    def verdict(self) -> Verdict:
        """What a run would come to that went no further."""
        if self.interrupted is not None and self.fault is None:
            return Verdict.INCONCLUSIVE
        return Verdict.PASS if self.fault is None else self.fault.verdict

    @property
    def exit_code(self) -> int:
        """What the process exits with; docs/verdicts.md has the table."""
        return EXIT_CODES[self.verdict] if self.interrupted is None else 128 + self.interrupted

    @property
    def summary(self) -> str:
        """The first line: what to mend."""
        if self.fault is not None:
            first = f" {self.fault.advice[0]}" if self.fault.advice else ""
            return f"BROKEN at {self.step}: {_end(self.fault.text)}{first}"
        if self.interrupted is not None:
            return "INTERRUPTED: the steps that were gone are well."
        doubts = [step for step in self.steps if step.state == "doubtful"]
        if doubts:
            return f"WELL, but for {', '.join(step.name for step in doubts)}: {_end(doubts[0].text)}"
        return "WELL: every step is as it should be, from the name to the closing handshake."


def _end(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
