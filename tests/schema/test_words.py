"""The sentences: for each keyword one that says what is due and what is there."""

from __future__ import annotations

from typing import Any

import pytest

from wscheck.schema import Explanation, compile_schema

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"

ZONED = (
    "the value must be a date and time with zone as in 2026-11-22T20:00:00Z (RFC 3339, section 5.6), "
    'but is "2026-11-22T20:00:00"'
)

# A schema, a value, the sentence, the schema path.
SENTENCES: list[tuple[Any, Any, str, str]] = [
    ({"type": "integer"}, "x", 'the value must be an integer, but is "x"', "/type"),
    ({"type": ["string", "null"]}, [1], "the value must be a string or null, but is [1]", "/type"),
    ({"required": ["a", "b", "c"]}, {"b": 1}, "the value lacks the required members 'a' and 'c'", "/required"),
    (
        {"properties": {"status": {}}, "additionalProperties": False},
        {"statsu": 1},
        "the value has the unknown member 'statsu'; did you mean 'status'?",
        "/additionalProperties",
    ),
    (
        {"additionalProperties": False, "properties": {"x": {}}},
        {"a": 1, "b": 2},
        "the value has the unknown members 'a' and 'b'",
        "/additionalProperties",
    ),
    (
        {"additionalProperties": False, "patternProperties": {"^x": {}}},
        {"xa": 1, "b": 2},
        "the value has the unknown member 'b'",
        "/additionalProperties",
    ),
    (
        {"allOf": [{}], "unevaluatedProperties": False},
        {"a": 1},
        "the value has the unknown member 'a'",
        "/unevaluatedProperties",
    ),
    (
        {"prefixItems": [{}], "unevaluatedItems": False},
        [1, 2],
        "the value holds more items than its schema allows: it has 2",
        "/unevaluatedItems",
    ),
    (
        {"enum": ["busy", "idle"]},
        "bsuy",
        'the value must be one of "busy" or "idle", but is "bsuy"; did you mean "busy"?',
        "/enum",
    ),
    ({"const": {"a": 1}}, 5, 'the value must be {"a": 1}, but is 5', "/const"),
    (
        {"format": "date-time"},
        "2026-11-22T20:00:00",
        ZONED,
        "/format",
    ),
    ({"format": "iri"}, "a b", "the value must be of the format 'iri', but is \"a b\"", "/format"),
    ({"pattern": "^run_"}, "r", 'the value must match the pattern "^run_", but is "r"', "/pattern"),
    ({"minimum": 1}, 0, "the value must be at least 1, but is 0", "/minimum"),
    (
        {"$schema": DRAFT_4, "maximum": 1, "exclusiveMaximum": True},
        1,
        "the value must be less than 1, but is 1",
        "/maximum",
    ),
    ({"exclusiveMaximum": 1}, 1, "the value must be less than 1, but is 1", "/exclusiveMaximum"),
    ({"multipleOf": 0.5}, 0.7, "the value must be a multiple of 0.5, but is 0.7", "/multipleOf"),
    ({"minLength": 1}, "", "the value must have at least 1 character, but has 0", "/minLength"),
    ({"maxLength": 2}, "abc", 'the value must have at most 2 characters, but has 3: "abc"', "/maxLength"),
    ({"maxItems": 1}, [1, 2], "the value must have at most 1 item, but has 2", "/maxItems"),
    ({"minProperties": 2}, {}, "the value must have at least 2 members, but has 0", "/minProperties"),
    (
        {"uniqueItems": True},
        [1, 2, 1.0],
        "the value must hold no item twice, but its items 0 and 2 are both 1.0",
        "/uniqueItems",
    ),
    (
        {"dependentRequired": {"a": ["b"]}},
        {"a": 1},
        "the value lacks the member 'b', due beside 'a'",
        "/dependentRequired",
    ),
    (
        {"$schema": DRAFT_7, "dependencies": {"a": ["b"]}},
        {"a": 1},
        "the value lacks the member 'b', due beside 'a'",
        "/dependencies",
    ),
    (
        {"contains": {"const": 1}},
        [2],
        "the value must hold at least 1 item as 'contains' asks for, but does not",
        "/contains",
    ),
    (
        {"contains": {"const": 1}, "minContains": 2, "maxContains": 3},
        [1],
        "the value must hold at least 2 and at most 3 items as 'contains' asks for, but does not",
        "/contains",
    ),
    ({"not": {"const": 1}}, 1, "the value must not be as the schema under 'not' says, but is 1", "/not"),
    ({"properties": {"a": False}}, {"a": 1}, "/a is not allowed here, but is 1", "/properties/a"),
    ({"prefixItems": [{}], "items": False}, [1, 2], "/1 is not allowed here, but is 2", "/items"),
    (
        {"propertyNames": {"pattern": "^a"}},
        {"b": 1},
        'the value has the member \'b\', whose name must match the pattern "^a", but is "b"',
        "/propertyNames",
    ),
    (
        {"if": {"type": "string"}, "then": {"minLength": 2}},
        "a",
        'the value must have at least 2 characters, but has 1: "a"',
        "/then/minLength",
    ),
    ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}}, 1, "the value must be null, but is 1", "/$ref/type"),
    (
        {"$schema": DRAFT_7, "contentMediaType": "application/json"},
        "{",
        'the value must hold "application/json", but is "{"',
        "/contentMediaType",
    ),
    (
        {"patternProperties": {"^a": {"type": "null"}}, "unevaluatedProperties": False},
        {"ab": 1},
        "/ab must be null, but is 1",
        "/patternProperties/^a/type",
    ),
]


def explain(schema: Any, value: Any) -> Explanation:
    compiled = compile_schema(schema, folder=None)
    assert not compiled.accepts(value)
    return compiled.explain(value)


@pytest.mark.parametrize(("schema", "value", "sentence", "schema_path"), SENTENCES)
def test_each_keyword_has_its_sentence(schema: Any, value: Any, sentence: str, schema_path: str) -> None:
    explanation = explain(schema, value)
    assert (explanation.sentence, explanation.schema_path) == (sentence, schema_path)


def test_a_path_is_escaped_as_a_pointer_and_shown_safely() -> None:
    explanation = explain({"additionalProperties": {"type": "null"}}, {"a/~\x1b": "\x9b\u202e"})
    assert explanation.instance_path == "/a~1~0\x1b"
    assert explanation.sentence == '/a~1~0\\u{1b} must be null, but is "\\u{9b}\\u{202e}"'


@pytest.mark.parametrize("value", ["x" * 10_000, ["x"] * 10_000, {"x" * 10_000: 1}, 10**300])
def test_a_value_is_shown_with_at_most_120_characters(value: Any) -> None:
    sentence = explain({"type": "null"}, value).sentence
    assert len(sentence) < 200
    assert "…" in sentence


def test_what_aliases_repeat_is_not_written_out() -> None:
    assert explain({"type": "null"}, ["x" * 1000] * 100_000).sentence.endswith("xxx…")
