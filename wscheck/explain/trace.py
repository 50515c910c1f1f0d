"""The streams of the examples: what a table says in short, as the records that the checker takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from wscheck.capture.jsonl import decode_record
from wscheck.record import Blocked, Closed, Cut, Opened, Record, Refused

SESSION = "ada"
"""The session that is meant where none is named."""

_STEP = 0.1


def read_trace(items: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Return the records of a stream.

    ``received`` and ``sent`` hold a message as JSON, ``text`` one received verbatim; what has a ``kind`` is a record
    with the members that it has in a capture. ``at`` (seconds) and ``session`` may be left out. Where it is not told,
    the session opens first, and the server closes it with 1000 at the end.
    """
    records = [_read_item(item, (number + 1) * _STEP) for number, item in enumerate(items)]
    if not isinstance(records[0], Opened | Refused | Blocked):
        records.insert(0, _decode({"kind": "opened"}, 0.0))
    ended = {record.session for record in records if isinstance(record, Closed | Refused | Blocked | Cut)}
    last = records[-1].at
    if SESSION not in ended and any(record.session == SESSION for record in records):
        records.append(_decode({"kind": "closed", "code": 1000}, last + _STEP))
    return records


def _read_item(item: Mapping[str, Any], at: float) -> Record:
    match item:
        case {"kind": _}:
            return _decode(item, at)
        case {"text": text}:
            return _decode_message(item, "received", text, at)
        case {"sent": value}:
            return _decode_message(item, "sent", json.dumps(value), at)
        case _:
            return _decode_message(item, "received", json.dumps(item["received"]), at)


def _decode_message(item: Mapping[str, Any], direction: str, text: str, at: float) -> Record:
    placed = {name: item[name] for name in ("at", "session") if name in item}
    return _decode({"kind": "message", "direction": direction, "text": text, **placed}, at)


def _decode(members: Mapping[str, Any], at: float) -> Record:
    return decode_record(json.dumps({"at": at, "session": SESSION, **members}))
