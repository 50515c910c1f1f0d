"""What is wrong with a capture file that cannot be read or written, in a sentence that says how to mend it."""

from __future__ import annotations

import errno
import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path

from wscheck.capture.jsonl import FORMAT
from wscheck.errors import CaptureError
from wscheck.text import safe, shorten

_MARK = f'"wscheck": "{FORMAT}"'

_PACKED = b"\x1f\x8b"
_HEADER = b'{"wscheck"'
_BEGINNINGS: Mapping[bytes, str] = {
    _PACKED: "is compressed: give it a name that ends in .gz",
    b"\xff\xfe": "is UTF-16 text, and a capture is UTF-8: save it as UTF-8 without a byte order mark",
    b"\xfe\xff": "is UTF-16 text, and a capture is UTF-8: save it as UTF-8 without a byte order mark",
    b"\xef\xbb\xbf": "begins with a byte order mark: save it as UTF-8 without one",
    b"wscheck:": "looks like a contract or a scenario, and a capture is due here",
    _HEADER: "breaks off within its first line: nothing of it can be read",
}

_WRITE: Mapping[int, str] = {
    errno.EEXIST: "is there already: choose another name, or allow overwriting with --overwrite",
    errno.ENOENT: "cannot be made, for its folder is not there: make the folder first",
    errno.ENOTDIR: "cannot be made, for what stands before its name is no folder",
    errno.EACCES: "cannot be written: you have no right to write there",
    errno.EPERM: "cannot be written: you have no right to write there",
    errno.EROFS: "cannot be written: the file system is read-only",
    errno.ENOSPC: "cannot be written: the disk is full",
    errno.EDQUOT: "cannot be written: your quota of the disk is used up",
    errno.EFBIG: "cannot be written: it has reached the greatest size that a file may have here",
    errno.ENAMETOOLONG: "cannot be made: its name is too long",
    errno.EMFILE: "cannot be opened: too many files are open",
}

_READ: Mapping[int, str] = {
    errno.ENOENT: "is not there",
    errno.ENOTDIR: "is not there: what stands before its name is no folder",
    errno.EACCES: "cannot be read: you have no right to",
    errno.EPERM: "cannot be read: you have no right to",
    errno.EMFILE: "cannot be opened: too many files are open",
}


def unwritable(path: Path, error: OSError | ValueError) -> CaptureError:
    """Return the error for a capture that cannot be written."""
    return CaptureError(f"{safe(str(path))} {_why(error, _WRITE, 'written')}")


def removed(path: Path) -> CaptureError:
    """Return the error for a capture that is not there any more when it is to be ended."""
    return CaptureError(f"{safe(str(path))} was removed, or replaced by another run, while it was written: run again")


def unreadable(path: Path, error: OSError | ValueError | EOFError | zlib.error) -> CaptureError:
    """Return the error for a file of which nothing can be read."""
    match error:
        case EOFError():
            why = "breaks off within its first line: nothing of it can be read"
        case gzip.BadGzipFile() | zlib.error():
            why = "is not compressed as the .gz in its name says, or is damaged"
        case _:
            why = _why(error, _READ, "read")
    return CaptureError(f"{safe(str(path))} {why}")


def describe(line: bytes, *, unpacked: bool, most: int) -> str:
    """Say what a file looks like whose first line, ``unpacked`` or as it is, is not a capture's header.

    ``line`` is at most the first ``most`` bytes of that line.
    """
    if not line:
        return "is empty: no header and no record was ever written to it"
    if line.isspace():
        return f"is no capture: its first line is blank, and must be a JSON object with {_MARK}"
    if unpacked and line.startswith(_PACKED):
        return "is compressed twice: decompress it once"
    if line.startswith(_HEADER) and len(line) == most:
        return f"is no capture: its first line has no end within {most} bytes, and no header is so long"
    for beginning, what in _BEGINNINGS.items():
        if line.startswith(beginning) and (beginning[:1] != b"{" or _is_torn(line)):
            return what
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "is no capture: it is no UTF-8 text"
    except (ValueError, RecursionError):
        if b"\0" in line:
            return "is binary, and no capture"
        return f"is no capture: its first line is no JSON with {_MARK}"
    return _describe_json(value)


def _describe_json(value: object) -> str:
    if not isinstance(value, dict) or not ("wscheck" in value or "kind" in value):
        return f"is JSON, but no capture: its first line has no {_MARK}"
    mark = value.get("wscheck")
    if mark is None:
        return f"has no header: its first line is a record, and must have {_MARK}"
    if mark == FORMAT:
        return 'has a header that cannot be read: "tool", "run" and "started" must be strings, "redacted" an array'
    if isinstance(mark, str) and mark.startswith("capture-"):
        return f"is of the format {safe(shorten(mark, 30))}, and this wscheck reads {FORMAT}: use a newer wscheck"
    return f"is no capture: its first line says {safe(shorten(json.dumps(mark), 40))}, and must say {_MARK}"


def _is_torn(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return not line.endswith(b"\n")
    return False


def _why(error: Exception, known: Mapping[int, str], done: str) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return known.get(error.errno) or f"cannot be {done}: {safe(error.strerror or str(error))}"
    return f"cannot be {done}: its name cannot be a file's ({safe(str(error))})"
