"""The scopes of a contract, loaded: their orders compiled, their rules read, what may not be together refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wscheck.contract.model import CONNECTION, EventDefinition, KeyTable, Scope
from wscheck.contract.vocabulary import Vocabulary
from wscheck.document import Document
from wscheck.finding import Severity
from wscheck.naming import ANY, spread
from wscheck.order.automaton import Automaton, compile_order
from wscheck.order.expression import OrderError
from wscheck.pointer import Pointer, join
from wscheck.rules import LAWS, Meaning, Rule


def load_scopes(
    document: Document, vocabulary: Vocabulary, events: Mapping[str, EventDefinition]
) -> Mapping[str, Scope]:
    """Return the scopes by name, in the document's order, `connection` always among them. Raises ContractError."""
    depths = {name: _depth(document, vocabulary, name) for name in vocabulary.scopes}
    loader = _Loader(document, vocabulary, events, depths)
    # Innermost first: whether an inner scope opens with an event of the client decides ties in the outer order.
    for name in sorted(depths, key=lambda name: -depths[name]):
        loader.load(name)
    scopes = {name: loader.loaded[name] for name in vocabulary.scopes}
    for scope in scopes.values():
        _refuse_event_twice_in_a_chain(document, scopes, scope)
    return scopes


def _depth(document: Document, vocabulary: Vocabulary, name: str) -> int:
    chain = [name]
    while (parent := vocabulary.scopes[chain[-1]]) is not None:
        path = join("/scopes", chain[-1], "in")
        if parent not in vocabulary.scopes:
            raise document.fail(vocabulary.unknown(parent, "scope", vocabulary.scopes), path)
        if parent in chain:
            circle = [*chain[chain.index(parent) :], parent]
            raise document.fail(f"the scope {parent!r} lies in itself: {' in '.join(circle)}", path)
        chain.append(parent)
    return len(chain) - 1


def _refuse_event_twice_in_a_chain(document: Document, scopes: Mapping[str, Scope], scope: Scope) -> None:
    outer = scope
    while scope.order and outer.parent is not None:
        inside, outer = outer, scopes[outer.parent]
        shared = scope.ordered & outer.ordered
        named = sorted(name for name in shared if not name.startswith("$"))
        if named:
            message = (
                f"{named[0]!r} stands in the orders of both {outer.name!r} and {scope.name!r}, which lies inside it: "
                f"let the outer order name the scope {inside.name!r} instead"
            )
            raise document.fail(message, f"{scope.path}/order")


class _Loader:
    def __init__(
        self,
        document: Document,
        vocabulary: Vocabulary,
        events: Mapping[str, EventDefinition],
        depths: Mapping[str, int],
    ) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self._events = events
        self._depths = depths
        self._positions = {name: position for position, name in enumerate(vocabulary.scopes)}
        self.loaded: dict[str, Scope] = {}

    def load(self, name: str) -> None:
        path = join("/scopes", name)
        members: Mapping[str, Any] = self._document.value.get("scopes", {}).get(name) or {}
        order = self._order(name, members["order"], path) if "order" in members else None
        inner = self._vocabulary.inner(name)
        ordered = order.alphabet - inner if order else frozenset()
        abandons = self._vocabulary.expand(members.get("abandons", []), f"{path}/abandons")
        self.loaded[name] = Scope(
            name=name,
            parent=self._vocabulary.scopes[name],
            depth=self._depths[name],
            position=self._positions[name],
            path=path,
            key=self._key_table(members["key"], f"{path}/key") if "key" in members else None,
            parent_key=self._key_table(members["parent_key"], f"{path}/parent_key")
            if "parent_key" in members
            else None,
            order=order,
            ordered=ordered,
            ends=self._vocabulary.expand(members.get("ends", []), f"{path}/ends"),
            abandons=abandons,
            within=members.get("within"),
            gap=members.get("gap"),
            rules=self._rules(name, members, ordered if order and name != CONNECTION else None, inner, path),
            max_open=members.get("max_open"),
            severity={code: Severity(text) for code, text in members.get("severity", {}).items()},
            required=order.required(abandons) if order else (),
        )

    def _order(self, name: str, text: str, path: str) -> Automaton:
        inner = self._vocabulary.inner(name)

        def symbols(written: str) -> frozenset[str]:
            if written in self._vocabulary.scopes and written not in inner:
                raise LookupError(f"the scope {written!r} does not lie in {name!r}, so its order cannot name it")
            found = self._vocabulary.meaning(written, inner)
            if found <= self._vocabulary.ignored:
                raise LookupError(f"{written!r} is ignored, so no order can name it")
            return found - self._vocabulary.ignored

        try:
            automaton = compile_order(text, symbols, late=self._late)
        except OrderError as error:
            line = text.count("\n", 0, error.offset) + 1
            where = f" (line {line} of the order)" if "\n" in text.strip() else ""
            raise self._document.fail(f"{error.message}{where}", f"{path}/order") from None
        first = sorted(inner.intersection(automaton.moves[0]))
        if first and name != CONNECTION:
            raise self._document.fail(
                f"the order begins with the scope {first[0]!r}; only the order of 'connection' may", f"{path}/order"
            )
        return automaton

    def _late(self, symbol: str) -> bool:
        if symbol in self._events:
            return self._events[symbol].sender == "client"
        order = self.loaded[symbol].order
        return order is not None and all(map(self._late, order.moves[0]))

    def _key_table(self, written: Any, path: str) -> KeyTable:
        table = self._vocabulary.table(written, path) if isinstance(written, dict) else {ANY: written}
        spread_out = spread(table, self._vocabulary.events)
        return {
            name: None
            if pointers is None
            else tuple(map(Pointer, (pointers,) if isinstance(pointers, str) else pointers))
            for name, pointers in spread_out.items()
        }

    def _rules(
        self, name: str, members: Mapping[str, Any], ordered: frozenset[str] | None, inner: frozenset[str], path: str
    ) -> tuple[Rule, ...]:
        messages = frozenset(event for event in self._vocabulary.events if not event.startswith("$"))
        rules: list[Rule] = []
        for place, rule in enumerate(members.get("rules", [])):
            here = join(path, "rules", place)
            if any(other.id == rule["id"] for other in rules):
                raise self._document.fail(f"there is already a rule {rule['id']!r} in {name!r}", f"{here}/id")
            keyword = next(keyword for keyword in LAWS if keyword in rule)
            meaning = self._meaning(
                rule, here, inner, messages - self._vocabulary.ignored if ordered is None else ordered
            )
            law = LAWS[keyword](rule, meaning)
            positional = keyword in ("counter", "chain", "same", "unique")
            rules.append(
                Rule(
                    id=rule["id"],
                    keyword=keyword,
                    path=here,
                    law=law,
                    names=law.watches - inner if not positional or "events" in rule else frozenset(),
                    severity=Severity(rule["severity"]) if "severity" in rule else None,
                    why=rule.get("why"),
                )
            )
        return tuple(rules)

    def _meaning(self, rule: Mapping[str, Any], path: str, inner: frozenset[str], looked_at: frozenset[str]) -> Meaning:
        vocabulary = self._vocabulary
        return Meaning(
            names=lambda member: vocabulary.expand(rule[member], join(path, member)),
            names_or_scopes=lambda member: vocabulary.expand(rule[member], join(path, member), inner=inner),
            table=lambda member: vocabulary.table(rule[member], join(path, member)),
            looked_at=looked_at,
        )
