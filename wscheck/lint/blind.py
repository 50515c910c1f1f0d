"""Blind spots: the events of which one may be lost, or come twice, and no order and no rule can show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from wscheck.contract.model import Contract, Scope
from wscheck.finding import CODES, Severity
from wscheck.lint.remark import Remark
from wscheck.lint.subject import Subject
from wscheck.order.automaton import Automaton
from wscheck.rules import Rule
from wscheck.rules.ask import Ask
from wscheck.rules.chain import Chain
from wscheck.rules.count import Count
from wscheck.rules.counter import Counter
from wscheck.rules.need import Need
from wscheck.rules.unique import Unique
from wscheck.text import safe

Fault: TypeAlias = Literal["lost", "repeated"]

_MOST_PAIRS = 100_000
"""Pairs of states that one search looks at; beyond that, nothing is claimed."""

_BEFORE = -1
"""The state before the first event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindSpot:
    """An event from the server of which a ``lost`` or a ``repeated`` one may go unseen. ``scopes`` order it."""

    event: str
    lost: bool
    repeated: bool
    scopes: tuple[str, ...]

    @property
    def what(self) -> str:
        """What cannot be seen, as the middle of a sentence."""
        both = "was lost or came twice"
        return both if self.lost and self.repeated else "was lost" if self.lost else "came twice"


def check_blind_spots(subject: Subject) -> Iterator[Remark]:
    """Remark on each blind spot."""
    for spot in find_blind_spots(subject.contract):
        where = ", ".join(map(safe, spot.scopes))
        told = f"the order of {where} holds all the same" if spot.scopes else "no order names it"
        message = (
            f"nothing shows that one {safe(spot.event)} {spot.what}: {told}, and no counter, unique, count or chain "
            "rule tells; add one where its events carry a number or an id, or know that a pass does not speak of this"
        )
        yield subject.remark("blind-spot", message, subject.contract.definitions[spot.event].path)


def find_blind_spots(contract: Contract) -> tuple[BlindSpot, ...]:
    """Return the blind spots of ``contract``, in the order of its events.

    Named are events from the server that some order or rule names: what is ignored, and what stands nowhere, is blind
    by itself. A spot is claimed where there is a stream that conforms with and without the fault, in every scope that
    takes the event.
    """
    search = _Search(contract)
    spots = []
    for event in contract.events:
        if event.sender == "client" or event.name.startswith("$") or event.name in contract.ignore:
            continue
        scopes = tuple(scope.name for scope in contract.scopes.values() if event.name in scope.ordered)
        named = scopes or any(event.name in rule.names for scope in contract.scopes.values() for rule in scope.rules)
        lost, repeated = (bool(named) and search.hides(event.name, fault) for fault in ("lost", "repeated"))
        if lost or repeated:
            spots.append(BlindSpot(event=event.name, lost=lost, repeated=repeated, scopes=scopes))
    return tuple(spots)


@dataclass(frozen=True, slots=True)
class _Search:
    contract: Contract
    _known: dict[tuple[str, str, Fault], bool] = field(default_factory=dict)

    def hides(self, event: str, fault: Fault) -> bool:
        """Whether no scope and no rule shows the fault."""
        scopes = self.contract.scopes.values()
        if any(_shows(rule, event, fault) for scope in scopes for rule in scope.rules):
            return False
        takers = [scope for scope in scopes if event in scope.ordered]
        return all(
            any(self._order_hides(scope, event, fault) for scope in group) for group in _exclusive(takers, event)
        )

    def _order_hides(self, scope: Scope, symbol: str, fault: Fault) -> bool:
        if scope.order is None or symbol not in scope.order.alphabet:
            return True
        if (scope.name, symbol, fault) not in self._known:
            gone = self._parent_hides(scope, "lost")
            again = gone and self._reopens(scope) and self._parent_hides(scope, "repeated")
            way = _Way(scope, scope.order, may_be_none=gone, again=again)
            self._known[scope.name, symbol, fault] = way.hides(symbol, fault)
        return self._known[scope.name, symbol, fault]

    def _reopens(self, scope: Scope) -> bool:
        severity = scope.severity.get("reused-key", self.contract.severity.get("reused-key", CODES["reused-key"]))
        return scope.key is None or severity is Severity.IGNORE

    def _parent_hides(self, scope: Scope, fault: Fault) -> bool:
        if scope.parent is None:
            return False
        parent = self.contract.scopes[scope.parent]
        if any(_shows(rule, scope.name, fault) for rule in parent.rules):
            return False
        return self._order_hides(parent, scope.name, fault)


