"""What would close a blind spot: proposed as YAML only where it was tried, and holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from wscheck.contract.model import CONNECTION, Contract
from wscheck.finding import Severity, Verdict
from wscheck.result import Outcome
from wscheck.rules import LAWS, Meaning, Rule
from wscheck.strength import demands
from wscheck.strength.contents import ids
from wscheck.strength.design import find_disorder
from wscheck.strength.model import Mutant
from wscheck.strength.reasons import softened
from wscheck.strength.specimen import Specimen, is_seen, judge

_Members: TypeAlias = Mapping[str, Any]


def find_remedy(contract: Contract, specimens: Sequence[Specimen], mutant: Mutant, outcome: Outcome) -> str | None:
    """Return YAML that, once in the contract, fails the mutant and lets all ``specimens`` pass; None where none does.

    ``outcome`` is what the mutant came to.
    """
    for code, _ in softened(mutant, outcome):
        if code != "abandoned" and _holds(_harden(contract, code), specimens, mutant):
            return f"severity: {{{code}: error}}"
    if mutant.operator in ("wrong-type", "missing-member", "null-id"):
        schema = demands.find_schema(specimens, mutant)
        return f"events:\n  {mutant.event}:\n    schema: {json.dumps(schema)}" if schema else None
    for scope, rule in _rules(specimens, mutant, contract):
        if _holds(_with_rule(contract, scope, rule), specimens, mutant):
            return f"scopes:\n  {scope}:\n    rules:\n      - {_flow(rule)}"
    return None


def _holds(contract: Contract, specimens: Sequence[Specimen], mutant: Mutant) -> bool:
    if not is_seen(judge(contract, mutant.records, mutant.specimen.exercises)):
        return False
    return all(judge(contract, one.records, one.exercises).verdict is Verdict.PASS for one in specimens)


def _harden(contract: Contract, code: str) -> Contract:
    scopes = {
        name: replace(scope, severity={**scope.severity, code: Severity.ERROR})
        for name, scope in contract.scopes.items()
    }
    return replace(contract, severity={**contract.severity, code: Severity.ERROR}, scopes=scopes)


def _with_rule(contract: Contract, scope: str, written: _Members) -> Contract:
    def names(member: str) -> frozenset[str]:
        value = written[member]
        return frozenset([value] if isinstance(value, str) else value)

    keyword = next(keyword for keyword in LAWS if keyword in written)
    meaning = Meaning(names=names, names_or_scopes=names, table=lambda member: written[member], looked_at=frozenset())
    law = LAWS[keyword](written, meaning)
    amended = contract.scopes[scope]
    rule = Rule(id=written["id"], keyword=keyword, path=f"{amended.path}/rules", law=law, names=law.watches)
    amended = replace(amended, rules=(*amended.rules, rule))
    return replace(contract, scopes={**contract.scopes, scope: amended})


def _rules(specimens: Sequence[Specimen], mutant: Mutant, contract: Contract) -> Iterator[tuple[str, _Members]]:
    """Yield each rule that may show the fault, and the scope that it would stand in, innermost first."""
    scopes = [scope for scope, _ in mutant.place.given] or [CONNECTION]
    match mutant.operator:
        case "ghost-id" | "crossed-id":
            yield from ((scope, rule) for scope in scopes for rule in _on_ids(contract, specimens, mutant, scope))
        case "swap" | "move" | "reverse":
            found = find_disorder(contract, mutant)
            if found and found[2] and found[0].event.name != found[1].event.name:
                one, other = found[0].event.name, found[1].event.name
                yield found[2], {"id": f"{one}-before-{other}", "need": one, "before": [other]}
        case _:
            pass
    for scope in scopes:
        yield from ((scope, rule) for rule in demands.find_counters(specimens, mutant.event, scope))
        if mutant.operator in ("duplicate", "replay", "inject"):
            for pointer, _ in ids(contract, mutant.place):
                yield scope, {"id": f"{mutant.event}-once", "unique": pointer, "events": [mutant.event]}


def _on_ids(contract: Contract, specimens: Sequence[Specimen], mutant: Mutant, scope: str) -> Iterator[_Members]:
    rule = {"id": f"one-{demands.slug(mutant.detail)}", "same": mutant.detail}
    yield rule | {"events": [mutant.event]}
    yield rule | {"events": demands.find_holding(specimens, contract.scopes[scope].ordered, mutant.detail)}


def _flow(written: _Members) -> str:
    """Return ``written`` in YAML's flow style, as JSON is in it but with bare names."""
    return "{" + ", ".join(f"{name}: {json.dumps(value)}" for name, value in written.items()) + "}"
