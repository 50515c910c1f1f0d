"""Where secrets stand in a text: in each spelling that a header, a URI or a JSON text may give them."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from typing import TypeAlias
from urllib.parse import quote, quote_plus

Span: TypeAlias = tuple[int, int]
"""The first character of a piece of text, and the one after its last."""

LEAST = 4
"""Characters of a secret that is looked for inside other text. A shorter one is found only where it is the whole."""

_LEAST_CORE = 8
_RUN = re.compile(r"[A-Za-z0-9_.-]+")
_ESCAPE = re.compile(r"%[0-9A-F]{2}")


def secrets_pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Return what matches every spelling of ``secrets``, longest first, or None where there is nothing to look for."""
    known = {spelling for secret in secrets if len(secret) >= LEAST for spelling in spellings(secret)}
    ordered = sorted(known, key=lambda spelling: (-len(spelling), spelling))
    return re.compile("|".join(map(_spell, ordered))) if ordered else None


def spellings(secret: str) -> set[str]:
    """Return ``secret`` as it is, in base64 (RFC 4648), percent-encoded (RFC 3986), and escaped in JSON (RFC 8259)."""
    raw = secret.encode("utf-8", "surrogatepass")
    plain = {secret, b64encode(raw).decode(), urlsafe_b64encode(raw).decode()}
    percent = {quote(raw), quote(raw, safe=""), quote_plus(raw)}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return {
        *plain,
        *(text.rstrip("=") for text in plain if text != secret),
        *_cores(raw),
        *percent,
        *escaped,
        *(text.replace("/", "\\/") for text in escaped),
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


def _spell(spelling: str) -> str:
    """Return a pattern for ``spelling``, its percent-encoding in either case (RFC 3986, section 2.1)."""
    return _ESCAPE.sub(lambda match: f"(?i:{match[0]})", re.escape(spelling))


def _cores(raw: bytes) -> Iterator[str]:
    """Yield what is always there when ``raw`` stands inside longer bytes in base64, as in Basic credentials."""
    for shift in range(3):
        # The first characters also hold bits of what stands before, the last ones of what follows: leave them out.
        first = (0, 2, 3)[shift]
        last = (len(raw) + shift) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            core = encode(bytes(shift) + raw).decode()[first:last]
            if len(core) >= _LEAST_CORE:
                yield core
