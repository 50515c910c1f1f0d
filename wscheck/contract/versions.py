"""Versions and ranges of versions (Semantic Versioning 2.0.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf
from typing import Literal, TypeAlias

from wscheck.text import safe, shorten

_NUMBER = r"(?:0|[1-9][0-9]*)"
_PART = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_BUILD = r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
# Items 2, 9 and 10.
VERSION = re.compile(rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_PART}(?:\.{_PART})*))?{_BUILD}", re.ASCII)
"""A whole version."""

PARTIAL = re.compile(rf"{_NUMBER}(?:\.{_NUMBER})?", re.ASCII)
"""The first one or two numbers of a version."""

_COMPARATOR = re.compile(
    rf"(?P<sign><=|>=|<|>|=|\^|~)?[ \t]*v?(?P<numbers>(?:{_NUMBER}|[xX*])(?:\.(?:{_NUMBER}|[xX*])){{0,2}})"
    rf"(?:-(?P<prerelease>{_PART}(?:\.{_PART})*))?{_BUILD}(?=[ \t]|$)",
    re.ASCII,
)
_LONGEST = 256

Precedence: TypeAlias = tuple[float, float, float, bool, tuple[tuple[bool, int, str], ...]]
"""What versions are compared by (item 11): numbers, whether it is a release, and the parts of a prerelease."""

_Sign: TypeAlias = Literal["<", "<=", ">", ">="]


class RangeError(ValueError):
    """A text is no range of versions. ``str()`` says why, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Range:
    """A range of versions: alternatives, each of bounds that must all hold. ``text`` is how it was written."""

    text: str
    alternatives: tuple[tuple[tuple[_Sign, Precedence], ...], ...]

    def holds(self, version: Precedence) -> bool:
        """Whether ``version`` lies in it.

        A prerelease does only where a bound names a prerelease of the same three numbers: `<3` does not mean 3.0.0-rc.
        """
        return any(_all_hold(bounds, version) for bounds in self.alternatives)


def parse_range(text: str) -> Range:
    """Read a range: comparators side by side must all hold, `||` stands between alternatives. Raises RangeError.

    A comparator is a version of one, two or three numbers after `=`, `<`, `<=`, `>`, `>=`, `^`, `~` or nothing; `x`,
    `X` or `*` stands for any number, as does one that is left out.
    """
    if len(text) > _LONGEST:
        raise RangeError(f"a range has at most {_LONGEST} characters, and this one has {len(text)}")
    return Range(text, tuple(_alternative(part) for part in text.split("||")))


def precedence(version: str) -> Precedence:
    """Return what a whole version is compared by."""
    match = VERSION.fullmatch(version)
    assert match is not None
    major, minor, patch, prerelease = match.groups()
    return int(major), int(minor), int(patch), prerelease is None, _parts(prerelease)


def read_version(value: object) -> Precedence | None:
    """Read a version out of a message: "2.1.0", "v2.1.0", "2.1", "2" or 2, what is left out being 0; else None.

    A number with a fraction is none: 1.10 would be 1.1.
    """
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > _LONGEST:
        return None
    text = str(value).removeprefix("v")
    if PARTIAL.fullmatch(text):
        text += ".0" * (2 - text.count("."))
    return precedence(text) if VERSION.fullmatch(text) else None


def _alternative(text: str) -> tuple[tuple[_Sign, Precedence], ...]:
    bounds: list[tuple[_Sign, Precedence]] = []
    rest = text.strip(" \t")
    if not rest:
        raise RangeError("a range must name a version, as in '>=2 <3'; '*' is any")
    while rest:
        match = _COMPARATOR.match(rest)
        if match is None:
            raise RangeError(
                f"{shorten(safe(rest), 40)!r} is no version in a range: write '>=2 <3', '^1.2', '~1.2.3', '1.x', "
                "or several with '||' between them"
            )
        bounds += _bounds(match["sign"] or "=", match["numbers"], match["prerelease"])
        rest = rest[match.end() :].lstrip(" \t")
    return tuple(bounds)


def _bounds(sign: str, written: str, prerelease: str | None) -> list[tuple[_Sign, Precedence]]:
    given: list[int] = []
    for number in written.split("."):
        if not number.isdigit():
            break
        given.append(int(number))
    if any(number.isdigit() for number in written.split(".")[len(given) :]):
        whole = ".".join(map(str, given)) or "*"
        raise RangeError(f"'{written}' has a number after one that may be any: write '{whole}'")
    if prerelease is not None and len(given) < 3:
        raise RangeError(f"a prerelease needs a version of three numbers before it: '{written}-{prerelease}'")
    first, *others = (*given, 0, 0, 0)[:3]
    low: Precedence = (first, *others, prerelease is None, _parts(prerelease))  # type: ignore[assignment]
    high = _after(given)
    match sign:
        case ">=":
            return [(">=", low)]
        case "<":
            return [("<", low)] if given else [("<", _after([0, 0, -1]))]
        case ">":
            return [(">", low)] if len(given) == 3 else [(">=", high)]
        case "<=":
            return [("<=", low)] if len(given) == 3 else [("<", high)]
        case "^":
            return [(">=", low), ("<", _after(_leading(given)))]
        case "~":
            return [(">=", low), ("<", _after(given[:2]))]
        case _:
            return [(">=", low), ("<=", low)] if len(given) == 3 else [(">=", low), ("<", high)]


def _after(numbers: list[int]) -> Precedence:
    """Return the first release of which ``numbers`` are no longer the beginning."""
    if not numbers:
        return inf, 0, 0, True, ()
    raised = (*numbers[:-1], numbers[-1] + 1, 0, 0)
    return raised[0], raised[1], raised[2], True, ()


def _leading(given: list[int]) -> list[int]:
    """Return the numbers that `^` keeps: up to the first that is not 0."""
    kept = next((place for place, number in enumerate(given) if number), len(given) - 1)
    return given[: kept + 1]


def _all_hold(bounds: tuple[tuple[_Sign, Precedence], ...], version: Precedence) -> bool:
    release = version[3]
    if not release and not any(not bound[3] and bound[:3] == version[:3] for _, bound in bounds):
        return False
    return all(_holds(sign, bound, version) for sign, bound in bounds)


def _holds(sign: _Sign, bound: Precedence, version: Precedence) -> bool:
    match sign:
        case "<":
            return version < bound
        case "<=":
            return version <= bound
        case ">":
            return version > bound
        case ">=":
            return version >= bound


def _parts(prerelease: str | None) -> tuple[tuple[bool, int, str], ...]:
    return tuple(
        (not part.isdigit(), int(part) if part.isdigit() else 0, "" if part.isdigit() else part)
        for part in (prerelease.split(".") if prerelease else ())
    )
