"""What a stream speaks instead of its contract: versions, what moved, and dialects of no version."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.streams import session
from wscheck.capture import CaptureWriter, Header
from wscheck.contract.load import load_contract, parse_contract
from wscheck.contract.model import Contract
from wscheck.dialect import recognise
from wscheck.dialect.recognise import MOST, describe
from wscheck.record import Record
from wscheck.shipped import schemas

HEAD = "wscheck: 1\nname: chat\nevent_name: /type\n"
ONE = """version: "1.0.0"
events:
  hello: {schema: {required: [type, at], properties: {type: {const: hello}, at: {type: number}}}}
  said:
    schema:
      required: [type, body]
      properties:
        type: {const: said}
        body:
          type: object
          required: [room, words, length]
          properties: {room: {type: string}, words: {type: string}, length: {type: integer}, at: {type: number}}
  note:
scopes: {room: {key: /body/room, order: said+}}
"""
TWO = """version: "2.0.0"
events:
  hello: {schema: {required: [type, at], properties: {type: {const: hello}, at: {type: string, format: date-time}}}}
  said:
    schema:
      required: [type, room, at, body]
      properties:
        type: {const: said}
        room: {type: string}
        at: {type: string, format: date-time}
        event: false
        body:
          type: object
          required: [text, length_in_characters]
          properties: {text: {type: string}, length_in_characters: {type: integer}, state: {const: done}}
  note:
  about: {schema: {properties: {event: {type: string}}}}
  strict: {schema: {properties: {data: {properties: {event: {not: {enum: [hello, said]}}}}}}}
