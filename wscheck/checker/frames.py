"""The events of one text message: one, an array of them, or one a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wscheck.contract.model import Frame
from wscheck.json_text import Decoded, decode

_SPACE = " \t\r\n"
"""The white space of JSON (RFC 8259, section 2)."""

_BETWEEN = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")
# Only finds where an element ends: a number of any length is read without being kept.
_ENDS = json.JSONDecoder(parse_int=float)


@dataclass(slots=True)
class Part:
    """One event of a message. ``bare``: it stands by itself where an array was due."""

    text: str
    decoded: Decoded
    bare: bool = False


def split(text: str, frame: Frame, *, array: bool = True) -> tuple[Part, ...]:
    """Return the events that ``text`` carries, in their order.

    ``lines``: a line ends with a line feed, a carriage return before it is white space, and a line of white space
    carries nothing. ``array``: whether a message must be an array where the frame is; if not, one by itself is one
    event without fault. A message that is no JSON, or no array, is one part.
    """
    match frame:
        case "one":
            return (Part(text, decode(text)),)
        case "lines":
            lines = (line.strip(_SPACE) for line in text.split("\n"))
            return tuple(Part(text=line, decoded=decode(line)) for line in lines if line)
        case "array":
            whole = decode(text)
            if not whole.readable or not isinstance(whole.value, list):
                return (Part(text=text, decoded=whole, bare=array and whole.readable),)
            return tuple(Part(text=element, decoded=decode(element)) for element in _elements(text))


def _elements(text: str) -> Iterator[str]:
    """Yield the texts of the elements of a sound JSON array."""
    position, end = text.index("[") + 1, text.rindex("]")
    while (start := _between(text, position)) < end:
        position = _ENDS.raw_decode(text, start)[1]
        yield text[start:position]


def _between(text: str, position: int) -> int:
    found = _BETWEEN.match(text, position)
    return found.end() if found else position
