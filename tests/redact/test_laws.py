"""The laws of redaction: no secret survives, nothing else changes, and twice is as once."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

from hypothesis import example, given
from hypothesis import strategies as st

from wscheck.json_text import decode
from wscheck.pointer import Pointer
from wscheck.redact import Redactor
from wscheck.redact.places import plant, scan

PARTS = ["canary", "CAN4RY", "/+", '"', "\\", " ", "ü", "\n", "=", "&", "?", "%2F", "eyJ", ".", "e.y", "12", "{", ":"]
CANARIES = st.lists(st.sampled_from(PARTS), min_size=2, max_size=5).map("".join).filter(lambda text: len(text) >= 8)
SPELLINGS: list[Callable[[str], str]] = [
    str,
    lambda secret: base64.b64encode(secret.encode()).decode(),
    lambda secret: base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
    quote,
    lambda secret: quote(secret, safe=""),
    quote_plus,
    lambda secret: json.dumps(secret)[1:-1],
    lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
]
FILLING = st.text(st.sampled_from('ab{}[]",:\\.eyJ \n<>1'), max_size=6)
POINTERS = [[], ["/a"], ["/a/b", "/b"], ["/0", "/b/1"], [""]]


@st.composite
def spelled(draw: Any, secret: str) -> str:
    return str(draw(st.sampled_from(SPELLINGS))(secret))


@st.composite
def texts(draw: Any, secrets: list[str]) -> str:
    pieces = [draw(FILLING)]
    for _ in range(draw(st.integers(0, 4))):
        pieces += draw(spelled(draw(st.sampled_from(secrets)))), draw(FILLING)
    return "".join(pieces)


@st.composite
def documents(draw: Any, secrets: list[str]) -> str:
    """JSON with secrets in it, duplicate members, odd numbers and lone surrogates included."""
    strings = st.one_of(st.sampled_from(["", "x", "<redacted:4>", "\ud800", "1"]), texts(secrets))
    scalars = st.one_of(
        strings.map(json.dumps),
        st.sampled_from(["1", "1.0", "-0", "2e3", "1e999", "-1e999", "0." + "7" * 420, "true", "false", "null"]),
    )
    names = st.one_of(st.sampled_from(["a", "b", "c"]), strings).map(json.dumps)

    def members(values: Any) -> Any:
        pairs = st.lists(st.tuples(names, values), max_size=3)
        return pairs.map(lambda each: "{ " + ", ".join(f"{name}: {value}" for name, value in each) + "}")

    def items(values: Any) -> Any:
        return st.lists(values, max_size=3).map(lambda each: f"[{' , '.join(each)}]")

    return str(draw(st.recursive(scalars, lambda inner: members(inner) | items(inner))))


@st.composite
def broken(draw: Any, secrets: list[str]) -> str:
    """JSON with something before it, after it, or in its midst."""
    whole, other = draw(documents(secrets)), draw(st.one_of(documents(secrets), texts(secrets)))
    place = draw(st.sampled_from([0, len(whole), draw(st.integers(0, len(whole)))]))
    return whole[:place] + other + whole[place:]


@st.composite
def cases(draw: Any) -> tuple[list[str], str, list[Pointer]]:
    secrets = draw(st.lists(CANARIES, min_size=1, max_size=2))
    text = draw(st.one_of(documents(secrets), texts(secrets), broken(secrets)))
    return secrets, text, [Pointer(pointer) for pointer in draw(st.sampled_from(POINTERS))]


def leaks(text: str, secrets: list[str]) -> list[str]:
    return [spell(secret) for secret in secrets for spell in SPELLINGS if spell(secret) in text]


@st.composite
def secrets_and_text(draw: Any) -> tuple[list[str], str]:
    secrets = draw(st.lists(CANARIES, min_size=1, max_size=3))
    return secrets, draw(texts(secrets))


@given(secrets_and_text())
def test_no_spelling_of_a_canary_survives_in_a_text(case: tuple[list[str], str]) -> None:
    secrets, text = case
    assert leaks(Redactor(secrets).text(text), secrets) == []


@given(secrets_and_text())
def test_redacting_a_text_twice_is_as_once(case: tuple[list[str], str]) -> None:
    secrets, text = case
    once = Redactor(secrets).text(text)
    assert Redactor(secrets).text(once) == once


@given(cases())
def test_no_canary_survives_in_a_message(case: tuple[list[str], str, list[Pointer]]) -> None:
    secrets, text, pointers = case
    redacted = Redactor(secrets, pointers).message(text)
    scanned = scan(redacted, plant([]))
    strings = [scalar.value for scalar in scanned.scalars] if scanned.sound else [redacted]
    assert [leak for string in strings for leak in leaks(string, secrets)] == []


@given(cases())
@example((["canarycanary"], '"canarycanary\\', [Pointer("")]))
def test_redacting_a_message_twice_is_as_once(case: tuple[list[str], str, list[Pointer]]) -> None:
    secrets, text, pointers = case
    once = Redactor(secrets, pointers).message(text)
    assert Redactor(secrets, pointers).message(once) == once


@given(cases())
def test_what_is_wrong_with_a_message_stays_wrong_and_nothing_else_becomes_so(
    case: tuple[list[str], str, list[Pointer]],
) -> None:
    secrets, text, pointers = case
    assert decode(Redactor(secrets, pointers).message(text)).faults.keys() == decode(text).faults.keys()


@given(cases())
def test_the_shape_of_a_message_stays(case: tuple[list[str], str, list[Pointer]]) -> None:
    secrets, text, pointers = case
    before, after = decode(text), decode(Redactor(secrets, pointers).message(text))
    if before.readable:
        assert _shape(after.value) == _shape(before.value)


@given(st.lists(st.sampled_from(["x", "y", 1, 1.5, 2]), max_size=6))
def test_values_are_as_equal_as_before(values: list[Any]) -> None:
    redacted = decode(Redactor([], [Pointer("")]).message(json.dumps(values))).value
    assert [[a == b for a in redacted] for b in redacted] == [[a == b for a in values] for b in values]


def _shape(value: Any) -> Any:
    if isinstance(value, list):
        return [_shape(item) for item in value]
    if isinstance(value, dict):
        return [_shape(member) for member in value.values()]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
