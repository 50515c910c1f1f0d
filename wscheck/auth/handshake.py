"""A bare opening handshake in, one with a credential out: one function a way to travel."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from wscheck.auth.token import Token
from wscheck.errors import SecretError, UsageError
from wscheck.text import safe

_SUBPROTOCOL = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_COOKIE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
_IN_MESSAGE = re.compile(r"\$\$\{|\$\{token\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """What an opening handshake will send (RFC 6455, section 4.1).

    ``identity`` is the user the session is for. ``expires`` is when its token expires, in seconds since the epoch.
    ``secrets`` are the exact texts that no record, report or message may hold. ``first`` is the text of the message
    that goes before any other, on every connection. Its repr shows none of them.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    subprotocols: tuple[str, ...] = field(default=(), repr=False)
    identity: object | None = None
    expires: float | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    first: str | None = field(default=None, repr=False)


def in_header(handshake: Handshake, token: Token, *, name: str = "Authorization", prefix: str = "Bearer ") -> Handshake:
    """Return ``handshake`` with ``prefix`` and ``token`` in the header ``name`` (by default RFC 6750, section 2.1).

    Raises UsageError where it has such a header already.
    """
    if any(there.lower() == name.lower() for there in handshake.headers):
        shown = "an Authorization header" if name == "Authorization" else f"a header {safe(name)}"
        raise UsageError(f"there are two credentials: {shown} and a token; give only one of them")
    headers = {**handshake.headers, name: f"{prefix}{token.value}"}
    return _with_token(replace(handshake, headers=headers), token, token.value)


def in_basic(handshake: Handshake, password: Token, *, user: str) -> Handshake:
    """Return ``handshake`` with the Basic credentials of ``user`` (RFC 7617, section 2).

    Raises UsageError where it has an Authorization header already.
    """
    encoded = base64.b64encode(f"{user}:{password.value}".encode()).decode()
    carrier = replace(password, value=encoded, claims=None)
    whole = in_header(handshake, carrier, prefix="Basic ")
    return replace(whole, secrets=(*whole.secrets, password.value))


def in_subprotocol(
    handshake: Handshake,
    token: Token,
    *,
    prefix: str = "jwt.",
    encoding: str = "base64url",
    offer: tuple[str, ...] = ("jwt-auth",),
) -> Handshake:
    """Return ``handshake`` with ``token`` as a subprotocol, offered after those of ``offer``.

    For servers whose clients are browsers, which can set no header. ``encoding`` is "base64url" (RFC 4648, section 5,
    without padding) or "none". Raises UsageError for another one, and SecretError where the outcome is no subprotocol.
    """
    match encoding:
        case "base64url":
            encoded = base64.urlsafe_b64encode(token.value.encode()).rstrip(b"=").decode()
        case "none":
            encoded = token.value
        case _:
            raise UsageError(f"a token cannot be encoded as '{safe(encoding)}'; use 'base64url' or 'none'")
    carrier = prefix + encoded
    if not _SUBPROTOCOL.fullmatch(carrier):
        raise SecretError(
            f"the token ({token.source}) holds a character that no subprotocol may have; use the encoding 'base64url'"
        )
    offered = handshake.subprotocols + tuple(name for name in offer if name not in handshake.subprotocols)
    return _with_token(replace(handshake, subprotocols=(*offered, carrier)), token, token.value, encoded)


def in_query(handshake: Handshake, token: Token, *, name: str = "token") -> Handshake:
    """Return ``handshake`` with ``token``, percent-encoded, as the parameter ``name`` of its URI (RFC 3986).

    For servers whose clients are browsers. Raises UsageError where the URI has such a parameter already.
    """
    address, mark, fragment = handshake.url.partition("#")
    _, _, query = address.partition("?")
    if any(part.partition("=")[0] == quote(name, safe="") for part in query.split("&")):
        raise UsageError(
            f"there are two credentials: the url has a parameter {safe(name)} already; give only one of them"
        )
    encoded = quote(token.value, safe="")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    url = f"{address}{joint}{quote(name, safe='')}={encoded}{mark}{fragment}"
    return _with_token(replace(handshake, url=url), token, token.value, encoded)


def in_cookie(handshake: Handshake, token: Token, *, name: str = "token") -> Handshake:
    """Return ``handshake`` with ``token`` as the cookie ``name``, beside those that are there (RFC 6265, section 4.2).

    Raises SecretError where the token holds what no cookie may, UsageError where there is such a cookie already.
    """
    if not _COOKIE.fullmatch(token.value):
        raise SecretError(
            f"the token ({token.source}) holds a character that no cookie may have; use another way for it"
        )
    there = next((header for header in handshake.headers if header.lower() == "cookie"), "Cookie")
    before = handshake.headers.get(there, "")
    if any(pair.partition("=")[0].strip() == name for pair in before.split(";")):
        raise UsageError(f"there are two credentials: a cookie {safe(name)} and a token; give only one of them")
    cookies = f"{before}; {name}={token.value}" if before else f"{name}={token.value}"
    return _with_token(replace(handshake, headers={**handshake.headers, there: cookies}), token, token.value)


def in_message(handshake: Handshake, token: Token, *, message: Any) -> Handshake:
    """Return ``handshake`` with a first message: ``message`` as JSON, ``token`` for each ``${token}`` in its strings.

    A ``$${`` in them becomes ``${``.
    """
    text = json.dumps(_put_in(message, token.value), ensure_ascii=False, separators=(",", ":"))
    escaped = json.dumps(token.value, ensure_ascii=False)[1:-1]
    return _with_token(replace(handshake, first=text), token, token.value, escaped)


def _with_token(handshake: Handshake, token: Token, *secrets: str) -> Handshake:
    subject = token.claims.get("sub") if token.claims else None
    return replace(
        handshake,
        identity=subject if handshake.identity is None else handshake.identity,
        expires=token.expires,
        secrets=(*handshake.secrets, *dict.fromkeys(secrets), *((token.key,) if token.key else ())),
    )


def _put_in(value: Any, token: str) -> Any:
    if isinstance(value, str):
        return _IN_MESSAGE.sub(lambda match: "${" if match[0] == "$${" else token, value)
    if isinstance(value, list):
        return [_put_in(item, token) for item in value]
    if isinstance(value, dict):
        return {name: _put_in(member, token) for name, member in value.items()}
    return value
