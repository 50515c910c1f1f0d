"""What is private by its name: headers, and parts of a URI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

from wscheck.redact.spellings import Span

PRIVATE_HEADERS = ("authorization", "cookie", "proxy-authorization", "set-cookie")
"""Headers whose whole value is always replaced (RFC 9110, sections 11.6 and 11.7; RFC 6265, section 4)."""

_LEAST_VALUE = 8
"""Characters of a parameter's value that is a secret wherever it stands: a shorter one may be any word."""

_PRIVATE_HEADER = re.compile(r"key|token|secret", re.IGNORECASE)
_PRIVATE_QUERY = re.compile(r"key|token|secret|passw|auth|credential|signature|jwt|ticket", re.IGNORECASE)
_USERINFO = re.compile(r"[^/?#]*//([^/?#]+)@")
_QUERY = re.compile(r"\?([^#]*)")
_PARAMETER = re.compile(r"([^&=]*)=([^&]+)")


def is_private_header(name: str) -> bool:
    """Whether no part of the header called ``name`` may be shown."""
    return name.lower() in PRIVATE_HEADERS or bool(_PRIVATE_HEADER.search(name))


def private_spans(uri: str) -> Iterator[Span]:
    """Yield the user information of ``uri`` and the values of query parameters named like a secret (RFC 3986)."""
    userinfo = _USERINFO.match(uri)
    if userinfo:
        yield userinfo.span(1)
    query = _QUERY.search(uri)
    if query:
        for parameter in _PARAMETER.finditer(uri, query.start(1), query.end(1)):
            if _PRIVATE_QUERY.search(unquote_plus(parameter[1])):
                yield parameter.span(2)


def secrets_in_uri(uri: str) -> tuple[str, ...]:
    """Return what of ``uri`` nothing may show wherever it stands, as it is written there and as it is meant."""
    found: list[str] = []
    for start, end in private_spans(uri):
        written = uri[start:end]
        if uri[:start].endswith("//"):
            whole = unquote(written)  # what Basic credentials are made from (RFC 7617, section 2)
            found += written, whole, whole.partition(":")[2]
        elif len(written) >= _LEAST_VALUE:
            found += written, unquote_plus(written), unquote(written)
    return tuple(dict.fromkeys(filter(None, found)))
