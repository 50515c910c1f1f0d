"""Words: streams of any events in any order, and every short word over a few letters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

from tests.oracle.operators import say_anything
from tests.oracle.speaker import Line, Open, Speaker
from tests.oracle.subjects import Subject

PLAIN_ENDING = {"kind": "closed", "code": 1000, "reason": "", "initiator": "peer"}
LONGEST = 5


def random_word(rng: Random, subject: Subject) -> tuple[list[Line], dict[str, Any]]:
    """Any events, mostly under few ids."""
    lines: list[Line] = []
    for _ in range(rng.randint(1, 14)):
        session = "z" if rng.random() < 0.03 else "s"
        line = say_anything(rng, subject, lines, session)
        if line:
            line.wait = rng.choice([0.0, 0.125, 0.125, 1.0, rng.choice(subject.deadlines or (1.0,)) + 0.5])
            lines.append(line)
    code = rng.choice([1000, 1000, 1000, 1001, 1005, 1006, 1011, 1012, 4000, 4001, 4409])
    initiator = "tool" if rng.random() < 0.2 and code != 1006 else "peer"
    closed = {"kind": "closed", "code": code, "reason": "", "initiator": initiator}
    return lines, rng.choice([closed, closed, closed, closed, {"kind": "cut", "cause": "deadline", "awaiting": ""}])


def short_words(subject: Subject) -> Iterator[tuple[str, ...]]:
    """Every word of one to five of the contract's letters, the short ones first."""
    for length in range(LONGEST + 1):
        yield from product(subject.letters, repeat=length)


def spell(subject: Subject, word: tuple[str, ...]) -> tuple[list[Line], dict[str, Any]]:
    """The stream of a word: each letter an event of the one instance that its scope has."""
    rng = Random(repr(word))
    speaker = Speaker(rng, subject, "s")
    instances: dict[str, Open] = {}
    lines = []
    for event in (*subject.before, *word):
        scopes = [scope for scope in subject.contract.scopes.values() if event in scope.named | scope.ruled]
        place = None
        for scope in reversed(max(scopes, key=lambda each: each.depth).chain()):
            if scope.name not in instances:
                key = speaker.key_for(scope, event, place)
                instances[scope.name] = Open(scope, key, place)
            place = instances[scope.name]
        line = speaker.say(place, event) if place else None
        if line is None and place:
            for each in place.chain():
                each.memory.clear()  # what came before would have the rules give it another name
            line = speaker.say(place, event)
        if line is None:
            raise ValueError(f"no {event} can be made for {subject.name}")
        lines.append(line)
    return lines, PLAIN_ENDING
