"""Schemas that nothing satisfies: found where that is certain, and never where a value is there that does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lint.looked import RUN, remarks, said, schema_remarks
from wscheck.lint.emptiness import Emptiness
from wscheck.lint.sites import Sites
from wscheck.schema import compile_schema

EMPTY = [
    "{type: integer, minimum: 3, maximum: 2}",
    "{type: integer, exclusiveMinimum: 2, exclusiveMaximum: 3}",
    "{type: number, exclusiveMinimum: 2, maximum: 2}",
    "{type: string, minLength: 3, maxLength: 2}",
    "{type: array, minItems: 1, items: false}",
    "{type: array, minItems: 1, maxItems: 0}",
    "{type: object, required: [a], properties: {a: false}}",
    "{type: object, required: [a], properties: {b: true}, additionalProperties: false}",
    "{type: object, required: [a, b], maxProperties: 1}",
    "{type: string, enum: [1, 2]}",
    "{const: 1, enum: [2]}",
    "{const: ab, minLength: 3}",
    "{type: string, allOf: [{type: integer}]}",
    "{$ref: '#/$defs/a', type: string, $defs: {a: {type: integer}}}",
    "{type: string, anyOf: [{type: integer}, {const: 2}]}",
    "{type: string, oneOf: [{type: integer}, {type: array}]}",
    "{type: object, required: [a], properties: {a: {$ref: '#/$defs/a', type: string}}, $defs: {a: {type: integer}}}",
]


@pytest.mark.parametrize("schema", EMPTY)
def test_a_schema_that_contradicts_itself_is_remarked_on_once(schema: str) -> None:
    (remark,) = schema_remarks(schema)
    assert (remark.code, str(remark.severity)) == ("unsatisfiable", "error")


@pytest.mark.parametrize(
    "schema",
    [
        "{type: integer, minimum: 2, maximum: 2}",
        "{type: [string, integer], minLength: 3, maxLength: 2}",
        "{type: object, properties: {a: false}}",
        "{type: object, required: [a], properties: {b: true}, patternProperties: {a: {}}, additionalProperties: false}",
        "{enum: [1, ab], minLength: 2}",
        "{const: 1.0, enum: [1]}",
        "{anyOf: [{type: integer, const: 2}, {type: string}], not: {const: 1}}",
        "{type: array, items: false}",
        "{type: array, prefixItems: [true], items: false, minItems: 1}",
        "{$ref: '#/$defs/a', $defs: {a: {type: object, properties: {a: {$ref: '#/$defs/a'}}}}}",
    ],
)
def test_a_schema_that_something_satisfies_is_left_alone(schema: str) -> None:
    assert schema_remarks(schema) == ()


def test_the_innermost_empty_part_is_the_one_that_is_remarked_on() -> None:
    schema = "{type: object, required: [a], properties: {a: {type: object, properties: {n: {minimum: 2, maximum: 1, type: number}}, required: [n]}}}"  # noqa: E501
    (remark,) = schema_remarks(schema)
    assert remark.position.pointer == "/events/start/match/~1p/properties/a/properties/n"


def test_a_schema_of_another_event_is_told_by_its_constant() -> None:
    (remark,) = remarks(f"events: {{start: {{schema: {{properties: {{type: {{const: begin}}}}}}}}, end: }}\n{RUN}")
    assert remark.code == "unsatisfiable"
    assert "no message that is known as start by its name satisfies this schema" in remark.message


@pytest.mark.parametrize(
    ("definition", "found"),
    [
        ("{match: {/type: start, /a/b: 1}, schema: {properties: {a: {properties: {b: {type: string}}}}}}", True),
        ("{match: {/type: start, /a: true}, schema: {properties: {a: false}}}", True),
        ("{match: {/type: start, /a: true}, schema: {properties: {a: {type: 'null'}}}}", True),
        ("{match: {/type: start, /a/0: 1}, schema: {properties: {a: {type: array}}}}", False),
        ("{match: {/type: start, /a: {type: string}}, schema: {properties: {a: {type: string}}}}", False),
    ],
)
def test_what_an_event_is_known_by_is_held_against_its_schema(definition: str, found: bool) -> None:
    expected = [("unsatisfiable", "/events/start/schema")] if found else []
    assert said(f"events: {{start: {definition}, end: }}\n{RUN}") == expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 4) | st.sampled_from([0.5, 2.0]) | st.sampled_from(["", "a", "ab"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=3,
)
BOUNDS = st.integers(0, 3)
TYPES = st.sampled_from("array boolean integer null number object string".split())
SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.booleans()
    | st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True),
            "minimum": BOUNDS,
            "exclusiveMaximum": BOUNDS,
            "minLength": BOUNDS,
            "maxLength": BOUNDS,
            "minItems": BOUNDS,
            "maxProperties": BOUNDS,
            "enum": st.lists(VALUES, min_size=1, max_size=2, unique_by=repr),
            "const": VALUES,
            "required": st.lists(st.sampled_from("ab"), max_size=2, unique=True),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES,
            "properties": st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
            "required": st.lists(st.sampled_from("ab"), max_size=2, unique=True),
            "additionalProperties": inner,
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "minItems": BOUNDS,
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "if": inner,
        },
    ),
    max_leaves=6,
)


@given(SCHEMAS, st.lists(VALUES, min_size=1, max_size=20))
def test_a_schema_that_is_said_to_be_empty_accepts_nothing(written: Any, values: list[Any]) -> None:
    schema = compile_schema(written, folder=None)
    sites = Sites(schema)
    if Emptiness(sites).holds([sites.root]):
        assert [value for value in values if schema.accepts(value)] == []
