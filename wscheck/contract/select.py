"""Whether a session speaks a contract, by what the contract's `select` asks for; pure."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

from wscheck.contract.model import Select, VersionTold
from wscheck.contract.versions import read_version
from wscheck.pointer import MISSING
from wscheck.record import Opened
from wscheck.rules.rule import show
from wscheck.text import safe, shorten

_PATH = re.compile(r"[^/?#]*//[^/?#]*([^?#]*)")


def why_not_opened(select: Select, record: Opened) -> str | None:
    """Return why a session that opens so does not speak the contract, None where nothing is against it."""
    if asks_another_subprotocol(select, record):
        selected = record.subprotocol
        said = "none" if selected is None else quote(selected)
        return f"it asks for the subprotocol {quote(select.subprotocol or '')}, and the server selected {said}"
    if select.path is not None and record.uri is None:
        return f"it asks for the path {quote(select.path)}, and nothing says which the session's is"
    if select.path is not None:
        path = _path(record.uri or "")
        if not fnmatchcase(path, select.path):
            return f"it asks for the path {quote(select.path)}, and the session's is {quote(path)}"
    return None


def asks_another_subprotocol(select: Select, record: Opened) -> bool:
    """Whether the contract asks for a subprotocol that was not selected."""
    return select.subprotocol is not None and select.subprotocol != record.subprotocol


def why_not_told(told: VersionTold, name: str, value: Any) -> str | None:
    """Return why a session in which the event ``name`` says so does not speak the contract, None where it does."""
    found = told.at.find(value)
    version = read_version(found)
    if version is not None and told.range.holds(version):
        return None
    seen = "nothing stands there" if found is MISSING else f"{show(found)} stands there"
    if found is not MISSING and version is None:
        seen += ", which is no version"
    return f"it asks for {told.range.text} at {told.at.text or 'the top'} of {name}, and {seen}"


def quote(text: str) -> str:
    """Return foreign ``text`` in quotes, fit to be shown."""
    return f"'{shorten(safe(text), 80)}'"


def _path(uri: str) -> str:
    """Return the path of ``uri`` (RFC 3986, section 3.3); an empty one is `/` (RFC 6455, section 3)."""
    match = _PATH.match(uri)
    return (match[1] if match else uri.partition("?")[0]) or "/"
