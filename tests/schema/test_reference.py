"""References: only files in the contract's folder are read, everything is resolved at load, nothing is ever fetched."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wscheck.schema import SchemaError, compile_schema

DRAFTS = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
]

INTEGER = {"type": "integer"}


def write(folder: Path, **files: Any) -> Path:
    for name, value in files.items():
        path = folder / name.replace("__", "/").replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return folder


@contextmanager
def canary() -> Iterator[str]:
    """Give the URI of a listening socket, and see that nobody came."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


# A schema, and the files beside it; each takes 1 and not "a".
RESOLVED: list[tuple[str, Any, dict[str, Any]]] = [
    ("a file", {"$ref": "events/a.json"}, {"events__a_json": INTEGER}),
    (
        "a file beside a file",
        {"$ref": "events/a.json"},
        {"events__a_json": {"$ref": "b.json"}, "events__b_json": INTEGER},
    ),
    ("a file above, inside the folder", {"$ref": "e/a.json"}, {"e__a_json": {"$ref": "../b.json"}, "b_json": INTEGER}),
    ("a pointer into a file", {"$ref": "a.json#/$defs/x~1y"}, {"a_json": {"$defs": {"x/y": INTEGER}}}),
    ("a pointer with per cent", {"$ref": "#/$defs/a%20b%25"}, {}),
    ("an anchor in a file", {"$ref": "a.json#here"}, {"a_json": {"$defs": {"x": {"$anchor": "here", **INTEGER}}}}),
    ("a place that is no keyword", {"$ref": "#/components/x", "components": {"x": INTEGER}}, {}),
    ("a per cent in a file's name", {"$ref": "a%20b.json"}, {"a b_json": INTEGER}),
    (
        "a file that refers back",
        {"$ref": "a.json"},
        {"a_json": {"anyOf": [{"$ref": "#/$defs/i"}], "$defs": {"i": INTEGER}}},
    ),
    ("a dynamic reference", {"$dynamicRef": "#x", "$defs": {"x": {"$dynamicAnchor": "x", **INTEGER}}}, {}),
    (
        "an embedded resource",
        {"$ref": "x", "$defs": {"y": {"$id": "x", "$ref": "#/$defs/z", "$defs": {"z": INTEGER}}}},
        {},
    ),
    (
        "an id that is remote",
        {"$id": "https://example.com/s/a.json", "$ref": "#/$defs/i", "$defs": {"i": INTEGER}},
        {},
    ),
    (
        "a file beside an id that is remote",
        {"$id": "https://example.com/s/x.json", "$ref": "a.json"},
        {"a_json": INTEGER},
    ),
    (
        "files with ids that are remote",
        {"$ref": "a.json"},
        {
            "a_json": {"$id": "https://example.com/s/a.json", "$ref": "b.json#/$defs/i"},
            "b_json": {"$id": "https://example.com/t/b.json", "$defs": {"i": {"$ref": "#/$defs/j"}, "j": INTEGER}},
        },
    ),
    (
        "a file called by its name, not its id",
        {"$ref": "a.json"},
        {"a_json": {"$id": "https://example.com/other", "$ref": "a.json#/$defs/i", "$defs": {"i": INTEGER}}},
    ),
    ("an id that is a URN", {"$ref": "a.json"}, {"a_json": {"$id": "urn:x:y", "$ref": "b.json"}, "b_json": INTEGER}),
    ("a bundle", {"$ref": "https://e.com/a", "$defs": {"a": {"$id": "https://e.com/a", **INTEGER}}}, {}),
    (
        "another draft",
        {"$ref": "a.json"},
        {"a_json": {"$schema": DRAFTS[0], "minimum": 0, "exclusiveMinimum": True, **INTEGER}},
    ),
    (
        "draft 7 beside a $ref",
        {"$schema": DRAFTS[2], "$ref": "a.json", "$id": "http://example.com/"},
        {"a_json": INTEGER},
    ),
    ("true in a file", {"$ref": "a.json", **INTEGER}, {"a_json": True}),
]

