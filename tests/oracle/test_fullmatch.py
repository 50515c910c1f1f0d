"""Each order against ``re.fullmatch``: a stream is in order where the projection on its instance is matched whole.

A scope stands alone here, without rules: an inner scope in its order is one event that opens and ends it, under a key
of its own.
"""

from __future__ import annotations

import json
import re
from itertools import product
from random import Random
from typing import Any

import pytest

from tests.oracle.cells import conforming
from tests.oracle.compare import differ
from tests.oracle.contract import Contract, Scope, find
from tests.oracle.contracts import make_contract
from tests.oracle.expression import after, allowed, names_in
from tests.oracle.fullmatch import Matcher
from tests.oracle.operators import mutate
from tests.oracle.speaker import Line, as_records, key_pointers
from tests.oracle.subjects import names, subject
from wscheck.capture.jsonl import decode_record
from wscheck.checker import Checker
from wscheck.contract.load import parse_contract
from wscheck.errors import WscheckError

WORDS = 80
SCOPES = [
    (contract, scope.name)
    for contract in names()
    for scope in subject(contract).contract.scopes.values()
    if scope.order is not None
    and scope.parent is not None
    and not any(name[0] == "$" for name in names_in(scope.order))
]


@pytest.mark.parametrize(("contract", "name"), SCOPES, ids=map("-".join, SCOPES))
def test_a_word_is_in_order_where_the_regular_expression_matches_it(contract: str, name: str) -> None:
    held = subject(contract).contract
    matched, judged = _hold(held.scopes[name], held, Random(f"{contract} {name}"), WORDS)
    assert 10 <= matched < judged


def test_it_is_so_for_orders_made_by_chance() -> None:
    orders = 0
    for seed in range(60):
        document = make_contract(Random(seed))
        try:
            parse_contract(json.dumps(document))
        except WscheckError:
            continue
        held = Contract(document)
        for scope in held.scopes.values():
            if scope.order is not None and scope.parent and not any(each[0] == "$" for each in names_in(scope.order)):
                orders += 1
                _hold(scope, held, Random(seed), 20)
    assert orders > 30


@pytest.mark.parametrize("name", ["pipeline", "barrier", "reused"])
def test_whole_streams_are_in_order_where_each_projection_on_an_instance_is_matched(name: str) -> None:
    held = subject(name)
    scope = next(each for each in held.contract.scopes.values() if each.parent)
    pattern = re.compile(f"(?:{Matcher(scope.order or ()).pattern.pattern})+")  # ids may be given out again
    matched = broken = 0
    for number in range(80):
        rng = Random(f"{name} {number}")
        lines, ending = conforming(rng, held)
        if number % 2:
            lines = mutate(rng, held, rng.choice(["drop", "duplicate", "swap adjacent", "move", "replay"]), lines, 1)
        due, _, apart = differ(held, as_records(lines, held, ending), junit=False)
        assert apart == []
        words = _project(lines, scope)
        for key, word in words.items():
            matches = pattern.fullmatch(Matcher(scope.order or ()).write(word)) is not None
            found = [row for row in due.rows if row[2] == scope.name and row[3] == [key]]
            assert (not found) is matches, f"{word} is {'' if matches else 'not '}matched, but {found}"
            matched, broken = matched + matches, broken + (not matches)
    assert matched > 80
    assert broken > 10


def test_what_comes_in_any_mixture_is_spelled_out_right() -> None:
    contract = parse_lone("a, (b* & (c, d?) & e), a")
    matcher = Matcher(contract.order or ())
    due = {word for word in map("".join, product("abcde", repeat=5)) if _mixed(word)}
    assert {word for word in map("".join, product("abcde", repeat=5)) if matcher.matches(word)} == due
    assert len(due) == 9


def parse_lone(order: str) -> Scope:
    document = {"events": dict.fromkeys("abcde"), "scopes": {"lone": {"order": order}}}
    return Contract(document).scopes["lone"]


