"""Where a session goes and what its handshake sends, checked before anything opens; no sentence shows a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from websockets.exceptions import InvalidURI
from websockets.uri import parse_uri

from wscheck.auth import Handshake
from wscheck.errors import UsageError
from wscheck.text import safe

_BAD_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_OURS = frozenset({"connection", "host", "upgrade"})
_NO_NAME = "the URL's host is no name that can be looked up (RFC 5890)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a URL points: ``host`` as a name or an address, in ASCII."""

    secure: bool
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def check_handshake(handshake: Handshake) -> Address:
    """Return where ``handshake`` goes. Raises UsageError where its URL, a header or a subprotocol cannot be sent."""
    for name, value in handshake.headers.items():
        if name.lower() in _OURS or name.lower().startswith("sec-websocket-"):
            raise UsageError(f"the header {safe(name)} belongs to the opening handshake itself and cannot be given")
        check_header(name, value)
    _check_subprotocols(handshake.subprotocols)
    return parse_address(handshake.url)


def check_header(name: str, value: str) -> None:
    """Raise UsageError where a header cannot be sent; its sentence shows no value."""
    if not _TOKEN.fullmatch(name):
        raise UsageError(f"'{safe(name)}' cannot name a header (RFC 9110, section 5.1)")
    if not _FIELD_VALUE.fullmatch(value):
        raise UsageError(f"the value of the header {name} holds a line break or a character no header can carry")


def parse_address(url: str) -> Address:
    """Return where ``url`` points (RFC 6455, section 3). Raises UsageError; its sentence shows no path and no query."""
    parts = _split(url, "ws")
    if parts.fragment:
        raise UsageError("the URL has a fragment ('#…'), which a WebSocket URL may not have (RFC 6455, section 3)")
    try:
        uri = parse_uri(url)
        uri.host.encode("idna")
    except (InvalidURI, ValueError):
        raise UsageError(_NO_NAME) from None
    return Address(secure=uri.secure, host=uri.host, port=uri.port)


def parse_http_address(url: str) -> Address:
    """Return where the URL of an HTTP request points (RFC 9110, section 4.2). Raises UsageError, as parse_address."""
    parts = _split(url, "http")
    secure = parts.scheme == "https"
    try:
        host = str(parts.hostname).encode("idna").decode("ascii")
    except ValueError:
        raise UsageError(_NO_NAME) from None
    return Address(secure=secure, host=host, port=parts.port or (443 if secure else 80))


def _split(url: str, scheme: str) -> SplitResult:
    """Return the parts of ``url``, whose scheme must be ``scheme`` or that with an s."""
    if found := _BAD_IN_URL.search(url):
        raise UsageError(f"the URL holds a space or control character ({_name(found[0])}); write it as %XX")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError(
            f"the URL's host or port is malformed; write {scheme}://HOST:PORT/PATH, IPv6 in brackets"
        ) from None
    if parts.scheme not in {scheme, f"{scheme}s"}:
        raise UsageError(f"the URL's scheme is '{safe(parts.scheme)}'; it must be {scheme}:// or {scheme}s://")
    if not parts.hostname:
        raise UsageError(f"the URL names no host; write {parts.scheme}://HOST:PORT/PATH")
    if port == 0:
        raise UsageError("the URL's port is 0; give the port on which the server listens")
    if "@" in parts.netloc:
        raise UsageError("the URL holds a user's name or password; give credentials by auth, never in a URL")
    return parts


def _check_subprotocols(subprotocols: tuple[str, ...]) -> None:
    for position, name in enumerate(subprotocols, 1):
        if not _TOKEN.fullmatch(name):
            raise UsageError(f"subprotocol {position} is empty or holds a character that none may have (RFC 6455, 4.1)")
    if len(set(subprotocols)) < len(subprotocols):
        raise UsageError("a subprotocol is offered twice (RFC 6455, section 4.1); name each once")


def _name(character: str) -> str:
    return "a space" if character == " " else f"U+{ord(character):04X}"