REMOTE = [
    "{canary}/a.json",
    "{canary}/a.json#/x",
    "//127.0.0.1/a.json",
    "HTTPS://example.com/a",
    "urn:a:b",
    "ftp://x/y",
]
ESCAPING = ["../a.json", "x/../../a.json", "%2e%2e/a.json", "..", "link.json", "linked/a.json"]
ABSOLUTE = ["/etc/hostname", "file:///etc/hostname", "FILE:/etc/hostname", "\\\\host\\a.json"]
DANGLING = [
    "#/nope",
    "#nope",
    "#/$defs/~2",
    "a.json#/nope",
    "a.json#nope",
    "#/type",
    "none.json",
    "folder",
    "a\tb",
    "a%00b",
]

# Where a reference may hide. None of these branches is ever taken.
HIDDEN = [
    lambda ref: {"$ref": ref},
    lambda ref: {"properties": {"x": {"$ref": ref}}},
    lambda ref: {"$defs": {"x": {"items": {"$ref": ref}}}},
    lambda ref: {"definitions": {"x": {"$ref": ref}}},
    lambda ref: {"if": False, "then": {"$ref": ref}},
    lambda ref: {"anyOf": [True, {"not": {"$ref": ref}}]},
    lambda ref: {"patternProperties": {"^x": {"additionalProperties": {"$ref": ref}}}},
    lambda ref: {"dependentSchemas": {"x": {"propertyNames": {"$ref": ref}}}},
    lambda ref: {"$schema": DRAFTS[2], "items": [{"additionalItems": {"$ref": ref}}]},
    lambda ref: {"$schema": DRAFTS[0], "dependencies": {"x": {"$ref": ref}}},
    lambda ref: {"$schema": DRAFTS[3], "unevaluatedItems": {"contentSchema": {"$ref": ref}}},
    lambda ref: {"prefixItems": [{"$dynamicRef": ref}]},
    lambda ref: {"$ref": "#/hidden/x", "hidden": {"x": {"else": {"$ref": ref}}}},
]

# Schemas that look at one value for ever, and where they are told.
CIRCLES = [
    ({"$ref": "#"}, ""),
    ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, "/$defs/"),
    ({"$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}]}}}, "/$defs/a/allOf/0"),
    ({"anyOf": [{"type": "string"}, {"not": {"$ref": "#"}}]}, "/anyOf/1/not"),
    ({"if": {"$ref": "#"}}, "/if"),
    ({"dependentSchemas": {"a": {"$ref": "#"}}}, "/dependentSchemas/a"),
    ({"$schema": DRAFTS[3], "$recursiveRef": "#"}, ""),
    ({"$ref": "a.json"}, "/$ref"),
]


@pytest.mark.parametrize(("schema", "files"), [case[1:] for case in RESOLVED], ids=[case[0] for case in RESOLVED])
def test_a_reference_inside_the_folder_is_resolved(schema: Any, files: dict[str, Any], tmp_path: Path) -> None:
    if schema.get("$ref") == "#/$defs/a%20b%25":
        schema = {**schema, "$defs": {"a b%": INTEGER}}
    compiled = compile_schema(schema, folder=write(tmp_path, **files))
    assert compiled.accepts(1)
    assert not compiled.accepts("a")
    assert compiled.explain("a").sentence == 'the value must be an integer, but is "a"'
    assert len(compiled.files) == len(files)
    assert all(path.is_relative_to(tmp_path.resolve()) for path in compiled.files)
    assert compiled.document is schema


@pytest.mark.parametrize("hide", HIDDEN)
@pytest.mark.parametrize("reference", REMOTE)
def test_a_remote_reference_is_refused_wherever_it_stands(hide: Any, reference: str, tmp_path: Path) -> None:
    with canary() as uri, pytest.raises(SchemaError, match="is remote, and nothing is ever fetched"):
        compile_schema(hide(reference.format(canary=uri)), folder=tmp_path)


@pytest.mark.parametrize("reference", ABSOLUTE)
def test_an_absolute_reference_is_refused(reference: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="is absolute; write it relative"):
        compile_schema({"properties": {"x": {"$ref": reference}}}, folder=tmp_path)


@pytest.mark.parametrize("reference", ESCAPING)
def test_a_reference_out_of_the_folder_is_refused(reference: str, tmp_path: Path) -> None:
    folder = write(tmp_path, outside__a_json=INTEGER, a_json=INTEGER, folder__x__y_json=INTEGER) / "folder"
    (folder / "link.json").symlink_to(tmp_path / "a.json")
    (folder / "linked").symlink_to(tmp_path / "outside")
    with pytest.raises(SchemaError, match="leads out of the contract's folder") as caught:
        compile_schema({"properties": {"x": {"$ref": reference}}}, folder=folder, base="/events/e/schema")
    assert caught.value.pointer == "/events/e/schema/properties/x/$ref"


@pytest.mark.parametrize("reference", DANGLING)
def test_a_reference_to_nothing_is_refused(reference: str, tmp_path: Path) -> None:
    folder = write(tmp_path, a_json=INTEGER, folder__b_json=INTEGER)
    with pytest.raises(SchemaError):
        compile_schema({"type": "object", "$defs": {"never": {"$ref": reference}}}, folder=folder)


def test_without_a_folder_no_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="this schema has no folder"):
        compile_schema({"$ref": "a.json"}, folder=None)


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_remote_id_fetches_nothing(draft: str, tmp_path: Path) -> None:
    with canary() as uri:
        name = "id" if "04" in draft else "$id"
        inner = {"$schema": draft, name: f"{uri}/b/", "type": "object", "properties": {"x": {"$ref": "c.json"}}}
        write(tmp_path, b_json=inner, c_json={"$schema": draft, **INTEGER})
        schema = compile_schema(
            {"$schema": draft, name: f"{uri}/a/a.json", "properties": {"y": {"$ref": "b.json"}}}, folder=tmp_path
        )
        assert schema.accepts({"y": {"x": 1}})
        assert not schema.accepts({"y": {"x": "a"}})
        assert schema.explain({"y": {"x": "a"}}).instance_path == "/y/x"


