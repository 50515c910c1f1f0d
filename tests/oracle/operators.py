"""The sixteen ways to break a stream, each one thing done to one place in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from tests.oracle.contract import find
from tests.oracle.payloads import put
from tests.oracle.speaker import Line, Open, Speaker, key_pointers
from tests.oracle.subjects import Subject

Lines = list[Line]
Operator = Callable[[Random, Subject, Lines], Lines]
OTHERS: list[Any] = [7, "7", True, None, [], {}, 1.5]


def _drop(rng: Random, subject: Subject, lines: Lines) -> Lines:
    del lines[rng.randrange(len(lines))]
    return lines


def _duplicate(rng: Random, subject: Subject, lines: Lines) -> Lines:
    at = rng.randrange(len(lines))
    return [*lines[: at + 1], deepcopy(lines[at]), *lines[at + 1 :]]


def _swap(rng: Random, subject: Subject, lines: Lines) -> Lines:
    at = rng.randrange(max(len(lines) - 1, 1))
    return [*lines[:at], *reversed(lines[at : at + 2]), *lines[at + 2 :]]


def _move(rng: Random, subject: Subject, lines: Lines) -> Lines:
    line = lines.pop(rng.randrange(len(lines)))
    lines.insert(rng.randint(0, len(lines)), line)
    return lines


def _truncate(rng: Random, subject: Subject, lines: Lines) -> Lines:
    return lines[: rng.randrange(len(lines))]


def _retype(rng: Random, subject: Subject, lines: Lines) -> Lines:
    """The body stays, its event becomes another one of the contract."""
    line = rng.choice(lines)
    others = [name for name in subject.contract.definitions if name != line.event and not name.startswith("$")]
    other = rng.choice(others)
    match = (subject.contract.definitions[other] or {}).get("match") or {}
    for pointer, wanted in match.items():
        if isinstance(wanted, str | int):
            put(line.value, pointer, wanted)
    if not match:
        _name(subject, line, other)
    return lines


def _unknown(rng: Random, subject: Subject, lines: Lines) -> Lines:
    line = rng.choice(lines)
    _name(subject, line, rng.choice(["nobody", "", 12, "status", "part", None]))
    return lines


def _wrong_type(rng: Random, subject: Subject, lines: Lines) -> Lines:
    holder, member = rng.choice(list(_members(rng.choice(lines).value)) or [({}, "x")])
    was = type(holder.get(member)) if isinstance(holder, dict) else type(holder[member])
    holder[member] = rng.choice([each for each in OTHERS if type(each) is not was])
    return lines


def _missing(rng: Random, subject: Subject, lines: Lines) -> Lines:
    holder, member = rng.choice(list(_members(rng.choice(lines).value)) or [({"x": 1}, "x")])
    del holder[member]
    return lines


def _null_id(rng: Random, subject: Subject, lines: Lines) -> Lines:
    return _set_id(rng, subject, lines, lambda _: None)


def _ghost_id(rng: Random, subject: Subject, lines: Lines) -> Lines:
    return _set_id(rng, subject, lines, lambda _: f"ghost{rng.randrange(3)}")


def _crossed_id(rng: Random, subject: Subject, lines: Lines) -> Lines:
    return _set_id(rng, subject, lines, lambda others: rng.choice(others) if others else "crossed")


def _inject(rng: Random, subject: Subject, lines: Lines) -> Lines:
    line = say_anything(rng, subject, lines)
    at = rng.randint(0, len(lines))
    return [*lines[:at], *([line] if line else []), *lines[at:]]


def _reverse(rng: Random, subject: Subject, lines: Lines) -> Lines:
    at = rng.randrange(max(len(lines) - 1, 1))
    to = rng.randint(at + 2, max(len(lines), at + 2))
    return [*lines[:at], *reversed(lines[at:to]), *lines[to:]]


def _replay(rng: Random, subject: Subject, lines: Lines) -> Lines:
    at = rng.randrange(len(lines))
    to = rng.randint(at + 1, min(len(lines), at + 5))
    later = rng.randint(to, len(lines))
    return [*lines[:later], *deepcopy(lines[at:to]), *lines[later:]]


def _delay(rng: Random, subject: Subject, lines: Lines) -> Lines:
    """Nothing comes for longer than a deadline of the contract, or nearly; with or without proof that we listened."""
    line = rng.choice(lines)
    line.wait += rng.choice(subject.deadlines) + rng.choice([1, 1, 1, 0.125, 0, -0.125])
    proofs: list[list[dict[str, Any]]] = [
        [{"kind": "pong", "latency": 0.01}],
        [{"kind": "stall", "seconds": 2.0}],
        [{"kind": "stall", "seconds": 0.5}],
        [{"kind": "note", "code": "queue-full", "text": ""}],
    ]
    line.before = rng.choice([[], [], [], [], *proofs])
    return lines


OPERATORS: dict[str, Operator] = {
    "drop": _drop,
    "duplicate": _duplicate,
    "swap adjacent": _swap,
    "move": _move,
    "truncate": _truncate,
    "retype": _retype,
    "unknown event": _unknown,
    "wrong type": _wrong_type,
    "missing member": _missing,
    "null id": _null_id,
    "ghost id": _ghost_id,
    "crossed id": _crossed_id,
    "inject": _inject,
    "reverse": _reverse,
    "replay": _replay,
    "delay": _delay,
}


def applies(operator: str, subject: Subject) -> bool:
    """Whether there is anything in the contract that the operator could break."""
    return operator != "delay" or bool(subject.deadlines)


def mutate(rng: Random, subject: Subject, operator: str, lines: Lines, depth: int) -> Lines:
    """A copy of the stream, broken by ``operator`` and, where ``depth`` is more than one, by others after it."""
    usable = [name for name in OPERATORS if applies(name, subject)]
    lines = deepcopy(lines)
    for name in [operator, *rng.choices(usable, k=depth - 1)]:
        if lines:
            lines = OPERATORS[name](rng, subject, lines)
    return lines


def say_anything(rng: Random, subject: Subject, lines: Lines, session: str = "s") -> Line | None:
    """Any event of any scope, under an id that was used or a new one."""
    speaker = Speaker(rng, subject, session)
    speaker.serial = rng.randrange(4)
    scopes = [scope for scope in subject.contract.scopes.values() if scope.named | scope.ruled]
    around = rng.choice(scopes)
    events = sorted(name for name in around.named | around.ruled if not name.startswith("$"))
    if not events or rng.random() < 0.1:
        events = sorted(name for name in subject.contract.definitions if not name.startswith("$"))
    event = rng.choice(events)
    used = list(_ids(subject, lines)) or ["s1"]
    instance = None
    for scope in reversed(around.chain()):
        key = speaker.key_for(scope, event, instance)
        if key and rng.random() < 0.7:
            key = [rng.choice(used) for _ in key]
        instance = Open(scope, key, instance)
    return speaker.say(instance, event) if instance else None


def _name(subject: Subject, line: Line, name: Any) -> None:
    pointers = subject.document.get("event_name") or []
    for pointer in [pointers] if isinstance(pointers, str) else pointers:
        if find(line.value, pointer):
            put(line.value, pointer, name)
            return


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and item inside a value, each with what holds it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield value, name
        yield from _members(inner)


def _pointers(subject: Subject, event: str) -> list[str]:
    pointers: list[str] = []
    for scope in subject.contract.scopes.values():
        if event in scope.named | scope.ruled:
            for declared in (scope.document.get("key"), scope.document.get("parent_key")):
                pointers += key_pointers(declared, event)
    return pointers


def _ids(subject: Subject, lines: Lines) -> list[Any]:
    found = [find(line.value, pointer) for line in lines for pointer in _pointers(subject, line.event)]
    return sorted({each[0] for each in found if each and isinstance(each[0], str | int)}, key=repr)


def _set_id(rng: Random, subject: Subject, lines: Lines, make: Callable[[list[Any]], Any]) -> Lines:
    line = rng.choice([each for each in lines if _pointers(subject, each.event)] or lines)
    pointers = _pointers(subject, line.event)
    if pointers:
        pointer = rng.choice(pointers)
        here = find(line.value, pointer)
        put(line.value, pointer, make([each for each in _ids(subject, lines) if (each,) != here]))
    return lines
