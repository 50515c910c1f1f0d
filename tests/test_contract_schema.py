"""The schema of the contract language: documents that it takes, and the sentence for each that it does not."""

from __future__ import annotations

import pytest

from wscheck.document import hold, parse_document
from wscheck.errors import ContractError
from wscheck.finding import CODES
from wscheck.json_text import decode
from wscheck.shipped import schemas

HEAD = 'wscheck: 1\nname: t\nversion: "1.0.0"\nevent_name: /t\n'
BODY = f"{HEAD}events: {{a: , b: }}\n"

# Everything that the language has, the members that are specified and not built yet among it.
WHOLE = """
wscheck: 1
name: agent-events
version: "2.0.0-rc.1+build.5"
description: a bit of everything
select: {subprotocol: agent.v2, path: /ws*, event: welcome, at: /data/protocol, range: ">=2 <3"}
frame: lines
event_name: [/type, /event]
identity: /user_id
isolate: [/run_id]
redact: [/payload/secret]
severity: {unknown-event: warning, reused-key: error}
ignore: [ping]
events:
  $open:
  $close.policy: {match: {/code: {enum: [1008]}}}
  $close:
  welcome: {schema: {$ref: events/welcome.schema.json}}
  start: {from: client, schema: true}
  either: {from: either, match: {/a: text, /b: 1.5, /c: true, /d: false, /e: {type: string}, "": [1, 2]}}
  failed: {cause: /details/error}
  no: {schema: {$schema: "http://json-schema.org/draft-07/schema#", whatever: [~]}}
  ping: ~
groups: {output: [welcome, no]}
scopes:
  connection:
  run:
    key: [/run_id, /thread_id]
    order: |
      start, (output | tool)*, failed?   # a comment
    ends: [failed]
    abandons: [failed]
    within: 120
    gap: 0.5
    severity: {orphan: ignore}
    rules:
      - {id: n, need: welcome, before: [start, no], severity: info, why: because}
      - {id: n1, need: welcome, before: start}
      - {id: f, forbid: [start, no], after: failed}
      - {id: f1, forbid: start, after: failed}
      - {id: a, ask: start, with: [welcome, no], within: 5, unsolicited: allow, optional: true}
      - {id: c, count: tool, min: 0, max: 3}
      - {id: c1, count: tool, max: 3}
      - {id: k, counter: /seq, step: -1, start: 10, last: /last, mode: increasing, as: hex, per: /p, events: [no]}
      - {id: h, chain: /parent, previous: /hash, per: /p, events: [no], optional: false}
      - {id: s, same: /user_id}
      - {id: s1, same: {start: /u, "*": /user_id}, events: [start, no], optional: true}
      - {id: u, unique: /id, window: 100, events: [start]}
  tool:
    in: run
    key: {start: /call, no: ~, failed: [/a, /b], "*": ""}
    parent_key: {"*": /run_id}
    max_open: 4
  bare: ~
"""

