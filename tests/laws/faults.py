"""Streams in which each event has exactly one place, so that it can be said what one fault is to be called."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.laws.keys import shuffle_in
from tests.laws.made import Document, Lines
from tests.oracle.contract import Contract as Reading
from tests.oracle.expression import DONE, Expression, accepts, after, allowed

JOB, PART = "abcdefghi", "xyz"
RULES: dict[str, dict[str, Any]] = {
    "counter": {"counter": "/n"},
    "chain": {"chain": "/n", "previous": "/m"},
    "same": {"same": "/v"},
    "unique": {"unique": "/n"},
}


def make_strict(rng: Random, *, parts: bool) -> Document:
    """A contract of jobs, every event of which comes exactly once; and so it does in the parts that may be in them."""
    own = rng.sample(JOB, rng.randint(4, 8))
    scopes: dict[str, Any] = {"job": {"key": "/k", "order": f"{own[0]}, {_mix(rng, own[1:-1])}, {own[-1]}"}}
    if parts:
        scopes["part"] = {"in": "job", "key": "/p", "parent_key": "/k", "order": ", ".join(PART)}
    return _document(scopes)


def make_numbered(rng: Random) -> tuple[Document, str]:
    """A contract of feeds whose items one rule holds together, and that rule."""
    rule = rng.choice(list(RULES))
    rules = [{"id": "r", "events": ["b"], **RULES[rule]}]
    return _document({"feed": {"key": "/k", "order": "a, b*, c", "rules": rules}}), rule


def speak(rng: Random, document: Document) -> Lines:
    """One to three jobs and their parts, interleaved."""
    contract = Reading(document)
    jobs = []
    for key in range(rng.randint(1, 3)):
        words = [[_say(event, key) for event in _word(rng, contract.scopes["job"].order or DONE)]]
        if "part" in document["scopes"]:
            words += [[_say(event, key, f"{key}.{part}") for event in PART] for part in range(rng.randint(1, 2))]
            first, last, words[0] = words[0][0], words[0][-1], words[0][1:-1]
            jobs.append([first, *shuffle_in(rng, *words)[0], last])
        else:
            jobs += words
    return shuffle_in(rng, *jobs)[0]


def speak_numbers(rng: Random) -> Lines:
    """One to three feeds of at least three items each, numbered, chained, of one value, and interleaved."""
    feeds = []
    for key in range(rng.randint(1, 3)):
        items = [_say("b", key) | {"n": number, "m": number + 1, "v": key} for number in range(1, rng.randint(4, 7))]
        feeds.append([_say("a", key), *items, _say("c", key)])
    return shuffle_in(rng, *feeds)[0]


def lines_of(messages: Lines) -> Lines:
    """One session in which these messages came."""
    base: dict[str, Any] = {"session": "s", "connection": 1}
    said = [
        {**base, "at": place / 8, "kind": "message", "direction": "received", "text": json.dumps(message)}
        for place, message in enumerate(messages, 1)
    ]
    last = {"at": len(messages) / 8 + 1, "kind": "closed", "code": 1000, "reason": "", "initiator": "peer"}
    return [{**base, "at": 0.0, "kind": "opened", "uri": "ws://x/", "headers": {}}, *said, {**base, **last}]


def conforms(document: Document, messages: Lines) -> bool:
    """Whether the jobs of a stream are still words of their order, as the oracle reads it."""
    order = Reading(document).scopes["job"].order
    for key in {message["k"] for message in messages}:
        left = order
        for message in messages:
            if message["k"] == key and message["t"] in JOB:
                left = after(left, message["t"])
        if not accepts(left):
            return False
    return True


def _document(scopes: dict[str, Any]) -> Document:
    events = dict.fromkeys([*JOB, *PART])
    return {"wscheck": 1, "name": "strict", "version": "1.0.0", "event_name": "/t", "events": events, "scopes": scopes}


def _mix(rng: Random, names: list[str]) -> str:
    """Names one after the other or in any mixture, each once."""
    if len(names) == 1:
        return names[0]
    cut = rng.randint(1, len(names) - 1)
    return f"({_mix(rng, names[:cut])} {rng.choice(',,&')} {_mix(rng, names[cut:])})"


def _word(rng: Random, order: Expression) -> list[str]:
    word = []
    while not accepts(order):
        word.append(rng.choice(sorted(allowed(order))))
        order = after(order, word[-1])
    return word


def _say(event: str, key: int, part: str | None = None) -> dict[str, Any]:
    return {"t": event, "k": f"job {key}", **({"p": part} if part else {})}
