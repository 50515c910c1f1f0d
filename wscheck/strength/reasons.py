"""Why a fault is not seen, in words that are true of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from wscheck.contract.model import CONNECTION, Contract, EventDefinition, Scope
from wscheck.finding import Severity, Verdict
from wscheck.pointer import Pointer
from wscheck.result import Outcome
from wscheck.rules import Rule
from wscheck.rules.chain import Chain
from wscheck.rules.same import Same
from wscheck.rules.unique import Unique
from wscheck.strength.design import find_disorder, find_symbol
from wscheck.strength.model import Mutant
from wscheck.strength.specimen import Place

_COUNTING = ("counter", "chain", "unique", "count")
_IGNORABLE = frozenset({"orphan", "no-key", "after-end", "unknown-event", "schema", "duplicate", "ambiguous"})


def explain(contract: Contract, mutant: Mutant, outcome: Outcome) -> str:
    """Return why the mutant, which came to ``outcome``, is not seen, as the end of a sentence."""
    made = [f"`{code}`, {how}" for code, how in softened(mutant, outcome)]
    if made:
        return f"all it makes is {' and '.join(made)}"
    match mutant.operator:
        case "swap" | "move" | "reverse":
            return _why_disordered(contract, mutant)
        case "drop" | "truncate":
            return _why_lost(contract, mutant)
        case "duplicate" | "replay" | "inject":
            return _why_repeated(contract, mutant.place)
        case "delay":
            return "no `within`, `gap` or `ask` was running then"
        case "unknown":
            return "the contract names another event so"
        case _:
            return _why_said(contract, mutant)


def softened(mutant: Mutant, outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Yield what the contract does make of the fault, by finding code, and what keeps that from failing the stream."""
    before = mutant.specimen.outcome
    made = Counter((one.code, one.severity, one.verdict) for one in outcome.findings)
    made.subtract((one.code, one.severity, one.verdict) for one in before.findings)
    for (code, severity, verdict), count in made.items():
        if count > 0 and code != "vacuous":
            yield code, _soften(code, severity, verdict)
    tolerated = Counter({one.what: one.count for one in outcome.tolerated})
    tolerated.subtract({one.what: one.count for one in before.tolerated})
    for what, count in tolerated.items():
        if count > 0 and what in _IGNORABLE:
            yield what, "which the contract ignores"


def _soften(code: str, severity: Severity, verdict: Verdict) -> str:
    if code == "abandoned":
        return "for the event that ended it excuses that"
    if severity is Severity.WARNING:
        return "a warning"
    return "which decides nothing" if verdict is Verdict.INCONCLUSIVE else f"of severity {severity}"


def _why_disordered(contract: Contract, mutant: Mutant) -> str:
    found = find_disorder(contract, mutant)
    assert found, "events that may change places are no survivor"
    one, other, scope = found
    if scope is None:
        return _why_loose(contract, next((place for place in (one, other) if not place.given), one))
    if one.event.name == other.event.name:
        return f"the order of {scope} takes both, and no rule tells one from the other"
    return f"the order of {scope} takes them either way, though no & says that this is meant"


def _why_lost(contract: Contract, mutant: Mutant) -> str:
    place = mutant.place
    if mutant.operator == "truncate":
        return "what was open by then was whole, and nothing was owed"
    rules = _covering(contract, place)
    if shown := next((rule for rule in rules if rule.keyword in ("counter", "chain")), None):
        return f"the rule {shown.id} shows a gap only where another follows"
    if not place.given:
        return _why_loose(contract, place)
    scope, symbol, word = _holder(contract, mutant)
    how = "takes any number of" if _repeats(scope, word, symbol) else "can do without"
    what = "it" if symbol == place.event.name else f"{symbol}, of which this was all,"
    comma = "," if symbol == place.event.name else ""
    return f"the order of {scope.name} {how} {what}{comma} and {_no_rule(rules)}"


