"""Streams with other keys, and several streams in one: what the laws about instances do to what was made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from tests.laws.made import Document, Lines
from wscheck.finding import Finding

ENDINGS = ("", "b", "2")
"""The keys of a scope made by chance stand at its name, some with one of these behind it."""


def rename(lines: Lines, document: Document, prefix: str) -> Lines:
    """Give every key another value, the same for keys that are equal; null stays null."""
    members = "|".join(f"{name}{ending}" for name in document["scopes"] for ending in ENDINGS)
    place = re.compile(rf'"({members})": ("[^"]*"|[^,}}]+)')

    def again(found: re.Match[str]) -> str:
        return f'"{found[1]}": {json.dumps(renamed(json.loads(found[2]), prefix))}'

    return [line | {"text": place.sub(again, line["text"])} if line.get("text") else line for line in lines]


def renamed(part: Any, prefix: str) -> Any:
    """The new value of one key; 1 and 1.0 are one, 1 and "1" are not."""
    if part is None:
        return None
    number = isinstance(part, int | float) and not isinstance(part, bool)
    return f"{prefix}{float(part) if number else json.dumps(part).replace(chr(34), '~')}"


def facts(finding: Finding, indices: Sequence[int], prefix: str | None = None) -> tuple[Any, ...]:
    """What a finding says, but for its sentence and what came before: ``indices`` is where each record stands now.

    ``prefix`` is what its keys are yet to be renamed with.
    """
    key = None if finding.key is None else tuple(finding.key)
    if prefix is not None and key is not None:
        key = tuple(renamed(part, prefix) for part in key)
    return (
        finding.code,
        finding.severity,
        finding.verdict,
        finding.rule,
        finding.scope,
        key,
        finding.event and (indices[finding.event.index - 1], finding.event.part, finding.event.name),
        tuple((indices[event.index - 1], event.part) for event in finding.related),
        (finding.expected, finding.missing, finding.instance_path, finding.contract_path, finding.blame, finding.more),
    )


def keyed(document: Document) -> None:
    """Let a contract have nothing in common to all: every instance has a key, and its parent's, and no deadline."""
    scopes = document["scopes"]
    scopes.pop("connection", None)
    for name, scope in scopes.items():
        if "$open" in scope.get("order", ""):
            scope["order"] = scope["order"].replace("$open, ", "")
        scope["key"] = scope["key"] if isinstance(scope.get("key"), str | list) else f"/{name}"
    for scope in scopes.values():
        if "in" in scope:
            scope["parent_key"] = scopes[scope["in"]]["key"]
    for member in ("identity", "isolate", "select"):
        document.pop(member, None)


def filled(lines: Lines, document: Document) -> Lines:
    """The readable messages of a stream, with a key wherever one may be asked for."""
    messages = []
    for line in lines:
        try:
            value = json.loads(line.get("text") or "")
        except ValueError:
            continue
        if isinstance(value, dict):
            for name in document["scopes"]:
                value |= {name + end: "any" for end in ENDINGS if value.get(name + end) is None}
            messages.append({**line, "text": json.dumps(value)})
    return messages


def shuffle_in(rng: Random, *streams: Lines) -> tuple[Lines, list[list[int]]]:
    """Several streams in one, each in its own order, and where each of their records stands then, from 1."""
    turns = [number for number, stream in enumerate(streams) for _ in stream]
    rng.shuffle(turns)
    left, mixed, places = [iter(stream) for stream in streams], Lines(), [list[int]() for _ in streams]
    for turn in turns:
        mixed.append(next(left[turn]))
        places[turn].append(len(mixed))
    return mixed, places


def as_session(messages: Lines) -> Lines:
    """One session of these messages, an eighth of a second apart, that the peer closed."""
    ends = {"session": "s", "connection": 1}
    said = [{**line, **ends, "at": place / 8} for place, line in enumerate(messages, 1)]
    last = {**ends, "at": len(messages) / 8 + 1, "kind": "closed", "code": 1000, "reason": "", "initiator": "peer"}
    return [{**ends, "at": 0.0, "kind": "opened", "uri": "ws://x/", "headers": {}}, *said, last]


def but_vacuous(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that are about something that was seen."""
    return [finding for finding in findings if finding.code != "vacuous"]
