"""Credentials: a bare opening handshake in, one with a token out; the one file that imports jwt."""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

import jwt

from wscheck.errors import SecretError, UsageError
from wscheck.text import safe, shorten

_LEAST_KEY_BYTES = 32
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SUBPROTOCOL = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LAST_SECOND = 2**53
_TIMES = frozenset({"exp", "iat", "jti", "nbf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """What an opening handshake will send (RFC 6455, section 4.1).

    ``identity`` is the user the session is for. ``expires`` is when its token expires, in seconds since the epoch.
    ``secrets`` are the exact texts that no record, report or message may hold. Its repr shows none of them.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    subprotocols: tuple[str, ...] = field(default=(), repr=False)
    identity: object | None = None
    expires: float | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token, and what may be told of it. Its repr never shows the value.

    ``source`` says where it is from, for a person. ``claims`` are None where the token is no JWT. ``expires`` is in
    seconds since the epoch. ``key`` is what signed it, where that is known: a secret as well.
    """

    value: str = field(repr=False)
    source: str
    claims: Mapping[str, Any] | None = None
    expires: float | None = None
    key: str | None = field(default=None, repr=False)


def in_header(handshake: Handshake, token: Token) -> Handshake:
    """Return ``handshake`` with ``token`` as a bearer token (RFC 6750, section 2.1).

    Raises UsageError where it has an Authorization header already.
    """
    if any(name.lower() == "authorization" for name in handshake.headers):
        raise UsageError("there are two credentials: an Authorization header and a token; give only one of them")
    headers = {**handshake.headers, "Authorization": f"Bearer {token.value}"}
    return _with_token(replace(handshake, headers=headers), token, token.value)


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
            raise UsageError(f"a token cannot be encoded as {safe(encoding)!r}; use 'base64url' or 'none'")
    carrier = prefix + encoded
    if not _SUBPROTOCOL.fullmatch(carrier):
        raise SecretError(
            f"the token ({token.source}) holds a character that no subprotocol may have; use the encoding 'base64url'"
        )
    offered = handshake.subprotocols + tuple(name for name in offer if name not in handshake.subprotocols)
    return _with_token(replace(handshake, subprotocols=(*offered, carrier)), token, token.value, encoded)


def mint_token(claims: Mapping[str, Any], *, key: bytes | str, source: str, lifetime: float, now: float) -> Token:
    """Return a new JWT (RFC 7519) with ``claims``, signed with HS256.

    ``source`` says where ``key`` is from; ``lifetime`` and ``now`` are in seconds, ``now`` since the epoch. ``iat``,
    ``exp`` and ``jti`` are added where ``claims`` do not give them. Raises SecretError where the key cannot serve, and
    UsageError where the claims cannot.
    """
    _check_key(key, source)
    whole = {"iat": int(now), "exp": int(now + lifetime), "jti": uuid.uuid4().hex, **claims}
    try:
        value = jwt.encode(whole, key, algorithm="HS256")
    except jwt.InvalidKeyError:
        raise SecretError(f"the key from {source} is no shared secret, which HS256 needs") from None
    except (TypeError, ValueError) as error:
        raise UsageError(f"no token can be minted from these claims: {safe(str(error))}") from None
    token = _describe_token(value, f"minted from claims, key from {source}")
    return replace(token, key=key if isinstance(key, str) else key.decode(errors="replace"))


def read_token(
    spec: Mapping[str, Any],
    *,
    environ: Mapping[str, str] | None = None,
    stdin: TextIO | None = None,
    folder: Path | None = None,
) -> Token:
    """Return the ready token that ``spec`` names; the arguments and errors are those of read_secret."""
    value, source = read_secret(spec, environ=environ, stdin=stdin, folder=folder)
    return _describe_token(value, source)


def read_secret(
    spec: Mapping[str, Any],
    *,
    environ: Mapping[str, str] | None = None,
    stdin: TextIO | None = None,
    folder: Path | None = None,
) -> tuple[str, str]:
    """Return the secret that ``spec`` names, and where it is from, for a person.

    ``spec`` is {env: NAME}, {file: PATH} (relative to ``folder``) or {stdin: true}. One newline at the end is taken
    off. Raises SecretError, which names the variable or file and never shows the value, where there is no such
    secret, it is empty, or it holds what no HTTP header may (RFC 9110, section 5.5); UsageError for another ``spec``.
    """
    match dict(spec):
        case {"env": str(name), **rest} if not rest:
            raw, source = _read_variable(name, os.environ if environ is None else environ), f"${safe(name)}"
        case {"file": str(path), **rest} if not rest:
            raw, source = _read_file(path, folder), f"file {safe(path)}"
        case {"stdin": True, **rest} if not rest:
            raw, source = _read_stdin(sys.stdin if stdin is None else stdin), "standard input"
        case _:
            raise UsageError("a secret is given as {env: NAME}, {file: PATH} or {stdin: true}, and only one of them")
    value = raw.removesuffix("\n").removesuffix("\r")
    _check_secret(value, source)
    return value, source


def describe(token: Token, now: float) -> str:
    """Say which token is used: where it is from, its claims, and its expiry. Never the token itself.

    ``now`` is in seconds since the epoch.
    """
    minted = token.source.startswith("minted")
    parts = [f"token {token.source}" if minted else f"token from {token.source}"]
    if token.claims is None:
        return f"{parts[0]}; opaque: no claims to show"
    claims = [f"{safe(name)} {_show(value)}" for name, value in token.claims.items() if name not in _TIMES]
    if claims:
        parts.append(", ".join(claims))
    parts.append(_describe_expiry(token.expires, now))
    return "; ".join(parts)


def _with_token(handshake: Handshake, token: Token, *secrets: str) -> Handshake:
    subject = token.claims.get("sub") if token.claims else None
    return replace(
        handshake,
        identity=subject if handshake.identity is None else handshake.identity,
        expires=token.expires,
        secrets=(*handshake.secrets, *dict.fromkeys(secrets), *((token.key,) if token.key else ())),
    )


def _check_key(key: bytes | str, source: str) -> None:
    raw = key.encode() if isinstance(key, str) else key
    if raw.lstrip().startswith(b"-----BEGIN") or raw.startswith((b"ssh-", b"ecdsa-sha2-")):
        raise SecretError(
            f"the key from {source} is one half of a key pair, and HS256 needs a shared secret; give the secret that "
            "the server signs with"
        )
    if len(raw) < _LEAST_KEY_BYTES:
        raise SecretError(
            f"the key from {source} has {len(raw)} bytes, and HS256 needs at least {_LEAST_KEY_BYTES} "
            "(RFC 7518, section 3.2); use a longer key"
        )


def _describe_token(value: str, source: str) -> Token:
    claims = _peek(value)
    return Token(value=value, source=source, claims=claims, expires=_find_expiry(claims))


def _find_expiry(claims: Mapping[str, Any] | None) -> float | None:
    """Return ``exp`` (RFC 7519, section 4.1.4). None where there is none, or it is no time."""
    expires = claims.get("exp") if claims else None
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        return None
    return expires if abs(expires) < _LAST_SECOND else None


def _peek(value: str) -> Mapping[str, Any] | None:
    """Return the claims of a JWT, unverified: only a server can say whether it takes the token. None for another."""
    if value.count(".") != 2:
        return None
    try:
        claims: Mapping[str, Any] = jwt.decode(value, options={"verify_signature": False})
    except jwt.PyJWTError:
        return None
    return claims


def _read_variable(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise SecretError(f"the environment variable {safe(name)} is not set; set it to the secret")
    return environ[name]


def _read_file(path: str, folder: Path | None) -> str:
    try:
        return ((folder or Path()) / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SecretError(f"the file {safe(path)} is no text in UTF-8, so it can hold no token or key") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this can be no file's name"
        raise SecretError(f"the file {safe(path)} with the secret cannot be read: {reason}") from None


def _read_stdin(stdin: TextIO) -> str:
    try:
        return stdin.read()
    except UnicodeDecodeError:
        raise SecretError("standard input is no text in UTF-8, so it can hold no token or key") from None


def _check_secret(value: str, source: str) -> None:
    if not value:
        raise SecretError(f"the secret from {source} is empty; put the token or key there")
    if value.startswith("-----BEGIN"):
        raise SecretError(f"the secret from {source} is a PEM file; a token or a shared secret is needed, on one line")
    if _CONTROL.search(value):
        raise SecretError(f"the secret from {source} holds a line break or another control character; leave it out")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise SecretError(f"the secret from {source} holds a character that no HTTP header can carry") from None


def _show(value: Any) -> str:
    return shorten(safe(value if isinstance(value, str) else json.dumps(value, default=str)), 60)


def _describe_expiry(expires: float | None, now: float) -> str:
    if expires is None:
        return "never expires"
    left = round(expires - now)
    return f"expires in {left} s" if left > 0 else f"expired {-left} s ago"
