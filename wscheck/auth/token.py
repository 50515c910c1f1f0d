"""Tokens: minted, read or handed out, and what may be told of them; the one file that imports jwt."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from wscheck.auth.secret import check_secret, read_secret
from wscheck.errors import SecretError, UsageError
from wscheck.text import safe, shorten

_LEAST_KEY_BYTES = 32
_LAST_SECOND = 2**53
_TIMES = frozenset({"exp", "iat", "jti", "nbf"})


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


def mint_token(claims: Mapping[str, Any], *, key: bytes | str, source: str, lifetime: float, now: float) -> Token:
    """Return a new JWT (RFC 7519) with ``claims``, signed with HS256.

    ``source`` says where ``key`` is from; ``lifetime`` and ``now`` are in seconds, ``now`` since the epoch. ``iat``,
    ``exp`` and ``jti`` are added where ``claims`` do not give them. Raises SecretError where the key cannot serve, and
    UsageError where the claims cannot.
    """
    import jwt  # noqa: PLC0415 - with its cryptography a tenth of a second, which only who has tokens is to cost

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


def take_token(value: Any, source: str) -> Token:
    """Return the token ``value`` that a login handed out; ``source`` says where, for a person.

    Raises SecretError, which never shows it, where it is no text or cannot travel.
    """
    if not isinstance(value, str):
        raise SecretError(f"{source} holds no token where one is due, but {_kind(value)}")
    check_secret(value, source)
    return _describe_token(value, source)


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
    import jwt  # noqa: PLC0415 - as above

    try:
        claims: Mapping[str, Any] = jwt.decode(value, options={"verify_signature": False})
    except jwt.PyJWTError:
        return None
    return claims


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float | list | dict):
        return {dict: "an object", list: "an array", bool: "a boolean"}.get(type(value), "null or a number")
    return "nothing"


def _show(value: Any) -> str:
    return shorten(safe(value if isinstance(value, str) else json.dumps(value, default=str)), 60)


def _describe_expiry(expires: float | None, now: float) -> str:
    if expires is None:
        return "never expires"
    left = round(expires - now)
    return f"expires in {left} s" if left > 0 else f"expired {-left} s ago"
