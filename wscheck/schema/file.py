"""One JSON Schema document: what a fault in it is called, and how its file is read from inside a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from wscheck.errors import WscheckError
from wscheck.json_text import decode
from wscheck.pointer import Pointer
from wscheck.text import safe, shorten

MAX_BYTES = 4 * 1024 * 1024
"""Bytes of one schema file that are read."""

LATEST = "https://json-schema.org/draft/2020-12/schema"
"""The ``$schema`` of a document that has none."""

DIALECTS: Mapping[str, str] = {
    "http://json-schema.org/draft-04/schema": "4",
    "http://json-schema.org/draft-06/schema": "6",
    "http://json-schema.org/draft-07/schema": "7",
    "https://json-schema.org/draft/2019-09/schema": "2019-09",
    LATEST: "2020-12",
}
"""The drafts of JSON Schema by their ``$schema``, without the empty fragment."""

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""The beginning of an absolute URI (RFC 3986, section 3.1)."""


class SchemaError(WscheckError):
    """A JSON Schema cannot be used. ``pointer`` (RFC 6901) says where in the schema that was given.

    Where the fault lies in a file that the schema refers to, ``pointer`` is the reference's, and the message names the
    file and the place in it.
    """

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


@dataclass(slots=True, kw_only=True)
class SchemaDocument:
    """One schema document. ``file`` is relative to the folder, empty for the schema that was given.

    ``origin`` is the pointer of the reference, in the schema that was given, by which it was reached. ``patterns`` are
    its regular expressions with their pointers. ``redirects`` are the references (pointer of the schema, keyword) to
    be written as another URI.
    """

    uri: str
    file: str
    value: Any
    draft: str = "2020-12"
    origin: str = ""
    patterns: list[tuple[str, str]] = field(default_factory=list)
    redirects: list[tuple[str, str, str]] = field(default_factory=list)

    def fail(self, message: str, pointer: str) -> SchemaError:
        """Return the error that tells ``message`` about ``pointer`` in this document."""
        if not self.file:
            return SchemaError(message, pointer)
        place = f", at {safe(pointer)}" if pointer else ""
        return SchemaError(f"{safe(self.file)}{place}: {message}", self.origin)

    def redirected(self) -> Any:
        """Return the document's value with its redirected references, and its draft said."""
        if isinstance(self.value, bool):
            return self.value
        value = deepcopy(self.value)
        for pointer, keyword, target in self.redirects:
            Pointer(pointer).find(value)[keyword] = target
        if self.file:
            value.setdefault("$schema", LATEST)
        return value


def load(folder: Path, file: str) -> tuple[Path, Any]:
    """Return the path and the value of ``file``, which is relative to ``folder``.

    Raises SchemaError, its message about "the reference", where the file lies outside the folder (by ``..`` or by a
    symbolic link), is not there, is larger than MAX_BYTES, or holds no JSON Schema in strict UTF-8 and JSON.
    """
    try:
        path = (folder / file).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise SchemaError("leads out of the contract's folder; only files inside it are read")
        # Opening a pipe or a device could wait for ever.
        if not path.is_file():
            raise SchemaError(f"names a file that is not there: {shown(file)} in the contract's folder")
        if path.stat().st_size > MAX_BYTES:
            raise SchemaError(f"names a file that is larger than {MAX_BYTES} bytes")
        return path, _schema_of(path.read_bytes())
    except OSError as error:
        raise SchemaError(f"names a file that cannot be read: {error.strerror}") from None
    except RuntimeError:
        raise SchemaError("names a circle of symbolic links") from None


def why_refused(uri: str) -> str | None:
    """Return what is wrong with a reference to another document, or None for a relative path."""
    path = unquote(uri)
    if path.lower().startswith("file:") or (path.startswith(("/", "\\")) and not path.startswith("//")):
        return "is absolute; write it relative to the file it stands in"
    if SCHEME.match(path) or path.startswith("//"):
        return "is remote, and nothing is ever fetched; put a copy into the contract's folder and refer to that"
    if "\\" in path or any(ord(character) < 32 for character in path):
        return "is no relative path; write it with '/' between its parts"
    return None


def shown(text: str) -> str:
    """Return foreign text in quotes, safe and short."""
    return f"'{shorten(safe(text))}'"


def _schema_of(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaError(f"names a file that is not UTF-8: byte {error.start + 1} begins no character") from None
    decoded = decode(text)
    for fault, words in decoded.faults.items():
        what = "is no JSON" if fault == "not-json" else "cannot be used"
        raise SchemaError(f"names a file that {what}: {safe(words)}")
    if not isinstance(decoded.value, dict | bool):
        raise SchemaError("names a file that holds no JSON Schema, which is an object, true or false")
    return decoded.value
