"""What a result is in the eyes of a test runner: cases, each passed, failed, broken off or skipped, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from wscheck.finding import Finding, Severity, Verdict
from wscheck.record import Cut, Refused
from wscheck.report.terminal.findings import describe_finding
from wscheck.report.terminal.lines import line, paint
from wscheck.report.terminal.opening import describe_causes, name_session
from wscheck.report.terminal.words import counted, describe_ending
from wscheck.result import Outcome, RuleResult, ScopeResult, SessionResult

_UNWRAPPED = 1_000_000
_UNAVAILABLE = ("unresponsive", "auth-expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. ``text`` tells all that moves it and ``aside`` what does not, both safe but for line ends.

    ``strict``: what is not decided counts as an error, never as skipped. ``kind`` is the code or the cause.
    """

    name: str
    verdict: Verdict
    message: str = ""
    kind: str = ""
    text: str = ""
    aside: str = ""
    seconds: float = 0.0
    strict: bool = False

    @property
    def tag(self) -> Literal["failure", "error", "skipped"] | None:
        """The element that says so, None for a pass."""
        match self.verdict:
            case Verdict.PASS:
                return None
            case Verdict.FAIL:
                return "failure"
            case Verdict.ERROR:
                return "error"
            case Verdict.INCONCLUSIVE | Verdict.NONE:
                return "error" if self.strict else "skipped"

    @property
    def red(self) -> bool:
        """Whether a runner that counts failures and errors sees it."""
        return self.tag in {"failure", "error"}


class _Reason(NamedTuple):
    """Why a case has its verdict."""

    verdict: Verdict
    message: str = ""
    kind: str = ""


def cases_of(outcome: Outcome, fail_on: Severity) -> Iterator[Case]:
    """Yield the cases of one outcome: its verdict, then each session, each scope and each rule of that."""
    yield _verdict(outcome)
    about: dict[tuple[str | None, int], list[Finding]] = {}
    for finding in outcome.findings:
        if finding.scope is None:
            about.setdefault((finding.session, finding.connection or 1), []).append(finding)
    for session in outcome.sessions:
        findings = about.pop((session.name, session.connection), [])
        name = name_session(session)
        yield _judge(name[:1].lower() + name[1:], _judge_ending(session), findings, outcome, fail_on)
    if rest := [finding for findings in about.values() for finding in findings]:
        yield _judge("stream", _Reason(Verdict.PASS), rest, outcome, fail_on)
    for scope in outcome.scopes:
        yield from _scope(scope, outcome, fail_on)


def _verdict(outcome: Outcome) -> Case:
    causes = paint(describe_causes(outcome, width=_UNWRAPPED), color=False)
    return Case(
        name="verdict",
        verdict=outcome.verdict,
        kind=str(outcome.verdict),
        message=_first_cause(outcome) + outcome.why,
        text=causes + paint([line(outcome.why)], color=False),
        aside=paint(map(line, [*_name_capture(outcome), *outcome.notes]), color=False),
        seconds=max((_last_moment(session) for session in outcome.sessions), default=0.0),
        strict=True,
    )


def _name_capture(outcome: Outcome) -> tuple[str, ...]:
    return (f"capture {outcome.capture}",) if outcome.capture and outcome.scenario else ()


def _first_cause(outcome: Outcome) -> str:
    return f"the server said why it failed: {outcome.causes[0].reason}; " if outcome.causes else ""


def _last_moment(session: SessionResult) -> float:
    return max(session.ending.at if session.ending else 0.0, session.last or 0.0)


def _judge_ending(session: SessionResult) -> _Reason:
    expected = isinstance(session.ending, Refused) and session.ending.expected
    if expected or (session.probe and session.phase is None):
        return _Reason(Verdict.PASS)  # what a probe did wrong is a finding
    told = describe_ending(session.ending)
    if session.phase is not None:
        undecided = isinstance(session.ending, Cut) and session.phase == "open" and session.cause not in _UNAVAILABLE
        verdict = Verdict.INCONCLUSIVE if undecided else Verdict.ERROR
        return _Reason(verdict, f"stopped in phase {session.phase}: {session.cause}; {told}", session.cause or "")
    if session.ending is None:
        return _Reason(Verdict.INCONCLUSIVE, f"its ending is not there: {told.removeprefix('none: ')}")
    if not session.received:
        return _Reason(Verdict.NONE, f"it received nothing; {told}")
    return _Reason(Verdict.PASS)


def _scope(scope: ScopeResult, outcome: Outcome, fail_on: Severity) -> Iterator[Case]:
    findings = [finding for finding in outcome.findings if finding.scope == scope.name]
    rules = {rule.id for rule in scope.rules}
    own = [finding for finding in findings if finding.rule not in rules]
    unseen = _Reason(Verdict.NONE, _never(f"no {scope.name} was ever seen", outcome))
    seen = _Reason(Verdict.PASS) if scope.instances else unseen
    yield _judge(f"scope {scope.name}", seen, own, outcome, fail_on)
    for rule in scope.rules:
        broken = [finding for finding in findings if finding.rule == rule.id]
        yield _judge(f"scope {scope.name}, rule {rule.id}", _judge_rule(rule, outcome), broken, outcome, fail_on)


def _judge_rule(rule: RuleResult, outcome: Outcome) -> _Reason:
    if rule.verdict is Verdict.NONE:
        return _Reason(Verdict.NONE, _never(f"nothing came that this {rule.kind} rule looks at", outcome))
    return _Reason(Verdict.PASS)


def _never(what: str, outcome: Outcome) -> str:
    return what if outcome.verdict in {Verdict.PASS, Verdict.FAIL} else f"{what}: {outcome.why}"


def _judge(name: str, start: _Reason, findings: Sequence[Finding], outcome: Outcome, fail_on: Severity) -> Case:
    """Return the case that ``start`` comes to with ``findings``: the first of the strongest says why."""
    counting = (Severity.ERROR,) if fail_on is Severity.ERROR else (Severity.ERROR, Severity.WARNING)
    moving = [finding for finding in findings if finding.severity in counting]
    reasons = [start, *(_Reason(one.verdict, f"{one.code}: {one.message}", one.code) for one in moving)]
    strongest = max(reasons, key=lambda reason: reason.verdict)
    others = len(moving) - (strongest is not start)
    more = f" (and {counted(others, 'more finding')})" if others else ""
    head = paint([line(start.message)], color=False) if start.message else ""
    return Case(
        name=name,
        verdict=strongest.verdict,
        kind=strongest.kind,
        message=strongest.message + more,
        text=head + _tell(moving, outcome),
        aside=_tell([finding for finding in findings if finding.severity not in counting], outcome),
    )


def _tell(findings: Iterable[Finding], outcome: Outcome) -> str:
    return "\n".join(
        paint(describe_finding(number, finding, outcome.contract.file, width=_UNWRAPPED, most=None), color=False)
        for number, finding in enumerate(findings, start=1)
    )
