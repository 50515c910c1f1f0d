"""Secrets that stand in a file themselves, refused before any sentence could show them."""

from __future__ import annotations

import re
from typing import Any

from wscheck.document import Document
from wscheck.pointer import join
from wscheck.redact.private import is_private_header

_SOURCES = "{env: NAME}, {file: PATH}, {stdin: true} or {command: [argument, …]}"
_PRIVATE_MEMBER = re.compile(r"key|token|secret|passw|credential", re.IGNORECASE)


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
