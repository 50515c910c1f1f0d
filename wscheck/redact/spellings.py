"""Where secrets stand in a text: in each spelling that a header, a URI or a JSON text may give them."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias
from urllib.parse import quote, quote_plus

from wscheck.text import safe

Span: TypeAlias = tuple[int, int]
"""The first character of a piece of text, and the one after its last."""

LEAST = 4
"""Characters of a secret that is looked for inside other text. A shorter one is found only where it is the whole."""

LEAST_PART = 8
"""Characters of a part of a secret, in base64 or at the end of what was cut, that is told from chance."""

_REGEX_SIGN = re.compile(r"[\\^$.|?*+()\[\]{}]")
_RUN = re.compile(r"[A-Za-z0-9_.-]+")
_ESCAPE = re.compile(r"%[0-9A-F]{2}")


def spellings_of(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return every spelling of ``secrets``, but of short ones, longest first."""
    known = {spelling for secret in secrets if len(secret) >= LEAST for spelling in spellings(secret)}
    return tuple(sorted(known, key=lambda spelling: (-len(spelling), spelling)))


def pattern_of(ordered: Sequence[str]) -> re.Pattern[str] | None:
    """Return what matches the first of the spellings ``ordered`` that fits, or None where there are none."""
    return re.compile("|".join(map(_spell, ordered))) if ordered else None


def spellings(secret: str) -> set[str]:
    """Return ``secret`` as it is, in base64 and hex (RFC 4648), percent-encoded (RFC 3986), and escaped.

    Escaped as in JSON (RFC 8259), in HTML and in a regular expression (ECMA-262), and as we show foreign text. Of a JWT
    its claims and its signature by themselves too.
    """
    raw = secret.encode("utf-8", "surrogatepass")
    plain = {secret, b64encode(raw).decode(), urlsafe_b64encode(raw).decode()}
    percent = {quote(raw), quote(raw, safe=""), quote_plus(raw), quote(raw, safe="!'()*~"), quote(raw, safe="/!'()*~")}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return {
        *plain,
        *(text.rstrip("=") for text in plain if text != secret),
        *_cores(raw),
        *percent,
        raw.hex(),
        raw.hex().upper(),
        *escaped,
        *(text.replace("/", "\\/") for text in escaped),
        html.escape(secret),
        html.escape(secret, quote=False),
        safe(secret),
        _REGEX_SIGN.sub(r"\\\g<0>", secret),
        *_parts(secret),
    }


def jwt_spans(text: str) -> Iterator[Span]:
    """Yield where ``text`` holds a JWT in compact form (RFC 7519, section 3; RFC 7515, section 7.1), known or not."""
    if "eyJ" not in text:
        return
    for run in _RUN.finditer(text):
        parts = run[0].split(".")
        start, index = run.start(), 0
        while index < len(parts):
            head = parts[index].find("eyJ")
            if head >= 0 and index + 2 < len(parts) and parts[index + 1]:
                end = start + sum(map(len, parts[index : index + 3])) + 2
                yield start + head, end
                start, index = end + 1, index + 3
            else:
                start, index = start + len(parts[index]) + 1, index + 1


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Return ``spans`` in order, those that overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _parts(secret: str) -> Iterator[str]:
    """Yield the claims and the signature of a JWT; its header is everybody's."""
    if list(jwt_spans(secret)) == [(0, len(secret))]:
        yield from (part for part in secret.split(".")[1:] if len(part) >= LEAST_PART)


def _spell(spelling: str) -> str:
    """Return a pattern for ``spelling``, its percent-encoding in either case (RFC 3986, section 2.1).

    As often encoded as may be: a URI stands inside another one.
    """
    return _ESCAPE.sub(lambda match: f"%(?:25)*(?i:{match[0][1:]})", re.escape(spelling))


def _cores(raw: bytes) -> Iterator[str]:
    """Yield what is always there when ``raw`` stands inside longer bytes in base64, as in Basic credentials."""
    for shift in range(3):
        # The first characters also hold bits of what stands before, the last ones of what follows: leave them out.
        first = (0, 2, 3)[shift]
        last = (len(raw) + shift) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            core = encode(bytes(shift) + raw).decode()[first:last]
            if len(core) >= LEAST_PART:
                yield core