def _mixed(word: str) -> bool:
    inside = word[1:-1]
    rest = inside.replace("b", "").replace("e", "")
    return word[0] == word[-1] == "a" and "a" not in inside and inside.count("e") == 1 and rest in ("c", "cd")


def _project(lines: list[Line], scope: Scope) -> dict[str, list[str]]:
    """The events of each instance, by its key."""
    words: dict[str, list[str]] = {}
    for line in lines:
        if line.event in scope.named:
            (pointer,) = key_pointers(scope.document["key"], line.event)
            words.setdefault(find(line.value, pointer)[0], []).append(line.event)
    return words


def _hold(scope: Scope, held: Contract, rng: Random, words: int) -> tuple[int, int]:
    """Hold words of a scope before both; return how many were matched, and how many there were."""
    matcher, order = Matcher(scope.order or ()), str(scope.document["order"])
    loaded = parse_contract(json.dumps(_alone(held, scope, order)))
    matched = 0
    for number in range(words):
        word = _word(rng, scope, broken=number % 2 == 1)
        found = [each.code for each in _check(loaded, word, held)]
        in_order = matcher.matches(word)
        assert (not found) is in_order, f"{order}: {word} is {'' if in_order else 'not '}matched, but {found}"
        matched += in_order
    return matched, words


def _alone(held: Contract, scope: Scope, order: str) -> dict[str, Any]:
    """A contract of one scope: of its inner scopes each is one event."""
    inside = [each.name for each in held.scopes.values() if each.parent is scope]
    events = [name for name in held.declared if not name.startswith("$")]
    bodies = {name: {"in": scope.name, "key": "/own", "order": f"open.{name}"} for name in inside}
    groups = {name: [each for each in members if each[0] != "$"] for name, members in held.groups.items()}
    lone: dict[str, Any] = {"key": "/key", "order": order}
    return {
        "wscheck": 1,
        "name": "lone",
        "version": "1.0.0",
        "event_name": "/t",
        "severity": {"reused-key": "error"},  # what opens again under its key is a word of its own
        "events": dict.fromkeys([*events, *(f"open.{name}" for name in inside)]),
        "groups": {name: inside for name, inside in groups.items() if inside},
        "scopes": {"connection": {}, scope.name: lone, **bodies},
    }


def _word(rng: Random, scope: Scope, *, broken: bool) -> list[str]:
    """A walk through the order; ``broken``: with one name dropped, said twice, put elsewhere or another."""
    word, left = [], scope.order or ()
    for _ in range(rng.randint(1, 14)):
        ways = sorted(allowed(left))
        if not ways:
            break
        word.append(rng.choice(ways))
        left = after(left, word[-1])
    if broken:
        at, known = rng.choice([0, rng.randrange(len(word))]), sorted(names_in(scope.order or ()))
        match rng.randrange(4):
            case 0 if len(word) > 1:
                del word[at]
            case 1:
                word.insert(at, word[at])
            case 2:
                word.insert(rng.randrange(len(word)), word.pop(at))
            case _:
                word[at] = rng.choice(known)
    return word


def _check(loaded: Any, word: list[str], held: Contract) -> list[Any]:
    checker = Checker(loaded)
    records: list[dict[str, Any]] = [{"at": 0, "session": "s", "kind": "opened", "uri": "ws://x/", "headers": {}}]
    for number, name in enumerate(word):
        value = {"t": f"open.{name}" if name in held.scopes else name, "key": "k", "own": number}
        base = {"at": number, "session": "s", "kind": "message", "direction": "received"}
        records.append({**base, "text": json.dumps(value)})
    records.append({"at": len(word), "session": "s", "kind": "closed", "code": 1000, "reason": "", "initiator": "peer"})
    for record in records:
        checker.observe(decode_record(json.dumps(record)))
    return [each for each in checker.conclude().findings if each.code != "vacuous"]
