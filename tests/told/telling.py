"""All that an outcome holds, as lines that a person can read: nothing is left out but the contract's digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wscheck.finding import EventRef, Finding
from wscheck.result import Outcome, ScopeResult, SessionResult


def tell(name: str, outcome: Outcome) -> str:
    """Return the outcome of the stream ``name``."""
    end = ", truncated" if outcome.truncated else ""
    contract = f"{outcome.contract.name}@{outcome.contract.version} in {outcome.contract.file}"
    lines = [
        f"## {name}",
        f"{outcome.verdict} by {contract}, {outcome.records} records{end}: {outcome.why}",
        *map(_session, outcome.sessions),
        *(line for scope in outcome.scopes for line in _scope(scope)),
        *(line for finding in outcome.findings for line in _finding(finding)),
        *(
            f"cause in {cause.session} at {_event(cause.event)}: {cause.reason} | {cause.text}"
            for cause in outcome.causes
        ),
        *(f"note: {note}" for note in outcome.notes),
        *(f"tolerated {each.count}: {each.what}" for each in outcome.tolerated),
    ]
    return "\n".join(lines) + "\n"


def _session(one: SessionResult) -> str:
    what = [
        f"session {one.name!r} {one.connection}: {type(one.ending).__name__}",
        f"received {one.received}, sent {one.sent}, {one.bytes} bytes, from {one.first} to {one.last} s",
    ]
    members = ("uri", "identity", "subprotocol", "phase", "cause", "phases", "credentials", "probe")
    return ", ".join([*what, *_given((member, getattr(one, member)) for member in members)])


def _scope(scope: ScopeResult) -> Iterator[str]:
    whole = f"{scope.whole} of {scope.instances} whole"
    seen = _given([("states", scope.states), ("transitions", scope.transitions)])
    needed = _given([("requires", scope.required), ("lacks", scope.missing)])
    yield ", ".join([f"scope {scope.name}: {scope.verdict}", whole, *needed, *seen])
    for rule in scope.rules:
        yield ", ".join([f"  rule {rule.id} ({rule.kind}): {rule.verdict}", *_given([("why", rule.why)])])


def _finding(finding: Finding) -> Iterator[str]:
    at = _event(finding.event) if finding.event else "no event"
    judged = f"{finding.severity}, {finding.verdict}, {finding.blame}"
    yield f"- {finding.code} at {at} ({judged}): {finding.message}"
    told = [
        *_given((name, getattr(finding, name)) for name in ("rule", "scope", "session", "expected", "missing", "why")),
        *([] if finding.key is None else [f"key {list(finding.key)}"]),
        *([] if finding.connection in (None, 1) else [f"connection {finding.connection}"]),
        *_given([("related", list(map(_event, finding.related))), ("after", list(map(_event, finding.recent)))]),
        *_given((name, getattr(finding, name)) for name in ("instance_path", "schema_path", "contract_path")),
        *_given([("line", finding.contract_line), ("more", finding.more)]),
    ]
    yield f"  {', '.join(told)}"


def _event(event: EventRef) -> str:
    part = f".{event.part}" if event.part else ""
    return f"#{event.index}{part} {event.name} {event.direction or '-'} {event.at}"


def _given(members: Iterable[tuple[str, object]]) -> list[str]:
    """The members that hold anything."""
    return [f"{name} {value}" for name, value in members if value not in (None, (), [], {}, 0)]
