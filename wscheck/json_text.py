"""JSON, read strictly (RFC 8259): what Python's reader forgives in silence is a fault here."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from math import copysign, inf, isinf
from typing import Any, Literal, TypeAlias

import orjson

Fault: TypeAlias = Literal["not-json", "too-deep", "duplicate-member", "number-range"]

MAX_DEPTH = 128
"""Levels of arrays and objects that are read."""

MAX_DIGITS = 400
"""Digits of a number that are read."""

_EXACT = float(2**63)
_BRACKETS_AND_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{\]}]', re.DOTALL)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Decoded:
    """A JSON text's value and its faults, each with a few words. ``value`` is None where nothing can be read."""

    value: Any = None
    faults: dict[Fault, str] = field(default_factory=dict)

    @property
    def readable(self) -> bool:
        """Whether ``value`` is the text's value."""
        return "not-json" not in self.faults and "too-deep" not in self.faults


def decode(text: str) -> Decoded:
    """Read one JSON text. Never raises: what is wrong stands in ``faults``.

    A duplicate member keeps its last value; a number that is infinite as a double becomes an infinity.
    """
    value = _decode_sound(text)
    return _decode_slowly(text) if value is None else Decoded(value)


def _decode_sound(text: str) -> Any:
    """Return the array or object that ``text`` is where nothing can be wrong with it, else None.

    orjson refuses all that this module finds fault with, but for four things: depth, digits, integers of more than 64
    bits, which it makes floats, and duplicate members, of which it keeps the last. Those are looked for here.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    strings = _count_strings(value, text) if isinstance(value, dict | list) else None
    # A member that stood twice has more quotation marks than are accounted for. Within strings they are escaped.
    marks = text.count('"')
    if "\\" in text:
        if '\\\\"' in text:  # a string's end, or an escaped mark: that is not told apart here
            return None
        marks -= text.count('\\"')
    return None if strings is None or marks != 2 * strings else value


def _count_strings(value: Any, text: str) -> int | None:
    """Return how many strings stand in ``value``, names of members too; None where ``text`` may hold more than it."""
    strings, floats = 0, False
    waiting = [value]
    for found in waiting:  # grows while it is gone through
        if type(found) is dict:
            strings += len(found)
        for item in found.values() if type(found) is dict else found:
            kind = type(item)
            if kind is str:
                strings += 1
            elif kind is dict or kind is list:
                waiting.append(item)
            elif kind is float:
                floats = True
                if not -_EXACT < item < _EXACT:
                    return None
    too_long = floats and len(text) > MAX_DIGITS and _count_digits(text) > MAX_DIGITS
    return None if too_long or len(waiting) > MAX_DEPTH else strings


def _count_digits(text: str) -> int:
    raw = text.encode()
    return len(raw) - len(raw.translate(None, b"0123456789"))


def _decode_slowly(text: str) -> Decoded:
    decoded = Decoded()
    if _too_deep(text):
        decoded.faults["too-deep"] = f"more than {MAX_DEPTH} levels of arrays and objects"
        return decoded
    try:
        decoded.value = _decoder(decoded.faults).decode(text)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        decoded.faults = {"not-json": f"{what} at character {error.pos + 1}"}
    except _ConstantError as error:
        decoded.faults = {"not-json": f"{error} is no JSON value"}
    else:
        if _ESCAPED_SURROGATE.search(text) and _holds_surrogate(decoded.value):
            decoded.value = None
            decoded.faults = {"not-json": "a string holds a lone surrogate, which is no Unicode text"}
    return decoded


class _ConstantError(Exception):
    """NaN or an infinity, which RFC 8259, section 6, does not know."""


def _decoder(faults: dict[Fault, str]) -> json.JSONDecoder:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
            faults.setdefault("duplicate-member", f"the member {json.dumps(twice)} stands more than once in one object")
        return value

    def whole(digits: str) -> int | float:
        if len(digits) <= 300:
            return int(digits)
        return out_of_range(digits, int(digits) if len(digits) <= 4000 else inf)

    def fraction(digits: str) -> float:
        value = float(digits)
        return value if len(digits) <= 300 and not isinf(value) else float(out_of_range(digits, value))

    def out_of_range(digits: str, value: float) -> float:
        try:
            infinite = isinf(float(value))
        except OverflowError:
            infinite = True
        too_long = sum(map(str.isdigit, digits)) > MAX_DIGITS
        if infinite or too_long:
            why = "is infinite as a double" if infinite else f"has more than {MAX_DIGITS} digits"
            faults.setdefault("number-range", f"the number {digits[:20]}{'…' if len(digits) > 20 else ''} {why}")
        return copysign(inf, -1 if digits.startswith("-") else 1) if infinite else value

    def constant(name: str) -> None:
        raise _ConstantError(name)

    return json.JSONDecoder(
        object_pairs_hook=members, parse_int=whole, parse_float=fraction, parse_constant=constant, strict=True
    )


def _too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for token in _BRACKETS_AND_STRINGS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif token[0] in "]}":
            depth -= 1
    return False


def _holds_surrogate(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_SURROGATE.search(value))
    if isinstance(value, dict):
        return any(_holds_surrogate(name) or _holds_surrogate(member) for name, member in value.items())
    return isinstance(value, list) and any(map(_holds_surrogate, value))


def json_type(value: Any) -> str:
    """Return JSON Schema's name for the type of a decoded value; a number without a fraction is an integer."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case str():
            return "string"
        case dict():
            return "object"
        case _:
            return "array"


def canonical(value: Any) -> Hashable:
    """Return a hashable that is equal for equal JSON values: 1 is 1.0, never "1" or true."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, list):
        return (list, *map(canonical, value))
    if isinstance(value, dict):
        return (dict, frozenset((name, canonical(member)) for name, member in value.items()))
    return value  # type: ignore[no-any-return]
