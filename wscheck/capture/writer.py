"""Capture files, written: each record on its way to disk before the next one is taken."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

from wscheck.capture import damage
from wscheck.capture.jsonl import End, Header, encode_end, encode_header, encode_record
from wscheck.errors import CaptureError
from wscheck.record import Record
from wscheck.text import safe

COMPRESSED = ".gz"
"""The suffix of a compressed capture (RFC 1952)."""


class CaptureWriter:
    """A capture being written; use it with ``with``. A name that ends in ``.gz`` is compressed.

    The file is made at once, exclusively and with mode 0600; each record is handed to the operating system before
    ``write`` returns, so that a killed process loses none. ``finish`` writes the end line; without it the capture is
    a truncated one. Every method raises CaptureError where the file cannot be written.
    """

    __slots__ = ("_compress", "_descriptor", "_digest", "_had_name", "path", "records")

    def __init__(self, path: str | Path, header: Header, *, overwrite: bool = False) -> None:
        self.path = Path(path)
        self.records = 0
        self._digest = hashlib.sha256()
        # 31: the largest window, with the header and the check sum of gzip.
        self._compress = zlib.compressobj(wbits=31) if self.path.suffix == COMPRESSED else None
        self._descriptor: int | None = _create(self.path, overwrite=overwrite)
        self._had_name = os.fstat(self._descriptor).st_nlink > 0  # not every file system counts names
        try:
            self._put(encode_header(header).encode("ascii") + b"\n")
        except BaseException:
            self.close()
            raise

    def write(self, record: Record) -> None:
        """Add ``record``."""
        line = encode_record(record).encode("ascii") + b"\n"
        self._put(line)
        self._digest.update(line)
        self.records += 1

    def finish(self) -> None:
        """Write the end line and close the file. Raises CaptureError too where somebody has removed it meanwhile."""
        if self._descriptor is not None and self._had_name and os.fstat(self._descriptor).st_nlink == 0:
            self.close()
            raise damage.removed(self.path)
        end = encode_end(End(records=self.records, sha256=self._digest.hexdigest()))
        self._put(end.encode("ascii") + b"\n", last=True)
        self.close()

    def close(self) -> None:
        """Close the file as it is. Does nothing where it is closed."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _put(self, data: bytes, *, last: bool = False) -> None:
        if self._descriptor is None:
            raise CaptureError(f"{safe(str(self.path))}: this capture is closed and takes no more records")
        if self._compress:
            flush = zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH
            data = self._compress.compress(data) + self._compress.flush(flush)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            # Nothing may follow what is perhaps half a line.
            self.close()
            raise damage.unwritable(self.path, error) from error


def _create(path: Path, *, overwrite: bool) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        if overwrite and os.path.lexists(path):
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise CaptureError(f"{safe(str(path))} is no regular file, and is not overwritten: choose another name")
            # A new file, not the old one cut to nothing: its mode and other names of it are not ours.
            path.unlink()
        return os.open(path, flags, 0o600)
    except (OSError, ValueError) as error:
        raise damage.unwritable(path, error) from error