# What stands in a document, and the end of its error: pointer and sentence.
BROKEN = [
    (HEAD, "", "lacks the required member 'events'"),
    ("[1]", "", "must be an object, but is an array"),
    (
        BODY.replace("wscheck: 1", "wscheck: 2"),
        "/wscheck",
        "must be 1, the version of the contract language that this wscheck reads, but is 2",
    ),
    (BODY.replace('"1.0.0"', "1.10"), "/version", 'must be a string; quote it: version: "1.10"'),
    (BODY.replace('"1.0.0"', "2"), "/version", 'must be a string; quote it: version: "2"'),
    (BODY.replace('"1.0.0"', "1.0.0.0"), "/version", "must be a version of three numbers"),
    (BODY.replace('"1.0.0"', "~"), "/version", "must be a string, but is null"),
    (BODY.replace("name: t", "name: T"), "/name", "must be a name of a-z, 0-9"),
    (BODY.replace("name: t", "nmae: t"), "/nmae", "unknown member 'nmae'; did you mean 'name'?"),
    (BODY.replace("events:", "evnts:"), "/evnts", "unknown member 'evnts'; did you mean 'events'?"),
    (f"{BODY}x-note: 1\n", "/x-note", "unknown member 'x-note'"),
    (f"{BODY}frame: all\n", "/frame", 'must be one of "one", "array" or "lines", but is "all"'),
    (f"{BODY}isolate: /x\n", "/isolate", 'must be an array, but is "/x"'),
    (f"{BODY}ignore: [a b]\n", "/ignore/0", "must be a name without white space and without , | & ( ) ? * + { } #"),
    (f"{BODY}groups: {{g: []}}\n", "/groups/g", "must have at least 1 item, but has 0"),
    (f"{BODY}severity: {{orphn: info}}\n", "/severity/orphn", "unknown member 'orphn'; did you mean 'orphan'?"),
    (f"{BODY}severity: {{orphan: inof}}\n", "/severity/orphan", 'did you mean "info"?'),
    (f"{BODY}select: {{subprotocol: 5}}\n", "/select/subprotocol", 'quote it: subprotocol: "5"'),
    (f"{HEAD}events: {{a: {{from: srver}}}}\n", "/events/a/from", 'but is "srver"; did you mean "server"?'),
    (f"{HEAD}events: {{a: {{form: server}}}}\n", "/events/a/form", "unknown member 'form'; did you mean 'from'?"),
    (
        f"{HEAD}events: {{a: {{schema: x.json}}}}\n",
        "/events/a/schema",
        'must be an object or true or false, but is "x.',
    ),
    (f"{HEAD}events: {{a: {{match: {{t: 1}}}}}}\n", "/events/a/match/t", "the name 't' must be a JSON Pointer"),
    (f"{HEAD}events: {{a: {{match: {{/t: ~}}}}}}\n", "/events/a/match/~1t", "or an array, but is null"),
    (f"{HEAD}events: {{a|b: }}\n", "/events/a|b", "the name 'a|b' must be a name without white space"),
    (f"{HEAD}events: {{5: }}\n", "/events", "a key must be a string; quote it: '5'"),
]
BROKEN_SCOPES = [
    ("{s: 5}", "/scopes/s", "must be an object or null, but is 5"),
    ("{s: {ordr: a}}", "/scopes/s/ordr", "unknown member 'ordr'; did you mean 'order'?"),
    ("{s: {key: k}}", "/scopes/s/key", "must be a JSON Pointer"),
    ("{s: {key: 5}}", "/scopes/s/key", 'quote it: key: "5"'),
    ("{s: {key: [/a, b]}}", "/scopes/s/key/1", "must be a JSON Pointer"),
    ("{s: {key: {a: {b: /c}}}}", "/scopes/s/key/a", "must be a string, an array or null, but is an object"),
    ("{s: {parent_key: {a: b}}}", "/scopes/s/parent_key/a", "must be a JSON Pointer"),
    ("{s: {within: 0}}", "/scopes/s/within", "must be greater than 0, but is 0"),
    ("{s: {gap: '5'}}", "/scopes/s/gap", 'must be a number, but is "5"'),
    ("{s: {max_open: 0}}", "/scopes/s/max_open", "must be at least 1, but is 0"),
    ("{connection: {key: /k}}", "/scopes/connection/key", "unknown member 'key'; here may stand order, ends,"),
    ("{connection: {in: s}}", "/scopes/connection/in", "unknown member 'in'"),
    ("{connection: {parent_key: /k}}", "/scopes/connection/parent_key", "unknown member 'parent_key'"),
    ("{connection: {max_open: 1}}", "/scopes/connection/max_open", "unknown member 'max_open'"),
]
BROKEN_RULES = [
    ("{need: a, before: b}", "", "lacks the required member 'id'"),
    ("{id: r}", "", "must have one of the members 'need', 'forbid', 'ask', 'count', 'counter', 'chain', 'same' or"),
    ("{id: r, need: a}", "", "lacks the required member 'before'"),
    ("{id: r, need: [a], before: b}", "/need", "must be a string"),
    ("{id: r, need: a, befor: b}", "/befor", "unknown member 'befor'; did you mean 'before'?"),
    ("{id: r, ned: a, before: b}", "/ned", "unknown member 'ned'; did you mean 'need'?"),
    ("{id: r, need: a, before: b, ask: a, with: b}", "", "but has 'need' and 'ask'"),
    ("{id: r, forbid: a}", "", "lacks the required member 'after'"),
    ("{id: r, ask: a, with: b, min: 1}", "/min", "unknown member 'min'; here may stand id, severity, why, ask, with"),
    ("{id: r, ask: a, with: b, unsolicited: deny}", "/unsolicited", 'must be "allow", but is "deny"'),
    ("{id: r, count: a}", "", "must have one of the members 'min' or 'max'"),
    ("{id: r, count: a, min: 1.5}", "/min", "must be an integer, but is 1.5"),
    ("{id: r, count: a, max: -1}", "/max", "must be at least 0, but is -1"),
    ("{id: r, counter: n}", "/counter", "must be a JSON Pointer"),
    ("{id: r, counter: /n, mode: exct}", "/mode", 'did you mean "exact"?'),
    ("{id: r, counter: /n, as: dec}", "/as", 'must be "hex", but is "dec"'),
    ("{id: r, chain: /n}", "", "lacks the required member 'previous'"),
    ("{id: r, same: {a: 5}}", "/same/a", 'quote it: a: "5"'),
    ("{id: r, unique: /u, window: 0}", "/window", "must be at least 1, but is 0"),
    ("{id: r, unique: /u, per: /p}", "/per", "unknown member 'per'"),
    ("{id: 5, unique: /u}", "/id", 'quote it: id: "5"'),
    ("{id: r, unique: /u, severity: bad}", "/severity", 'must be one of "error"'),
    ("{id: r, unique: /u, events: []}", "/events", "must have at least 1 item"),
]


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(ContractError) as caught:
        hold(parse_document(text, file="contract.yaml"), "contract-1")
    return caught.value.position.pointer, caught.value.message


