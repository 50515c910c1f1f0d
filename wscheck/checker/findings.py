"""The findings of a check as they are made: severity decided, texts whole, kept so that they can still be amended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from wscheck.checker.instance import Instance
from wscheck.contract.model import Contract, Scope
from wscheck.event import Event
from wscheck.finding import CODES, Blame, EventRef, Finding, Severity, Verdict
from wscheck.rules import Rule

MOST_ALIKE = 1000
"""How many findings are listed that have code, rule, scope, event name, severity and verdict in common; the last one
counts in ``more`` those that follow."""

_STRENGTH = (Severity.IGNORE, Severity.INFO, Severity.WARNING, Severity.ERROR)
_VERDICTS = {"ambiguous": Verdict.INCONCLUSIVE, "abandoned": Verdict.NONE, "vacuous": Verdict.NONE}
"""What a finding's verdict is where it is not `fail` by nature."""


@dataclass(slots=True, eq=False)
class Draft:
    """A finding that may still be amended. ``rank`` sorts it among those of one event, ``opening`` at an ending.

    ``record`` is the place in the capture of the record at which it was made.
    """

    finding: Finding
    rank: tuple[int, int] = (0, 0)
    opening: tuple[int, int] = (0, 0)
    record: int = 0

    def amend(self, **changes: Any) -> None:
        """Change members of the finding."""
        self.finding = replace(self.finding, **changes)

    def count_one_more(self) -> None:
        """Count an event that would have made the same finding."""
        self.amend(more=self.finding.more + 1)


class Findings:
    """All findings of one check, in their order, and what was ignored.

    Drafts are collected and put in order group by group: `settle` closes a group. ``record`` is the place in the
    capture of the record that is being judged.
    """

    def __init__(self, contract: Contract) -> None:
        self.record = 0
        self._contract = contract
        self._settled: list[Draft] = []
        self._group: list[Draft] = []
        self._ignored: Counter[str] = Counter()
        self._alike: dict[tuple[object, ...], tuple[int, Draft]] = {}

    def make(
        self,
        code: str,
        message: str,
        *,
        session: str | None = None,
        connection: int | None = None,
        scope: Scope | None = None,
        instance: Instance | None = None,
        shown: tuple[Any, ...] | None = None,
        event: Event | None = None,
        since: EventRef | None = None,
        rule: Rule | None = None,
        rule_id: str | None = None,
        path: str | None = None,
        blame: Blame | None = None,
        verdict: Verdict | None = None,
        **members: Any,
    ) -> Draft | None:
        """Make a finding; return None where its severity is `ignore` for good: a `missing` may become another code."""
        severity = self._severity(code, scope, rule)
        if severity is Severity.IGNORE and code != "missing":
            self._ignored[code] += 1
            return None
        finding = Finding(
            code=code,
            severity=severity,
            verdict=_VERDICTS.get(code, Verdict.FAIL) if verdict is None else verdict,
            message=message,
            rule=rule.id if rule else rule_id,
            scope=scope.name if scope else None,
            key=instance.shown if instance else shown,
            session=session,
            connection=connection,
            event=event.ref if event else None,
            related=(since,) if since else (),
            contract_path=path,
            contract_line=self._contract.line(path),
            blame=blame or _blame(event),
            why=rule.why if rule else None,
            **{"recent": tuple(instance.recent), **members} if instance else members,
        )
        rank = (-scope.depth, scope.position) if scope else (0, 0)
        opening = (instance.opening.index, instance.opening.part) if instance else (0, 0)
        draft = Draft(finding, rank, opening, self.record)
        self._group.append(draft)
        return draft

    def turn(self, draft: Draft, code: str, **changes: Any) -> None:
        """Let a finding become one of another code, with the severity that is due to that.

        As long as events are missing it keeps the old severity where that is the stronger: a loss stays a loss.
        """
        scope = self._contract.scopes.get(draft.finding.scope or "")
        severity = self._severity(code, scope, None)
        draft.amend(code=code, **changes)
        if not draft.finding.missing or _STRENGTH.index(severity) > _STRENGTH.index(draft.finding.severity):
            draft.amend(severity=severity)

    def __len__(self) -> int:
        return len(self._settled)

    def settle(self, key: Callable[[Draft], Any] | None = None) -> None:
        """Put the findings made since the last time in their order, stably by ``key``, and go on to the next group."""
        if self._group:
            for draft in sorted(self._group, key=key) if key else self._group:
                if self._keeps(draft):
                    self._settled.append(draft)
            self._group.clear()

    def all(self) -> tuple[Finding, ...]:
        """Return the findings in their order."""
        return tuple(draft.finding for draft in self._listed())

    def places(self) -> tuple[int, ...]:
        """Return at which record each of them was made."""
        return tuple(draft.record for draft in self._listed())

    def ignored(self) -> Counter[str]:
        """Return how often each code was made with severity `ignore`."""
        hidden = (draft.finding.code for draft in self._settled if draft.finding.severity is Severity.IGNORE)
        return self._ignored + Counter(hidden)

    def _listed(self) -> list[Draft]:
        return [draft for draft in self._settled if draft.finding.severity is not Severity.IGNORE]

    def _keeps(self, draft: Draft) -> bool:
        """Tell whether a finding is listed, and count it where it is not: a flood must not fill the memory."""
        finding = draft.finding
        if finding.severity is Severity.IGNORE:
            return True
        name = finding.event.name if finding.event else None
        like = (finding.code, finding.rule, finding.scope, name, finding.severity, finding.verdict)
        count, last = self._alike.get(like, (0, draft))
        if count == MOST_ALIKE:
            last.count_one_more()
            return False
        self._alike[like] = (count + 1, draft)
        return True

    def _severity(self, code: str, scope: Scope | None, rule: Rule | None) -> Severity:
        if rule and rule.severity:
            return rule.severity
        by_scope = scope.severity.get(code) if scope else None
        return by_scope or self._contract.severity.get(code) or CODES[code]


def blame_for(contract: Contract, names: Iterable[str]) -> Blame:
    """Return the side that owed events of these ``names``: the client only where every one is the client's."""
    senders = {contract.definitions[name].sender for name in names if name in contract.definitions}
    return "client" if senders == {"client"} else "server"


def _blame(event: Event | None) -> Blame:
    return "client" if event and event.direction == "sent" else "server"
