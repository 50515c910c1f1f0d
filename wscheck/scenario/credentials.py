"""What no schema can say of an auth section: which members its scheme needs, and which would do nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wscheck.document import Document
from wscheck.pointer import join

_NEEDS: Mapping[str, Sequence[str]] = {
    "jwt": ("key",),
    "token": ("token",),
    "basic": ("user", "password"),
    "login": ("request", "token"),
}
_MAY_HAVE: Mapping[str, Sequence[str]] = {"jwt": ("claims", "lifetime")}
_OF_SCHEMES = frozenset({"key", "token", "user", "password", "request", "claims", "lifetime"})
_WAYS = ("header", "subprotocol", "query", "cookie", "message")
_WHAT = {
    "key": "where it is read from, as {env: NAME}",
    "user": "the user's name",
    "password": "where it is read from, as {env: NAME}",
    "request": "the HTTP call that logs in",
}


def check_auth(document: Document, auth: Any, path: str) -> None:
    """Raise the document's error where the auth section ``auth``, which stands at ``path``, is not sound."""
    scheme = auth["scheme"]
    for member in _NEEDS[scheme]:
        if member not in auth:
            token = "the JSON Pointer to it in the answer" if scheme == "login" else _WHAT["key"]
            raise document.fail(f"the scheme {scheme} needs `{member}`: {_WHAT.get(member, token)}", path)
    for member in auth:
        if member in _OF_SCHEMES and member not in (*_NEEDS[scheme], *_MAY_HAVE.get(scheme, ())):
            raise document.fail(f"`{member}` belongs to another scheme, and would do nothing here", join(path, member))
    _check_token(document, auth, path)
    _check_way(document, auth, path)


def _check_token(document: Document, auth: Any, path: str) -> None:
    if "token" in auth and isinstance(auth["token"], str) != (auth["scheme"] == "login"):
        due = "a JSON Pointer into the answer" if auth["scheme"] == "login" else _WHAT["key"]
        raise document.fail(f"`token` of the scheme {auth['scheme']} is {due}", join(path, "token"))


def _check_way(document: Document, auth: Any, path: str) -> None:
    via = auth.get("via", "header")
    if auth["scheme"] == "basic":
        if via != "header":
            raise document.fail("the scheme basic goes in the Authorization header only", join(path, "via"))
        via = "the scheme basic"
    for way in _WAYS:
        if way in auth and way != via:
            raise document.fail(f"`{way}` belongs to `via: {way}`, and would do nothing here", join(path, way))
    if via == "message":
        if "message" not in auth:
            raise document.fail(
                "`via: message` needs `message`: what is sent first, with ${token} where the token stands", path
            )
        if not _holds_token(auth["message"]):
            raise document.fail("`message` has no ${token} in it, so no token would be sent", join(path, "message"))


def _holds_token(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_token, value.values()))
    if isinstance(value, list):
        return any(map(_holds_token, value))
    return isinstance(value, str) and "${token}" in value.replace("$${", "")
