"""A contract in sentences: what a session must look like, said so that who tests it need not know the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.contract.model import CONNECTION, Contract, Scope
from wscheck.lint import Subject, find_blind_spots
from wscheck.lint.tolerance import check_tolerated
from wscheck.show.orders import outline
from wscheck.show.rules import say_rule
from wscheck.show.words import either, places, seconds
from wscheck.text import safe

_FRAMES = {"one": "one event", "array": "an array of events", "lines": "one event a line"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something said, ``depth`` levels inside of its section."""

    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences under a title."""

    title: str
    sentences: tuple[Sentence, ...]


def tell(subject: Subject) -> tuple[Section, ...]:
    """Return the story of a contract: what it is, its scopes, what is let pass, and what no pass speaks of."""
    contract = subject.contract
    sections = [Section(f"{safe(contract.name)} {safe(contract.version)}", tuple(_tell_whole(subject)))]
    sections += [Section(_title(scope), tuple(_tell_scope(subject, scope))) for scope in contract.scopes.values()]
    sections.append(Section("What is let pass", tuple(_tell_tolerated(subject))))
    sections.append(Section("What a pass does not speak of", tuple(_tell_blind(contract))))
    return tuple(sections)


def _tell_whole(subject: Subject) -> Iterator[Sentence]:
    contract, value = subject.contract, subject.document.value
    if contract.description:
        yield Sentence(safe(" ".join(contract.description.split())))
    if "select" in value:
        yield Sentence(f"A session speaks it when {' and '.join(_conditions(value['select']))}.")
    pointers = [pointer.text or "the top" for pointer in contract.event_name]
    named = f", named by what stands at {either(pointers, 'or else')}" if pointers else ""
    kinds = sum(not event.name.startswith("$") for event in contract.events)
    yield Sentence(f"A text message carries {_FRAMES[contract.frame]}{named}. {kinds} are known.")
    for group, names in value.get("groups", {}).items():
        yield Sentence(f"{safe(group)} stands for {either(names)}.")
    if contract.identity:
        yield Sentence(f"An event says at {safe(contract.identity.text)} which user it is for: the session's own.")
    if contract.isolate:
        shown = either([pointer.text for pointer in contract.isolate])
        yield Sentence(f"A value at {shown} that one user has seen never reaches another.")
    if contract.redact:
        shown = either([pointer.text for pointer in contract.redact], "and")
        yield Sentence(f"What stands at {shown} is kept out of captures and reports.")
    causes = [event.name for event in contract.events if event.cause]
    if causes:
        yield Sentence(f"By {either(causes)} the server says why it failed; it is shown before all else.")


def _conditions(select: Mapping[str, Any]) -> Iterator[str]:
    if "subprotocol" in select:
        yield f"the server selects the subprotocol {safe(select['subprotocol'])}"
    if "path" in select:
        yield f"the path is like {safe(select['path'])}"
    if "event" in select:
        yield f"the version at {safe(select['at'])} of {safe(select['event'])} is in {safe(select['range'])}"


def _title(scope: Scope) -> str:
    if scope.name == CONNECTION:
        return "connection: the session as a whole"
    inside = "" if scope.parent == CONNECTION else f", inside of {safe(scope.parent or CONNECTION)}"
    return f"{safe(scope.name)}{inside}"


def _tell_scope(subject: Subject, scope: Scope) -> Iterator[Sentence]:
    written: Mapping[str, Any] = subject.document.value.get("scopes", {}).get(scope.name) or {}
    if scope.name != CONNECTION:
        yield from _tell_key(scope, written)
    yield from _tell_order(subject.contract, scope)
    for member, words in (
        ("ends", "everything inside must have finished"),
        ("abandons", "what is not finished inside is excused"),
    ):
        if member in written:
            yield Sentence(f"At {either(written[member])}, {words}.")
    if scope.within is not None:
        yield Sentence(f"Within {seconds(scope.within)} of its first event it must have come to where it may end.")
    if scope.gap is not None:
        yield Sentence(f"While it is open, there is never more than {seconds(scope.gap)} of silence in it.")
    if scope.max_open is not None:
        yield Sentence(f"At most {scope.max_open} are open at once in one {safe(scope.parent or CONNECTION)}.")
    if rules := written.get("rules"):
        yield Sentence("Rules:")
        yield from (Sentence(say_rule(rule), 1) for rule in rules)


def _tell_key(scope: Scope, written: Mapping[str, Any]) -> Iterator[Sentence]:
    parent = safe(scope.parent or CONNECTION)
    if "key" in written:
        yield Sentence(f"One for each value {places(written['key'])}.")
    else:
        yield Sentence(f"One at a time in each {parent}: it has no key.")
    if "parent_key" in written:
        yield Sentence(f"Which {parent} it lies in is said {places(written['parent_key'])}.")
    if scope.order is None:
        names = sorted(frozenset[str]().union(*(rule.names for rule in scope.rules)))
        yield Sentence(f"It has no order. {either(names)} opens one." if names else "It has no order and never opens.")
        return
    yield Sentence(f"Opened by {either(sorted(scope.order.moves[0]))}.")
    last = {symbol for row in scope.order.moves for symbol, there in row.items() if scope.order.exhausted(there)}
    if last:
        yield Sentence(f"Over after {either(sorted(last))}.")


def _tell_order(contract: Contract, scope: Scope) -> Iterator[Sentence]:
    if scope.order is None:
        if scope.name == CONNECTION:
            yield Sentence("Nothing is said of its order.")
        return
    inner = {name for name, other in contract.scopes.items() if other.parent == scope.name}
    yield Sentence("Order:")
    yield from (Sentence(text, depth + 1) for depth, text in outline(scope.order.text, inner))
    required = [name.text for name in scope.required if not name.text.startswith("$")]
    if required:
        yield Sentence(f"Must come in each: {either(required, 'and')}.")


def _tell_tolerated(subject: Subject) -> Iterator[Sentence]:
    told = [Sentence(_sentence(remark.message)) for remark in check_tolerated(subject)]
    yield from told or [Sentence("Nothing: no event is ignored, and every finding counts as it does by default.")]


def _tell_blind(contract: Contract) -> Iterator[Sentence]:
    by_fault: dict[str, list[str]] = {}
    for spot in find_blind_spots(contract):
        by_fault.setdefault(spot.what, []).append(spot.event)
    for what, names in by_fault.items():
        yield Sentence(f"Nothing shows that one {either(names)} {what}.")
    if not by_fault:
        yield Sentence("Of what a server sends and an order or a rule names, nothing can be lost or come twice unseen.")


def _sentence(message: str) -> str:
    # What lint adds is how to mend, which nobody has asked for here.
    told = message.partition(";")[0]
    return f"W{told[1:]}." if told.startswith("what ") else f"{told}."
