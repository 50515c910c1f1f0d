"""TOML: its values, the place of every header, key and item, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.document import Document, read_toml
from wscheck.errors import ConfigError

TEXT = '''\
# a comment = "with a key"
contracts = [
  "a",  # the first ]
  'b',
]
dotted.key."with.dot" = 1

[env.staging]  # [not.this]
url = """
[no.header]
"""
where = { "/a~b" = 'x = 1', deep = [ { y = 1 }, { z = [1, 2] } ] }

  [[many]]
  name = "first \\"quoted\\" ] }"
  [many.inner]
  x = true
[[many]]
name = "second"
'''
PLACES = {
    "/contracts": (2, 1),
    "/contracts/0": (3, 3),
    "/contracts/1": (4, 3),
    "/dotted": (6, 1),
    "/dotted/key/with.dot": (6, 1),
    "/env": (8, 1),
    "/env/staging": (8, 1),
    "/env/staging/url": (9, 1),
    "/env/staging/where": (12, 1),
    "/env/staging/where/~1a~0b": (12, 11),
    "/env/staging/where/deep/1/z/1": (12, 59),
    "/many": (14, 3),
    "/many/0": (14, 3),
    "/many/0/name": (15, 3),
    "/many/0/inner": (16, 3),
    "/many/0/inner/x": (17, 3),
    "/many/1": (18, 1),
    "/many/1/name": (19, 1),
}


def read(folder: Path, text: str | bytes, *table: str) -> Document | None:
    path = folder / "trial.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_toml(path, table=table, error=ConfigError)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_headers_keys_and_items_have_their_places(tmp_path: Path, newline: str) -> None:
    document = read(tmp_path, TEXT.replace("\n", newline))
    assert document is not None
    assert document.value["many"][1] == {"name": "second"}
    assert {pointer: tuple(document.places[pointer])[:2] for pointer in PLACES} == PLACES


def test_a_table_is_read_as_if_it_were_all(tmp_path: Path) -> None:
    document = read(tmp_path, "day = 2026-01-01\n[tool.wscheck.env.a]\nurl = 1\n[tool.other]\n", "tool", "wscheck")
    assert document is not None
    assert document.value == {"env": {"a": {"url": 1}}}
    assert str(document.fail("so", "/env/a/url")).endswith("trial.toml:3:1: at /env/a/url: so")
    assert str(document.fail("so", "/nobody")).endswith("trial.toml:2:1: so")
    assert read(tmp_path, "[tool.other]\n", "tool", "wscheck") is None
    assert read(tmp_path, "tool = 5\n", "tool", "wscheck") is None


WRONG: dict[str, tuple[str | bytes, str]] = {
    "no TOML": ("a = 1\nb == 2\n", "trial.toml:2:4: this is no TOML: invalid value"),
    "an end too early": ("a = [1,\n", "this is no TOML: "),
    "a key twice": ("a = 1\na = 2\n", "this is no TOML: cannot overwrite a value"),
    "a date": (
        "x = 1\na = {b = [2026-01-01]}\n",
        "trial.toml:2:11: at /a/b/0: a date or time is no value here; quote it",
    ),
    "a time": ("a = 12:30:00\n", "a date or time is no value here"),
    "not a number": ("a = nan\n", "trial.toml:1:1: at /a: this number is out of range"),
    "a number too large": (f"a = {'9' * 400}\n", "at /a: this number is out of range"),
    "a number beyond all": (f"# {'8' * 5000}\na = {'9' * 5000}\n", "trial.toml:2:5: this number is out of range"),
    "deep arrays": (f"a = {'[' * 200}{']' * 200}\n", "more than 128 levels"),
    "very deep arrays": (f"a = {'[' * 50000}{']' * 50000}\n", "more than 128 levels"),
    "deep tables": ("[" + ".".join("a" * 1 for _ in range(200)) + "]\n", "more than 128 levels"),
    "too much": (f"a = [{'1,' * 100_001}]\n", "more than 100000 values"),
    "latin-1": ("a = 'ü'".encode("latin-1"), "this file is not UTF-8"),
    "UTF-16": ("a = 1".encode("utf-16"), "this file is UTF-16 or UTF-32"),
    "a control character": ("a = '\x00'\n", "this is no TOML: "),
    "too large": (b"#" * (4 * 1024 * 1024 + 1), "this file is larger than"),
}


@pytest.mark.parametrize(("text", "due"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_one_sentence_with_its_place(tmp_path: Path, text: str | bytes, due: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text)
    assert due in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml:1:1: this file cannot be read: No such file"):
        read_toml(tmp_path / "none.toml", error=ConfigError)


KEYS = st.text("abc_-. \"'#[]=é", min_size=1, max_size=6)
VALUES = st.integers(-9, 9) | st.booleans() | st.text("ab]}[{,#='\"\\ \n", max_size=6)


def written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(member)}" for key, member in value.items()) + "}"
    return str(value)


@given(
    st.dictionaries(
        KEYS,
        st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)),
        max_size=4,
    )
)
def test_every_value_has_a_place_on_the_line_it_is_written_in(
    tmp_path_factory: pytest.TempPathFactory, value: dict[str, object]
) -> None:
    text = "".join(f"{written(key)} = {written(member)}\n" for key, member in value.items())
    document = read(tmp_path_factory.mktemp("toml"), text)
    assert document is not None
    assert document.value == value
    for line, key in enumerate(value, start=1):
        inside = [place for pointer, place in document.places.items() if pointer.split("/")[1:2] == [escaped(key)]]
        assert inside
        assert {place.line for place in inside} == {line}


def escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
