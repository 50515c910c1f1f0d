"""The members of a capture's line, read strictly: each function takes a name and a value and returns what it holds."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from wscheck.errors import WscheckError
from wscheck.text import safe, shorten


class CaptureLineError(WscheckError):
    """One line of a capture cannot be read. ``str()`` says why, and leaves file and line to the caller."""


class NotJsonError(CaptureLineError):
    """The line is no JSON text at all, as one that was torn in writing."""


Read: TypeAlias = Callable[[str, Any], Any]
"""Takes a member's name and its value, which is not null; raises CaptureLineError where it is of the wrong kind."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


def decode(line: str) -> dict[str, Any]:
    """Read the JSON object of one line: no duplicate members, NaN or infinities (RFC 8259). Raises CaptureLineError."""
    try:
        value = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        why = f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}"
        raise NotJsonError(f"this line is no JSON: {why}") from None
    except ValueError:
        raise CaptureLineError("this line holds a number with too many digits to be read") from None
    except RecursionError:
        raise CaptureLineError("this line holds arrays or objects too deep to be read") from None
    if not isinstance(value, dict):
        raise CaptureLineError(f"this line must be a JSON object, and is {_shown(value)}")
    return value


def anything(_name: str, value: Any) -> Any:
    """Any JSON value."""
    return value


def text(name: str, value: Any) -> str:
    """A string."""
    if not isinstance(value, str):
        raise wrong(name, value, "must be a string")
    return value


def texts(name: str, value: Any) -> tuple[str, ...]:
    """An array of strings."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise wrong(name, value, "must be an array of strings")
    return tuple(value)


def headers(name: str, value: Any) -> dict[str, str]:
    """An object whose members are all strings."""
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise wrong(name, value, "must be an object of strings")
    return value


def durations(name: str, value: Any) -> dict[str, float]:
    """An object whose members are all seconds."""
    if not isinstance(value, dict):
        raise wrong(name, value, "must be an object of seconds")
    return {phase: seconds(f"{name}/{phase}", duration) for phase, duration in value.items()}


def flag(name: str, value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise wrong(name, value, "must be true or false")
    return value


def number(name: str, value: Any) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong(name, value, "must be a number")
    try:
        return float(value)
    except OverflowError:
        raise wrong(name, value, "must be finite as a double") from None


def seconds(name: str, value: Any) -> float:
    """A finite number of seconds, not negative."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise wrong(name, value, "must be a number of seconds, 0 or more")
    return number(name, value)


def binary(name: str, value: Any) -> bytes:
    """Bytes in base64 (RFC 4648, section 4)."""
    try:
        return base64.b64decode(text(name, value), validate=True)
    except (binascii.Error, ValueError):
        raise wrong(name, value, "must be base64") from None


def sha256(name: str, value: Any) -> str:
    """A SHA-256 digest in lower case hexadecimal."""
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise wrong(name, value, "must be a SHA-256 digest, 64 hexadecimal digits")
    return value


def whole(least: int, most: int) -> Read:
    """Return what reads an integer from ``least`` to ``most``."""

    def read(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise wrong(name, value, f"must be an integer from {least} to {most}")
        return value

    return read


def one_of(*words: str) -> Read:
    """Return what reads one of ``words``."""

    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise wrong(name, value, f"must be {' or '.join(words)}")
        return value

    return read


def probe(name: str, value: Any) -> dict[str, Any]:
    """How a session must be turned away: ``expect``, and where given ``status`` (a list) and ``code``."""
    if not isinstance(value, dict):
        raise wrong(name, value, "must be an object")
    if value.get("expect") is None:
        raise CaptureLineError(f'the member "{name}" must say what to "expect"')
    given = {member: value[member] for member in _PROBE if value.get(member) is not None}
    return {member: _PROBE[member](f"{name}/{member}", found) for member, found in given.items()}


def statuses(name: str, value: Any) -> list[int]:
    """An array of HTTP statuses."""
    if not isinstance(value, list):
        raise wrong(name, value, "must be an array of statuses")
    return [_status(f"{name}/{position}", status) for position, status in enumerate(value)]


def wrong(name: str, value: Any, due: str) -> CaptureLineError:
    """Return the error for a member that is not what is due."""
    return CaptureLineError(f'the member "{safe(shorten(name, 60))}" {due}, and is {_shown(value)}')


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return safe(shorten(json.dumps(value), 60))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise CaptureLineError(f'the member "{safe(shorten(twice, 60))}" stands more than once in one object')
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise CaptureLineError(f"the number {safe(shorten(digits, 30))} is infinite as a double")
    return value


def _reject(constant: str) -> NoReturn:
    raise CaptureLineError(f"{constant} is no JSON value (RFC 8259, section 6)")


_status = whole(100, 999)
_PROBE = {"expect": one_of("refused", "closed"), "status": statuses, "code": whole(0, 65535)}
_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite, parse_constant=_reject, strict=True)
