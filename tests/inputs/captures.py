"""Captures that cannot be read, or only in part: 2 where nothing is to be had, 4 where the header stands."""

from __future__ import annotations

import gzip
import json
import random
import tarfile
from hashlib import sha256
from pathlib import Path

from tests.inputs.row import CLOSED, HEADER, MESSAGE, OPENED, Data, Kind, Row, leave, record


def compressed(text: str) -> bytes:
    """Return ``text`` as a .gz file that is the same each time."""
    return gzip.compress(text.encode(), mtime=0)


def sealed(*lines: str, records: int | None = None, digest: str | None = None) -> str:
    """Return a capture of ``lines`` with its last line."""
    end = {
        "wscheck": "end",
        "records": len(lines) if records is None else records,
        "sha256": digest or sha256("".join(lines).encode()).hexdigest(),
    }
    return HEADER + "".join(lines) + json.dumps(end) + "\n"


def zeros_by_the_gigabyte(before: str = "") -> bytes:
    """Return a megabyte that decompresses to ``before`` and 1 GB without a line end."""
    return compressed(before) + gzip.compress(b"\0" * 2**20, mtime=0) * 1024


def long_note() -> bytes:
    """Return a capture of a note that is 64 MB long, and of no end line."""
    return (HEADER + OPENED + record(kind="note", code="x", direction=None, text="x" * 2**26)).encode()


WHOLE = HEADER + OPENED + MESSAGE + CLOSED
PACKED = compressed(WHOLE)

