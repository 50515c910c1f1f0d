"""The eight rules, each told every event of its instance in turn and answering with what it found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.contract import NO_KEY, Contract, Scope, find, listed, plain

VALUE_RULES = ("counter", "chain", "same", "unique")
RULES = ("need", "forbid", "ask", "count", *VALUE_RULES)


def kind_of(rule: dict[str, Any]) -> str:
    """Which of the eight rules it is."""
    return next(kind for kind in RULES if kind in rule)


@dataclass(eq=False)
class Event:
    """One event, ``index`` its record's position in the capture, ``part`` its own in its message."""

    name: str
    value: Any
    index: int
    at: float
    direction: str
    part: int = 0


@dataclass(eq=False)
class Question:
    """An event that is to be answered; ``late`` once its deadline was found to have passed."""

    event: Event
    late: bool = False


@dataclass(eq=False)
class Monitor:
    """One rule at one instance."""

    contract: Contract
    scope: Scope
    rule: dict[str, Any]
    kind: str
    reported: bool = False
    seen: int = 0
    triggered: bool = False
    questions: list[Question] = field(default_factory=list)
    last: dict[Any, Any] = field(default_factory=dict)
    values: list[Any] = field(default_factory=list)

    def observe(self, event: Event) -> bool:
        """Take one event; whether it breaks the rule."""
        if self.kind in VALUE_RULES and event.name not in self.contract.looks_at(self.scope, self.rule):
            return False
        return bool(getattr(self, "_" + self.kind)(event))

    def observe_opening(self, scope: str) -> bool:
        """Take the opening of an inner scope; whether it breaks the rule."""
        return self.kind == "count" and self.rule["count"] == scope and self._counted()

    def unanswered(self) -> list[Event]:
        """The questions never answered, nor yet reported."""
        if self.kind != "ask" or self.rule.get("optional"):
            return []
        return [question.event for question in self.questions if not question.late]

    def too_few(self) -> bool:
        """Whether a count was not reached."""
        return self.kind == "count" and self.seen < self.rule.get("min", 0)

    def overdue(self, at: float) -> list[Event]:
        """The questions whose deadline has passed by now, each told once."""
        if self.kind != "ask" or "within" not in self.rule:
            return []
        late = [q for q in self.questions if not q.late and at - q.event.at > self.rule["within"]]
        for question in late:
            question.late = True
        return [question.event for question in late]

    def _is(self, event: Event, member: str) -> bool:
        return event.name in self.contract.resolve(self.rule[member])

    def _once(self, broken: bool) -> bool:
        found = broken and not self.reported
        self.reported |= broken
        return found

    def _need(self, event: Event) -> bool:
        broken = self._is(event, "before") and not self.triggered
        self.triggered |= self._is(event, "need")
        return self._once(broken)

    def _forbid(self, event: Event) -> bool:
        broken = self._is(event, "forbid") and self.triggered
        self.triggered |= self._is(event, "after")
        return self._once(broken)

    def _ask(self, event: Event) -> bool:
        if self._is(event, "with"):
            if self.questions:
                self.questions.pop(0)
                return False
            return self.rule.get("unsolicited") != "allow"
        if self._is(event, "ask"):
            self.questions.append(Question(event))
        return False

    def _count(self, event: Event) -> bool:
        if self.rule["count"] in self.contract.scopes or not self._is(event, "count"):
            return False
        return self._counted()

    def _counted(self) -> bool:
        self.seen += 1
        return self._once("max" in self.rule and self.seen > self.rule["max"])

    def _found(self, event: Event, pointer: Any) -> tuple[tuple[Any, ...], bool]:
        """What stands at the pointer, and whether it is a finding that nothing does."""
        if isinstance(pointer, dict):
            pointer = listed(pointer, event.name)
        value = () if pointer is NO_KEY or pointer is None else find(event.value, pointer)
        return value, not value and "events" in self.rule and not self.rule.get("optional")

    def _per(self, event: Event) -> Any:
        return tuple(map(plain, find(event.value, self.rule["per"]))) if "per" in self.rule else None

    def _counter(self, event: Event) -> bool:
        value, fault = self._found(event, self.rule["counter"])
        if not value:
            return fault
        number = self._number(value[0])
        if number is None:
            return True
        per = self._per(event)
        increasing = self.rule.get("mode") == "increasing"
        if per not in self.last:
            broken = "start" in self.rule and number != self.rule["start"]
        elif increasing:
            broken = not number > self.last[per]
        else:
            broken = number != self.last[per] + self.rule.get("step", 1)
        end, absent = self._found(event, self.rule["last"]) if "last" in self.rule else ((number,), False)
        until = self._number(end[0]) if end and "last" in self.rule else number
        self.last[per] = number if until is None or not end else until
        return broken or absent or (bool(end) and until is None)

    def _number(self, value: Any) -> Any:
        if self.rule.get("as") == "hex":
            return int(value, 16) if isinstance(value, str) and re.fullmatch(r"(0x)?[0-9a-fA-F]+", value) else None
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def _chain(self, event: Event) -> bool:
        value, fault = self._found(event, self.rule["chain"])
        previous, absent = self._found(event, self.rule["previous"])
        per = self._per(event)
        broken = fault or absent
        if value and per in self.last:
            broken |= plain(value[0]) != self.last[per]
        if previous:
            self.last[per] = plain(previous[0])
        elif value:
            self.last.pop(per, None)
        return broken

    def _same(self, event: Event) -> bool:
        value, fault = self._found(event, self.rule["same"])
        if not value:
            return fault
        broken = "same" in self.last and plain(value[0]) != self.last["same"]
        self.last["same"] = plain(value[0])
        return broken

    def _unique(self, event: Event) -> bool:
        value, fault = self._found(event, self.rule["unique"])
        if not value:
            return fault
        window = self.values[-self.rule.get("window", 10_000) :]
        self.values.append(plain(value[0]))
        return self.values[-1] in window