def test_the_whole_language_is_taken() -> None:
    hold(parse_document(WHOLE, file="contract.yaml"), "contract-1")


def test_every_finding_code_may_have_a_severity_and_nothing_else_may() -> None:
    text = (schemas() / "wscheck" / "contract-1.schema.json").read_text(encoding="utf-8")
    assert set(decode(text).value["$defs"]["severities"]["properties"]) == set(CODES)


@pytest.mark.parametrize(("text", "pointer", "words"), BROKEN)
def test_a_broken_document_is_told_in_one_sentence(text: str, pointer: str, words: str) -> None:
    found, message = refusal(text)
    assert found == pointer
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize(("scopes", "pointer", "words"), BROKEN_SCOPES)
def test_a_broken_scope_is_told_at_its_member(scopes: str, pointer: str, words: str) -> None:
    found, message = refusal(f"{BODY}scopes: {scopes}\n")
    assert found == pointer
    assert words in message


@pytest.mark.parametrize(("rule", "pointer", "words"), BROKEN_RULES)
def test_a_broken_rule_is_told_as_the_rule_that_was_meant(rule: str, pointer: str, words: str) -> None:
    found, message = refusal(f"{BODY}scopes: {{s: {{rules: [{rule}]}}}}\n")
    assert found == f"/scopes/s/rules/0{pointer}"
    assert words in message


def test_a_misspelt_member_is_told_at_its_line_and_column() -> None:
    with pytest.raises(ContractError) as caught:
        hold(parse_document(f"{BODY}scopes:\n  s:\n    ordr: a, b\n", file="contract.yaml"), "contract-1")
    sentence = "contract.yaml:8:5: at /scopes/s/ordr: unknown member 'ordr'; did you mean 'order'?"
    assert str(caught.value) == sentence
