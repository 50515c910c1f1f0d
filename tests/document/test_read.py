"""Documents: YAML by its core schema, JSON, and an error with a place for everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.document import MAX_BYTES, Document, parse_document, read_document
from wscheck.errors import ContractError, ScenarioError

# How a plain scalar is read (YAML 1.2.2, section 10.3.2).
SCALARS: list[tuple[str, Any]] = [
    ("", None),
    ("~", None),
    ("null", None),
    ("NULL", None),
    ("nUll", "nUll"),
    ("true", True),
    ("True", True),
    ("FALSE", False),
    ("yes", "yes"),
    ("no", "no"),
    ("on", "on"),
    ("y", "y"),
    ("5", 5),
    ("+5", 5),
    ("-5", -5),
    ("0777", 777),
    ("0o17", 15),
    ("0x1F", 31),
    ("0b11", "0b11"),
    ("1_000", "1_000"),
    ("1.10", 1.1),
    ("-.5", -0.5),
    ("1.", 1.0),
    ("1e3", 1000.0),
    ("2026-11-22", "2026-11-22"),
    ("12:30:45", "12:30:45"),
    ("2026-11-22T20:00:00Z", "2026-11-22T20:00:00Z"),
    ("'5'", "5"),
    ('"5"', "5"),
    ("! 5", "5"),
    ("!!str 5", "5"),
    ("!!float 5", 5.0),
    ("!!int '5'", 5),
    ("=", "="),
    (r'"\ud83d\ude00"', "😀"),
    ("{a: , b: [x]}", {"a": None, "b": ["x"]}),
    ("|\n  a\n  b\n", "a\nb\n"),
]

# A text, and where and how it is refused: line, column, pointer, words.
REFUSED = [
    ("", 1, 1, "", "there is nothing in it"),
    ("# only a comment\n", 1, 1, "", "there is nothing in it"),
    ("a: 1\n---\nb: 2\n", 2, 1, "", "exactly one"),
    ("a: 1\nb:\n  c: 1\n  c: 2\n", 4, 3, "/b/c", "the first is in line 3"),
    ("{a: 1, a: 2}", 1, 8, "/a", "stands here twice"),
    ("'a': 1\na: 2", 2, 1, "/a", "stands here twice"),
    ("x:\n  1: a", 2, 3, "/x", "a key must be a string; quote it: '1'"),
    ("~: a", 1, 1, "", "a key must be a string; quote it: '~'"),
    ("true: a", 1, 1, "", "a key must be a string; quote it: 'true'"),
    ("? [a]\n: b", 1, 3, "", "a key must be a string, but is a mapping or a sequence"),
    ("a: .inf", 1, 4, "/a", ".inf is no JSON value"),
    ("a: [1, -.NaN, .nan]", 1, 15, "/a/2", ".nan is no JSON value"),
    ("a: 1e400", 1, 4, "/a", "out of range"),
    ("a: 1" + "0" * 5000, 1, 4, "/a", "out of range"),
    ("a: 0x" + "f" * 300, 1, 4, "/a", "out of range"),
    ("a: !secret x", 1, 4, "/a", "the tag '!secret' has no meaning here"),
    ("a: !!python/name:os.system {}", 1, 4, "/a", "has no meaning here"),
    ("a: !!set {}", 1, 4, "/a", "has no meaning here"),
    ("a: !!int x", 1, 4, "/a", "'x' is no int"),
    ("a: !!int true", 1, 4, "/a", "'true' is no int"),
    ("a: *b", 1, 4, "/a", "has no anchor before it"),
    ("a: &b [*b]", 1, 8, "/a/0", "stands inside of what it names"),
    ("a: \x00", 1, 4, "", "U+0000 may not stand"),
    ("a: b\nc: \x07", 2, 4, "", "U+0007 may not stand"),
    ("a: \ud800", 1, 4, "", "U+D800 may not stand"),
    (r'a: "\ud800"', 1, 4, "/a", "half of a surrogate pair"),
    (r'a: "\udc00\ud800"', 1, 4, "/a", "half of a surrogate pair"),
    (r'a: "\UFFFFFFFF"', 1, 1, "/a", "names no character"),
    ("a:\n\t- b", 2, 1, "/a", "a tab may not indent"),
    ("a: [1,", 1, 7, "/a/1", "this is no YAML"),
    ("a: 'b", 1, 6, "/a", "this is no YAML"),
    ("a: b: c", 1, 5, "", "this is no YAML"),
    ("%YAML 2.0\n---\na: 1", 1, 1, "", "this is no YAML"),
    ('{"a": 1e400}', 1, 7, "/a", "out of range"),
    ('{"a":\n {"b": 1,\n  "b": 2}}', 3, 3, "/a/b", "the first is in line 2"),
]
REFUSED_JSON = [
    ('{"a": 1,}', 1, 9, "", "this is no JSON"),
    ("{'a': 1}", 1, 2, "", "this is no JSON"),
    ('{"a": 1}\n{"b": 2}', 2, 1, "", "this is no JSON: more follows after its end"),
    ('{"a": NaN}', 1, 7, "/a", "NaN is no JSON value"),
    ('{"a": [1, -Infinity]}', 1, 11, "/a/1", "-Infinity is no JSON value"),
    (r'{"a": "\ud800"}', 1, 7, "/a", "half of a surrogate pair"),
    ('{"a": "\t"}', 1, 8, "", "this is no JSON"),
    ("", 1, 1, "", "there is nothing in it"),
    ('{"a": 1' + "0" * 400 + "}", 1, 7, "/a", "out of range"),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_a_scalar_is_read_by_the_core_schema(text: str, value: Any) -> None:
    read = parse_document(f"a: {text}", file="x.yaml").value["a"]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(("text", "line", "column", "pointer", "words"), REFUSED)
def test_what_is_no_document_is_refused_with_its_place(
    text: str, line: int, column: int, pointer: str, words: str
) -> None:
    with pytest.raises(ContractError) as caught:
        parse_document(text, file="x.yaml")
    position = caught.value.position
    assert (position.file, position.line, position.column, position.pointer) == ("x.yaml", line, column, pointer)
    assert words in caught.value.message


@pytest.mark.parametrize(("text", "line", "column", "pointer", "words"), REFUSED_JSON)
def test_a_json_file_is_read_as_json_and_nothing_else(
    text: str, line: int, column: int, pointer: str, words: str
) -> None:
    with pytest.raises(ContractError) as caught:
        parse_document(text, file="x.json")
    position = caught.value.position
    assert (position.line, position.column, position.pointer) == (line, column, pointer)
    assert words in caught.value.message


@pytest.mark.parametrize("file", ["x.json", "x.yaml"])
def test_json_is_read_with_tabs_escapes_and_long_keys(file: str) -> None:
    key = "k" * 2000
    text = f'\ufeff{{\n\t"a": "\\/\\ud83d\\ude00\u2028",\r\n\t"{key}": [-0.5, {{"c/~": null}}]\n}}\n'
    document = parse_document(text, file=file)
    assert document.value == {"a": "/😀\u2028", key: [-0.5, {"c/~": None}]}
    assert document.lines["/a"] == 2
    assert document.position(f"/{key}/1/c~1~0").column == len(key) + 14


def test_every_value_has_the_place_of_its_key_or_of_its_item() -> None:
    document = parse_document("a: 1\nb:\n  - x\n  -\n    c: |\n      text\n", file="x.yaml")
    places = {pointer: (place.line, place.column) for pointer, place in document.places.items()}
    assert places == {"": (1, 1), "/a": (1, 1), "/b": (2, 1), "/b/0": (3, 5), "/b/1": (5, 5), "/b/1/c": (5, 5)}
    assert document.lines == {pointer: line for pointer, (line, _) in places.items()}


def test_what_is_absent_has_the_place_of_what_is_above_it() -> None:
    document = parse_document("a:\n  b: 1\n", file="x.yaml")
    position = document.position("/a/b/c/d")
    assert (position.line, position.column, position.pointer) == (2, 3, "/a/b")
    assert document.position("/z").pointer == ""


def test_an_alias_stands_where_it_is_written_and_holds_what_its_anchor_does() -> None:
    document = parse_document("a: &x {b: [1, &y 2]}\nc:\n  - *x\nd: *y\n", file="x")
    assert document.value == {"a": {"b": [1, 2]}, "c": [{"b": [1, 2]}], "d": 2}
    assert document.lines["/c/0"] == 3
    assert document.lines["/c/0/b/1"] == 1
    assert document.lines["/d"] == 4


def test_aliases_may_not_expand_without_end() -> None:
    laughs = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 9))
    with pytest.raises(ContractError, match="more than 100000 values"):
        parse_document(f"l0: &l0 [ha, ha]\n{laughs}", file="x.yaml")


def test_aliases_may_not_nest_without_end() -> None:
    nested = "".join(f"l{n}: &l{n} {'[' * 50}*l{n - 1}{']' * 50}\n" for n in range(1, 4))
    with pytest.raises(ContractError, match="more than 128 levels"):
        parse_document(f"l0: &l0 x\n{nested}", file="x.yaml")


@pytest.mark.parametrize("file", ["x.yaml", "x.json"])
@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 200 + "]" * 200, '{"a":' * 300 + "1" + "}" * 300, "- " * 5000])
def test_depth_is_bounded_before_it_can_hurt(text: str, file: str) -> None:
    with pytest.raises(ContractError):
        parse_document(text, file=file)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfea\x00", "UTF-16"),
        (b"\xfe\xff\x00a", "UTF-16"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "UTF-16 or UTF-32"),
        ("a: ü".encode("latin-1"), "not UTF-8"),
        (b"a: \xed\xa0\x80", "not UTF-8"),
        (b" " * (MAX_BYTES + 1), "larger than 4194304 bytes"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_file_is_strict_utf8_of_bounded_size(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(data)
    with pytest.raises(ContractError, match=words):
        read_document(path)


def test_the_first_byte_that_is_no_utf8_has_a_place(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes("a: 1\nä: ".encode() + b"\xff")
    with pytest.raises(ContractError) as caught:
        read_document(path)
    assert (caught.value.position.line, caught.value.position.column) == (2, 4)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_document(path).value == {"a": 1}


def test_a_file_that_is_not_there_is_an_error_of_the_kind_asked_for(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path, tmp_path / ("x" * 300), tmp_path / "a\0b"):
        with pytest.raises(ScenarioError):
            read_document(path, error=ScenarioError)
    assert isinstance(parse_document("a: 1", file="x", error=ScenarioError).fail("no", "/a"), ScenarioError)


def test_a_file_name_cannot_move_the_cursor(tmp_path: Path) -> None:
    with pytest.raises(ContractError) as caught:
        read_document(tmp_path / "a\x1b[2J.yaml")
    assert "\x1b" not in str(caught.value)


def outcome(read: Callable[[], Document]) -> Document | ContractError:
    try:
        return read()
    except ContractError as error:
        return error


PIECES = st.sampled_from([*'{}[]:,-?*&!|>"#%@`~\n\t \\', "'", "a", "1", ": ", "\n  ", "- ", "---\n", "!!", "\\u", "é"])


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)), st.sampled_from(["x.yaml", "x.json"]))
def test_any_text_is_a_document_or_a_clean_error(text: str, file: str) -> None:
    read = outcome(lambda: parse_document(text, file=file))
    if isinstance(read, Document):
        json.dumps(read.value, allow_nan=False).encode()
    else:
        assert read.position.line >= 1
        assert read.position.column >= 1


@given(data=st.binary())
def test_any_bytes_are_a_document_or_a_clean_error(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    read = outcome(lambda: read_document(path))
    assert isinstance(read, Document) or str(path) in str(read)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON, max_size=5), st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_read_as_it_was_written(value: dict[str, Any], indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    for file in ("x.yaml", "x.json"):
        document = parse_document(text, file=file)
        assert document.value == value
        assert json.dumps(document.value) == json.dumps(value)
