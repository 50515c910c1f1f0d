"""A broken contract is told where and why: names, scopes, events, and how it is selected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.small import EVENTS, HEAD, refusal

ROWS_FILE = Path(__file__).parents[1] / "cases/rows.json"
ROWS = {row["name"]: row for row in json.loads(ROWS_FILE.read_text(encoding="utf-8"))}

# What is written below the events (from line 6 on), and what is told: line, column, pointer and sentence.
BROKEN = [
    ("groups: {alpha: [beta]}", "6:10: at /groups/alpha: 'alpha' is already the name of one of the events"),
    ("groups: {g: [alpha]}\nscopes: {g: }", "7:10: at /scopes/g: 'g' is already the name of one of the groups"),
    (
        "groups: {connection: [alpha]}",
        "6:10: at /groups/connection: 'connection' is already the name of one of the scopes",
    ),
    ("groups: {$g: [alpha]}", "6:10: at /groups/$g: names that begin with '$' are reserved: '$g'"),
    (
        "groups:\n  g:\n    - alpha\n    - bta",
        "9:7: at /groups/g/1: 'bta' is no event or group of this contract; did you mean 'beta'?",
    ),
    (
        "groups: {g: [h], h: [alpha]}",
        "6:14: at /groups/g/0: a group may hold only groups that stand above it, and 'h' does not",
    ),
    ("ignore: [nope]", "6:10: at /ignore/0: 'nope' is no event or group of this contract"),
    ("scopes: {s: {in: p}}", "6:14: at /scopes/s/in: 'p' is no scope of this contract"),
    (
        "scopes: {outer: , s: {in: outr}}",
        "6:23: at /scopes/s/in: 'outr' is no scope of this contract; did you mean 'outer'?",
    ),
    ("scopes:\n  s:\n    in: s", "8:5: at /scopes/s/in: the scope 's' lies in itself: s in s"),
    (
        "scopes: {p: {in: q}, q: {in: r}, r: {in: q}}",
        "6:38: at /scopes/r/in: the scope 'q' lies in itself: q in r in q",
    ),
    ("scopes: {s: {ordr: alpha}}", "6:14: at /scopes/s/ordr: unknown member 'ordr'; did you mean 'order'?"),
    (
        "scopes: {s: {key: {alpha: /k, bta: /l}}}",
        "6:31: at /scopes/s/key/bta: 'bta' is no event of this contract; did you mean 'beta'?",
    ),
    (
        "groups: {g: [alpha]}\nscopes: {s: {key: {g: /k}}}",
        "7:20: at /scopes/s/key/g: 'g' is a group; this table is by event: name each of its events",
    ),
    (
        "scopes: {s: {parent_key: {nope: /k}}}",
        "6:27: at /scopes/s/parent_key/nope: 'nope' is no event of this contract",
    ),
    (
        "scopes:\n  s:\n    ends:\n      - alpha\n      - s",
        "10:9: at /scopes/s/ends/1: 's' is no event or group of this contract",
    ),
    (
        "scopes: {s: {abandons: [alpah]}}",
        "6:25: at /scopes/s/abandons/0: 'alpah' is no event or group of this contract; did you mean 'alpha'?",
    ),
    ("frame: both", '6:1: at /frame: must be one of "one", "array" or "lines", but is "both"'),
    (
        "select: {event: alpha}",
        "6:10: at /select/event: `event` needs `at` beside it: an event, where in it the version stands, and its range",
    ),
    (
        "select: {path: /x, range: '>=1'}",
        (
            "6:20: at /select/range: `range` needs `event` beside it: an event, where in it the version stands, "
            "and its range"
        ),
    ),
    (
        "select: {event: alpa, at: /v, range: '1'}",
        "6:10: at /select/event: 'alpa' is no event or group of this contract; did you mean 'alpha'?",
    ),
    (
        "select: {event: $open, at: /v, range: '1'}",
        "6:10: at /select/event: $open is no message, so it tells no version",
    ),
    (
        "select: {event: alpha, at: /v, range: '1.2 - 2'}",
        (
            "6:32: at /select/range: '- 2' is no version in a range: write '>=2 <3', '^1.2', '~1.2.3', '1.x', or "
            "several with '||' between them"
        ),
    ),
]

# A declaration below `events:` (line 6), and what is told.
BROKEN_EVENTS = [
    (
        "$opened: ",
        "6:3: at /events/$opened: names that begin with '$' are reserved: there is $open and $close, not $opened",
    ),
    ("connection: ", "6:3: at /events/connection: 'connection' is already the name of one of the scopes"),
    (
        "a: {match: {/t: null}}",
        ("6:15: at /events/a/match/~1t: must be a string, a number, true or false, an object or an array, but is null"),
    ),
    (
        "a: {match: {t: 1}}",
        (
            "6:15: at /events/a/match/t: the name 't' must be a JSON Pointer, which is empty or begins with '/' "
            "(RFC 6901)"
        ),
    ),
    ("a: {form: client}", "6:7: at /events/a/form: unknown member 'form'; did you mean 'from'?"),
    (
        "a: {schema: {type: strin}}",
        (
            '6:16: at /events/a/schema/type: must be one of "array", "boolean", "integer", "null", "number", '
            '"object" or "string", but is "strin"; did you mean "string"?'
        ),
    ),
    (
        "a: {match: {/x: {type: strin}}}",
        (
            '6:20: at /events/a/match/~1x/type: must be one of "array", "boolean", "integer", "null", "number", '
            '"object" or "string", but is "strin"; did you mean "string"?'
        ),
    ),
    ("a: {schema: {$ref: '#/nope'}}", "6:16: at /events/a/schema/$ref: the reference '#/nope' leads to no schema"),
    (
        "a: {schema: {$ref: 'http://x/y'}}",
        (
            "6:16: at /events/a/schema/$ref: the reference 'http://x/y' is remote, and nothing is ever fetched; "
            "put a copy into the contract's folder and refer to that"
        ),
    ),
    (
        "a: {schema: {$ref: ../x.json}}",
        (
            "6:16: at /events/a/schema/$ref: the reference '../x.json' leads out of the contract's folder; only "
            "files inside it are read"
        ),
    ),
    (
        "a:\n    schema: {properties: {n: {minimum: five}}}",
        '7:31: at /events/a/schema/properties/n/minimum: must be a number, but is "five"',
    ),
]

# Every row that is refused, and its sentence from the place on.
REFUSED_ROWS = {
    "operators mixed without parentheses": "6:23: at /scopes/s/order: ',' and '|' are mixed at one level",
    "unknown name in an order": "6:23: at /scopes/s/order: 'nope' is no event or group of this contract",
    "one event in two orders of a chain": "6:63: at /scopes/s/order: 'd' stands in the orders of both 'p' and 's'",
    "operators mixed in the order of connection": "6:23: at /scopes/connection/order: ',' and '|' are mixed",
    "an inner order may not begin with a scope": "6:23: at /scopes/p/order: the order begins with the scope 's'",
    "match: null is no constant": "5:27: at /events/b/match/~1t: must be a string, a number, true or false",
    "an unknown member": "6:23: at /scopes/s/ordr: unknown member 'ordr'; did you mean 'order'?",
    "a group and an event share a name": "6:10: at /groups/a: 'a' is already the name of one of the events",
    "a scope name that begins with $": "6:10: at /scopes/$s: names that begin with '$' are reserved: '$s'",
    "more than 4,096 states": "6:23: at /scopes/s/order: the order needs more than 4096 states: a & b & c & d &",
    "version is no string": '3:1: at /version: must be a string; quote it: version: "1.0"',
    "a duplicate key in the document": "7:1: at /name: the member 'name' stands here twice; the first is in line 2",
    "an ignored event in an order": "7:23: at /scopes/s/order: 'b' is ignored, so no order can name it",
}


@pytest.mark.parametrize(("below", "told"), BROKEN)
def test_a_broken_contract_is_told_where_and_why(below: str, told: str) -> None:
    assert refusal(HEAD + EVENTS + below) == told


@pytest.mark.parametrize(("event", "told"), BROKEN_EVENTS)
def test_a_broken_event_is_told_where_and_why(event: str, told: str, tmp_path: Path) -> None:
    assert refusal(f"{HEAD}events:\n  {event}\n", tmp_path) == told


def test_every_row_that_is_to_be_refused_has_its_sentence_here() -> None:
    assert {name for name, row in ROWS.items() if "contract_error" in row} == set(REFUSED_ROWS)


@pytest.mark.parametrize("name", REFUSED_ROWS)
def test_a_row_is_refused_with_its_sentence(name: str) -> None:
    assert refusal(ROWS[name]["contract"]).startswith(REFUSED_ROWS[name])


def test_an_event_that_nothing_could_name_is_refused() -> None:
    told = refusal('wscheck: 1\nname: t\nversion: "1.0.0"\nevents: {$open: , a: {match: {/t: a}}, b: }\n')
    assert told.startswith("4:40: at /events/b: the event 'b' can never be told")
