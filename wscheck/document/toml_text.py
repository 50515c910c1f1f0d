"""TOML 1.0, read by tomllib, with the places of headers and keys: the one file that imports it."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from wscheck.document.build import MAX_DEPTH, MAX_NODES, FaultError, Place
from wscheck.pointer import join
from wscheck.text import safe, shorten

_KEY = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[A-Za-z0-9_-]+')
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_WORD = re.compile(r"[^,\]}\n#]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_LONG = re.compile(r"[0-9_]{640,}", re.ASCII)
_RANGE = "this number is out of range: no JSON text and no double holds it"
_WHERE = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")


def parse_toml(text: str, table: Sequence[str] = ()) -> tuple[Any, Mapping[str, Place]]:
    """Return the value that the keys ``table`` lead to, JSON-typed, and the places in it; None where there is none.

    Raises FaultError for what is no TOML, for dates and times, for numbers that no double holds, and for what is too
    deep or too much.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    value: Any = _load(text)
    for key in table:
        value = value.get(key) if isinstance(value, dict) else None
    if value is None:
        return None, {}
    base = join("", *table)
    _bound(value)
    places = {pointer.removeprefix(base): place for pointer, place in _Scan(text).places.items()
              if pointer == base or pointer.startswith(f"{base}/")}  # fmt: skip
    places.setdefault("", Place(1, 1))
    _refuse(value, "", places)
    return value, places


def _load(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise FaultError(f"there are more than {MAX_DEPTH} levels of tables and arrays", Place(1, 1)) from None
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        where = _WHERE.search(words)
        last = Place(text.count("\n") + 1, 1)
        place = Place(int(where[1]), int(where[2])) if where and where[1] else last if where else Place(1, 1)
        what = _WHERE.sub("", words)
        raise FaultError(f"this is no TOML: {safe(shorten(what[:1].lower() + what[1:]))}", place) from None
    except ValueError:
        raise FaultError(_RANGE, _find_too_long(text)) from None


def _find_too_long(text: str) -> Place:
    """Return where the first number stands that has more digits than Python reads, of which tomllib does not tell."""

    def holds_it(run: re.Match[str]) -> bool:
        try:
            tomllib.loads(text[: run.end()])
        except tomllib.TOMLDecodeError:
            return False
        except ValueError:
            return True
        return False

    runs = list(_LONG.finditer(text))  # digits in strings and comments among them
    found = bisect_left(runs, True, key=holds_it)
    before = text[: runs[found].start()] if found < len(runs) else ""
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _bound(value: Any) -> None:
    """Raise FaultError where there is too much in ``value``, or it is too deep for what goes through it."""
    level, nodes = [value], 0
    for _ in range(MAX_DEPTH):
        nodes += len(level)
        if nodes > MAX_NODES:
            raise FaultError(f"there are more than {MAX_NODES} values", Place(1, 1))
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise FaultError(f"there are more than {MAX_DEPTH} levels of tables and arrays", Place(1, 1))


def _refuse(value: Any, pointer: str, places: Mapping[str, Place]) -> None:
    """Raise FaultError where a value is none of JSON's."""
    if isinstance(value, dict | list):
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            _refuse(member, join(pointer, name), places)
    elif not isinstance(value, str | int | float):
        raise FaultError("a date or time is no value here; quote it if it is meant as text", *_at(pointer, places))
    elif isinstance(value, int | float) and not _is_double(value):
        raise FaultError(_RANGE, *_at(pointer, places))


def _is_double(value: float) -> bool:
    try:
        return isfinite(float(value))
    except OverflowError:
        return False


def _at(pointer: str, places: Mapping[str, Place]) -> tuple[Place, str]:
    near = pointer
    while near not in places:
        near = near.rpartition("/")[0]
    return places[near], pointer


class _Scan:
    """A scan of a text that is known to be TOML, for the places of its headers, keys and items."""

    def __init__(self, text: str) -> None:
        self.places: dict[str, Place] = {}
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._counts: dict[str, int] = {}
        self._offset = 0
        table = ""
        while self._skip() < len(text):
            table = self._header() if text[self._offset] == "[" else self._pair(table)

    def _header(self) -> str:
        """Read a header, and return the table that it opens."""
        start = self._offset
        many = self._text.startswith("[[", start)
        self._offset = _SPACE.match(self._text, start + 1 + many).end()  # type: ignore[union-attr]
        *parents, name = self._keys()
        self._offset = self._text.index("]", self._offset) + 1 + many
        table = ""
        for key in parents:
            table = self._last(join(table, key), start)
        table = join(table, name)
        self._put(table, start)
        if many:
            self._counts[table] = self._counts.get(table, 0) + 1
            table = join(table, self._counts[table] - 1)
            self._put(table, start)
        return table

    def _pair(self, table: str) -> str:
        """Read a key and its value, and return the table that they stand in."""
        start, pointer = self._offset, table
        for key in self._keys():
            pointer = join(pointer, key)
            self._put(pointer, start)
        self._offset = self._text.index("=", self._offset) + 1
        self._value(pointer)
        return table

    def _value(self, pointer: str) -> None:
        self._skip()
        match self._text[self._offset]:
            case "[":
                self._inside(pointer, "]")
            case "{":
                self._inside(pointer, "}")
            case '"' | "'":
                self._offset = _STRING.match(self._text, self._offset).end()  # type: ignore[union-attr]
            case _:
                self._offset = _WORD.match(self._text, self._offset).end()  # type: ignore[union-attr]

    def _inside(self, pointer: str, end: str) -> None:
        self._offset += 1
        number = 0
        while self._text[self._skip(",")] != end:
            if end == "}":
                self._pair(pointer)
            else:
                self._put(join(pointer, number), self._offset)
                self._value(join(pointer, number))
                number += 1
        self._offset += 1

    def _keys(self) -> list[str]:
        keys = []
        while True:
            match = _KEY.match(self._text, self._offset)
            assert match is not None, "tomllib has read it"
            keys.append(tomllib.loads(f"key = {match[0]}")["key"] if match[0][0] in "\"'" else match[0])
            self._offset = match.end()
            dot = _DOT.match(self._text, self._offset)
            if dot is None:
                return keys
            self._offset = dot.end()

    def _skip(self, also: str = "") -> int:
        """Pass over white space and comments, and over a character of ``also``; return where that ends."""
        while True:
            self._offset = _SPACE.match(self._text, self._offset).end()  # type: ignore[union-attr]
            if not also or not self._text.startswith(also, self._offset):
                return self._offset
            self._offset += 1

    def _last(self, pointer: str, start: int) -> str:
        """Return the table that ``pointer`` means in a header: of an array of tables the last."""
        self._put(pointer, start)
        return join(pointer, self._counts[pointer] - 1) if pointer in self._counts else pointer

    def _put(self, pointer: str, offset: int) -> None:
        line = bisect_right(self._starts, offset)
        self.places.setdefault(pointer, Place(line, offset - self._starts[line - 1] + 1))