scopes: {room: {key: /room, order: said+}}
"""
NOON = "2026-01-01T12:00:00Z"


def _contract(text: str) -> Contract:
    return parse_contract(HEAD + text)


V1, V2 = _contract(ONE), _contract(TWO)
OLD: list[dict[str, Any]] = [
    {"type": "hello", "at": 1.5},
    {"type": "said", "body": {"room": "r", "words": "hi", "length": 2, "at": 1.6}},
    {"type": "said", "body": {"room": "r", "words": "ho", "length": 2, "at": 1.7}},
]
NEW: list[dict[str, Any]] = [
    {"type": "hello", "at": NOON},
    {"type": "said", "room": "r", "at": NOON, "body": {"text": "hi", "length_in_characters": 2}},
    {"type": "said", "room": "r", "at": NOON, "body": {"text": "ho", "length_in_characters": 2}},
]


def _describe(contract: Contract, others: Sequence[Contract], events: Sequence[Any]) -> tuple[str, ...]:
    records: list[Record] = session(*events)
    return describe(contract, others, lambda: nullcontext(records)).sentences


def _each(change: Callable[[dict[str, Any]], dict[str, Any]]) -> list[dict[str, Any]]:
    return [change(dict(event)) for event in NEW]


def test_a_stream_of_an_older_version_is_named_and_what_moved_is_told() -> None:
    assert _describe(V2, [V1], OLD) == (
        "the stream speaks chat@1.0.0, not 2.0.0",
        "room is at /body/room, due at /room (2 events)",
        "at is at /body/at, due at /at (2 events)",
        "at is a number, due a date-time (3 events)",
        "/body/words is not known here; due /body/text (2 events)",
        "/body/length is not known here; due /body/length_in_characters (2 events)",
    )


def test_a_stream_of_a_newer_version_is_told_the_other_way_round() -> None:
    told = _describe(V1, [V2], NEW)
    assert told[0] == "the stream speaks chat@2.0.0, not 1.0.0"
    assert "room is at /room, due at /body/room (2 events)" in told
    assert "at is a text, due a number (1 event)" in told


def test_a_version_that_is_broken_in_its_order_is_named_all_the_same() -> None:
    other = _contract(ONE.replace("said+", '"said, note"'))
    told = _describe(V2, [other], OLD)
    assert told[0].startswith("the stream speaks chat@1.0.0, not 2.0.0, and breaks that as well: said (#4)")


def test_mixed_versions_are_counted() -> None:
    assert _describe(V2, [V1], [NEW[0], NEW[1], OLD[1]])[0] == "1 of 3 received events speak chat@1.0.0, not 2.0.0"


DIALECTS: dict[str, tuple[list[dict[str, Any]], tuple[str, ...]]] = {
    "the name under event_type": (
        _each(lambda event: {"event_type": event.pop("type"), **event}),
        ("the name stands at /event_type, not at /type (3 events)",),
    ),
    "the body under data": (
        _each(lambda event: {"data": event.pop("body"), **event} if "body" in event else event),
        ("the body stands under /data, not under /body (2 events)",),
    ),
    "flat": (
        _each(lambda event: {**event.pop("body", {}), **event}),
        ("the body stands at the top, not under /body (2 events)",),
    ),
    "both type and event": (
        _each(lambda event: {**event, "event": event["type"]}),
        ("the name stands twice: at /type and at /event (2 events)",),
    ),
    "the name in another message": (
        _each(lambda event: {"type": "note", "data": {"event": event.pop("type"), **event}}),
        ("the names said, hello stand at /data/event of a message named note, not at /type (3 events)",),
    ),
    "the name in another message, which must not hold it, and by itself as well": (
        [*NEW, {"type": "strict", "data": {"about": "said", "event": "hello"}}],
        ("the name hello stands at /data/event of a message named strict, not at /type (1 event)",),
    ),
    "a message about an event that never comes, as its schema has it": (
        [NEW[0], {"type": "strict", "data": {"event": "x", "about": 7}}, {"type": "about", "event": "said"}],
        (),
    ),
    "times without a zone": (
        _each(lambda event: {**event, "at": "2026-01-01T12:00:00"}),
        ("at is a date-time without a zone, due a date-time (3 events)",),
    ),
    "a name that is not known": (
        [{"type": "\x1b[2Jhullo"}],
        ("no event here is called '\\u{1b}[2Jhullo' (1 event)",),
    ),
    "many names that are not known": (
        [{"type": name} for name in "abacdefg"],
        ("no event here is called 'a', 'b', 'c', 'd', 'e' and 2 more (8 events)",),
    ),
    "a word that may be a name but names nothing": (
        [{"status": "note"}],
        ("no name stands at /type (1 event)",),
    ),
    "a name by chance, in one of many": (
        [*[{"status": "x"}] * 20, {"kind": "note"}],
        ("no name stands at /type (21 events)",),
    ),
    "a constant": (
        _each(lambda event: {**event, "body": {**event["body"], "state": "x"}} if "body" in event else event),
        ("state has another value than is due (2 events)",),
    ),
    "nothing is wrong": (NEW, ()),
    "a member is gone": (
        _each(lambda event: {**event, "body": {"text": "x"}} if "body" in event else event),
        ("/body/length_in_characters is missing (2 events)",),
    ),
    "no JSON object at all": ([7, "[]", "nonsense", None], ("no name stands at /type (3 events)",)),  # type: ignore[list-item]
}


@pytest.mark.parametrize(("events", "told"), DIALECTS.values(), ids=DIALECTS)
def test_a_dialect_is_named_for_what_it_is(events: list[dict[str, Any]], told: tuple[str, ...]) -> None:
    assert _describe(V2, [V1], events) == told


def test_a_key_that_stands_elsewhere_is_told_without_a_schema() -> None:
    bare = _contract('version: "1.0.0"\nevents: {a: , b: }\nscopes: {s: {key: /id, order: "a, b"}}\n')
    events = [{"type": "a", "x": {"id": 1}}, {"type": "b", "x": {"id": 1}}]
    assert _describe(bare, [], events) == ("id is at /x/id, due at /id (2 events)",)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["said", "hello", "note", NOON, "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "event", "body", "data", "room", "at", "text", "length", "/~", ""]), inner
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
def test_whatever_a_stream_holds_it_is_told_in_at_most_ten_plain_sentences(events: list[Any]) -> None:
    for contract, other in ((V1, V2), (V2, V1)):
        told = _describe(contract, [other], [json.dumps(event) for event in events])
        assert len(told) <= MOST
        assert all("\n" not in sentence and len(sentence) < 700 for sentence in told)


def test_never_more_than_ten_sentences_are_told() -> None:
    wide = {"type": "object", "required": ["type"] + [f"m{number}" for number in range(40)]}
    contract = _contract(f'version: "1.0.0"\nevents: {{a: {{schema: {json.dumps(wide)}}}}}\n')
    told = _describe(contract, [], [{"type": "a"}])
    assert len(told) == MOST
    assert told[-1] == "31 more differences are left out here"


def test_versions_are_found_by_name_and_beside_the_contract(tmp_path: Path) -> None:
    for version, text in (("1.0.0", ONE), ("2.0.0", TWO), ("3.0.0", "nonsense: [")):
        folder = tmp_path / "chat" / version
        folder.mkdir(parents=True)
        (folder / "contract.yaml").write_text(HEAD + text, encoding="utf-8")
    capture = tmp_path / "capture.jsonl"
    with CaptureWriter(capture, Header(tool="t", run="r", started="now")) as writer:
        for record in session(*OLD):
            writer.write(record)
        writer.finish()
    own = tmp_path / "chat" / "2.0.0" / "contract.yaml"
    beside = parse_contract(own.read_text(encoding="utf-8"), file=str(own))
    assert recognise(beside, capture).sentences[0] == "the stream speaks chat@1.0.0, not 2.0.0"
    assert recognise(V2, capture, [tmp_path]).sentences[0] == "the stream speaks chat@1.0.0, not 2.0.0"
    assert recognise(V2, capture).sentences[0].startswith("room is at")


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_a_good_stream_of_a_shipped_contract_is_told_nothing(version: str) -> None:

    folder = schemas() / "agent-events" / version
    for capture in sorted(folder.glob("captures/conforming/*.jsonl")):
        assert recognise(load_contract(str(folder)), capture).sentences == ()