@pytest.mark.parametrize(("schema", "pointer"), CIRCLES)
def test_references_that_lead_round_in_a_circle_are_refused(schema: Any, pointer: str, tmp_path: Path) -> None:
    write(tmp_path, a_json={"$ref": "b.json"}, b_json={"oneOf": [{"$ref": "a.json"}]})
    with pytest.raises(SchemaError, match="lead round in a circle") as caught:
        compile_schema(schema, folder=tmp_path)
    assert caught.value.pointer.startswith(pointer)


def test_a_schema_may_refer_to_itself_further_down() -> None:
    tree = compile_schema({"type": "object", "additionalProperties": {"$ref": "#"}}, folder=None)
    assert tree.accepts({"a": {"b": {}}})
    assert tree.explain({"a": {"b": 1}}).schema_path == "/additionalProperties/$ref/additionalProperties/$ref/type"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "names a file that is no JSON: expecting"),
        ('{"a": 1, "a": 2}', 'the member "a" stands more than once'),
        ("5", "holds no JSON Schema"),
        ('{"type": "strng"}', "a.json, at /type: must be one of"),
        ('{"pattern": "("}', "a.json, at /pattern: the pattern '(' is no regular expression"),
        ('{"$schema": "http://example.com/x"}', "a.json, at /$schema: '$schema' names an unknown draft"),
        ('{"items": {"$ref": "#/x"}}', "a.json, at /items/$ref: the reference '#/x' leads to no schema"),
        ('{"items": {"$ref": "http://x/"}}', "a.json, at /items/$ref: the reference 'http://x/' is remote"),
    ],
)
def test_a_fault_in_a_file_is_told_with_the_file_and_the_place(text: str, words: str, tmp_path: Path) -> None:
    write(tmp_path, a_json=text)
    with pytest.raises(SchemaError) as caught:
        compile_schema({"properties": {"x": {"$ref": "a.json"}}}, folder=tmp_path, base="/e")
    assert words in str(caught.value)
    assert caught.value.pointer == "/e/properties/x/$ref"


def test_two_schemas_with_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path, a_json={"$id": "https://e.com/x"}, b_json={"$id": "https://e.com/x"})
    with pytest.raises(SchemaError, match=r"a\.json: the id .* is also that of b\.json, at its root"):
        compile_schema({"allOf": [{"$ref": "b.json"}, {"items": {"$ref": "a.json"}}]}, folder=tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(SchemaError, match="names a file that is not there"):
        compile_schema({"$ref": "a.json"}, folder=tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(" " * (4 * 1024 * 1024) + "{}", encoding="ascii")
    with pytest.raises(SchemaError, match="larger than 4194304 bytes"):
        compile_schema({"$ref": "a.json"}, folder=tmp_path)
