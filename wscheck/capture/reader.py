"""Capture files, read: lazily, as far as they are whole, and saying so where they are not."""

from __future__ import annotations

import gzip
import hashlib
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from wscheck.capture import damage
from wscheck.capture.jsonl import End, Header, decode_header, decode_line, decode_plain_message
from wscheck.capture.members import CaptureLineError, NotJsonError
from wscheck.capture.writer import COMPRESSED
from wscheck.errors import CaptureError
from wscheck.record import Record
from wscheck.text import safe

_HEADER_MOST = 1024 * 1024
"""Bytes in which a first line must end: what is no capture may have no line end at all."""

LINE_MOST = 6 * 64 * 2**20 + _HEADER_MOST
"""Bytes of the longest line that is read: a message of 64 MiB, each byte of it escaped as JSON does, and the rest."""

_BLANK_MOST = 1000
"""Blank lines that may stand after the end line."""

_PIECE = 1024 * 1024
"""Bytes of a line that are read at once: a compressed file may hold a thousand times its size."""


def read_capture(path: str | Path) -> CaptureReader:
    """Open the capture at ``path`` and read its header; ``.gz`` is decompressed.

    Raises CaptureError, in one sentence that names the file and says what it looks like, where it is no capture.
    """
    return CaptureReader(path)


class CaptureReader:
    """A capture being read: iterate once over its records, which come lazily, in order.

    What cannot be known before is known after the iteration: ``truncated``, whether records are or may be lacking;
    ``notes``, a sentence for each reason; ``records``, how many were read. Iterating raises CaptureError, with file
    and line, where a line in the middle is no record.
    """

    __slots__ = ("_file", "_line", "header", "notes", "path", "records", "truncated")

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.truncated = False
        self.notes: list[str] = []
        self.records = 0
        self._line = 1
        self._file = _open(self.path)
        try:
            self.header = self._read_header()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file. Does nothing where it is closed; an iteration to the end does it too."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __iter__(self) -> Iterator[Record]:
        digest = hashlib.sha256()
        with self._file:
            while line := self._next_line():
                match decode_plain_message(line) or self._decode(line):
                    case None:
                        self._note_torn(len(line))
                        return
                    case End() as end:
                        self._check_end(end, digest.hexdigest())
                        return
                    case record:
                        digest.update(line)
                        self.records += 1
                        yield record
            self._note_cut()

    def _read_header(self) -> Header:
        try:
            line = self._file.readline(_HEADER_MOST)
        except (EOFError, zlib.error, OSError) as error:
            raise damage.unreadable(self.path, error) from error
        try:
            return decode_header(line.decode("utf-8"))
        except (UnicodeDecodeError, CaptureLineError):
            what = damage.describe(line, unpacked=isinstance(self._file, gzip.GzipFile), most=_HEADER_MOST)
            raise CaptureError(f"{safe(str(self.path))} {what}") from None

    def _next_line(self) -> bytes:
        """Return the next line, nothing where there is none, or none that can be read."""
        self._line += 1
        try:
            line = self._read_line()
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self._lack("its compressed data break off or are damaged; what stands before that was read")
            return b""
        except OSError as error:
            raise damage.unreadable(self.path, error) from error
        if line is not None:
            return line
        self._lack(
            f"its line {self._line} is longer than the {LINE_MOST} bytes that a record may have, and was not read; "
            "what stands before that was read"
        )
        return b""

    def _read_line(self) -> bytes | None:
        """Return the next line, None where it is longer than LINE_MOST."""
        piece = self._file.readline(_PIECE)
        if len(piece) < _PIECE:
            return piece
        pieces, left = [piece], LINE_MOST - len(piece)
        while left >= 0 and not piece.endswith(b"\n") and (piece := self._file.readline(_PIECE)):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces) if left >= 0 else None

    def _decode(self, line: bytes) -> Record | End | None:
        """Return what ``line`` holds, or None where it is torn and the last."""
        try:
            return decode_line(line.decode("utf-8"))
        except (UnicodeDecodeError, NotJsonError) as error:
            place = self._line
            if not self._next_line():
                return None
            why = str(error) if isinstance(error, NotJsonError) else "this line is not UTF-8"
        except CaptureLineError as error:
            place, why = self._line, str(error)
        raise CaptureError(f"{safe(str(self.path))}:{place}: {why}")

    def _check_end(self, end: End, digest: str) -> None:
        if end.records != self.records:
            self._lack(f"its end line says {end.records} records, and {self.records} stand in it")
        elif end.sha256 != digest:
            self._lack("the sha256 of its end line does not fit its records: it was changed after it was written")
        end_line = self._line
        while line := self._next_line():
            if line.strip() or self._line - end_line > _BLANK_MOST:
                raise CaptureError(
                    f"{safe(str(self.path))}:{self._line}: this line stands after the end line, where nothing is due; "
                    "are these two captures in one file?"
                )

    def _note_torn(self, length: int) -> None:
        self._lack(f"its last line is torn after {length} bytes and was not read")

    def _note_cut(self) -> None:
        if not self.truncated:
            self._lack("it has no end line: writing it was broken off, and records may be lacking")

    def _lack(self, why: str) -> None:
        self.truncated = True
        self.notes.append(why)


def _open(path: Path) -> BinaryIO | gzip.GzipFile:
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            what = "a folder" if stat.S_ISDIR(mode) else "a device"
            raise CaptureError(f"{safe(str(path))} is {what}, and a capture is a file")
        if path.suffix == COMPRESSED:
            return gzip.open(path, "rb")
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise damage.unreadable(path, error) from error
