"""Lines for a terminal: the one place where text is made safe and colour is put on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from wscheck.text import safe

Style: TypeAlias = Literal["plain", "strong", "faint", "good", "bad", "doubtful"]

_SEQUENCES: Mapping[Style, str] = {
    "strong": "\x1b[1m",
    "faint": "\x1b[2m",
    "good": "\x1b[1;32m",
    "bad": "\x1b[1;31m",
    "doubtful": "\x1b[1;33m",
}
"""Select Graphic Rendition (ECMA-48, section 8.3.117)."""
_RESET = "\x1b[0m"
_NARROWEST = 40


class Span(NamedTuple):
    """Some text in one style. It may hold anything: ``paint`` makes it safe."""

    text: str
    style: Style = "plain"


Line: TypeAlias = tuple[Span, ...]
"""One line, without its end."""

EMPTY: Line = ()


def line(*parts: str | Span) -> Line:
    """Return a line of ``parts``; a string is plain."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def prose(first: Span | str, text: str, *, width: int, indent: int = 0) -> list[Line]:
    """Return ``first`` and ``text`` after it, wrapped at spaces; further lines stand ``indent`` columns in."""
    head = first if isinstance(first, Span) else Span(first)
    start = safe(head.text)
    wrapped = textwrap.wrap(
        safe(text),
        max(width, _NARROWEST),
        initial_indent=" " * len(start),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    if not wrapped:
        return [line(head)]
    return [line(head, wrapped[0][len(start) :]), *map(line, wrapped[1:])]


def columns(rows: Iterable[Sequence[str | Span]], *, indent: int = 0) -> list[Line]:
    """Return ``rows`` with their cells below one another, two spaces between them; the last cell is as it is."""
    table = [[Span(safe(cell.text), cell.style) for cell in line(*row)] for row in rows]
    most = max(map(len, table), default=0)
    widths = [max((len(row[place].text) for row in table if place < len(row)), default=0) for place in range(most)]
    return [
        line(
            " " * indent,
            *(Span(cell.text.ljust(width + 2), cell.style) for cell, width in zip(row[:-1], widths, strict=False)),
            *row[-1:],
        )
        for row in table
    ]


def paint(lines: Iterable[Line], *, color: bool) -> str:
    """Return the text of ``lines``: every character that is not plainly visible escaped, then coloured if wanted."""
    return "".join(_paint_line(spans, color=color) + "\n" for spans in lines)


def _paint_line(spans: Line, *, color: bool) -> str:
    texts = [safe(span.text) for span in spans]
    while texts and not texts[-1].strip():
        texts.pop()
    if texts:
        texts[-1] = texts[-1].rstrip()
    if not color:
        return "".join(texts)
    return "".join(
        f"{_SEQUENCES[span.style]}{text}{_RESET}" if span.style in _SEQUENCES else text
        for text, span in zip(texts, spans, strict=False)
    )
