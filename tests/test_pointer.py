"""JSON Pointer (RFC 6901): its own examples, and where this reading is strict."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.pointer import MISSING, Pointer, join

# RFC 6901, section 5: the document, and what each pointer finds in it.
DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}
EXAMPLES: list[tuple[str, Any]] = [
    ("", DOCUMENT),
    ("/foo", ["bar", "baz"]),
    ("/foo/0", "bar"),
    ("/", 0),
    ("/a~1b", 1),
    ("/c%d", 2),
    ("/e^f", 3),
    ("/g|h", 4),
    ("/i\\j", 5),
    ('/k"l', 6),
    ("/ ", 7),
    ("/m~0n", 8),
]

# A value, a pointer, and what it finds.
FOUND: list[tuple[Any, str, Any]] = [
    ({"a": None}, "/a", None),
    ({"a": False}, "/a", False),
    ({"a": None}, "/a/b", MISSING),
    ({"a": {}}, "/b", MISSING),
    ({"~1": 1, "/": 2}, "/~01", 1),
    ({"~1": 1, "/": 2}, "/~1", 2),
    ({"0": "name"}, "/0", "name"),
    ({"-": 1}, "/-", 1),
    ({"": {"": 1}}, "//", 1),
    ([[1, 2], [3]], "/0/1", 2),
    (["x"], "", ["x"]),
    # an index is 0, or digits that do not begin with 0 (section 4)
    (["x", "y"], "/1", "y"),
    (["x", "y"], "/2", MISSING),
    (["x", "y"], "/-", MISSING),
    (["x", "y"], "/-1", MISSING),
    (["x", "y"], "/01", MISSING),
    (["x", "y"], "/1.0", MISSING),
    (["x", "y"], "/ 1", MISSING),
    (["x", "y"], "/", MISSING),
    (["x", "y"], "/١", MISSING),
    (["x", "y"], f"/{'9' * 5000}", MISSING),
    ("text", "/0", MISSING),
    (5, "/0", MISSING),
    (True, "", True),
]

REFUSED = [
    ("a", "'a' is no JSON Pointer: it must be empty or start with '/' (RFC 6901)"),
    ("#/a", "'#/a' is no JSON Pointer: it must be empty or start with '/' (RFC 6901)"),
    (" /a", "' /a' is no JSON Pointer: it must be empty or start with '/' (RFC 6901)"),
    ("/~", "'/~' is no JSON Pointer: '~' must be followed by 0 or 1 (RFC 6901, section 3)"),
    ("/a~2b", "'/a~2b' is no JSON Pointer: '~' must be followed by 0 or 1 (RFC 6901, section 3)"),
    ("/~~0", "'/~~0' is no JSON Pointer: '~' must be followed by 0 or 1 (RFC 6901, section 3)"),
]


@pytest.mark.parametrize(("text", "value"), EXAMPLES)
def test_the_examples_of_the_rfc_hold(text: str, value: Any) -> None:
    assert Pointer(text).find(DOCUMENT) == value


@pytest.mark.parametrize(("document", "text", "value"), FOUND)
def test_a_pointer_finds_what_stands_there_or_nothing(document: Any, text: str, value: Any) -> None:
    found = Pointer(text).find(document)
    assert found is value or (value is not MISSING and found == value)


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_no_pointer_is_refused_with_a_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="no JSON Pointer") as caught:
        Pointer(text)
    assert str(caught.value) == message


def test_nothing_is_not_null_and_is_not_true() -> None:
    assert MISSING is not None
    assert not MISSING
    assert repr(MISSING) == "MISSING"


def test_pointers_are_equal_by_their_text() -> None:
    assert Pointer("/a~1b") == Pointer("/a~1b")
    assert hash(Pointer("/a")) == hash(Pointer("/a"))
    assert Pointer("/a") != Pointer("/a/")
    assert Pointer("/a") != "/a"
    assert repr(Pointer("/a~0")) == "Pointer('/a~0')"


@given(st.text(), st.lists(st.text() | st.integers(0, 99)))
def test_what_is_joined_is_found_and_read_back(base: str, tokens: list[str | int]) -> None:
    start = join("", base)
    text = join(start, *tokens)
    assert Pointer(text).tokens == (base, *map(str, tokens))
    value: Any = "there"
    for token in reversed([base, *tokens]):
        value = [None] * token + [value] if isinstance(token, int) else {token: value}
    assert Pointer(text).find(value) == "there"
