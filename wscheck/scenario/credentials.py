"""What no schema can say of credentials: which members a scheme needs, and that no secret stands in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wscheck.document import Document
from wscheck.pointer import join
from wscheck.redact.private import is_private_header

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
_SOURCES = "{env: NAME}, {file: PATH}, {stdin: true} or {command: [argument, …]}"
_PRIVATE_MEMBER = re.compile(r"key|token|secret|passw|credential", re.IGNORECASE)


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


def refuse_literal_auth(document: Document, auth: Any, path: str) -> None:
    """Raise the document's error where the auth section at ``path`` holds a secret. ``auth`` may be of any shape."""
    for name in ("key", "token", "password"):
        value = _get(auth, name)
        pointer = name == "token" and isinstance(value, str) and (value == "" or value.startswith("/"))
        login = pointer and _get(auth, "scheme") == "login"
        if value is not None and not login and not _names_a_source(value):
            raise _refused(document, f"`{name}`", join(path, name))
    request = _get(auth, "request")
    refuse_literal_headers(document, _get(request, "headers"), join(path, "request", "headers"))
    _refuse_in_body(document, _get(request, "json"), join(path, "request", "json"))


def refuse_literal_headers(document: Document, headers: Any, path: str, *, variables: bool = True) -> None:
    """Raise the document's error where a header whose name looks secret has a text of its own.

    What is put together from ``variables`` is none: `Bearer ${login.access_token}`.
    """
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if is_private_header(name) and not _names_a_source(value) and not (variables and _has_variable(value)):
            raise _refused(document, f"the header `{name}`" if name.isascii() else "this header", join(path, name))


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


def _refuse_in_body(document: Document, body: Any, path: str) -> None:
    if isinstance(body, list):
        for index, item in enumerate(body):
            _refuse_in_body(document, item, join(path, index))
    for name, value in body.items() if isinstance(body, dict) else ():
        here = join(path, name)
        if isinstance(value, str) and _PRIVATE_MEMBER.search(name) and not _has_variable(value):
            raise _refused(document, f"`{name}`" if name.isidentifier() else "this member", here)
        _refuse_in_body(document, value, here)


def _refused(document: Document, what: str, path: str) -> Exception:
    return document.fail(f"{what} must say where the secret is, as {_SOURCES}: secrets never stand in the file", path)


def _has_variable(value: Any) -> bool:
    return isinstance(value, str) and "${" in value.replace("$${", "")


def _names_a_source(value: Any) -> bool:
    """Whether ``value`` is of a shape in which no sentence about it could show a secret."""
    if not isinstance(value, dict):
        return False
    return all(isinstance(value.get(kind, ""), str) for kind in ("env", "file")) and all(
        kind in ("env", "file", "stdin", "command") for kind in value
    )


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