@dataclass(frozen=True, slots=True)
class _Way:
    """What the events of one key go through: one instance after the other, where ``again``.

    ``may_be_none``: nobody misses an instance that never opened.
    """

    scope: Scope
    order: Automaton
    may_be_none: bool
    again: bool

    def hides(self, symbol: str, fault: Fault) -> bool:
        """Whether some stream conforms with and without the fault."""
        return self._meet(set(self._parted(symbol, fault)))

    def _parted(self, symbol: str, fault: Fault) -> Iterator[tuple[int, int]]:
        """Yield the states that a stream with the fault and one without it come to by the fault."""
        for state in self._states():
            after = self._step(state, symbol)
            if after is not None:
                other = state if fault == "lost" else self._step(after, symbol)
                if other is not None:
                    yield after, other

    def _states(self) -> Iterator[int]:
        inner = range(len(self.order.moves))
        if self.scope.parent is None:
            yield from inner
            return
        yield _BEFORE
        # The first state is left by the opening, and may be come back to.
        yield from (state for state in inner if state or any(0 in row.values() for row in self.order.moves))

    def _step(self, state: int, symbol: str) -> int | None:
        if state != _BEFORE and symbol in self.order.moves[state]:
            return self.order.moves[state][symbol]
        # An accepted instance gives way to a new one of its key.
        opening = state == _BEFORE or (self.again and self.order.accepting[state])
        return self.order.moves[0].get(symbol) if opening and _opens(self.scope, symbol) else None

    def _may_end(self, state: int) -> bool:
        return self.may_be_none if state == _BEFORE else self.order.accepting[state]

    def _meet(self, pairs: set[tuple[int, int]]) -> bool:
        """Whether some events lead from both states of one of ``pairs`` to where the stream may end."""
        waiting, seen = sorted(pairs), pairs
        while waiting and len(seen) < _MOST_PAIRS:
            left, right = waiting.pop()
            # No state is dead, so that what leads to one state leads to an end.
            if left == right or (self._may_end(left) and self._may_end(right)):
                return True
            for symbol in self.order.alphabet:
                one_on, other_on = self._step(left, symbol), self._step(right, symbol)
                if one_on is not None and other_on is not None and (one_on, other_on) not in seen:
                    seen.add((one_on, other_on))
                    waiting.append((one_on, other_on))
        return False


def _opens(scope: Scope, symbol: str) -> bool:
    return scope.key is None or bool(scope.key.get(symbol))


def _exclusive(scopes: Iterable[Scope], event: str) -> list[list[Scope]]:
    """Return ``scopes`` in groups, of each of which one event goes to one scope alone.

    Those are scopes that an event continues but does not open, under the same key, and that different events open.
    """
    groups: list[list[Scope]] = []
    for scope in scopes:
        for group in groups:
            if all(_excludes(scope, other, event) for other in group):
                group.append(scope)
                break
        else:
            groups.append([scope])
    return groups


def _excludes(scope: Scope, other: Scope, event: str) -> bool:
    if not scope.order or not other.order or scope.parent != other.parent or not (scope.key and other.key):
        return False
    starts: tuple[Mapping[str, int], Mapping[str, int]] = (scope.order.moves[0], other.order.moves[0])
    if event in starts[0] or event in starts[1] or starts[0].keys() & starts[1].keys():
        return False
    return bool(scope.key.get(event)) and scope.key.get(event) == other.key.get(event)


def _shows(rule: Rule, name: str, fault: Fault) -> bool:
    """Whether breaking ``rule`` may tell of the fault. A counter, say, does so but for the last event."""
    law = rule.law
    if name not in law.watches:
        return False
    match law:
        case Counter(increasing=increasing):
            return fault == "repeated" or not increasing
        case Chain():
            return True
        case Unique():
            return fault == "repeated"
        case Count(least=least, most=most):
            return least > 0 if fault == "lost" else most is not None
        case Need(needed=needed):
            return fault == "lost" and name in needed
        case Ask():
            return _ask_shows(law, name, fault)
        case _:
            return False


def _ask_shows(law: Ask, name: str, fault: Fault) -> bool:
    # An answer that nothing asked for may be lost; one too many is let pass where such are allowed.
    asked = name in law.questions and (not law.unsolicited if fault == "lost" else not law.optional)
    answered = name in law.answers and not law.unsolicited and not (law.optional and fault == "lost")
    return asked or answered
