"""Streams broken in one place: records in, records out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from wscheck.pointer import MISSING, Pointer
from wscheck.record import Message, Record


def drop(records: Sequence[Record], slot: int) -> tuple[Record, ...]:
    """Leave the record at ``slot``, from 0, out."""
    return (*records[:slot], *records[slot + 1 :])


def repeat(records: Sequence[Record], slot: int, *, before: int | None = None) -> tuple[Record, ...]:
    """Let the record at ``slot`` come once more: right after itself, or just before the one at ``before``."""
    there = slot + 1 if before is None else before
    at = records[slot].at if before is None else records[min(there, len(records) - 1)].at
    return (*records[:there], replace(records[slot], at=at), *records[there:])


def rearrange(records: Sequence[Record], slots: Sequence[int], contents: Sequence[int]) -> tuple[Record, ...]:
    """Put what stands at ``contents`` into ``slots``; the times at which something came stay."""
    changed = list(records)
    for slot, content in zip(slots, contents, strict=True):
        changed[slot] = replace(records[content], at=records[slot].at)
    return tuple(changed)


def cut_short(records: Sequence[Record], slot: int) -> tuple[Record, ...]:
    """Let the peer say nothing more in the connection from ``slot`` on; what we said and how it ended stay."""
    first = records[slot]
    return tuple(
        record
        for place, record in enumerate(records)
        if place < slot
        or not isinstance(record, Message)
        or record.direction == "sent"
        or (record.session, record.connection) != (first.session, first.connection)
    )


def delay(records: Sequence[Record], slot: int, seconds: float) -> tuple[Record, ...]:
    """Let the record at ``slot`` and all after it in its connection come later."""
    first = records[slot]
    return tuple(
        replace(record, at=record.at + seconds)
        if place >= slot and (record.session, record.connection) == (first.session, first.connection)
        else record
        for place, record in enumerate(records)
    )


def rewrite(records: Sequence[Record], slot: int, text: str) -> tuple[Record, ...]:
    """Let the message at ``slot`` say ``text``."""
    changed = list(records)
    message = changed[slot]
    assert isinstance(message, Message)
    changed[slot] = replace(message, text=text)
    return tuple(changed)


def put(value: Any, pointer: str, member: Any) -> Any:
    """Return ``value`` with ``member`` where ``pointer`` leads, MISSING: nothing there. MISSING where it leads nowhere.

    The member itself need not be there, what it stands in must.
    """
    tokens = Pointer(pointer).tokens
    if not tokens:
        return member
    whole = deepcopy(value)
    around = whole
    for token in tokens[:-1]:
        around = Pointer("/" + token.replace("~", "~0").replace("/", "~1")).find(around)
    if isinstance(around, dict):
        if member is MISSING:
            around.pop(tokens[-1], None)
        else:
            around[tokens[-1]] = member
        return whole
    if isinstance(around, list) and tokens[-1].isascii() and tokens[-1].isdigit() and int(tokens[-1]) < len(around):
        around[int(tokens[-1])] = member
        return whole if member is not MISSING else MISSING
    return MISSING


def write(value: Any, *, array: bool = False) -> str:
    """Return the JSON text of an event; ``array``: in the array that its message is to be."""
    text = json.dumps(value, ensure_ascii=False)
    return f"[{text}]" if array else text
