"""JSON, read strictly: what must be taken, what must not, and what is taken with a fault."""

from __future__ import annotations

import json
from math import copysign, inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.json_text import MAX_DEPTH, MAX_DIGITS, canonical, decode

# A text, and its value.
TAKEN: list[tuple[str, Any]] = [
    (" \t\r\n1 ", 1),
    ("-0", 0),
    ("1E2", 100.0),
    ("0.1e-3", 0.0001),
    ("1e-999", 0.0),
    ("9007199254740993", 2**53 + 1),
    (f"1{'0' * 308}", 10**308),
    (f"0.{'1' * (MAX_DIGITS - 1)}", float(f"0.{'1' * 20}")),
    ("true", True),
    ("null", None),
    ('""', ""),
    ('"\\u0000\\b\\/\\\\\\""', '\x00\b/\\"'),
    ('"\\ud83d\\ude00 😀"', "😀 😀"),
    ('"\\\\ud800"', "\\ud800"),
    ('"\x7f\u2028\ufeff"', "\x7f\u2028\ufeff"),
    ("[]", []),
    ('{"":{"":[]}}', {"": {"": []}}),
    ('{"a":1,"A":2}', {"a": 1, "A": 2}),
    ("[" * MAX_DEPTH + "]" * MAX_DEPTH, None),
    (f"[[],{'[' * (MAX_DEPTH - 1)}{']' * (MAX_DEPTH - 1)}]", None),
    (f"[{', '.join(['{}'] * 200)}]", [{}] * 200),
    (f'["{"[" * 500}", "\\"{"{" * 500}"]', ["[" * 500, '"' + "{" * 500]),
]

# A text that is no JSON, and why.
REFUSED = [
    ("", "expecting value at character 1"),
    ("  ", "expecting value at character 3"),
    ("\ufeff1", "expecting value at character 1"),
    ("\u00a01", "expecting value at character 1"),
    ("\x0b1", "expecting value at character 1"),
    ("nul", "expecting value at character 1"),
    ("True", "expecting value at character 1"),
    ("NaN", "NaN is no JSON value"),
    ("[-Infinity]", "-Infinity is no JSON value"),
    ('{"a": Infinity}', "Infinity is no JSON value"),
    ("+1", "expecting value at character 1"),
    (".5", "expecting value at character 1"),
    ("01", "extra data at character 2"),
    ("1.", "extra data at character 2"),
    ("1e", "extra data at character 2"),
    ("0x1", "extra data at character 2"),
    ("1_0", "extra data at character 2"),
    ("١", "expecting value at character 1"),
    ("1 2", "extra data at character 3"),
    ("{} {}", "extra data at character 4"),
    ("'a'", "expecting value at character 1"),
    ('"a', "unterminated string starting at character 1"),
    ('"a\tb"', "invalid control character at character 3"),
    ('"\n"', "invalid control character at character 2"),
    ('"\\x"', "invalid \\escape at character 2"),
    ('"\\u12"', "invalid \\uXXXX escape at character 3"),
    ('"\\ud800"', "a string holds a lone surrogate, which is no Unicode text"),
    ('[{"a": ["\\udead\\ud83d"]}]', "a string holds a lone surrogate, which is no Unicode text"),
    ('{"\\udc00": 1}', "a string holds a lone surrogate, which is no Unicode text"),
    ("{a:1}", "expecting property name enclosed in double quotes at character 2"),
    ('{"a" 1}', "expecting ':' delimiter at character 6"),
    ("[1", "expecting ',' delimiter at character 3"),
    ("/* no */ 1", "expecting value at character 1"),
    # what else is wrong with it does not matter then
    ('{"a": 1, "a": 2', "expecting ',' delimiter at character 16"),
    ("[1e999, NaN]", "NaN is no JSON value"),
]
# How Python says it differs from one version to the next.
UNLIKE = [("[1,]", "not-json"), ('{"a":1,}', "not-json"), ("[,1]", "not-json"), ("]", "not-json")]

# A text that is read with faults: its value, and the faults.
FAULTY: list[tuple[str, Any, dict[str, str]]] = [
    ("1e999", inf, {"number-range": "the number 1e999 is infinite as a double"}),
    ("[-1e309]", [-inf], {"number-range": "the number -1e309 is infinite as a double"}),
    (f"1{'0' * 309}", inf, {"number-range": f"the number 1{'0' * 19}… is infinite as a double"}),
    (f"-{'9' * 5000}", -inf, {"number-range": f"the number -{'9' * 19}… is infinite as a double"}),
    (
        f"0.{'1' * MAX_DIGITS}",
        float(f"0.{'1' * 20}"),
        {"number-range": f"the number 0.{'1' * 18}… has more than 400 digits"},
    ),
    (f"1e-{'0' * 400}1", 0.1, {"number-range": f"the number 1e-{'0' * 17}… has more than 400 digits"}),
    ("[1e400, 1e500]", [inf, inf], {"number-range": "the number 1e400 is infinite as a double"}),
    ('{"a": 1, "a": 2}', {"a": 2}, {"duplicate-member": 'the member "a" stands more than once in one object'}),
    ('{"a": 1, "\\u0061": 2}', {"a": 2}, {"duplicate-member": 'the member "a" stands more than once in one object'}),
    (
        '{"b": 1, "é\\n": 1, "é\\n": 2}',
        {"b": 1, "é\n": 2},
        {"duplicate-member": 'the member "\\u00e9\\n" stands more than once in one object'},
    ),
    (
        '[{"a": {"b": 1, "b": 2}, "a": 3}]',
        [{"a": 3}],
        {"duplicate-member": 'the member "b" stands more than once in one object'},
    ),
    (
        '{"a": 1e999, "a": 0}',
        {"a": 0},
        {
            "number-range": "the number 1e999 is infinite as a double",
            "duplicate-member": 'the member "a" stands more than once in one object',
        },
    ),
]

