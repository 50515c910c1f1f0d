"""Explanations: of all that is wrong with a value the one thing that was meant, in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wscheck.schema import Explanation, compile_schema

DRAFT_7 = "http://json-schema.org/draft-07/schema#"

TOOL = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"kind": {"const": "started"}, "at": {"type": "string", "format": "date-time"}},
            "required": ["kind", "at"],
        },
        {
            "type": "object",
            "properties": {"kind": {"enum": ["done", "failed"]}, "code": {"type": "integer"}},
            "required": ["kind", "code"],
            "additionalProperties": False,
        },
    ]
}
ONE_OF = {"oneOf": [{"required": ["need"]}, {"required": ["ask"]}]}

# A schema with alternatives, a value, the sentence, the schema path.
BRANCHES: list[tuple[Any, Any, str, str]] = [
    (TOOL, 5, "the value must be an object, but is 5", "/oneOf"),
    (TOOL, {"kind": "failed", "code": "x"}, '/code must be an integer, but is "x"', "/oneOf/1/properties/code/type"),
    (TOOL, {"kind": "started"}, "the value lacks the required member 'at'", "/oneOf/0/required"),
    (
        TOOL,
        {"kind": "done", "coed": 1},
        "the value has the unknown member 'coed'; did you mean 'code'?",
        "/oneOf/1/additionalProperties",
    ),
    (
        TOOL,
        {"kind": "dnoe", "at": "x", "code": 1},
        '/kind must be one of "started", "done" or "failed", but is "dnoe"; did you mean "done"?',
        "/oneOf",
    ),
    (ONE_OF, {}, "the value must have one of the members 'need' or 'ask', but has none of them", "/oneOf"),
    (
        ONE_OF,
        {"need": 1, "ask": 1},
        "the value must have only one of the members 'need' or 'ask', but has 'need' and 'ask'",
        "/oneOf",
    ),
    (ONE_OF, 5, "the value fits more than one of the alternatives under 'oneOf', but must fit exactly one", "/oneOf"),
    (
        {"anyOf": [{"type": "string"}, {"type": ["null", "array"]}]},
        5,
        "the value must be a string, null or an array, but is 5",
        "/anyOf",
    ),
    (
        {"anyOf": [{"type": "string", "minLength": 3}, {"type": "array"}]},
        "a",
        'the value must have at least 3 characters, but has 1: "a"',
        "/anyOf/0/minLength",
    ),
    ({"anyOf": [False, {"type": "null"}]}, 5, "the value must be null, but is 5", "/anyOf"),
    (
        {"anyOf": [{"anyOf": [{"const": 1}, {"const": 2}]}, {"type": "null"}]},
        5,
        "the value must be one of 1 or 2, but is 5",
        "/anyOf/0/anyOf",
    ),
    (
        {
            "items": {
                "anyOf": [{"type": "object", "properties": {"a": {"items": {"type": "null"}}}}, {"type": "string"}]
            }
        },
        ["", {"a": [None, 7]}],
        "/1/a/1 must be null, but is 7",
        "/items/anyOf/0/properties/a/items/type",
    ),
]


def explain(schema: Any, value: Any) -> Explanation:
    compiled = compile_schema(schema, folder=None)
    assert not compiled.accepts(value)
    return compiled.explain(value)


@pytest.mark.parametrize(("schema", "value", "sentence", "schema_path"), BRANCHES)
def test_of_alternatives_the_one_that_was_meant_is_explained(
    schema: Any, value: Any, sentence: str, schema_path: str
) -> None:
    explanation = explain(schema, value)
    assert (explanation.sentence, explanation.schema_path) == (sentence, schema_path)


def test_the_deepest_of_several_failures_is_told() -> None:
    schema = {"required": ["x"], "properties": {"a": {"properties": {"b": {"type": "null"}}}}}
    assert explain(schema, {"a": {"b": 1}}).instance_path == "/a/b"


def test_a_misspelt_member_is_told_before_what_it_leads_to() -> None:
    schema = {"properties": {"user": {}, "a": {"type": "null"}}, "required": ["user"], "additionalProperties": False}
    assert explain(schema, {"usr": 1, "a": 1}).reason == "has the unknown member 'usr'; did you mean 'user'?"


FORBIDDEN: list[tuple[Any, Any, str, str]] = [
    ({"properties": {"b": False}}, {"b": 1}, "/a/b is not allowed here, but is 1", "/properties/b"),
    ({"patternProperties": {"^b": False}}, {"b": 1}, "/a/b is not allowed here, but is 1", "/patternProperties/^b"),
    ({"properties": {"b": False}, "required": ["b"]}, {"b": 1}, "/a/b is not allowed here, but is 1", "/properties/b"),
]


@pytest.mark.parametrize(("inner", "value", "sentence", "schema_path"), FORBIDDEN)
def test_a_member_that_must_not_be_there_is_told_with_its_own_place(
    inner: Any, value: Any, sentence: str, schema_path: str
) -> None:
    # The second member makes two failures, of which jsonschema's opinion is asked.
    schema = {"properties": {"a": {"$ref": "#/$defs/inner"}, "z": {"type": "null"}}, "$defs": {"inner": inner}}
    explanation = explain(schema, {"a": value, "z": 1})
    assert (explanation.sentence, explanation.schema_path) == (sentence, f"/properties/a/$ref{schema_path}")


def test_unevaluated_members_are_told_only_where_nothing_else_is_wrong() -> None:
    schema = {"allOf": [{"properties": {"a": {}}, "required": ["b"]}], "unevaluatedProperties": False}
    assert explain(schema, {"a": 1}).reason == "lacks the required member 'b'"


def test_a_file_of_another_draft_is_explained_by_its_own(tmp_path: Path) -> None:
    inner = {"$schema": DRAFT_7, "items": [{"type": "null"}, {"type": "integer"}]}
    (tmp_path / "a.json").write_text(json.dumps(inner), encoding="utf-8")
    schema = compile_schema({"properties": {"a": {"$ref": "a.json"}}}, folder=tmp_path)
    assert schema.explain({"a": [None, "x"]}).sentence == '/a/1 must be an integer, but is "x"'


def test_a_pattern_that_would_backtrack_for_ever_is_explained_at_once() -> None:
    schema = {
        "properties": {"a": {"pattern": "^(a+)+$"}},
        "patternProperties": {"^(b+)+$": {}},
        "additionalProperties": False,
    }
    assert explain(schema, {"a": "a" * 5000 + "b"}).schema_path == "/properties/a/pattern"
    assert explain(schema, {"b" * 5000 + "c": 1}).schema_path == "/additionalProperties"


def test_of_a_value_too_large_to_be_looked_at_whole_what_was_found_is_explained() -> None:
    schema = {"maxItems": 9999, "items": {"type": "object", "properties": {"a": {"type": "null"}}}}
    assert explain(schema, [{"a": None}] * 10_000).sentence == "the value must have at most 9999 items, but has 10000"
    assert explain(schema, [{"a": 1}, *[{"a": None}] * 9000]).instance_path == "/0/a"


@pytest.mark.parametrize(
    ("depth", "path", "words"),
    [(5, "/a" * 5, "must be null, but is 1"), (16, "", "has too many alternatives to tell where")],
)
def test_alternatives_that_double_with_every_level_are_explained_in_time(depth: int, path: str, words: str) -> None:
    schema: Any = {"$defs": {"0": {"type": "null"}}, "$ref": f"#/$defs/{depth}"}
    for level in range(depth):
        branch = {"properties": {"a": {"$ref": f"#/$defs/{level}"}}}
        schema["$defs"][str(level + 1)] = {"anyOf": [branch, branch]}
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    explanation = explain(schema, value)
    assert explanation.instance_path == path
    assert explanation.reason.endswith(words)
