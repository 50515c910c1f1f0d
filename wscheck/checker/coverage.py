"""What was exercised: instances, required events, and how much of each automaton."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from wscheck.checker.instance import Instance
from wscheck.checker.plan import Plan
from wscheck.finding import Finding, Severity, Verdict
from wscheck.result import RuleResult, ScopeResult
from wscheck.rules import Rule


@dataclass(slots=True)
class Coverage:
    """Counts over all connections of one check."""

    plan: Plan
    instances: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    worst: dict[str, tuple[str, ...]] = field(default_factory=dict)
    steps: dict[str, set[tuple[int, str]]] = field(default_factory=lambda: defaultdict(set))
    heard: set[tuple[str, str]] = field(default_factory=set)

    def opened(self, scope: str) -> None:
        """Count an instance."""
        self.instances[scope] += 1

    def stepped(self, scope: str, state: int, name: str) -> None:
        """Remember a transition that was gone through."""
        self.steps[scope].add((state, name))

    def shown(self, scope: str, name: str) -> None:
        """Remember that the rules of a scope were shown an event, or the opening of an inner scope."""
        self.heard.add((scope, name))

    def closed(self, instance: Instance) -> None:
        """Count the required events of an instance that has ended, or that the session left open."""
        scope = instance.plan.scope
        missing = self._missing(instance)
        if instance.parent:
            instance.parent.lacking.update(missing)
        if not missing:
            self.whole[scope.name] += 1
        if len(missing) > len(self.worst.get(scope.name, ())):
            self.worst[scope.name] = missing

    def results(self, findings: tuple[Finding, ...]) -> tuple[ScopeResult, ...]:
        """Return one result a scope, in the document's order."""
        return tuple(self._result(name, findings) for name in self.plan.scopes)

    def exercised(self, scope: str) -> bool:
        """Whether an instance of ``scope`` was seen."""
        return self.instances[scope] > 0

    def _missing(self, instance: Instance) -> tuple[str, ...]:
        found: list[str] = []
        for name in instance.plan.scope.required:
            inner = self.plan.scopes.get(name.text)
            if not name.symbols & instance.seen:
                found += inner.required if inner else [name.text]
            elif inner:
                found += [required for required in inner.required if required in instance.lacking]
        return tuple(found)

    def _result(self, name: str, findings: tuple[Finding, ...]) -> ScopeResult:
        plan = self.plan.scopes[name]
        order, steps = plan.scope.order, self.steps.get(name, set())
        made = [finding for finding in findings if finding.scope == name]
        return ScopeResult(
            name=name,
            verdict=_merge(self.exercised(name), made),
            instances=self.instances[name],
            whole=self.whole[name],
            required=plan.required,
            missing=self.worst.get(name, ()),
            states=(len({order.moves[state][taken] for state, taken in steps} | {0}), len(order.moves))
            if order and self.exercised(name)
            else None,
            transitions=(len(steps), sum(map(len, order.moves))) if order and self.exercised(name) else None,
            rules=tuple(self._rule(name, rule, made) for rule in plan.scope.rules),
        )

    def _rule(self, scope: str, rule: Rule, made: list[Finding]) -> RuleResult:
        broken = [finding for finding in made if finding.rule == rule.id]
        # A count is of an instance: that nothing came in it is what "at most" asks for.
        shown = any((scope, name) in self.heard for name in rule.law.watches)
        exercised = shown or (rule.keyword == "count" and self.exercised(scope))
        verdict = _merge(exercised, broken)
        return RuleResult(id=rule.id, kind=rule.keyword, verdict=verdict, why=rule.why)


def _merge(exercised: bool, findings: list[Finding]) -> Verdict:
    errors = (finding.verdict for finding in findings if finding.severity is Severity.ERROR)
    return max((Verdict.PASS if exercised else Verdict.NONE, *errors))