DEEP = ["[" * (MAX_DEPTH + 1), "[" * 129 + "]" * 129, '{"a":' * 129, "[{" * 100_000, "[]" * 200 + "[" * 129]

# Values that are one by JSON, class by class: no two of different classes are.
CLASSES: list[list[Any]] = [
    [1, 1.0],
    [True],
    ["1"],
    [0, -0.0, 0.0],
    [False],
    [None],
    ["null"],
    [""],
    [[]],
    [{}],
    [[1], [1.0]],
    [[True]],
    [[1, 2]],
    [[2, 1]],
    [[[1]]],
    [{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}],
    [{"a": 1}],
    [{"a": True}],
    [[["a", 1]]],
    [2**53 + 1],
    [float(2**53), 2**53],
    [inf],
]


@pytest.mark.parametrize(("text", "value"), TAKEN, ids=lambda case: str(case)[:20])
def test_what_is_json_is_read_without_a_fault(text: str, value: Any) -> None:
    decoded = decode(text)
    assert decoded.faults == {}
    assert decoded.readable
    assert value is None or (decoded.value, type(decoded.value)) == (value, type(value))


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=lambda case: ascii(case)[:20])
def test_what_is_no_json_is_not_read_and_says_why(text: str, why: str) -> None:
    decoded = decode(text)
    assert (decoded.value, decoded.faults) == (None, {"not-json": why})
    assert not decoded.readable


@pytest.mark.parametrize(("text", "fault"), UNLIKE)
def test_a_comma_too_many_is_no_json(text: str, fault: str) -> None:
    assert list(decode(text).faults) == [fault]


@pytest.mark.parametrize(("text", "value", "faults"), FAULTY, ids=lambda case: str(case)[:20])
def test_what_python_forgives_in_silence_is_a_fault(text: str, value: Any, faults: dict[str, str]) -> None:
    decoded = decode(text)
    assert (decoded.value, decoded.faults) == (value, faults)
    assert decoded.readable


@pytest.mark.parametrize("text", DEEP, ids=lambda text: f"{text[:4]}{len(text)}")
def test_what_is_too_deep_is_not_read(text: str) -> None:
    decoded = decode(text)
    assert decoded.faults == {"too-deep": "more than 128 levels of arrays and objects"}
    assert (decoded.value, decoded.readable) == (None, False)


def test_the_sign_of_what_is_too_large_is_kept() -> None:
    assert [copysign(1, decode(text).value) for text in ("1e999", "-1e999", f"-{'9' * 400}")] == [1, -1, -1]


def test_a_large_object_with_one_name_twice_is_read_as_fast_as_any() -> None:
    # Were the names compared pair by pair, these would be twenty thousand million comparisons.
    names = ",".join(f'"{n}":0' for n in range(200_000))
    assert decode(f'{{{names},"199999":1}}').faults == {
        "duplicate-member": 'the member "199999" stands more than once in one object'
    }


@pytest.mark.parametrize("place", range(len(CLASSES)))
def test_values_that_are_one_by_json_have_one_canonical_form(place: int) -> None:
    for other, values in enumerate(CLASSES):
        for value in values:
            same = canonical(value) == canonical(CLASSES[place][0])
            assert same is (other == place)
            assert not same or hash(canonical(value)) == hash(canonical(CLASSES[place][0]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(JSON, st.booleans())
def test_what_is_written_as_json_is_read_as_it_was(value: Any, ascii_only: bool) -> None:
    decoded = decode(json.dumps(value, ensure_ascii=ascii_only))
    assert decoded.faults == {}
    assert json.dumps(decoded.value) == json.dumps(value)
    assert canonical(decoded.value) == canonical(value)


PIECES = st.sampled_from([*'{}[]:,"\\ -+.eEuUdD0189naif', "null", "true", "NaN", "\\ud83d", '"a":', "1e999", "\t", "é"])


@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_read_or_is_one_fault(text: str) -> None:
    decoded = decode(text)
    if decoded.readable:
        json.dumps(decoded.value).encode()
    else:
        assert len(decoded.faults) == 1
        assert decoded.value is None