NOTHING: dict[str, tuple[Data, str]] = {
    "an empty file": ("", "is empty"),
    "a blank line": ("\n" + WHOLE, "blank"),
    "a line of NULs": (b"\0" * 4096, "binary"),
    "no JSON": ("hello\n", "no capture"),
    "a number": ("5\n", "no capture"),
    "a list": ("[]\n", "no capture"),
    "an object without a mark": ("{}\n", "no capture"),
    "an object of something else": ('{"log": {"version": "1.2", "entries": []}}\n', "no capture"),
    "no header": (OPENED + MESSAGE, "no header"),
    "a header of a format to come": (HEADER.replace("capture-1", "capture-2"), "newer wscheck"),
    "a header of no format": (HEADER.replace('"capture-1"', "1"), "no capture"),
    "a header that is broken off": (HEADER[:40], "breaks off"),
    "a header whose tool is a number": (HEADER.replace('"by hand"', "5"), "header"),
    "a header whose redactions are text": (HEADER.replace("[]", '"all"'), "header"),
    "a header of 2 MB": (lambda: b'{"wscheck":"' + b"x" * 2**21, "no header is so long"),
    "a header of 100,000 levels": ('{"wscheck":' + "[" * 100_000 + "]" * 100_000 + "}\n", "capture"),
    "a header with a number of 5,000 digits": ('{"wscheck":' + "1" * 5000 + "}\n", "capture"),
    "UTF-16": (WHOLE.encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": (WHOLE.encode("utf-16-le"), "binary"),
    "a byte order mark": ("\ufeff" + WHOLE, "byte order mark"),
    "Latin-1": (HEADER.replace("hand", "händ").encode("latin-1"), "no UTF-8"),
    "a contract": ("wscheck: 1\nname: small\n", "contract"),
    "bytes without a meaning": (lambda: random.Random(2).randbytes(65536), "no capture"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "no capture"),
    "a compressed file without its suffix": (PACKED, ".gz"),
}

NOTHING_PACKED: dict[str, tuple[Data, str]] = {
    "an empty .gz": (b"", "is empty"),
    "a .gz that is text": (WHOLE, "not compressed"),
    "a .gz that breaks off in its header": (PACKED[:15], "breaks off"),
    "a .gz of something else": (compressed("hello\n"), "no capture"),
    "a .gz of bytes without a meaning": (b"\x1f\x8b" + b"\xff" * 64, "not compressed"),
    "a .gz of zeros by the gigabyte": (zeros_by_the_gigabyte, "binary"),
    "a .gz in a .gz": (gzip.compress(PACKED, mtime=0), "compressed twice"),
}

WRONG_LINES: dict[str, tuple[str, str]] = {
    "a line that is no JSON": ("hello\n", "JSON"),
    "a line of NULs among records": ("\0" * 64 + "\n", "no JSON"),
    "a line that is a list": ("[]\n", "object"),
    "a line that is null": ("null\n", "object"),
    "a blank line among records": ("\n", "no JSON"),
    "a second header": (HEADER, "second header"),
    "a record of no kind": (record(kind=None), "kind"),
    "a record of a kind nobody knows": (record(kind="massage"), "kind"),
    "a record whose kind is a list": (record(kind=["message"]), "kind"),
    "a record without a time": (record(at=None), '"at"'),
    "a record whose time is text": (record(at="1"), "at"),
    "a record whose time is a truth": (record(at=True), "at"),
    "a record whose time is before the run": (record(at=-1), "at"),
    "a record whose time is no number": (record().replace('"at": 1', '"at": NaN'), "NaN"),
    "a record whose time is infinite": (record().replace('"at": 1', '"at": 1e400'), "infinite"),
    "a record whose time has 5,000 digits": (record().replace('"at": 1', '"at": ' + "1" * 5000), "too many digits"),
    "a record without a session": (record(session=None), "session"),
    "a record whose session is a number": (record(session=5), "session"),
    "a record of connection 0": (record(connection=0), "connection"),
    "a record of a connection and a half": (record(connection=1.5), "connection"),
    "a record with a member twice": (record().replace('"at": 1', '"at": 1, "at": 2'), "more than once"),
    "a record of 10,000 levels": (record().replace('"at": 1', '"at": ' + "[" * 10_000 + "]" * 10_000), "too deep"),
    "a message from aside": (record(direction="sideways"), "direction"),
    "a message of no content": (record(text=None), "text"),
    "a message of two contents": (record(binary="AAAA"), "exactly one"),
    "a message whose bytes are no base64": (record(text=None, binary="*"), "binary"),
    "a message whose text is an object": (record(text={"type": "a"}), "text"),
    "an ending of a code that is none": (CLOSED.replace("1000", "70000"), "code"),
    "an ending by nobody": (CLOSED.replace('"tool"', '"fate"'), "initiator"),
    "a refusal of no status": ('{"at":1,"session":"ada","kind":"refused","uri":"ws://h/","status":0}\n', "status"),
    "a block in no phase": ('{"at":1,"session":"ada","kind":"blocked","uri":"u","phase":"x","cause":"y"}\n', "phase"),
    "an end line without a digest": ('{"wscheck":"end","records":2}\n', "sha256"),
    "an end line of fewer than none": ('{"wscheck":"end","records":-1,"sha256":"' + "0" * 64 + '"}\n', "records"),
    "a mark nobody knows": ('{"wscheck":"middle"}\n', "wscheck"),
}

IN_PART: dict[str, tuple[Data, str]] = {
    "a header and nothing else": (HEADER, "no end line"),
    "a header without its line end": (HEADER[:-1], "no end line"),
    "no end line": (WHOLE, "no end line"),
    "a header with half of a surrogate pair": (HEADER.replace("by hand", "\\ud800"), "no end line"),
    "a session with half of a surrogate pair": (WHOLE.replace("ada", "\\ud800"), "no end line"),
    "a last line that is torn": (WHOLE + MESSAGE[:30], "torn"),
    "a last line of NULs": (WHOLE + "\0" * 512, "torn"),
    "a last line torn within a character": (WHOLE.encode() + '{"at":1,"session":"é'.encode()[:-1], "torn"),
    "an end line that is torn": (sealed(OPENED, MESSAGE, CLOSED)[:-20], "torn"),
    "an end line that counts more": (sealed(OPENED, MESSAGE, CLOSED, records=9), "9 records"),
    "an end line of other records": (sealed(OPENED, MESSAGE, CLOSED, digest="0" * 64), "sha256"),
    "a note of 64 MB": (long_note, "no end line"),
}

IN_PART_PACKED: dict[str, tuple[Data, str]] = {
    "a .gz that breaks off": (gzip.compress((WHOLE + MESSAGE * 5000).encode(), mtime=0)[:-200], "break off"),
    "a .gz without its check sum": (PACKED[:-8], "break off"),
    "a .gz of zeros by the gigabyte after its header": (lambda: zeros_by_the_gigabyte(WHOLE), "longer than"),
    "a .gz with another check sum": (PACKED[:-8] + b"\0" * 8, "damaged"),
}


KINDS: tuple[Kind, ...] = ("capture", "which")
"""What reads a capture."""


def _archive(path: Path) -> None:
    with tarfile.open(path, "w:gz"):
        pass


ROWS = [
    *(Row(name=name, kind=kind, data=data, word=word) for kind in KINDS for name, (data, word) in NOTHING.items()),
    *(
        Row(name=name, kind="capture", file="capture.jsonl.gz", data=data, word=word)
        for name, (data, word) in NOTHING_PACKED.items()
    ),
    *(
        Row(name=name, kind="capture", data=HEADER + OPENED + line + MESSAGE + CLOSED, line=3, word=word)
        for name, (line, word) in WRONG_LINES.items()
    ),
    Row(name="a line that is no JSON", kind="which", data=HEADER + OPENED + "hello\n" + CLOSED, line=3, word="no JSON"),
    Row(
        name="two captures in one file",
        kind="capture",
        data=sealed(OPENED, MESSAGE, CLOSED) * 2,
        line=6,
        word="two captures",
    ),
    Row(
        name="blank lines without end",
        kind="capture",
        data=sealed(OPENED, MESSAGE, CLOSED) + "\n" * 100_000,
        line=1006,
        word="nothing is due",
    ),
    *(Row(name=name, kind="capture", data=data, word=word, code=4) for name, (data, word) in IN_PART.items()),
    *(
        Row(name=name, kind="capture", file="capture.jsonl.gz", data=data, word=word, code=4)
        for name, (data, word) in IN_PART_PACKED.items()
    ),
    Row(name="an archive", kind="capture", file="capture.jsonl.gz", make=_archive, word="capture"),
    Row(name="a capture that is not there", kind="capture", make=leave, word="not there"),
    Row(name="a capture in no folder", kind="capture", file="no/c.jsonl", make=leave, word="not there"),
    Row(
        name="a capture in a file",
        kind="capture",
        file="f/c.jsonl",
        beside={"f": ""},
        make=leave,
        word="no folder",
    ),
    Row(name="a folder", kind="capture", make=Path.mkdir, word="folder"),
    Row(name="a device", kind="capture", file="/dev/zero", make=leave, word="device"),
    Row(name="a link to itself", kind="capture", make=lambda path: path.symlink_to(path), word="symbolic links"),
    Row(name="a name of 300 characters", kind="capture", file="x" * 300, make=leave, word="too long", named="xxx"),
    Row(name="a name with a line end", kind="capture", file="a\nb", make=leave, word="not there", named="a"),
]
