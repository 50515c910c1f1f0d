"""Scopes that can never open, children that can never find their parent, and clauses that never take effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from wscheck.contract.model import CONNECTION, KeyTable, Scope
from wscheck.lint.remark import Remark
from wscheck.lint.subject import Subject
from wscheck.naming import variants
from wscheck.pointer import join
from wscheck.rules.count import Count
from wscheck.text import safe

_LOSSES: Mapping[str, str] = {
    "ends": "no child is ever asked to have finished",
    "abandons": "no child is ever excused",
}


def check_openings(subject: Subject) -> Iterator[Remark]:
    """Remark on scopes of which no instance ever opens."""
    shut: dict[str, str] = {}
    for scope in sorted(subject.contract.scopes.values(), key=lambda scope: scope.depth):
        reason = _why_shut(scope, shut)
        if reason:
            shut[scope.name] = reason
            message = (
                f"no {safe(scope.name)} ever opens, so that none of its clauses is held against anything: {reason}"
            )
            yield subject.remark("never-opens", message, scope.path)


def check_clauses(subject: Subject) -> Iterator[Remark]:
    """Remark on names in `ends` and `abandons` that the order does not take, and on counts that cannot be met."""
    value = subject.document.value.get("scopes", {})
    for scope in subject.contract.scopes.values():
        taken = scope.order.alphabet if scope.order else frozenset()
        for member, loss in _LOSSES.items():
            for place, name in enumerate((value.get(scope.name) or {}).get(member, [])):
                if not _expanded(subject, name) & taken:
                    message = (
                        f"the order of {safe(scope.name)} does not take {safe(name)}, so that by it {loss}: name it "
                        f"in the order, or take it out of `{member}`"
                    )
                    yield subject.remark("outside-order", message, join(scope.path, member, place))
        for rule in scope.rules:
            law = rule.law
            if isinstance(law, Count) and law.most is not None and law.least > law.most:
                message = (
                    f"no stream keeps the rule {safe(rule.id)}: `min` is {law.least} and `max` {law.most}; mend one "
                    "of them"
                )
                yield subject.remark("impossible-count", message, rule.path)


def check_keys(subject: Subject) -> Iterator[Remark]:
    """Remark on keys that can never be equal, for they have different numbers of parts."""
    scopes = subject.contract.scopes
    for scope in scopes.values():
        mine = _arities(scope.key, _ordered(scope))
        if len(mine) > 1:
            message = (
                f"the key of {safe(scope.name)} has {_counted(mine)}, depending on the event, so that these events "
                "never meet in one instance: give each the same number"
            )
            yield subject.remark("key-arity", message, f"{scope.path}/key")
        if scope.parent is None or scope.parent_key is None:
            continue
        parent = scopes[scope.parent]
        yield from _check_parent_key(subject, scope, parent)


def _why_shut(scope: Scope, shut: Mapping[str, str]) -> str | None:
    if scope.name == CONNECTION:
        return None
    if scope.parent is not None and scope.parent in shut:
        return f"it lies in {safe(scope.parent)}, which never opens; mend that"
    if scope.order is None:
        openers = frozenset[str]().union(*(rule.names for rule in scope.rules))
        if not openers:
            return "it has no order, and none of its rules names events; give it an order, or a rule `events`"
    else:
        openers = frozenset(scope.order.moves[0])
    if all(name.startswith("$") for name in openers) and (scope.key is not None or scope.order is None):
        return f"only {_listed(openers)} could open it, which carries no key; give it another first event, or no key"
    if scope.key is not None and not any(scope.key.get(name) for name in openers):
        return f"its key has no pointer for {_listed(openers)}, which could open it; add one to `key`"
    return None


def _check_parent_key(subject: Subject, scope: Scope, parent: Scope) -> Iterator[Remark]:
    path = f"{scope.path}/parent_key"
    if parent.name == CONNECTION or parent.key is None:
        why = "has no key" if parent.name != CONNECTION else "is the connection, of which there is one"
        message = (
            f"`parent_key` is never looked at, for the parent of {safe(scope.name)} {why}: take it out, or mend `in`"
        )
        yield subject.remark("idle-parent-key", message, path)
        return
    theirs = _arities(parent.key, _ordered(parent))
    mine = _arities(scope.parent_key, frozenset(scope.order.moves[0]) if scope.order else frozenset())
    if theirs and any(number not in theirs for number in mine):
        message = (
            f"`parent_key` has {_counted(mine)} and the key of {safe(parent.name)} {_counted(theirs)}, so that they "
            f"are never equal and each {safe(scope.name)} is outside of its parent: give both the same number"
        )
        yield subject.remark("key-arity", message, path)


def _arities(table: KeyTable | None, names: Iterable[str]) -> set[int]:
    return {len(pointers) for name in names if table and (pointers := table.get(name))}


def _ordered(scope: Scope) -> frozenset[str]:
    return scope.ordered or frozenset[str]().union(*(rule.names for rule in scope.rules))


def _expanded(subject: Subject, name: str) -> frozenset[str]:
    groups: dict[str, list[str]] = subject.document.value.get("groups", {})
    if name in groups:
        return frozenset[str]().union(*(_expanded(subject, one) for one in groups[name]))
    return variants(name, subject.contract.definitions)


def _counted(numbers: set[int]) -> str:
    return f"{' or '.join(map(str, sorted(numbers)))} part{'s' if numbers != {1} else ''}"


def _listed(names: Iterable[str]) -> str:
    return " or ".join(map(safe, sorted(names)))