def _holder(contract: Contract, mutant: Mutant) -> tuple[Scope, str, list[str]]:
    """Return the scope whose order misses nothing, what it does not miss, and what that order was given before it.

    Where an instance was given this event and no other, it is the instance that is lost.
    """
    place, heard = mutant.place, mutant.specimen.heard
    for name, number in place.given:
        among = [
            other
            for other in heard
            if (name, number) in other.given and (other.slot == place.slot or other.event != place.event)
            if other.connection == place.connection
        ]
        if len(among) > 1 or (name, number) == place.given[-1]:
            break
    scope = contract.scopes[name]
    before = [find_symbol(contract, scope, other) for other in among if other.slot < place.slot]
    return scope, find_symbol(contract, scope, place), before


def _repeats(scope: Scope, word: list[str], symbol: str) -> bool:
    """Whether the order, after ``word``, takes ``symbol`` and then takes it again."""
    if scope.order is None:
        return True
    moves, state = scope.order.moves, 0
    for one in [*word, symbol]:
        if one not in moves[state]:
            return False
        state = moves[state][one]
    return symbol in moves[state]


def _why_repeated(contract: Contract, place: Place) -> str:
    if not place.given:
        return _why_loose(contract, place)
    return f"the order of {place.given[0][0]} takes it there, and {_no_rule(_covering(contract, place))}"


def _no_rule(rules: list[Rule]) -> str:
    if rules:
        return f"{', '.join(rule.id for rule in rules)} holds all the same"
    return "no counter, unique or count rule covers it"


def _why_loose(contract: Contract, place: Place) -> str:
    if any(place.event.name in scope.ordered for scope in contract.scopes.values()):
        return "it belonged to no instance before either"
    return f"no order names `{place.event.name}`"


def _why_said(contract: Contract, mutant: Mutant) -> str:
    match mutant.operator:
        case "retype":
            told = contract.definitions[mutant.detail]
            placed = "the contract ignores it" if told.name in contract.ignore else "the orders take it there"
            return f"{_say_schema(told, f'`{told.name}`')}, and {placed}"
        case "ghost-id" | "crossed-id":
            return _why_mistaken(contract, mutant)
        case _:
            return _say_schema(contract.definitions[mutant.event], "it")


def _say_schema(definition: EventDefinition, name: str) -> str:
    if definition.schema is None:
        return f"{name} has no schema"
    return "its schema takes that" if name == "it" else f"the schema of {name} takes that"


def _why_mistaken(contract: Contract, mutant: Mutant) -> str:
    pointer, name = Pointer(mutant.detail), mutant.event
    if not mutant.place.given and mutant.event not in contract.ignore:
        return _why_loose(contract, mutant.place)
    for scope in contract.scopes.values():
        if name in scope.ordered and pointer in ((scope.key or {}).get(name) or ()):
            return f"with that key it fits into the order of {scope.name} as well"
    rules = [rule.id for scope in contract.scopes.values() for rule in scope.rules if _looks_at(rule, name, pointer)]
    if rules:
        return f"{', '.join(dict.fromkeys(rules))} had nothing to hold it against"
    return "no key and no rule of the contract looks at it"


def _looks_at(rule: Rule, name: str, pointer: Pointer) -> bool:
    match rule.law:
        case Same(pointers=pointers):
            return pointers.get(name) == pointer
        case Unique(value=value) | Chain(value=value):
            return name in rule.law.watches and value == pointer
        case _:
            return False


def _covering(contract: Contract, place: Place) -> list[Rule]:
    """Return the rules on number and repetition that look at the event."""
    around = {name for name, _ in place.given} | {CONNECTION} if place.given else set(contract.scopes)
    rules = [rule for scope in contract.scopes.values() if scope.name in around for rule in scope.rules]
    return [rule for rule in rules if rule.keyword in _COUNTING and place.event.name in rule.law.watches]
