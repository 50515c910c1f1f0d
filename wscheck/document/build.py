"""The value of a document and the place of everything in it, built from one thing after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from wscheck.pointer import join
from wscheck.text import safe, shorten

MAX_DEPTH = 128
"""Levels of mappings and sequences that are read."""

_TOO_DEEP = f"there are more than {MAX_DEPTH} levels of mappings and sequences"

MAX_NODES = 100_000
"""Values that a document may hold once its aliases are expanded."""


class Place(NamedTuple):
    """Where something stands: ``line`` and ``column`` count from 1. ``written`` is a number as it was written."""

    line: int
    column: int
    written: str | None = None


class FaultError(Exception):
    """A document cannot be read; ``place`` is None where the fault has none of its own."""

    def __init__(self, message: str, place: Place | None, pointer: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.pointer = pointer


Container: TypeAlias = dict[str, Any] | list[Any]


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is still open. ``key`` is that of the member to come."""

    container: Container
    pointer: str
    place: Place
    anchor: str | None
    start: int
    key: str | None = None
    key_place: Place | None = None


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What an anchor names: its value, its pointer, and which of the places are inside it."""

    value: Any
    pointer: str
    start: int
    end: int


class Builder:
    """Builds one document. Raises FaultError for what no document may hold."""

    def __init__(self) -> None:
        self.value: Any = None
        self.whole = False
        self.places: list[tuple[str, Place]] = []
        self._frames: list[_Frame] = []
        self._anchors: dict[str, _Anchor | None] = {}

    @property
    def pointer(self) -> str:
        """The pointer of what comes next, as far as it is known."""
        if not self._frames:
            return ""
        frame = self._frames[-1]
        if isinstance(frame.container, list):
            return join(frame.pointer, len(frame.container))
        return frame.pointer if frame.key is None else join(frame.pointer, frame.key)

    def begin(self, container: Container, place: Place, anchor: str | None = None) -> None:
        """Open a mapping or a sequence."""
        if self._awaits_key():
            raise self._fault("a key must be a string, but is a mapping or a sequence", place)
        if len(self._frames) >= MAX_DEPTH:
            raise FaultError(_TOO_DEEP, place)
        if anchor is not None:
            self._anchors[anchor] = None
        pointer, start = self.pointer, len(self.places)
        self._put_place(place)
        self._frames.append(_Frame(container, pointer, place, anchor, start))

    def end(self) -> None:
        """Close the innermost mapping or sequence."""
        frame = self._frames.pop()
        if frame.anchor is not None:
            self._anchors[frame.anchor] = _Anchor(frame.container, frame.pointer, frame.start, len(self.places))
        self._put(frame.container)

    def scalar(self, value: Any, place: Place, anchor: str | None = None) -> None:
        """Add a key, or a value that is no mapping and no sequence."""
        if self._awaits_key():
            self._key(value, place)
            pointer, start, end = self._frames[-1].pointer, 0, 0
        else:
            pointer, start = self.pointer, len(self.places)
            self._put_place(place)
            self._put(value)
            end = len(self.places)
        if anchor is not None:
            self._anchors[anchor] = _Anchor(value, pointer, start, end)

    def alias(self, name: str, place: Place) -> None:
        """Add what an anchor names, once more."""
        shown = f"'*{safe(shorten(name))}'"
        if name not in self._anchors:
            raise self._fault(f"the alias {shown} has no anchor before it", place)
        anchor = self._anchors[name]
        if anchor is None:
            raise self._fault(f"the alias {shown} stands inside of what it names", place)
        if self._awaits_key():
            self._key(anchor.value, place)
            return
        if anchor.start == anchor.end:
            self.scalar(anchor.value, place)
            return
        inside = self.places[anchor.start : anchor.end]
        self._bound(len(inside), place)
        depth = max(pointer.count("/") for pointer, _ in inside) - anchor.pointer.count("/")
        if len(self._frames) + depth > MAX_DEPTH:
            raise FaultError(_TOO_DEEP, place)
        base, skip = self.pointer, len(anchor.pointer)
        # What the alias stands for is here; what is inside that is where it is written.
        self._put_place(place)
        self.places.extend((base + pointer[skip:], at) for pointer, at in inside[1:])
        self._put(anchor.value)

    def string(self, text: str, place: Place) -> str:
        """Return ``text`` with its pairs of surrogates joined."""
        try:
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            raise self._fault("a string holds half of a surrogate pair, which is no character", place) from None

    def number(self, read: Callable[[], int | float], written: str, place: Place) -> int | float:
        """Return the number that ``read`` gives."""
        digits = sum(map(str.isalnum, written))
        value = read() if digits <= 400 else float("inf")
        try:
            finite = abs(float(value)) < float("inf")
        except OverflowError:
            finite = False
        if not finite:
            raise self._fault(f"the number {shorten(written, 20)} is out of range: no double holds it", place)
        return value

    def fault(self, message: str, place: Place) -> FaultError:
        """Return the error that tells ``message`` of what comes next."""
        return self._fault(message, place)

    def _fault(self, message: str, place: Place) -> FaultError:
        return FaultError(message, place, self.pointer)

    def _awaits_key(self) -> bool:
        return bool(self._frames) and isinstance(self._frames[-1].container, dict) and self._frames[-1].key is None

    def _key(self, value: Any, place: Place) -> None:
        frame = self._frames[-1]
        if not isinstance(value, str):
            written = place.written or ""
            mend = f"quote it: '{safe(shorten(written))}'" if written else "quote it"
            raise self._fault(f"a key must be a string; {mend}", place)
        if value in frame.container:
            first = dict(self.places[frame.start :])[join(frame.pointer, value)]
            message = f"the member '{safe(shorten(value))}' stands here twice; the first is in line {first.line}"
            raise FaultError(message, place, join(frame.pointer, value))
        frame.key, frame.key_place = value, place

    def _put_place(self, place: Place) -> None:
        self._bound(1, place)
        # A member is where its key is; a number keeps how it was written.
        if self._frames and (key := self._frames[-1].key_place) is not None:
            place = Place(key.line, key.column, place.written)
        self.places.append((self.pointer, place))

    def _bound(self, more: int, place: Place) -> None:
        if len(self.places) + more > MAX_NODES:
            raise self._fault(f"there are more than {MAX_NODES} values, aliases expanded", place)

    def _put(self, value: Any) -> None:
        if not self._frames:
            self.value, self.whole = value, True
            return
        frame = self._frames[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
        elif frame.key is not None:
            frame.container[frame.key] = value
            frame.key = None
