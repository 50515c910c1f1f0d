"""Streams about which something is told that is no matter of order: endings, steps, notes, several contracts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from tests.checker.test_choice import ANY, BY_NAME, BY_PATH, ONE, TWO
from tests.checker.test_probe import CONTRACT as PROBED
from tests.checker.test_probe import ROWS as PROBES
from tests.support.streams import contract, session
from wscheck.contract.model import Contract
from wscheck.record import (
    Blocked,
    Closed,
    Cut,
    Message,
    Note,
    Opened,
    Pong,
    Record,
    Refused,
    Stall,
    Step,
    Violation,
)

Stream: TypeAlias = tuple[str, Sequence[Contract], Sequence[Record]]

PLAIN = contract(
    '{s: {key: /k, order: "a, b, c?", within: 2, gap: 3, rules: [{id: r, why: so it is, ask: a, with: b}]}}',
    events="a: , b: , c: , d: {from: client}, err: {cause: /why}, ping: ",
    ignore="[ping]",
)
TALKING = contract('{connection: {order: "$open, a*, $close"}}', select="{subprotocol: talk}", isolate="[/k]")
OTHER = contract('{s: {key: /k, order: "a, b"}}', select="{subprotocol: chat}")
GOOD: Sequence[Any] = ({"t": "a", "k": 1}, {"t": "b", "k": 1})
CUTS = ("deadline", "limit", "interrupted", "unresponsive", "disk", "scenario", "dropped")
CODES = (1000, 1001, 1002, 1005, 1006, 1008, 1011, 1012, 1013, 1014, 3000, 4401)


def streams() -> Iterator[Stream]:
    """Yield every stream with its name and the contracts that are offered."""
    yield from (("a probe: " + name, [PROBED], records) for name, (records, *_) in PROBES.items())
    yield from _endings()
    yield from _unmet()
    yield from _asides()
    yield from _offers()


def _endings() -> Iterator[Stream]:
    whole, half = session(*GOOD)[:-1], session(*GOOD[:1])[:-1]
    for state, records in (("whole", whole), ("pending", half), ("silent", session()[:-1])):
        for cause in CUTS:
            yield f"{state}, cut by {cause}", [PLAIN], [*records, Cut(at=1.0, session="s", cause=cause)]
        for code in CODES:
            for initiator in ("peer", "tool"):
                reason = "go away\n" if code == 1011 else ""
                ending = Closed(at=1.0, session="s", code=code, reason=reason, initiator=initiator)  # type: ignore[arg-type]
                yield f"{state}, closed {code} by {initiator}", [PLAIN], [*records, ending]
    expired = [replace(record, expires=0.5) if isinstance(record, Opened) else record for record in half]
    for at in (0.4, 0.5, 0.6):
        for initiator in ("peer", "tool"):
            ending = Closed(at=at, session="s", code=1008, initiator=initiator)  # type: ignore[arg-type]
            yield f"a token that had 0.5 s, closed at {at} by {initiator}", [PLAIN], [*expired, ending]
    for status in (301, 401, 403, 404, 429, 500, 503):
        for expected in (False, True):
            refused = Refused(
                at=0.1, session="s", status=status, expected=expected, phases={"tcp": 0.1}, credentials="c"
            )
            yield f"refused {status}, {expected=}", [PLAIN], [refused]
    blocked = Blocked(at=0.1, session="s", phase="tcp", cause="connection-refused", text="no", uri="ws://h/")
    yield "blocked", [PLAIN], [blocked]
    yield "blocked beside a good one", [PLAIN], [*session(*GOOD), replace(blocked, session="z")]
    yield "nothing", [PLAIN], []


def _unmet() -> Iterator[Stream]:
    """Steps of the scenario that were not met."""
    begun = session(*GOOD)[:-1]
    base: dict[str, Any] = {"at": 1.0, "session": "s", "id": "ask", "expected": "c", "since": 0.2, "due": 0.9}
    for outcome in ("timeout", "unmet"):
        for required in (False, True):
            for text in ("", "c was to hold 1\n"):
                step = Step(outcome=outcome, required=required, text=text, **base)  # type: ignore[arg-type]
                for name, more in (
                    ("nothing", []),
                    ("a pong", [Pong(at=1.1, session="s", latency=0.1)]),
                    ("a stall", [Stall(at=0.95, session="s", seconds=1.5), Pong(at=1.2, session="s", latency=0.1)]),
                ):
                    ending = Closed(at=1.5, session="s", code=1000, initiator="tool")
                    yield f"{outcome}, {required=}, {text=}, then {name}", [PLAIN], [*begun, step, *more, ending]
    missed = replace(Step(outcome="timeout", welcome=True, **base), expected="hello")  # type: ignore[arg-type]
    for code in (1000, 1008, 3000, 3003, 4401, 4403):
        ending = Closed(at=1.5, session="s", code=code)
        yield f"no welcome, closed {code}", [PLAIN], [Opened(at=0.0, session="s"), missed, ending]
        yield f"a welcome after all, closed {code}", [PLAIN], [*begun, missed, ending]
    for ending_cut in (Cut(at=2.0, session="s", cause="deadline"), Cut(at=2.0, session="s", cause="limit")):
        yield f"no welcome, {ending_cut.cause}", [PLAIN], [Opened(at=0.0, session="s"), missed, ending_cut]
    yield "no welcome, no ending", [PLAIN], [Opened(at=0.0, session="s"), missed]


def _asides() -> Iterator[Stream]:
    """What is counted, noted or said beside the events."""
    mixed = [*GOOD, {"t": "ping"}, {"t": "ping"}, [{"t": "zzz"}], [{"t": "d"}], {"t": "err", "why": "no\tdisk"}]
    yield "pings, messages of ours, a cause", [PLAIN], session(*mixed, {"t": "err"}, {"t": "err", "why": [1]})
    records = session(*GOOD, "ü", '{"t": "\\ud83d\\ude00"}')
    binary = [Message(at=0.05, session="s", direction="received", binary=b"\xff\xff", opcode="text")]
    yield "bytes", [PLAIN], [*records[:-1], *binary, records[-1]]
    for note in (Note(at=0.02, session="s", code="queue-full", text="x" * 1200), Note(at=0.02, session="s", code="n")):
        yield f"a note {note.code}", [PLAIN], [*records[:3], note, *records[3:]]
    unanswered = Note(at=0.05, session="s", code="close-unanswered", text="")
    yield "close unanswered", [PLAIN], [*session(*GOOD)[:-1], unanswered, session(*GOOD)[-1]]
    yield "close unanswered, pending", [PLAIN], [*session(*GOOD[:1])[:-1], unanswered, session(*GOOD)[-1]]
    broken = Violation(at=0.02, session="s", code="framing", text="a masked\nframe")
    yield "a violation", [PLAIN], [*records[:3], broken, *records[3:]]
    stray = Message(at=0.0, session="z", direction="received", text='{"t": "a", "k": 1}')
    yield "a stray message", [PLAIN], [stray, *session(*GOOD), stray]
    yield "opened twice", [PLAIN], [*session(*GOOD[:1])[:-1], *session(*GOOD)]
    yield "closed twice", [PLAIN], [*session(*GOOD), session()[-1]]
    again = [replace(record, connection=2) for record in session(*GOOD)]
    yield "back again", [PLAIN], [*session(*GOOD), *again]
    yield (
        "back again, cut",
        [PLAIN],
        [*session(*GOOD), *again[:-1], Cut(at=3, session="s", connection=2, cause="limit")],
    )
    late = [Pong(at=5.0, session="s", latency=0.1), Closed(at=6.0, session="s", code=1000)]
    for name, between in (("nothing", []), ("a stall", [Stall(at=4.0, session="s", seconds=2.0)])):
        yield f"late and quiet, with {name}", [PLAIN], [*session(*GOOD[:1])[:-1], *between, *late]
    yield "many causes", [PLAIN], session(*GOOD, *[{"t": "err", "why": n} for n in range(3)])


def _offers() -> Iterator[Stream]:
    """Several contracts."""
    one, two = session({"t": "hello", "v": "1.4"}, *GOOD), session({"t": "hello", "v": "2.0"}, {"t": "x", "k": 1})
    second = [replace(record, session="z") for record in two]
    third = [replace(record, session="y") for record in session({"t": "hello", "v": "9"}, *GOOD)]
    yield "one of two", [ONE, TWO], one
    yield "both of two", [ONE, TWO], [*one, *second]
    yield "both of two, mixed", [ONE, TWO], [record for pair in zip(second, one[1:], strict=False) for record in pair]
    yield "one of two and none", [ONE, TWO], [*one, *third]
    yield "none of two", [ONE, TWO], third
    yield "none told", [ONE, TWO], session(*GOOD)
    yield "by path or any", [BY_PATH, ANY], session(*GOOD, uri="ws://h/v2/x")
    yield "by name, or wait", [BY_NAME, ONE], session({"t": "a", "k": 1})
    for selected in (None, "talk", "chat", "else"):
        offered = session(*GOOD, subprotocol=selected, offered=("talk", "chat"), identity="ada")
        yield f"subprotocol {selected}", [TALKING], offered
        yield f"subprotocol {selected} of two", [TALKING, OTHER], offered
    bob = [replace(record, session="bob") for record in session(*GOOD, subprotocol="talk", identity="bob")]
    yield "what is another's", [TALKING], [*session(*GOOD, subprotocol="talk", identity="ada"), *bob]
    yield "what is nobody's", [TALKING], [*session(*GOOD, subprotocol="talk"), *bob]
    probe = Refused(at=9.0, session="m", status=403, probe={"expect": "refused"})
    yield "a probe aside", [ONE, TWO], [*one, probe]
    for ending in (
        Blocked(at=0.0, session="s", phase="dns", cause="name-not-found"),
        Cut(at=0, session="s", cause="limit"),
    ):
        yield f"never opened, of two: {type(ending).__name__}", [ONE, TWO], [ending]
    yield "cut before it told", [ONE, TWO], [Opened(at=0.0, session="s"), Cut(at=1.0, session="s", cause="deadline")]
