"""A rule in a sentence, and why it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wscheck.show.words import either, places, seconds, times
from wscheck.text import safe


def say_rule(rule: Mapping[str, Any]) -> str:
    """Return what ``rule``, as it is written, asks for, and its ``why``."""
    parts = [f"{safe(rule['id'])}: {_demand(rule)}{_scope_of(rule)}."]
    if "severity" in rule:
        parts.append(f"What breaks it is of severity {rule['severity']}.")
    if "why" in rule:
        parts.append(f"Why: {safe(rule['why'])}")
    return " ".join(parts)


def _demand(rule: Mapping[str, Any]) -> str:
    match rule:
        case {"need": need, "before": before}:
            return f"{either(before)} may come only after {either(need)}"
        case {"forbid": forbidden, "after": after}:
            return f"once {either(after)} has come, {either(forbidden)} never comes"
        case {"ask": asked, "with": answer}:
            return "".join(_ask(rule, asked, answer))
        case {"count": counted}:
            return f"{either(counted)} {times(rule.get('min', 0), rule.get('max'))}"
        case {"counter": pointer}:
            return "".join(_counter(rule, pointer))
        case {"chain": pointer, "previous": previous}:
            return f"the value at {safe(pointer)} is the one that the event before had at {safe(previous)}"
        case {"same": pointers}:
            return f"the value {places(pointers)} stays the same"
        case {"unique": pointer}:
            among = f" among {rule['window']} in a row" if "window" in rule else ""
            return f"no value at {safe(pointer)} comes twice{among}"
        case _:
            raise AssertionError(rule)


def _ask(rule: Mapping[str, Any], asked: Any, answer: Any) -> Iterator[str]:
    yield f"each {either(asked)} {'may be' if rule.get('optional') else 'is'} answered by {either(answer)}"
    if "within" in rule:
        yield f" within {seconds(rule['within'])}"
    yield ", first asked first answered"
    if rule.get("unsolicited") == "allow":
        yield "; what nobody asked for is let pass"


def _counter(rule: Mapping[str, Any], pointer: str) -> Iterator[str]:
    kind = "hexadecimal number" if rule.get("as") == "hex" else "number"
    if rule.get("mode") == "increasing":
        yield f"the {kind} at {safe(pointer)} grows from event to event"
    else:
        before = f"what the event before had at {safe(rule['last'])}" if "last" in rule else "that of the event before"
        yield f"the {kind} at {safe(pointer)} is {before} plus {rule.get('step', 1)}"
    if "start" in rule:
        yield f", beginning with {rule['start']}"


def _scope_of(rule: Mapping[str, Any]) -> str:
    told = f", for each value at {safe(rule['per'])} by itself" if "per" in rule else ""
    if "events" in rule:
        told += f" (in {either(rule['events'], 'and')}"
        told += ", where it is there)" if rule.get("optional") else ")"
    return told
