"""The judge: what each draft accepts, with jsonschema as the second opinion over the same table."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.json_text import decode
from wscheck.schema import SchemaError, compile_schema, engine

DRAFTS: dict[str, tuple[str, Any]] = {
    "4": ("http://json-schema.org/draft-04/schema#", jsonschema.Draft4Validator),
    "6": ("http://json-schema.org/draft-06/schema#", jsonschema.Draft6Validator),
    "7": ("http://json-schema.org/draft-07/schema#", jsonschema.Draft7Validator),
    "2019-09": ("https://json-schema.org/draft/2019-09/schema", jsonschema.Draft201909Validator),
    "2020-12": ("https://json-schema.org/draft/2020-12/schema", jsonschema.Draft202012Validator),
}
ALL = tuple(DRAFTS)
FROM_6, FROM_7, FROM_2019 = ALL[1:], ALL[2:], ALL[3:]

# Drafts, a schema, what it takes, what it does not.
CASES: list[tuple[tuple[str, ...], Any, list[Any], list[Any]]] = [
    (ALL, {"type": "integer"}, [1, -5, 10**300], ["1", 1.5, True, None]),
    (FROM_6, {"type": "integer"}, [1.0, 1e300], [1.5]),
    (ALL, {"type": ["string", "null"]}, ["", None], [0, False]),
    (ALL, {"type": "number", "minimum": 1, "maximum": 5}, [1, 5, 2.5], [0, 6, "3"]),
    (("4",), {"minimum": 1, "exclusiveMinimum": True}, [2, "a"], [1]),
    (FROM_6, {"exclusiveMinimum": 1, "exclusiveMaximum": 3}, [2, 1.1], [1, 3]),
    (ALL, {"multipleOf": 3}, [9, 0, "x"], [10]),
    (ALL, {"enum": [1, "a", None, [1], {"a": 1}]}, [1, 1.0, "a", None, [1], {"a": 1}], [True, "1", [True], {}]),
    (FROM_6, {"const": {"a": [1, None]}}, [{"a": [1, None]}, {"a": [1.0, None]}], [{"a": [1]}, {"a": [True, None]}]),
    (ALL, {"minLength": 2, "maxLength": 3}, ["😀😀", "abc", 1], ["😀", "abcd"]),
    (ALL, {"pattern": "^a[0-9]+$"}, ["a1", 5], ["b1", "a"]),
    (ALL, {"required": ["a"], "properties": {"a": {"type": "string"}}}, [{"a": "x"}, []], [{}, {"a": 1}]),
    (ALL, {"additionalProperties": False, "properties": {"a": {}}}, [{"a": 1}, {}], [{"b": 1}]),
    (
        ALL,
        {"patternProperties": {"^x": {"type": "null"}}, "additionalProperties": False},
        [{"xa": None}],
        [{"xa": 1}, {"a": 1}],
    ),
    (ALL, {"minProperties": 1, "maxProperties": 2}, [{"a": 1}], [{}, {"a": 1, "b": 2, "c": 3}]),
    (ALL, {"items": {"type": "integer"}, "uniqueItems": True, "minItems": 1}, [[1, 2]], [[], ["a"], [1, 1.0]]),
    (ALL, {"uniqueItems": True}, [[1, True, 0, False]], [[{"a": 1}, {"a": 1}]]),
    (ALL[:4], {"items": [{"type": "integer"}], "additionalItems": False}, [[1], []], [["a"], [1, 2]]),
    (("2020-12",), {"prefixItems": [{"type": "integer"}], "items": False}, [[1], []], [["a"], [1, 2]]),
    (FROM_6, {"contains": {"const": 1}}, [[2, 1]], [[], [2]]),
    (FROM_2019, {"contains": {"const": 1}, "minContains": 2, "maxContains": 3}, [[1, 1]], [[1], [1] * 4]),
    (ALL[:3], {"dependencies": {"a": ["b"]}}, [{"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
    (FROM_2019, {"dependentRequired": {"a": ["b"]}}, [{}, {"a": 1, "b": 1}], [{"a": 1}]),
    (FROM_2019, {"dependentSchemas": {"a": {"required": ["b"]}}}, [{}], [{"a": 1}]),
    (FROM_6, {"propertyNames": {"maxLength": 1}}, [{"a": 1}], [{"ab": 1}]),
    (ALL, {"not": {"type": "null"}}, [1], [None]),
    (ALL, {"oneOf": [{"minimum": 5}, {"multipleOf": 2}]}, [5, 2], [6, 1]),
    (ALL, {"anyOf": [{"minimum": 5}, {"multipleOf": 2}]}, [6, 2], [1]),
    (ALL, {"allOf": [{"minimum": 5}, {"multipleOf": 2}]}, [6], [5, 2]),
    (FROM_7, {"if": {"minimum": 5}, "then": {"multipleOf": 2}, "else": {"multipleOf": 3}}, [6, 3], [7, 2]),
    (FROM_2019, {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False}, [{"a": 1}], [{"b": 1}]),
    (
        FROM_2019,
        {"properties": {"a": {"$ref": "#"}}, "additionalProperties": False},
        [{"a": {"a": {}}}],
        [{"a": {"b": 1}}],
    ),
    (
        ("2019-09",),
        {"properties": {"a": {"$recursiveRef": "#"}}, "required": ["b"]},
        [{"b": 1, "a": {"b": 1}}],
        [{"b": 1, "a": {}}],
    ),
    (
        ALL,
        {"format": "date-time"},
        ["2026-11-22T20:00:00Z", 5],
        ["2026-11-22", "2026-11-22T20:00:00", "2026-13-01T00:00:00Z"],
    ),
    (ALL, {"format": "ipv4"}, ["127.0.0.1"], ["127.0.0.256", "1.2.3"]),
    (ALL, {"format": "ipv6"}, ["::1"], ["12345::"]),
    (ALL, {"format": "email"}, ["a@example.com"], ["a"]),
    (ALL, {"format": "regex"}, ["a+"], ["("]),
    (FROM_7, {"format": "date"}, ["2024-02-29"], ["2026-02-29", "26-01-01"]),
    (FROM_7, {"format": "time"}, ["20:00:00Z"], ["25:00:00Z"]),
    (FROM_6, {"format": "json-pointer"}, ["", "/a~1b"], ["a", "/~2"]),
    (FROM_6, {"format": "uri-reference"}, ["/a", "#b"], ["\\\\a"]),
    (ALL, {"format": "uri"}, ["https://example.com/a"], ["/a", "a b"]),
    (FROM_2019, {"format": "uuid"}, ["2eb8aa08-aa98-11ea-b4aa-73b441d16380"], ["2eb8aa08", 32 * "g"]),
    (FROM_2019, {"format": "duration"}, ["PT5M"], ["5m", "P"]),
    (ALL, {"format": "something-else"}, ["anything"], []),
]
TABLE = [(draft, *case[1:]) for case in CASES for draft in case[0]]

# Where the judge is right and jsonschema is not, or goes another way.
JUDGE_ALONE: list[tuple[Any, list[Any], list[Any]]] = [
    ({"multipleOf": 0.01}, [19.99, 0.3], [19.994]),
    ({"pattern": r"^\d$"}, ["5"], ["٣", "5\n"]),
    ({"pattern": r"^\p{Lu}$"}, ["É"], ["é"]),
    ({"pattern": "^(a+)+$"}, ["a" * 5000], ["a" * 5000 + "b"]),
    ({"format": "date-time"}, ["2016-12-31T23:59:60Z"], []),
]


@pytest.mark.parametrize(("draft", "schema", "good", "bad"), TABLE)
def test_the_judge_and_the_second_opinion_agree(draft: str, schema: Any, good: list[Any], bad: list[Any]) -> None:
    dialect, second = DRAFTS[draft]
    whole = {"$schema": dialect, **schema}
    compiled = compile_schema(whole, folder=None)
    opinion = second(whole, format_checker=second.FORMAT_CHECKER)
    for value in good:
        assert compiled.accepts(value), value
        assert opinion.is_valid(value), value
    for value in bad:
        assert not compiled.accepts(value), value
        assert not opinion.is_valid(value), value
        assert compiled.explain(value).sentence


@pytest.mark.parametrize(("schema", "good", "bad"), JUDGE_ALONE)
def test_the_judge_is_right_where_the_second_opinion_is_not(schema: Any, good: list[Any], bad: list[Any]) -> None:
    compiled = compile_schema(schema, folder=None)
    assert all(map(compiled.accepts, good))
    assert not any(map(compiled.accepts, bad))
    assert [compiled.explain(value).schema_path for value in bad] == [f"/{next(iter(schema))}"] * len(bad)


def test_without_a_draft_a_schema_is_of_2020_12() -> None:
    schema = compile_schema({"prefixItems": [{"type": "integer"}]}, folder=None)
    assert not schema.accepts(["a"])


@pytest.mark.parametrize("dialect", ["http://json-schema.org/draft-03/schema#", "http://example.com/x", "", "2020-12"])
def test_an_unknown_draft_is_refused(dialect: str) -> None:
    with pytest.raises(SchemaError, match="names an unknown draft") as caught:
        compile_schema({"$schema": dialect}, folder=None, base="/base")
    assert caught.value.pointer == "/base/$schema"


@pytest.mark.parametrize("dialect", [uri for uri, _ in DRAFTS.values()])
def test_a_draft_is_known_with_and_without_its_empty_fragment(dialect: str) -> None:
    for name in (dialect.removesuffix("#"), dialect.removesuffix("#") + "#"):
        assert not compile_schema({"$schema": name, "type": "null"}, folder=None).accepts(1)


@pytest.mark.parametrize(
    ("schema", "pointer", "words"),
    [
        ({"type": "strng"}, "/type", 'is "strng"; did you mean "string"?'),
        ({"properties": {"a/b": {"minimum": "1"}}}, "/properties/a~1b/minimum", 'must be a number, but is "1"'),
        ({"$schema": DRAFTS["7"][0], "required": "a"}, "/required", 'must be an array, but is "a"'),
        (
            {"$schema": DRAFTS["4"][0], "minimum": 1, "exclusiveMinimum": 5},
            "/exclusiveMinimum",
            "must be true or false",
        ),
        ({"properties": []}, "/properties", "must be an object"),
        ({"allOf": []}, "/allOf", "must have at least 1 item"),
        ({"$ref": 5}, "/$ref", "must be a string"),
        (5, "", "must be true or false or an object, but is 5"),
        (None, "", "but is null"),
        ("{}", "", 'but is "{}"'),
        ({"pattern": "(?=a)b"}, "/pattern", "cannot be run in linear time"),
        ({"items": {"pattern": r"(a)\1"}}, "/items/pattern", "cannot be run in linear time"),
        ({"patternProperties": {"(?<!a)b": {}}}, "/patternProperties/(?<!a)b", "cannot be run in linear time"),
        ({"pattern": "["}, "/pattern", "is no regular expression (ECMA-262)"),
        ({"pattern": "(a{1000}){1000}"}, "/pattern", "too large"),
    ],
)
def test_a_schema_that_breaks_its_draft_is_refused_at_load(schema: Any, pointer: str, words: str) -> None:
    with pytest.raises(SchemaError) as caught:
        compile_schema(schema, folder=None)
    assert caught.value.pointer == pointer
    assert words in str(caught.value)


def test_an_unknown_keyword_is_passed_over() -> None:
    assert compile_schema({"tpye": "integer"}, folder=None).accepts("a")


NUMBERS = ["1e400", "-1e400", "1" + "0" * 5000, "-1" + "0" * 350, "1e308", "0.1" + "0" * 500, "1E-400", "1" * 301]


@pytest.mark.parametrize("digits", NUMBERS)
@pytest.mark.parametrize(
    "schema", [{}, {"type": "number"}, {"type": "integer"}, {"multipleOf": 0.1}, {"const": 1}, {"maximum": 5}]
)
def test_no_number_is_too_large_to_be_judged(digits: str, schema: Any) -> None:
    compiled = compile_schema({"properties": {"a": {"items": schema}}}, folder=None)
    value = decode(f'{{"a": [{digits}]}}').value
    if not compiled.accepts(value):
        assert compiled.explain(value).instance_path == "/a/0"


def test_an_infinite_number_is_judged_as_a_very_large_one() -> None:
    number = compile_schema({"type": "integer", "minimum": 1}, folder=None)
    assert number.accepts(math.inf)
    assert not number.accepts(-math.inf)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(CASES), VALUES)
def test_every_value_is_accepted_or_explained(case: Any, value: Any) -> None:
    drafts, schema, _, _ = case
    compiled = compile_schema(
        {"$schema": DRAFTS[drafts[-1]][0], "properties": {"a": schema}, "items": schema}, folder=None
    )
    if not compiled.accepts(value):
        assert compiled.explain(value).sentence


def test_the_engine_is_named_with_its_version() -> None:
    assert engine().startswith("jsonschema-rs 0.")
    assert jsonschema_rs.__name__ == "jsonschema_rs"


def test_what_explains_is_imported_only_when_something_has_to_be_explained() -> None:
    code = (
        "import sys; from wscheck.schema import compile_schema; s = compile_schema({'type': 'null'}, folder=None)\n"
        "assert not s.accepts(1); assert not {'jsonschema', 'referencing'} & set(sys.modules)\n"
        "s.explain(1); assert 'jsonschema' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
