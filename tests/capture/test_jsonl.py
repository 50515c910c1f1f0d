"""Lines of capture format 1: what is written, what is read, and what is turned away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from tests.capture.records import ANY_RECORD, HEADER, RECORDS
from wscheck.capture.jsonl import (
    End,
    decode_header,
    decode_line,
    decode_record,
    encode_end,
    encode_header,
    encode_record,
)
from wscheck.capture.members import CaptureLineError
from wscheck.record import Closed, Message, Note, Opened, Pong, Record

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas/wscheck/capture-1.schema.json").read_text(encoding="utf-8"))
)
END = End(records=9, sha256="0" * 64)

WRITTEN: tuple[tuple[Record, str], ...] = (
    (
        Opened(at=0.004, session="ada", uri="ws://h/ws", subprotocol="a", offered=("a", "b"), headers={"Server": "x"}),
        (
            '{"at":0.004,"session":"ada","kind":"opened","uri":"ws://h/ws","subprotocol":"a","offered":["a","b"],'
            '"identity":null,"headers":{"Server":"x"}}'
        ),
    ),
    (
        Message(at=0.01, session="ada", direction="received", text='{"type":"é\u2028\ud800"}'),
        (
            '{"at":0.01,"session":"ada","kind":"message","direction":"received",'
            '"text":"{\\"type\\":\\"\\u00e9\\u2028\\ud800\\"}"}'
        ),
    ),
    (
        Message(at=0.03, session="ada", connection=2, direction="received", binary=b"\xff\x00", opcode="text"),
        (
            '{"at":0.03,"session":"ada","connection":2,"kind":"message","direction":"received",'
            '"binary":"/wA=","opcode":"text"}'
        ),
    ),
    (Pong(at=2.0, session="ada"), '{"at":2.0,"session":"ada","kind":"pong","latency":null}'),
    (Note(at=3.2, session="ada", code="c"), '{"at":3.2,"session":"ada","kind":"note","code":"c","text":""}'),
    (
        Closed(at=4.2, session="ada", code=1000, initiator="tool"),
        '{"at":4.2,"session":"ada","kind":"closed","code":1000,"reason":"","initiator":"tool"}',
    ),
)

READ: tuple[tuple[str, Record], ...] = (
    ('{"at":0,"session":"s","kind":"opened"}', Opened(at=0.0, session="s")),
    ('{"at":0,"session":"s","kind":"opened","headers":null,"connection":null}', Opened(at=0.0, session="s")),
    ('{"kind":"pong","session":"s","at":1,"from a later format":{"x":[1]}}', Pong(at=1.0, session="s")),
    (' {"at":1,"session":"s","kind":"closed","code":1005,"reason":null} \r\n', Closed(at=1.0, session="s", code=1005)),
)

MESSAGE = {"at": 1, "session": "s", "kind": "message", "direction": "received", "text": "t"}
TURNED_AWAY: tuple[tuple[dict[str, Any], str], ...] = (
    ({**MESSAGE, "kind": "telegram"}, 'the member "kind" must be one of opened, message, pong'),
    ({**MESSAGE, "kind": None}, 'the member "kind" must be one of opened'),
    ({**MESSAGE, "kind": ["message"]}, "and is an array"),
    ({**MESSAGE, "at": "1"}, 'the member "at" must be a number of seconds, 0 or more, and is "1"'),
    ({**MESSAGE, "at": True}, 'the member "at" must be a number of seconds, 0 or more, and is true'),
    ({**MESSAGE, "at": -1}, "0 or more, and is -1"),
    ({**MESSAGE, "at": None}, 'must have the member "at"'),
    ({**MESSAGE, "session": 7}, 'the member "session" must be a string, and is 7'),
    ({**MESSAGE, "connection": 0}, "must be an integer from 1 to"),
    ({**MESSAGE, "connection": 1.5}, "must be an integer from 1 to"),
    ({**MESSAGE, "direction": "up"}, 'must be received or sent, and is "up"'),
    ({**MESSAGE, "binary": "AA=="}, "exactly one of"),
    ({**MESSAGE, "text": None}, "exactly one of"),
    ({**MESSAGE, "opcode": "text"}, 'the member "opcode" may stand only beside "binary"'),
    ({**MESSAGE, "text": None, "binary": "A"}, 'the member "binary" must be base64, and is "A"'),
    ({**MESSAGE, "text": None, "binary": "AA ="}, "must be base64"),
    ({**MESSAGE, "text": None, "binary": "A!A!=="}, "must be base64"),
    ({**MESSAGE, "text": None, "binary": "é"}, "must be base64"),
    ({**MESSAGE, "text": None, "binary": "AA==", "opcode": "binary"}, "must be text"),
    ({**MESSAGE, "text": {"type": "t"}}, 'the member "text" must be a string, and is an object'),
    ({"at": 1, "session": "s", "kind": "opened", "offered": "jwt"}, "must be an array of strings"),
    ({"at": 1, "session": "s", "kind": "opened", "headers": {"a": 1}}, "must be an object of strings"),
    ({"at": 1, "session": "s", "kind": "opened", "phases": {"tcp": "fast"}}, 'the member "phases/tcp" must be'),
    ({"at": 1, "session": "s", "kind": "opened", "phases": 3}, "must be an object of seconds"),
    ({"at": 1, "session": "s", "kind": "opened", "expires": "soon"}, "must be a number"),
    ({"at": 1, "session": "s", "kind": "stall"}, 'a record of kind "stall" must have the member "seconds"'),
    ({"at": 1, "session": "s", "kind": "violation", "code": "rude"}, "must be handshake or negotiation or framing"),
    ({"at": 1, "session": "s", "kind": "closed", "code": 70000}, "must be an integer from 0 to 65535, and is 70000"),
    ({"at": 1, "session": "s", "kind": "closed", "code": 1000, "initiator": "fate"}, "must be peer or tool"),
    ({"at": 1, "session": "s", "kind": "refused", "status": 403, "expected": "yes"}, "must be true or false"),
    ({"at": 1, "session": "s", "kind": "blocked", "phase": "lunch", "cause": "x"}, "must be dns or tcp"),
    ({"at": 1, "session": "s", "kind": "opened", "probe": "refused"}, 'the member "probe" must be an object'),
    ({"at": 1, "session": "s", "kind": "opened", "probe": {"status": [403]}}, 'must say what to "expect"'),
    ({"at": 1, "session": "s", "kind": "opened", "probe": {"expect": "tea"}}, "must be refused or closed"),
    (
        {"at": 1, "session": "s", "kind": "opened", "probe": {"expect": "refused", "status": 403}},
        'the member "probe/status" must be an array of statuses',
    ),
    (
        {"at": 1, "session": "s", "kind": "opened", "probe": {"expect": "refused", "status": ["403"]}},
        'the member "probe/status/0" must be an integer from 100 to 999',
    ),
    ({"wscheck": "end", "records": -1, "sha256": "0" * 64}, 'the member "records" must be an integer from 0'),
    ({"wscheck": "end", "records": 1, "sha256": "abc"}, "64 hexadecimal digits"),
    ({"wscheck": "end"}, 'the member "records" must be'),
    ({"wscheck": "intermission"}, 'the member "wscheck" must be "end"'),
)

NOT_EVEN_JSON: tuple[tuple[str, str], ...] = (
    ("", "is no JSON"),
    ('{"at":1,"session":"s","kind":"mess', "is no JSON: unterminated string"),
    ("[1]", "must be a JSON object, and is an array"),
    ("null", "must be a JSON object, and is null"),
    ('{"at":NaN,"session":"s","kind":"pong"}', "NaN is no JSON value"),
    ('{"at":-Infinity,"session":"s","kind":"pong"}', "-Infinity is no JSON value"),
    ('{"at":1e999,"session":"s","kind":"pong"}', "the number 1e999 is infinite as a double"),
    ('{"at":1' + "0" * 400 + ',"session":"s","kind":"pong"}', "must be finite as a double"),
    ('{"at":1' + "0" * 5000 + ',"session":"s","kind":"pong"}', "too many digits"),
    ('{"at":1,"at":2,"session":"s","kind":"pong"}', 'the member "at" stands more than once'),
    ('{"at":1,"session":"s","kind":"opened","identity":' + "[" * 100_000, "too deep"),
)


@pytest.mark.parametrize(("record", "line"), WRITTEN, ids=lambda value: type(value).__name__)
def test_a_record_is_written_as_the_format_shows_it(record: Record, line: str) -> None:
    assert encode_record(record) == line


@pytest.mark.parametrize(("line", "record"), READ)
def test_what_is_absent_null_or_unknown_is_read_as_the_format_says(line: str, record: Record) -> None:
    assert decode_record(line) == record


@given(record=ANY_RECORD)
def test_writing_then_reading_gives_the_same_record(record: Record) -> None:
    line = encode_record(record)
    assert decode_record(line) == record
    assert decode_line(line) == record


@given(record=ANY_RECORD)
def test_a_line_is_one_line_of_printable_ascii_that_the_schema_allows(record: Record) -> None:
    line = encode_record(record)
    assert line.isascii()
    assert line.isprintable()
    SCHEMA.validate(json.loads(line))


def test_the_table_of_records_holds_every_kind() -> None:
    kinds = {json.loads(encode_record(record))["kind"] for record in RECORDS}
    schema: Any = SCHEMA.schema
    assert kinds == set(schema["$defs"]) & {ref["$ref"].rpartition("/")[2] for ref in schema["oneOf"]} - {
        "header",
        "end",
    }


@pytest.mark.parametrize("line", [encode_header(HEADER), encode_end(END), *map(encode_record, RECORDS)])
def test_the_schema_allows_every_line_and_for_one_reason_only(line: str) -> None:
    SCHEMA.validate(json.loads(line))


def test_header_and_end_line_are_written_and_read_back() -> None:
    assert encode_header(HEADER) == (
        '{"wscheck":"capture-1","tool":"wscheck 0.1.0","run":"r-1","started":"2026-11-22T20:00:00Z",'
        '"redacted":["header:authorization","/payload/secret"]}'
    )
    assert decode_header(encode_header(HEADER)) == HEADER
    assert decode_line(encode_end(END)) == END


@pytest.mark.parametrize(("members", "sentence"), TURNED_AWAY)
def test_a_line_that_breaks_the_format_is_turned_away_by_reader_and_schema_alike(
    members: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CaptureLineError) as caught:
        decode_line(json.dumps(members))
    assert sentence in str(caught.value)
    assert str(caught.value).isprintable()
    assert not SCHEMA.is_valid(members)


@pytest.mark.parametrize(("line", "sentence"), NOT_EVEN_JSON, ids=[sentence for _, sentence in NOT_EVEN_JSON])
def test_a_line_that_is_no_sound_json_object_is_turned_away_in_one_sentence(line: str, sentence: str) -> None:
    with pytest.raises(CaptureLineError) as caught:
        decode_line(line)
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 200


def test_an_end_line_is_no_record() -> None:
    with pytest.raises(CaptureLineError):
        decode_record(encode_end(END))


def test_a_second_header_is_named_as_what_it_is() -> None:
    with pytest.raises(CaptureLineError, match="two captures in one file"):
        decode_line(encode_header(HEADER))
