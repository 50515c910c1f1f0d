"""Streams of records made by chance for a contract: walks that conform, then broken in every way we know."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

from tests.oracle.contract import Contract, Scope
from tests.oracle.expression import DONE, NOTHING, after, allowed

Message = tuple[str, dict[str, Any]]  # the direction, and the value


class _Walk:
    """One instance that is being walked through its order."""

    def __init__(self, scope: Scope, key: Any, parent: _Walk | None) -> None:
        self.scope, self.key, self.parent = scope, key, parent
        self.left = scope.order if scope.order is not None else DONE
        self.last: dict[str, Any] = {}


def make_stream(rng: Random, contract: Contract) -> tuple[list[dict[str, Any]], bool]:
    """Return records, and whether the capture's last line stands."""
    if rng.random() < 0.3:
        messages = [_random_message(rng, contract) for _ in range(rng.randint(1, 20))]
    else:
        messages = _walk(rng, contract)
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3, 5])):
            messages = _mutate(rng, contract, messages)
    records = _record(rng, contract, messages, "s")
    if rng.random() < 0.08:
        other = _record(rng, contract, _walk(rng, contract)[:6], rng.choice(["s", "z"]), connection=2)
        records = _interleave(rng, records, other)
    return records, rng.random() > 0.03


def _interleave(rng: Random, one: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[dict[str, Any]]:
    one, other, mixed = list(one), list(other), []
    while one or other:
        mixed.append((one if not other or (one and rng.random() < 0.5) else other).pop(0))
    return mixed


def _walk(rng: Random, contract: Contract) -> list[Message]:
    root = _Walk(contract.scopes["connection"], None, None)
    root.left = after(root.left, "$open") if "$open" in allowed(root.left) else root.left
    begun = [s for s in contract.scopes.values() if s.order is not None and s.parent and "$open" in allowed(s.order)]
    walks, messages = [root, *(_Walk(scope, None, root) for scope in begun)], []
    for walk in walks[1:]:
        walk.left = after(walk.left, "$open")
    keys = rng.choice([[1], [1, 2], [1, 2, 1.0, "1", True]])
    for _ in range(rng.randint(2, 16)):
        choices: list[tuple[_Walk, str]] = []
        for walk in walks:
            choices += [(walk, name) for name in sorted(allowed(walk.left)) if not name.startswith("$")]
            inner = [s for s in contract.scopes.values() if s.parent is walk.scope and s.name not in allowed(walk.left)]
            choices += [(walk, s.name) for s in inner if walk.scope.order is None]
            if walk.scope.order is None and walk.scope.name != "connection":
                choices += [(walk, name) for name in sorted(walk.scope.ruled) if name not in contract.ignored]
        extra = [(root, name) for name in sorted(root.scope.ruled) if not name.startswith("$")]
        choices += extra if rng.random() < 0.3 else []
        if not choices:
            break
        walk, name = rng.choice(choices)
        if name in contract.scopes:
            walk.left = after(walk.left, name) if walk.left != DONE else walk.left
            walk = _Walk(contract.scopes[name], rng.choice(keys), walk)
            walks.append(walk)
            starts = allowed(walk.left) or walk.scope.ruled
            names = sorted(each for each in starts if not each.startswith("$") and each not in contract.scopes)
            if not names:
                continue
            name = rng.choice(names)
        moved = after(walk.left, name)
        walk.left = walk.left if moved == NOTHING else moved
        messages.append(_message(rng, contract, walk, name))
    return messages


def _message(rng: Random, contract: Contract, walk: _Walk, name: str) -> Message:
    definition = contract.definitions.get(name) or {}
    value: dict[str, Any] = {"t": name.partition(".")[0] if "match" in definition else name}
    for pointer, constant in (definition.get("match") or {}).items():
        value[pointer[1:]] = constant
    around: _Walk | None = walk
    while around is not None and around.parent is not None:
        if around is walk or rng.random() < 0.7:
            for member in (around.scope.name, around.scope.name + "b"):
                value[member] = around.key
            value[around.scope.name + "2"] = 7
        around = around.parent
    count = walk.last.get("n", 0) + 1
    walk.last["n"] = count
    value["n"] = count if rng.random() < 0.9 else rng.choice([hex(count), None, "q", 1.0, True, count - 1])
    value["m"] = count + 1 if rng.random() < 0.5 else count
    value["v"] = "v" if rng.random() < 0.9 else rng.choice([1, None, "u"])
    for member in ("n", "m", "v"):
        if rng.random() < 0.05:
            del value[member]
    return _direction(rng, definition), value


def _direction(rng: Random, definition: dict[str, Any]) -> str:
    match definition.get("from") or "server":
        case "client":
            return "sent"
        case "either":
            return rng.choice(["sent", "received"])
        case _:
            return "received"


def _random_message(rng: Random, contract: Contract) -> Message:
    """Any event, mostly one that a scope names, with the keys of that scope."""
    scope = rng.choice(list(contract.scopes.values()))
    names = sorted(name for name in scope.named | scope.ruled if not name.startswith("$"))
    if not names or rng.random() < 0.1:
        names = [each for each in contract.definitions if not each.startswith("$")]
    walk = _Walk(contract.scopes["connection"], None, None)
    for around in reversed(scope.chain()[:-1]):
        walk = _Walk(around, rng.choice([1, 1, 2]), walk)
    return _message(rng, contract, walk, rng.choice(names))


def _mutate(rng: Random, contract: Contract, messages: list[Message]) -> list[Message]:
    messages = deepcopy(messages)
    if not messages:
        return [_random_message(rng, contract)]
    at, to = rng.randrange(len(messages)), rng.randrange(len(messages))
    kinds = ["drop", "drop", "duplicate", "swap", "move", "move", "truncate", "retype", "unknown", "missing", "null"]
    kind = rng.choice([*kinds, "ghost", "crossed", "replay", "random", "member"])
    if kind in ("retype", "unknown", "missing", "null", "ghost", "crossed", "member"):
        _spoil_members(rng, contract, messages[at], kind)
        return messages
    match kind:
        case "drop":
            del messages[at]
        case "duplicate":
            messages.insert(at, deepcopy(messages[at]))
        case "swap":
            messages[at], messages[to] = messages[to], messages[at]
        case "move":
            messages.insert(to, messages.pop(at))
        case "truncate":
            del messages[max(at, 1) :]
        case "replay":
            messages += deepcopy(messages[min(at, to) : max(at, to)])
        case "random":
            messages.insert(at, _random_message(rng, contract))
    return messages


def _spoil_members(rng: Random, contract: Contract, message: Message, kind: str) -> None:
    value = message[1]
    member = rng.choice(list(value)) if value else "t"
    match kind:
        case "retype" if member != "t":
            value[member] = str(value.get(member))
        case "unknown":
            value["t"] = rng.choice(["nope", "st", "$close", 7])
        case "missing":
            value.pop(member, None)
        case "null":
            value[member] = None
        case "ghost":
            _set_key(rng, contract, message, 9)
        case "crossed":
            _set_key(rng, contract, message, rng.choice([1, 2, 3]))
        case "member":
            value[rng.choice(["n", "m", "v"])] = rng.choice([1, 2, "v", "0x2", None])


def _set_key(rng: Random, contract: Contract, message: Message, key: Any) -> None:
    name = rng.choice([scope for scope in contract.scopes if scope != "connection"] or ["P"])
    message[1][name] = key
    message[1][name + "b"] = key


def _record(
    rng: Random, contract: Contract, messages: list[Message], session: str, connection: int = 1
) -> list[dict[str, Any]]:
    slow = rng.random() < 0.3
    at = 0.0
    base: dict[str, Any] = {"session": session}
    if connection > 1:
        base["connection"] = connection
    opened = {"at": at, **base, "kind": "opened", "uri": "ws://x/", "headers": {}}
    opened["identity"] = rng.choice(["v", "u", None])
    opened["subprotocol"] = rng.choice(["v1", "v1", None])
    records: list[dict[str, Any]] = [opened]
    for direction, value in messages:
        at += rng.choice([0.125, 0.25, 1.0, 1.125, 2.125, 4.5]) if slow else 0.125
        if slow and rng.random() < 0.15:
            records.append({"at": at, **base, **_between(rng)})
            at += rng.choice([0, 0.125, 3.0])
        body = {"text": json.dumps(value)}
        if rng.random() < 0.01:
            body = _spoil(rng, body["text"])
        records.append({"at": at, **base, "kind": "message", "direction": direction, **body})
        if rng.random() < 0.01 and not slow:
            records.append({"at": at, **base, "kind": "violation", "code": "framing", "text": "seen"})
    at += rng.choice([0.125, 1.0, 6.0]) if slow else 0.125
    if slow and rng.random() < 0.2:
        records.append({"at": at, **base, **_between(rng)})
        at += rng.choice([0, 0.125, 3.0])
    ending = _ending(rng)
    if ending:
        records.append({"at": at, **base, **ending})
    return records


def _spoil(rng: Random, text: str) -> dict[str, Any]:
    return rng.choice(
        [
            {"text": text[:-1]},
            {"text": text[:-1] + ', "big": 1, "big": 2}'},
            {"text": text[:-1] + ', "big": 1e999}'},
            {"text": "[" * 200 + "]" * 200},
            {"text": '"a"'},
            {"binary": "AAA="},
            {"binary": "/w==", "opcode": "text"},
        ]
    )


def _between(rng: Random) -> dict[str, Any]:
    return rng.choice(
        [
            {"kind": "pong", "latency": 0.125},
            {"kind": "pong", "latency": 0.125},
            {"kind": "stall", "seconds": 0.5},
            {"kind": "stall", "seconds": 2.0},
            {"kind": "note", "code": "queue-full", "text": ""},
        ]
    )


def _ending(rng: Random) -> dict[str, Any] | None:
    if rng.random() < 0.05:
        return None
    if rng.random() < 0.1:
        return {"kind": "cut", "cause": rng.choice(["deadline", "limit"]), "awaiting": ""}
    code = rng.choice([1000, 1000, 1000, 1000, 1001, 1005, 1006, 1011, 1012, 4000])
    initiator = "tool" if rng.random() < 0.15 and code != 1006 else "peer"
    return {"kind": "closed", "code": code, "reason": "", "initiator": initiator}
