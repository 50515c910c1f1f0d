"""The result of a run or of a check: what every report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.finding import EventRef, Finding, Severity, Verdict
from wscheck.record import Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractInfo:
    """The contract that was held. ``digest`` is "sha256:" and the hexadecimal digest of its files."""

    name: str
    version: str
    digest: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResult:
    """One connection of one session: proof of what was really looked at.

    ``ending`` is None where the capture has none. ``first`` and ``last`` are the times of its first and last message,
    in seconds; ``bytes`` counts received and sent payload bytes. ``phase`` and ``cause`` say where and why it stopped
    (the vocabulary of docs/verdicts.md), both None where it did not. ``phases`` are seconds a phase. ``credentials``
    says which token was used and where it is from, never the token. ``probe`` says how it had to be turned away, as the
    scenario has it.
    """

    name: str
    connection: int
    uri: str | None
    identity: object
    subprotocol: str | None
    ending: Ending | None
    received: int
    sent: int
    bytes: int
    first: float | None
    last: float | None
    phase: str | None
    cause: str | None
    phases: Mapping[str, float]
    credentials: str | None = None
    capture: str | None = None
    probe: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """How one rule of a scope was exercised: `none` where nothing came that it looks at. ``why`` are its own words."""

    id: str
    kind: str
    verdict: Verdict
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeResult:
    """How one scope was exercised.

    ``required`` are the events that every whole instance holds (inner scopes by their own); ``missing`` those that
    the worst instance lacks; ``whole`` of ``instances`` had all. ``states`` and ``transitions`` are automaton
    coverage: visited, of all.
    """

    name: str
    verdict: Verdict
    instances: int
    whole: int
    required: tuple[str, ...]
    missing: tuple[str, ...]
    states: tuple[int, int] | None
    transitions: tuple[int, int] | None
    rules: tuple[RuleResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """An event by which the server said why it failed, whole. ``text`` is the event's JSON, redacted, made safe."""

    session: str
    event: EventRef
    reason: str
    text: str
    capture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerated:
    """What was seen and not held against anyone, and how often: ignored events, findings of severity ignore."""

    what: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one capture (or one live run) came to. ``why`` says in one sentence why the verdict is what it is.

    ``scenario`` is the name of the scenario that was run, None where the capture does not say.
    """

    verdict: Verdict
    why: str
    contract: ContractInfo
    sessions: tuple[SessionResult, ...]
    scopes: tuple[ScopeResult, ...]
    findings: tuple[Finding, ...]
    causes: tuple[Cause, ...]
    notes: tuple[str, ...]
    tolerated: tuple[Tolerated, ...]
    records: int
    truncated: bool
    capture: str | None = None
    scenario: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything a report needs. ``exit_code`` as docs/verdicts.md says."""

    verdict: Verdict
    exit_code: int
    tool: str
    engine: str
    fail_on: Severity
    outcomes: tuple[Outcome, ...]


def merge(outcomes: tuple[Outcome, ...], *, tool: str, engine: str, fail_on: Severity) -> Result:
    """Merge outcomes into one result: the strongest verdict, and the exit code that a pipeline can trust.

    Where some runs passed and others exercised nothing, the whole is inconclusive: nothing checked is never green.
    """
    verdicts = {outcome.verdict for outcome in outcomes}
    verdict = max(verdicts, default=Verdict.NONE)
    if verdict is Verdict.PASS and Verdict.NONE in verdicts:
        verdict = Verdict.INCONCLUSIVE
    return Result(
        verdict=verdict,
        exit_code=EXIT_CODES[verdict],
        tool=tool,
        engine=engine,
        fail_on=fail_on,
        outcomes=outcomes,
    )


EXIT_CODES: Mapping[Verdict, int] = {
    Verdict.PASS: 0,
    Verdict.FAIL: 1,
    Verdict.ERROR: 3,
    Verdict.INCONCLUSIVE: 4,
    Verdict.NONE: 4,
}
"""What each verdict makes a process exit with."""
