"""Who is at the door: finding a token in an opening handshake, verifying it, and minting one for a test."""

from __future__ import annotations

import base64
import binascii
import time
import uuid
from collections.abc import Iterable, Sequence

import jwt

from .checks import AUDIENCE, ISSUER, SUBPROTOCOL, Checks

DEMO_KEY = "agent-server-demo-key-that-everybody-knows"
"""The key that tokens are verified with where no other is given. Public: good for loopback and nothing else."""

LIFETIME = 900
"""Seconds for which a token is good."""

_PREFIX = "jwt."


class TokenError(Exception):
    """A token that must not be let in; ``str()`` says why, without the token."""


def find_token(authorization: Iterable[str], offered: Sequence[str]) -> str | None:
    """Return the token of the Authorization headers, else that of the offered subprotocols, else None.

    As a subprotocol it is "jwt." and the token in base64url without padding, beside "jwt-auth": browsers cannot set
    headers. Raises TokenError where there is one that cannot be read.
    """
    for value in authorization:
        scheme, _, token = value.partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return token.strip()
    if SUBPROTOCOL not in offered:
        return None
    return next((_decode(name.removeprefix(_PREFIX)) for name in offered if name.startswith(_PREFIX)), None)


def read_subject(token: str, checks: Checks) -> str:
    """Return whom the token is for, once its signature (HS256), expiry, audience and issuer hold. Raises TokenError.

    ``checks`` says whose key and audience, and what is not looked at.
    """
    try:
        claims = jwt.decode(
            token,
            checks.key,
            algorithms=["HS256"],
            audience=checks.audience,
            issuer=ISSUER,
            options={
                "require": ["sub", "exp", "aud", "iss"],
                "verify_signature": checks.signature,
                "verify_exp": checks.expiry,
                "verify_aud": True,
                "verify_iss": True,
            },
        )
    except jwt.PyJWTError as error:
        raise TokenError(type(error).__name__) from error
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject:
        raise TokenError("the claim sub is empty")
    return subject


def mint_token(subject: str, *, key: str = DEMO_KEY, lifetime: float = LIFETIME, **claims: object) -> str:
    """Return a token for ``subject`` that is good for ``lifetime`` seconds; ``claims`` add to it or replace."""
    now = int(time.time())
    usual = {
        "sub": subject,
        "iat": now,
        "exp": int(now + lifetime),
        "iss": ISSUER,
        "aud": AUDIENCE,
        "jti": uuid.uuid4().hex,
        "token_type": "access",
    }
    return jwt.encode({**usual, **claims}, key, algorithm="HS256")


def _decode(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TokenError("the subprotocol holds no base64url") from error
