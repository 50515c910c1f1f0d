"""Who speaks in a made stream: messages of one session, with the keys and the values that the rules ask for."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.oracle.contract import NO_KEY, Scope, find, listed, plain
from tests.oracle.expression import DONE, Expression
from tests.oracle.message import fits, name_of
from tests.oracle.payloads import Sampler, put
from tests.oracle.rules import VALUE_RULES, kind_of
from tests.oracle.subjects import Subject


@dataclass
class Line:
    """One message of a stream: who says it to whom, how long after the one before it, and what was meant."""

    session: str
    direction: str
    value: Any
    event: str
    wait: float = 0.125
    before: list[dict[str, Any]] = field(default_factory=list)


@dataclass(eq=False)
class Open:
    """An instance that is being spoken of. ``memory`` is what its rules have to know, ``seen`` the events it had."""

    scope: Scope
    key: list[Any] | None
    parent: Open | None
    left: Expression = DONE
    closed: bool = False
    seen: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    memory: dict[Any, Any] = field(default_factory=dict)

    def chain(self) -> list[Open]:
        """It, and what it lies in, from within outwards."""
        return [self, *(self.parent.chain() if self.parent else [])]


class Speaker:
    """Makes the messages of one session."""

    def __init__(self, rng: Random, subject: Subject, session: str) -> None:
        self.rng = rng
        self.subject = subject
        self.contract = subject.contract
        self.session = session
        self.identity = f"user-{session}"
        self.serial = 0

    def fresh(self) -> str:
        """A value that was never said."""
        self.serial += 1
        return f"{self.session}{self.serial}"

    def key_for(self, scope: Scope, event: str, parent: Open | None) -> list[Any] | None:
        """A new key for what ``event`` opens; parts that stand where the parent's key stands are the parent's."""
        pointers = key_pointers(scope.document.get("key"), event)
        around = key_pointers(scope.document.get("parent_key"), event)
        if not pointers:
            return None
        parts = dict(zip(around, parent.key or [], strict=False)) if parent else {}
        return [parts.get(pointer) or self.fresh() for pointer in pointers]

    def say(self, instance: Open, event: str) -> Line | None:
        """A message of ``event`` in ``instance``, told to the rules; None where none can be made.

        It is as its schema wants it, unless the keys and the rules leave no way to that.
        """
        schema = (self.contract.definitions.get(event) or {}).get("schema", True)
        for extras, strict in ((0.2, True), (0.2, True), *[(0.0, True)] * 5, *[(0.0, False)] * 3):
            told = deepcopy([each.memory for each in instance.chain()])
            value = self._value(instance, event, extras)
            direction = self._direction(event)
            named = name_of(self.contract, value, direction)
            if named == event and (not strict or fits(schema, value)):
                for each in instance.chain():
                    each.seen.add(event)
                    each.counts[event] = each.counts.get(event, 0) + 1
                return Line(self.session, direction, value, event)
            for each, memory in zip(instance.chain(), told, strict=True):
                each.memory = memory
        return None

    def _direction(self, event: str) -> str:
        sender = (self.contract.definitions.get(event) or {}).get("from") or "server"
        if sender == "either":
            return self.rng.choice(["sent", "received"])
        return "sent" if sender == "client" else "received"

    def _value(self, instance: Open, event: str, extras: float) -> Any:
        definition = self.contract.definitions.get(event) or {}
        value = Sampler(self.rng, definition.get("schema", {"type": "object"})).sample(extras)
        match = definition.get("match")
        names = self.subject.document.get("event_name") or []
        if match is None:
            put(value, names if isinstance(names, str) else self.rng.choice(names), event)
        fixed = dict(match or {})
        for pointer, wanted in fixed.items():
            if isinstance(wanted, dict):
                put(value, pointer, Sampler(self.rng, wanted).sample(0))
            elif wanted is not True:
                put(value, pointer, wanted)
            elif (find(value, pointer) or (None,))[0] is None:
                put(value, pointer, self.fresh())
        self._put_keys(instance, event, value)
        if "identity" in self.subject.document and find(value, self.subject.document["identity"]):
            put(value, self.subject.document["identity"], self.identity)
        for each in instance.chain():
            for rule in each.scope.rules:
                if kind_of(rule) in VALUE_RULES and event in self.contract.looks_at(each.scope, rule):
                    self._obey(each, rule, event, value)
        return value

    def _put_keys(self, instance: Open, event: str, value: Any) -> None:
        own = zip(key_pointers(instance.scope.document.get("key"), event), instance.key or [], strict=False)
        around = key_pointers(instance.scope.document.get("parent_key"), event)
        inherited = zip(around, (instance.parent.key or []) if instance.parent else [], strict=False)
        for pointer, part in [*inherited, *own]:
            put(value, pointer, part)

    def _obey(self, instance: Open, rule: dict[str, Any], event: str, value: Any) -> None:
        kind = kind_of(rule)
        pointer = rule[kind]
        if isinstance(pointer, dict):
            pointer = listed(pointer, event)
        if pointer is NO_KEY or pointer is None:
            return
        absent = not find(value, pointer)
        if absent and ("events" not in rule or (rule.get("optional") and self.rng.random() < 0.5)):
            return
        per = tuple(map(plain, find(value, rule["per"]))) if "per" in rule else None
        if per == () and "events" in rule:
            put(value, rule["per"], self.rng.choice(["A", "B"]))
            per = tuple(map(plain, find(value, rule["per"])))
        place = (id(rule), per)
        match kind:
            case "counter":
                self._count_on(instance, rule, place, pointer, value)
            case "chain":
                if place in instance.memory or absent:
                    put(value, pointer, instance.memory.get(place, self.fresh()))
                put(value, rule["previous"], self.fresh())
                instance.memory[place] = find(value, rule["previous"])[0]
            case "same":
                first = find(value, pointer)[0] if not absent else self.fresh()
                if self.subject.document.get("identity", "") in _pointers_of(rule["same"]):
                    first = self.identity
                put(value, pointer, instance.memory.setdefault(place, first))
            case _:
                keys = key_pointers(instance.scope.document.get("key"), event)
                was = find(value, pointer)
                seen = instance.memory.setdefault(place, set())
                if pointer not in keys and (not was or repr(was) in seen or was == ("x",)):
                    put(value, pointer, self.fresh())
                seen.add(repr(find(value, pointer)))

    def _count_on(self, instance: Open, rule: dict[str, Any], place: Any, pointer: str, value: Any) -> None:
        last = instance.memory.get(place)
        if last is None:
            number = rule.get("start", self.rng.randint(1, 4))
        elif rule.get("mode") == "increasing":
            number = last + self.rng.randint(1, 3)
        else:
            number = last + rule.get("step", 1)
        until = number
        if "last" in rule:
            until = number + self.rng.randint(0, 3)
            put(value, rule["last"], until)
        put(value, pointer, hex(number) if rule.get("as") == "hex" else number)
        instance.memory[place] = until


def key_pointers(declared: Any, event: str) -> list[str]:
    """The pointers at which an event carries a key; none where it carries none."""
    if isinstance(declared, dict):
        declared = listed(declared, event)
    if declared is None or declared is NO_KEY:
        return []
    return [declared] if isinstance(declared, str) else list(declared)


def _pointers_of(declared: Any) -> list[Any]:
    return list(declared.values()) if isinstance(declared, dict) else [declared]


def as_records(
    lines: list[Line], subject: Subject, ending: dict[str, Any] | None, opening: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The records of a stream; each session is opened where it first speaks, as ``opening`` says, and all end alike."""
    at, records, sessions = 0.0, list[dict[str, Any]](), list[str]()
    wanted = (subject.document.get("select") or {}).get("subprotocol")
    for line in [*lines, *([] if lines else [Line("s", "received", {}, "")])]:
        if line.session not in sessions:
            sessions.append(line.session)
            opened = {"at": at, "session": line.session, "kind": "opened", "uri": "ws://x/ws", "headers": {}}
            records.append({**opened, "identity": f"user-{line.session}", "subprotocol": wanted, **(opening or {})})
        for step in line.before:
            records.append({"at": at + line.wait / 2, "session": line.session, **step})
        at += line.wait
        if lines:
            base = {"at": at, "session": line.session, "kind": "message", "direction": line.direction}
            records.append({**base, "text": json.dumps(line.value)})
    at += 0.125
    return records + [{"at": at, "session": each, **ending} for each in sessions if ending]
