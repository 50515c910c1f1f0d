"""What `-v` shows: each record as it comes, redacted, on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable

from wscheck.record import Message, Record
from wscheck.text import safe, shorten


def follow(verbosity: int) -> Callable[[Record], None]:
    """Return what tells of a record: nothing at 0, one line at 1, with the text of messages from 2 on."""
    if not verbosity:
        return _ignore
    import structlog  # noqa: PLC0415 - a tenth of a second, which only -v is to cost

    log = structlog.wrap_logger(
        structlog.PrintLogger(file=sys.stderr),
        processors=[structlog.processors.KeyValueRenderer(key_order=["at", "event"])],
    )

    def tell(record: Record) -> None:
        told: dict[str, object] = {"at": record.at, "session": safe(record.session)}
        if isinstance(record, Message):
            told["direction"] = record.direction
            if verbosity > 1:
                told["text"] = "(binary)" if record.text is None else shorten(safe(record.text), 200)
        log.msg(type(record).__name__.lower(), **told)

    return tell


def _ignore(record: Record) -> None:
    """Tell nothing."""
    del record
