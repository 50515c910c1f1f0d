"""The verdict: findings, endings and coverage merged, with one sentence that says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wscheck.checker.account import Account
from wscheck.checker.coverage import Coverage
from wscheck.checker.findings import Findings
from wscheck.contract.model import CONNECTION, Contract
from wscheck.finding import Finding, Severity, Verdict
from wscheck.record import Cut
from wscheck.result import ContractInfo, Outcome, SessionResult, Tolerated

_UNAVAILABLE = ("unresponsive", "auth-expired")
_CUT_SHORT: Mapping[str, str] = {
    "deadline": "was cut short when its time was up",
    "limit": "was cut short where wscheck hit a limit of its own",
    "interrupted": "was cut short, for the run was interrupted",
    "unresponsive": "was given up, for the server answered no ping any more",
    "disk": "was cut short, for the capture could not be written any further",
    "scenario": "was cut short, for a step of its scenario could not be done",
    "auth-expired": "was closed by the server after its token had expired",
}
"""What became of a session that was open, by cause."""


def build_outcome(
    account: Account,
    coverage: Coverage,
    findings: Findings,
    *,
    truncated: bool,
    exercises: Iterable[str],
    fail_on: Severity,
) -> Outcome:
    """Merge all that was found out into one outcome."""
    contract, made, sessions = account.contract, findings.all(), account.sessions()
    merged = [_exercise(account, coverage, sessions, exercises), *_from_sessions(sessions)]
    if truncated:
        merged.append((Verdict.INCONCLUSIVE, "the capture has no end: it was cut, or is still being written"))
    merged += [(Verdict.INCONCLUSIVE, f"the capture contradicts itself: {what}") for what in account.contradictions]
    if account.unjudged:
        merged.append((Verdict.INCONCLUSIVE, f"{account.unjudged} messages belong to no session that was open then"))
    if account.lossy:
        merged.append(
            (Verdict.INCONCLUSIVE, "wscheck hit a limit of its own, or could not do all that the scenario says")
        )
    merged += _from_findings(made, fail_on)
    # The first of the strongest: causes come before symptoms.
    verdict, why = max(merged, key=lambda one: one[0])
    return Outcome(
        verdict=verdict,
        why=why,
        contract=describe_contract(contract),
        sessions=sessions,
        scopes=coverage.results(made),
        findings=made,
        causes=tuple(account.causes),
        notes=(*account.notes, *_notes_on_identity(account), *_notes_on_causes(account)),
        tolerated=tuple(
            Tolerated(what=what, count=count)
            for what, count in (*account.tolerated.items(), *findings.ignored().items())
        ),
        records=account.records,
        truncated=truncated,
    )


def describe_contract(contract: Contract) -> ContractInfo:
    """Return what a report says of the contract."""
    return ContractInfo(name=contract.name, version=contract.version, digest=contract.digest, file=contract.file)


def _exercise(
    account: Account, coverage: Coverage, sessions: tuple[SessionResult, ...], exercises: Iterable[str]
) -> tuple[Verdict, str]:
    if not coverage.exercised(CONNECTION):
        probed = account.probes()
        if probed and probed == len(sessions):
            return (
                Verdict.NONE,
                "there were only sessions that must be turned away, so nothing of the contract was seen",
            )
        return Verdict.NONE, "no session was opened"
    if not account.events:
        return Verdict.NONE, "no event of the contract was received"
    inner = [name for name in coverage.plan.scopes if name != CONNECTION]
    if inner and not any(map(coverage.exercised, inner)):
        return Verdict.NONE, f"nothing that the contract is about was seen: no {', no '.join(inner)}"
    unseen = [name for name in exercises if not coverage.exercised(name)]
    if unseen:
        return Verdict.NONE, f"the scenario is to exercise {', '.join(unseen)}, of which nothing was seen"
    return Verdict.PASS, f"{_count(account.events, 'event')} of {_count_opened(sessions)} held to the contract"


def _count_opened(sessions: Sequence[SessionResult]) -> str:
    """Return how many sessions there were, probes left out, and how many connections where one came back."""
    held = [session.name for session in sessions if session.probe is None]
    names = len(set(held))
    return _count(names, "session") + (f" over {_count(len(held), 'connection')}" if len(held) > names else "")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _from_sessions(sessions: tuple[SessionResult, ...]) -> list[tuple[Verdict, str]]:
    merged = []
    for session in sessions:
        if session.phase is None:
            continue
        stopped = isinstance(session.ending, Cut) and session.phase == "open" and session.cause not in _UNAVAILABLE
        verdict = Verdict.INCONCLUSIVE if stopped else Verdict.ERROR
        merged.append((verdict, _describe_stop(session)))
    return merged


def _describe_stop(session: SessionResult) -> str:
    connection = f", connection {session.connection}," if session.connection > 1 else ""
    told = _CUT_SHORT.get(session.cause or "") if session.phase == "open" else None
    what = f"{told} ({session.cause})" if told else f"stopped in phase {session.phase}: {session.cause}"
    return f"session {session.name!r}{connection} {what}"


def _from_findings(findings: tuple[Finding, ...], fail_on: Severity) -> list[tuple[Verdict, str]]:
    counted = (Severity.ERROR,) if fail_on is Severity.ERROR else (Severity.ERROR, Severity.WARNING)
    moving = [finding for finding in findings if finding.severity in counted]
    failing = [finding for finding in moving if finding.verdict is Verdict.FAIL]
    more = f", and {len(failing) - 1} more" if len(failing) > 1 else ""
    # A step of the scenario that was not met is a symptom where the stream itself shows the cause.
    moving.sort(key=lambda finding: finding.code == "expect")
    return [
        (finding.verdict, f"{finding.code}: {finding.message}{more if finding.verdict is Verdict.FAIL else ''}")
        for finding in moving
    ]


def _notes_on_causes(account: Account) -> list[str]:
    return [f"{account.untold} more events told a cause, and are not listed"] if account.untold else []


def _notes_on_identity(account: Account) -> list[str]:
    contract = account.contract
    nameless = account.without_identity() if contract.identity or contract.isolate else []
    return [f"session {name!r} has no identity, so who its events are for was not judged" for name in nameless]
