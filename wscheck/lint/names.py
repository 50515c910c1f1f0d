"""Names that mean nothing: pointers to members that the event's schema does not know, and groups that nothing names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from wscheck.contract.model import Contract, EventDefinition, Scope
from wscheck.finding import Severity
from wscheck.lint.remark import Remark
from wscheck.lint.sites import Site, Sites, members
from wscheck.lint.subject import Subject
from wscheck.naming import ANY, spread
from wscheck.order.expression import names, parse
from wscheck.pointer import Pointer, join
from wscheck.schema.explanation import near
from wscheck.schema.file import shown
from wscheck.text import safe


class _Use(NamedTuple):
    """A pointer that something at ``path`` follows into events; ``due``: it must find something in each."""

    pointer: Pointer
    path: str
    events: frozenset[str]
    due: bool


def check_members(subject: Subject) -> Iterator[Remark]:
    """Remark on pointers to what no event of their place can hold, or hardly."""
    for use in _uses(subject):
        lacking: dict[str, str | None] = {}
        knowing = False
        for name in sorted(use.events):
            known, meant = _look(subject.contract.definitions[name], use.pointer)
            if known:
                knowing = True
            else:
                lacking[name] = meant
        meant = next(filter(None, lacking.values()), None)
        # Where only some events hold it, the pointer itself is well.
        if lacking and not (knowing and not use.due):
            hint = f"; did you mean {shown(meant)}?" if meant else ": mend the pointer, or the schema"
            message = (
                f"{shown(use.pointer.text)} finds nothing in {', '.join(map(safe, lacking))}, whose schema has no "
                f"such member{hint}"
            )
            severity = Severity.ERROR if use.due and not meant else Severity.WARNING
            yield subject.remark("unknown-member", message, use.path, severity)


def check_groups(subject: Subject) -> Iterator[Remark]:
    """Remark on groups that nothing names."""
    value = subject.document.value
    groups: dict[str, list[str]] = value.get("groups", {})
    named = {*value.get("ignore", []), *(name for listed in groups.values() for name in listed)}
    for scope in value.get("scopes", {}).values():
        named |= set(_named_in(scope or {}))
    for group in groups:
        if group not in named:
            message = f"nothing names the group {shown(group)}: name it where its events are meant, or take it out"
            yield subject.remark("unused-group", message, join("/groups", group))


def _named_in(scope: dict[str, Any]) -> Iterator[str]:
    if "order" in scope:
        yield from (named.name for named in names(parse(scope["order"])))
    for listed in (scope.get("ends", []), scope.get("abandons", [])):
        yield from listed
    for rule in scope.get("rules", []):
        for member in ("need", "before", "forbid", "after", "ask", "with", "count", "events"):
            written = rule.get(member, [])
            yield from [written] if isinstance(written, str) else written


def _uses(subject: Subject) -> Iterator[_Use]:
    contract = subject.contract
    for scope in contract.scopes.values():
        mine = (scope.ordered | frozenset[str]().union(*(rule.names for rule in scope.rules))) & _with_schema(contract)
        written = subject.document.value.get("scopes", {}).get(scope.name) or {}
        yield from _uses_of_keys(written.get("key"), f"{scope.path}/key", frozenset(scope.ordered & mine))
        yield from _uses_of_keys(written.get("parent_key"), f"{scope.path}/parent_key", mine & _starts(scope))
        for place, rule in enumerate(written.get("rules", [])):
            yield from _uses_of_rule(rule, scope, place, _with_schema(contract))
    for event in contract.events:
        if event.schema and event.cause:
            yield _Use(event.cause, f"{event.path}/cause", frozenset({event.name}), False)
    everywhere = _with_schema(contract)
    for member in ("identity", "isolate", "redact"):
        found = subject.document.value.get(member, [])
        for place, text in enumerate([found] if isinstance(found, str) else found):
            path = f"/{member}" if isinstance(found, str) else f"/{member}/{place}"
            yield _Use(Pointer(text), path, everywhere, False)


def _uses_of_keys(written: Any, path: str, events: frozenset[str]) -> Iterator[_Use]:
    if written is None:
        return
    table = written if isinstance(written, dict) else {ANY: written}
    spread_out = spread({name: name for name in table}, events)
    for name, pointers in table.items():
        listed = [pointers] if isinstance(pointers, str) else pointers or []
        mine = frozenset(event for event, by in spread_out.items() if by == name)
        here = join(path, name) if isinstance(written, dict) else path
        # A part of a composite key may be absent.
        yield from (_Use(Pointer(text), here, mine, len(listed) == 1) for text in listed if mine)


def _uses_of_rule(rule: dict[str, Any], scope: Scope, place: int, known: frozenset[str]) -> Iterator[_Use]:
    law = scope.rules[place]
    due = "events" in rule and not rule.get("optional", False)
    for member in ("counter", "last", "chain", "previous", "same", "unique", "per"):
        path = join(scope.path, "rules", place, member)
        match rule.get(member):
            case str() as text:
                yield _Use(Pointer(text), path, law.law.watches & known, due and member != "per")
            case dict() as table:
                by = spread({name: name for name in table}, law.law.watches & known)
                for name, text in table.items():
                    mine = frozenset(event for event, listed in by.items() if listed == name)
                    yield _Use(Pointer(text), join(path, name), mine, due)
            case _:
                pass


def _starts(scope: Scope) -> frozenset[str]:
    return frozenset(scope.order.moves[0]) if scope.order else frozenset()


def _with_schema(contract: Contract) -> frozenset[str]:
    return frozenset(event.name for event in contract.events if event.schema)


def _look(event: EventDefinition, pointer: Pointer) -> tuple[bool, str | None]:
    """Return whether ``event`` may well hold something at ``pointer``, and else what may have been meant."""
    if event.schema is None:
        return True, None
    sites = Sites(event.schema)
    here: list[Site] = [sites.root]
    for depth, token in enumerate(pointer.tokens):
        sure, parts = sites.conjuncts(here), sites.perhaps(here)
        named: dict[str, list[Site]] = {}
        for part in parts:
            for name, site in members(part).items():
                named.setdefault(name, []).append(site)
        if token in named:
            if any(members(part)[token].value is False for part in sure if token in members(part)):
                return False, None
            here = named[token]
            continue
        return _unnamed(pointer, depth, sure, parts, named)
    return True, None


def _unnamed(
    pointer: Pointer, depth: int, sure: Iterable[Site], parts: Iterable[Site], named: Iterable[str]
) -> tuple[bool, str | None]:
    token = pointer.tokens[depth]
    values = [part.value for part in parts if isinstance(part.value, dict)]
    if any("patternProperties" in value or "items" in value or "prefixItems" in value for value in values):
        return True, None
    meant = near(token, named)
    shut = any(
        isinstance(site.value, dict)
        and False in (site.value.get("additionalProperties"), site.value.get("unevaluatedProperties"))
        for site in sure
    )
    if meant:
        tokens = (*pointer.tokens[:depth], meant, *pointer.tokens[depth + 1 :])
        return False, join("", *tokens)
    return not shut, None
