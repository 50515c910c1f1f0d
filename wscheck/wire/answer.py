"""The HTTP answer that turned a session away, also where its body is late, broken or too long for the library."""

from __future__ import annotations

import http.client
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([2-5][0-9][0-9])(?: [^\r\n]*)?\r?\n")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer with another status than 101. ``headers`` are lower-case, ``body`` is as much of it as came."""

    status: int
    headers: Mapping[str, str]
    body: str


def make_answer(status: int, headers: Iterable[tuple[str, str]], body: bytes | bytearray) -> Answer:
    """Return the answer; a body that is not UTF-8 has its bad bytes replaced."""
    return Answer(status=status, headers=merge(headers), body=bytes(body).decode("utf-8", "replace"))


def recover_answer(head: bytes) -> Answer | None:
    """Return the answer that ``head`` begins with, once its headers are whole. None where there is none.

    For when the library had no answer to give: it drops status and headers with a body that it cannot read.
    """
    status = _STATUS_LINE.match(head)
    end = _END_OF_HEADERS.search(head)
    if status is None or end is None:
        return None
    try:
        fields = http.client.parse_headers(io.BytesIO(head[status.end() : end.end()]))
    except http.client.HTTPException:
        return None
    return make_answer(int(status[1]), fields.items(), head[end.end() :])


def merge(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return ``headers`` by lower-case name, those of one name joined by commas (RFC 9110, section 5.3)."""
    merged: dict[str, str] = {}
    for name, value in headers:
        known = merged.get(name.lower())
        merged[name.lower()] = value if known is None else f"{known}, {value}"
    return merged
