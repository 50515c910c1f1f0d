"""Streams in corners that the labelled ones do not go to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from tests.checker.test_choice import ANY, BY_NAME, ONE, TWO
from tests.support.streams import contract, session
from tests.told.streams import GOOD, PLAIN, Stream
from wscheck.record import Closed, Cut, Message, Opened, Pong, Stall, Step

NESTED = contract(
    "{p: {key: /k, order: 'a, q'}, q: {in: p, key: /q, order: b}, z: {in: p, key: /z, order: 'c, d'}}",
    events="a: , b: , c: , d: ",
)
WAITING = contract("{s: {key: /k, order: 'a, d', within: 2, gap: 3}}", events="a: , d: {from: client}")
DEEP = contract("{s: {key: /k, order: 'a, b'}}", events="a: , b: , st.on: {match: {/t: st, /s: on}}")
HANDSHAKE = contract(
    "{connection: {order: '$open.full, a*, $close'}}",
    events="a: , $open.full: {match: {/code: 101, /reason: '', /initiator: tool, /uri: 'ws://h/', /subprotocol: talk,"
    " /offered/0: talk}}",
)
CLOSINGS = contract(
    "{connection: {order: '$open, a*, ($close.bad | $close.kept | $close)'}}",
    events="a: , $close.bad: {match: {/code: 4000, /reason: no, /initiator: peer}},"
    " $close.kept: {match: {/code: 1006}}, $close: ",
)
ORDERED = contract("{connection: {order: '$open, a, b, $close'}}")
RULED = contract("{s: {key: {'*': ~}, rules: [{id: r, unique: /k, events: [a, b]}]}}")
LATE_OPENER = contract("{p: {key: /k, order: 'a, s, b'}, s: {in: p, order: 'c, d'}}")


def corners() -> Iterator[Stream]:
    """Yield every stream with its name and the contracts that are offered."""
    yield from _openings()
    yield from _parents()
    yield from _times()
    yield from _names()
    yield from _unspoken()
    yield from _undecided()


def _openings() -> Iterator[Stream]:
    full: dict[str, Any] = {"uri": "ws://h/", "subprotocol": "talk", "offered": ("talk",)}
    yield "an opening that fits in all", [HANDSHAKE], session({"t": "a"}, **full)
    for name in full:
        yield f"an opening without {name}", [HANDSHAKE], session({"t": "a"}, **(full | {name: None}))
    for code, reason, initiator in ((4000, "no", "peer"), (4000, "", "peer"), (4000, "no", "tool"), (1006, "", "peer")):
        ending = Closed(at=1.0, session="s", code=code, reason=reason, initiator=initiator)  # type: ignore[arg-type]
        yield f"a closing {code} {reason!r} {initiator}", [CLOSINGS], session({"t": "a"}, closed=ending)


def _parents() -> Iterator[Stream]:
    outer, child, other = {"t": "a", "k": 1}, {"t": "b", "q": 1}, {"t": "c", "z": 1}
    yield "a parent that ends with its last child", [NESTED], session(outer, child)
    yield "and another child in it", [NESTED], session(outer, other, child)
    yield "and one in it that is whole", [NESTED], session(outer, other, {"t": "d", "z": 1}, child)
    yield "and what comes after it", [NESTED], session(outer, other, child, {"t": "d", "z": 1}, child, outer)
    yield "a child in either of two", [NESTED], session(outer, {"t": "a", "k": 2}, child)
    yield "a child in none", [NESTED], session(child, other)
    inner: list[Any] = [{"t": "c"}, {"t": "c"}, {"t": "d"}, {"t": "d"}]
    yield "an opening again, without a key", [LATE_OPENER], session(outer, *inner, {"t": "b", "k": 1})
    twice = {"t": "a", "k": 2}
    yield "an opening again, in either of two", [LATE_OPENER], session(outer, twice, *inner, {"t": "b", "k": 1})


def _times() -> Iterator[Stream]:
    begun = session({"t": "a", "k": 1})[:-1]
    for seconds in (1.9, 2.01, 2.011, 2.5, 3.01, 3.011, 3.5):
        ending = Closed(at=9.0, session="s", code=1000)
        yield f"a pong at {seconds}", [WAITING], [*begun, Pong(at=seconds, session="s", latency=0.1), ending]
        sent = Message(at=seconds, session="s", direction="sent", text='{"t": "d", "k": 1}')
        yield f"ours at {seconds}", [WAITING], [*begun, sent, ending]
        yield f"closed at {seconds}", [WAITING], [*begun, replace(ending, at=seconds)]


def _names() -> Iterator[Stream]:
    for name, value in {
        "beside": {"event": "a"},
        "deeper": {"data": {"event": "a"}},
        "deepest": {"data": {"more": {"kind": "b"}}},
        "too deep": {"data": {"more": {"most": {"kind": "b"}}}},
        "in a list": {"data": [{"kind": "b"}]},
        "under a name that names nothing": {"status": "a"},
        "at both": {"t": "zzz", "type": "a"},
        "of a variant": {"t": "st", "s": "off", "type": "st"},
        "a number": {"t": 12},
        "a variant": {"t": "a.b"},
        "reserved": {"t": "$open"},
        "none": {},
        "no object": [1],
    }.items():
        yield f"a name {name}", [DEEP], session(*GOOD, value)


def _unspoken() -> Iterator[Stream]:
    awaited = Step(at=0.5, session="s", id="w", outcome="timeout", expected="hello", since=0.0, due=0.5)
    end = Closed(at=1.0, session="s", code=1000)
    opened = Opened(at=0.0, session="s")
    for direction in ("sent", "received"):
        said = Message(at=0.1, session="s", direction=direction, text='{"t": "a", "k": 1}')  # type: ignore[arg-type]
        yield f"{direction}, then a step, for none", [ONE, TWO], [opened, said, awaited, end]
    pings = [replace(each, ignore=frozenset({"b"})) for each in (ONE, TWO)]
    both = session({"t": "hello", "v": "1.4"}, *GOOD, {"t": "b"})
    other = [replace(record, session="z") for record in session({"t": "hello", "v": "2.0"}, {"t": "b"}, {"t": "b"})]
    yield "what both ignore", pings, [*both, *other]
    yield "what one ignores", [PLAIN, ONE], both


def _undecided() -> Iterator[Stream]:
    """What a closing does not decide, and what a step does."""
    begun = session({"t": "a"}, expires=0.5)[:-1]
    for at in (0.4, 0.6):
        yield f"an order that a closing at {at} breaks", [ORDERED], [*begun, Closed(at=at, session="s", code=1000)]
    whole = session(*GOOD)[:-1]
    for at in (0.85, 0.9, 0.95):
        awaited = Step(at=1.0, session="s", id="w", outcome="timeout", expected="c", required=True, since=0.5, due=0.9)
        ending = Cut(at=1.5, session="s", cause="limit")
        yield (
            f"a step, a pong at {at} before it",
            [PLAIN],
            [*whole, Pong(at=at, session="s", latency=0.1), awaited, ending],
        )
    for at, seconds in product((0.5, 0.6, 0.89, 0.9, 0.95), (0.05, 0.4, 1.5)):
        awaited = Step(at=1.0, session="s", id="w", outcome="timeout", expected="c", required=True, since=0.5, due=0.9)
        proof, ending = Pong(at=1.2, session="s", latency=0.1), Cut(at=1.5, session="s", cause="limit")
        asleep = Stall(at=at, session="s", seconds=seconds)
        yield f"a step, {seconds} s of standing still until {at}", [PLAIN], [*whole, asleep, awaited, proof, ending]
    yield "an orphan of rules", [RULED], session({"t": "a"}, {"t": "a", "k": 1}, {"t": "a"}, {"t": "b"})
    probe = [Opened(at=8.0, session="m", probe={"expect": "closed"}), Closed(at=9.0, session="m", code=1008)]
    yield "a probe of what nobody spoke", [BY_NAME, ANY], [*session(*GOOD, subprotocol="chat"), *probe]
