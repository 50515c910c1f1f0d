"""A contract as the oracle holds it: its events, and its scopes with what each name in them stands for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.oracle.expression import Expression, allowed, names_in, parse

NO_KEY = object()
"""What a key is that the event carries none of, though one is due."""

UNDECLARED = object()
"""What a key is where the contract says `~`: this event carries none."""

DEFAULT_SEVERITY = {"reused-key": "ignore", "ambiguous": "info", "abandoned": "info", "vacuous": "info"}


@dataclass(eq=False)
class Scope:
    """One scope. ``named`` are the events its order names, ``ruled`` those that its rules name."""

    name: str
    place: int
    depth: int
    parent: Scope | None
    document: dict[str, Any]
    order: Expression | None = None
    named: frozenset[str] = frozenset()
    ruled: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    abandons: frozenset[str] = frozenset()
    rules: list[dict[str, Any]] = field(default_factory=list)

    @property
    def keyed(self) -> bool:
        return "key" in self.document

    @property
    def rank(self) -> tuple[int, int]:
        """Innermost first, then as in the document."""
        return (-self.depth, self.place)

    def chain(self) -> list[Scope]:
        """This scope and those around it, from within outwards."""
        return [self, *(self.parent.chain() if self.parent else [])]


class Contract:
    """One contract document, its names resolved."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._resolved: dict[tuple[str, ...], frozenset[str]] = {}
        self.definitions: dict[str, dict[str, Any]] = {n: d or {} for n, d in (document.get("events") or {}).items()}
        self.groups: dict[str, list[str]] = document.get("groups") or {}
        self.declared = [*self.definitions, *(name for name in ("$open", "$close") if name not in self.definitions)]
        self.ignored = self.resolve(document.get("ignore") or [])
        bodies = {"connection": {}, **{name: body or {} for name, body in (document.get("scopes") or {}).items()}}
        self.scopes: dict[str, Scope] = {}
        while len(self.scopes) < len(bodies):
            before = len(self.scopes)
            for name, body in bodies.items():
                parent = None if name == "connection" else body.get("in", "connection")
                if name not in self.scopes and (parent is None or parent in self.scopes):
                    around = self.scopes[parent] if parent else None
                    depth = around.depth + 1 if around else 0
                    self.scopes[name] = Scope(name, list(bodies).index(name), depth, around, body)
            if len(self.scopes) == before:
                raise ValueError("a scope's parent is not in the contract")
        self.scopes = {name: self.scopes[name] for name in bodies}
        self.outermost_first = sorted(self.scopes.values(), key=lambda scope: (scope.depth, scope.place))
        for scope in self.scopes.values():
            self._fill(scope)
            if "parent_key" in scope.document and scope.parent and not scope.parent.keyed:
                raise ValueError("a parent key is given for a parent without a key")

    def severity(self, code: str, scope: Scope | None = None, rule: dict[str, Any] | None = None) -> str:
        """The rule's own, else its scope's, else the document's, else the default."""
        tables = [self.document.get("severity") or {}]
        if scope:
            tables.insert(0, scope.document.get("severity") or {})
        if rule and "severity" in rule:
            return str(rule["severity"])
        return next((str(table[code]) for table in tables if code in table), DEFAULT_SEVERITY.get(code, "error"))

    def variants(self, name: str) -> set[str]:
        """The event of that name, and those whose name is that name, a dot, and more."""
        return {event for event in self.declared if event == name or event.startswith(name + ".")}

    def resolve(self, names: Any) -> frozenset[str]:
        """The events that one name or a list of names stands for."""
        wanted = (names,) if isinstance(names, str) else tuple(names)
        if wanted not in self._resolved:
            events: set[str] = set()
            for name in wanted:
                events |= self.resolve(self.groups[name]) if name in self.groups else self.variants(name)
            self._resolved[wanted] = frozenset(events)
        return self._resolved[wanted]

    def is_clients(self, name: str) -> bool:
        """Whether only the client sends it. A scope is the client's where all that it can begin with is."""
        if name in self.scopes:
            return all(self.is_clients(event) for event in allowed(self.scopes[name].order or ())) and bool(
                self.scopes[name].order
            )
        return bool(self.definitions.get(name, {}).get("from") == "client")

    def begins(self, scope: Scope, event: str) -> bool:
        """Whether ``event`` can open an instance."""
        if scope.order is None:
            return event in scope.ruled
        return event in allowed(scope.order)

    def looks_at(self, scope: Scope, rule: dict[str, Any]) -> frozenset[str]:
        """The events that a rule of the kind that has `events` sees."""
        if "events" in rule:
            return self.resolve(rule["events"])
        if scope.order is not None and scope.name != "connection":
            return scope.named
        return frozenset(name for name in self.declared if not name.startswith("$")) - self.ignored

    def _fill(self, scope: Scope) -> None:
        body = scope.document
        if "order" in body:
            scope.order = parse(body["order"], lambda name: self._in_order(scope, name))
            scope.named = names_in(scope.order) - set(self.scopes)
        scope.rules = body.get("rules") or []
        for rule in scope.rules:
            for member in ("need", "before", "forbid", "after", "ask", "with", "count", "events"):
                if member in rule and not (member == "count" and rule["count"] in self.scopes):
                    scope.ruled |= self.resolve(rule[member])
        scope.ends = self.resolve(body.get("ends") or [])
        scope.abandons = self.resolve(body.get("abandons") or [])

    def _in_order(self, scope: Scope, name: str) -> set[str]:
        if name in self.scopes:
            if self.scopes[name].parent is not scope:
                raise ValueError(f"{name} is not in {scope.name}")
            return {name}
        events = set(self.resolve(name))
        if not events:
            raise ValueError(f"{name} is neither an event nor a group nor a scope")
        return events


def find(value: Any, pointer: str) -> tuple[Any, ...]:
    """What stands at a JSON Pointer, in a tuple; an empty one where there is nothing."""
    for token in (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return ()
    return (value,)


def listed(table: dict[str, Any], event: str) -> Any:
    """What a table by event says: the longest listed prefix wins, then `*`; NO_KEY where it says nothing."""
    prefixes = [name for name in table if name != "*" and (event == name or event.startswith(name + "."))]
    if prefixes:
        return table[max(prefixes, key=len)]
    return table.get("*", NO_KEY)


def key_of(declared: Any, event: str, value: Any) -> Any:
    """The key that an event carries, as a list; NO_KEY or UNDECLARED."""
    if isinstance(declared, dict):
        declared = listed(declared, event)
        if declared is NO_KEY:
            return NO_KEY
    if declared is None:
        return UNDECLARED
    pointers = [declared] if isinstance(declared, str) else declared
    parts = [(find(value, pointer) or (None,))[0] for pointer in pointers]
    return parts if any(part is not None for part in parts) else NO_KEY


def plain(value: Any) -> Any:
    """Equal where two JSON values are equal: 1 is 1.0, never "1" or true."""
    if isinstance(value, bool):
        return ("true or false", value)
    if isinstance(value, list):
        return ("array", tuple(map(plain, value)))
    if isinstance(value, dict):
        return ("object", frozenset((name, plain(member)) for name, member in value.items()))
    return value
