"""Keywords and formats that decide nothing, and those that lint must leave alone."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest
from jsonschema_specifications import REGISTRY

from tests.lint.looked import HEAD, RUN, schema_remarks
from wscheck.finding import Severity
from wscheck.lint import lint, read_subject
from wscheck.schema import compile_schema
from wscheck.schema.file import DIALECTS
from wscheck.schema.keywords import FORMATS, KEYWORDS

SEVEN = "$schema: 'http://json-schema.org/draft-07/schema#'"
NONSENSE = (":::\\", "%", "{", "a b [", "((", "^", "")
DIALECT = {draft: dialect for dialect, draft in DIALECTS.items()}

ROWS = [
    ("{reqired: [id]}", "unknown-keyword", "error", "did you mean 'required'?"),
    ("{descripton: an id}", "unknown-keyword", "warning", "did you mean 'description'?"),
    ("{nullable: true}", "unknown-keyword", "warning", "begin it with `x-`"),
    ("{properties: {a: {items: {mininum: 1}}}}", "unknown-keyword", "error", "did you mean 'minimum'?"),
    (f"{{{SEVEN}, prefixItems: [{{}}]}}", "unknown-keyword", "error", "say draft 2020-12 in `$schema`"),
    ("{prefixItems: [{}], additionalItems: false}", "unknown-keyword", "error", "no keyword of draft 2020-12"),
    (f"{{{SEVEN}, deprecated: true}}", "unknown-keyword", "warning", "no keyword of draft 7"),
    ("{format: data-time}", "unknown-format", "error", "did you mean 'date-time'?"),
    ("{format: decimal128}", "unknown-format", "warning", "give a `pattern` instead"),
    (f"{{{SEVEN}, format: uuid}}", "unknown-format", "error", "from draft 2019-09 on, not in draft 7"),
    ("{type: string, minimum: 1}", "idle-keyword", "warning", "`type` allows string"),
    ("{type: [array, 'null'], required: [a]}", "idle-keyword", "warning", "`type` allows array or null"),
    ("{type: number, format: date-time}", "idle-keyword", "warning", "`type` allows number"),
    ("{then: {required: [a]}}", "idle-keyword", "warning", "there is no `if` beside it"),
    ("{if: {required: [a]}}", "idle-keyword", "warning", "neither `then` nor `else`"),
    ("{minContains: 2}", "idle-keyword", "warning", "there is no `contains` beside it"),
    (
        f"{{{SEVEN}, properties: {{a: {{$ref: '#/definitions/a', minLength: 1}}}}, definitions: {{a: true}}}}",
        "idle-keyword",
        "error",
        "overlooks 'minLength' beside `$ref`",
    ),
]


@pytest.mark.parametrize(("schema", "code", "severity", "words"), ROWS)
def test_a_keyword_that_decides_nothing_is_remarked_on(schema: str, code: str, severity: str, words: str) -> None:
    (remark,) = schema_remarks(schema)
    assert (remark.code, remark.severity) == (code, Severity(severity))
    assert words in remark.message
    assert remark.position.line == 5


@pytest.mark.parametrize(
    "schema",
    [
        "{x-owner: team, type: object}",
        "{type: integer, minimum: 1}",
        "{type: [string, number], minimum: 1}",
        "{minimum: 1}",
        "{properties: {then: {}, reqired: {}}}",
        "{const: {reqired: 1}}",
        "{enum: [{format: nonsense}]}",
        "{default: {mininum: 1}, examples: [{mininum: 1}]}",
        "{properties: {a: {$ref: '#/$defs/a', minLength: 1}}, $defs: {a: {type: string}}}",
        f"{{{SEVEN}, properties: {{a: {{$ref: '#/definitions/a', title: A}}}}, definitions: {{a: {{type: string}}}}}}",
        "{definitions: {a: {type: string}}, dependencies: {a: [b]}}",
        "{if: {required: [a]}, then: {required: [b]}}",
    ],
)
def test_a_keyword_that_decides_or_annotates_is_left_alone(schema: str) -> None:
    assert schema_remarks(schema) == ()


def test_a_keyword_in_a_file_is_remarked_on_once_and_where_it_stands(tmp_path: Path) -> None:
    shared = {"$defs": {"id": {"type": "string", "minLenght": 1}}}
    (tmp_path / "ids.schema.json").write_text(json.dumps(shared, indent=2), encoding="utf-8")
    refers = "{schema: {properties: {id: {$ref: 'ids.schema.json#/$defs/id'}}}}"
    text = f"{HEAD}events: {{start: {refers}, end: {refers}}}\n{RUN}\n"
    (tmp_path / "contract.yaml").write_text(text, encoding="utf-8")
    (remark,) = lint(read_subject(str(tmp_path)))
    position = remark.position
    assert (position.file, position.line, position.column) == (str(tmp_path / "ids.schema.json"), 5, 7)
    assert position.pointer == "/$defs/id/minLenght"


@pytest.mark.parametrize("draft", FORMATS)
def test_the_formats_of_a_draft_are_those_that_the_engine_asserts_in_it(draft: str) -> None:
    def asserts(name: str) -> bool:
        schema = compile_schema({"$schema": DIALECT[draft], "format": name}, folder=None)
        return not all(schema.accepts(text) for text in NONSENSE)

    known = frozenset[str]().union(*FORMATS.values())
    assert {name for name in known if asserts(name)} == FORMATS[draft]


@pytest.mark.parametrize("draft", KEYWORDS)
def test_the_keywords_of_a_draft_are_those_of_its_metaschema(draft: str) -> None:
    named: set[str] = set()
    waiting = [DIALECT[draft]]
    while waiting:
        uri = waiting.pop()
        schema = REGISTRY.contents(uri)
        named |= set(schema.get("properties", {}))
        waiting += (urljoin(uri, part["$ref"]) for part in schema.get("allOf", []))
    # What 2020-12 names only because older schemas have it; what the older metaschemas leave to the text.
    assert named - KEYWORDS[draft] == ({"$recursiveAnchor", "$recursiveRef"} if draft == "2020-12" else set())
    assert KEYWORDS[draft] - named <= {"$ref", "writeOnly"}
