"""Streams whose messages hold several events each: neighbours of a stream put into one message."""

from __future__ import annotations

from random import Random
from typing import Any

Record = dict[str, Any]


def put_together(rng: Random, records: list[Record], frame: str) -> list[Record]:
    """Put about half of the messages that stand side by side in one direction into one message, as ``frame`` says."""
    framed: list[Record] = []
    for record in map(dict, records):
        last = framed[-1] if framed else {}
        if _holds_text(record) and _holds_text(last) and _side(record) == _side(last) and rng.random() < 0.5:
            last["text"] += ("\n" if frame == "lines" else ",") + record["text"]
        else:
            framed.append(record)
    for record in framed:
        if frame == "array" and _holds_text(record):
            record["text"] = f"[{record['text']}]"
    return framed


def _holds_text(record: Record) -> bool:
    return record.get("kind") == "message" and record.get("text") is not None


def _side(record: Record) -> tuple[Any, ...]:
    return record["session"], record.get("connection"), record["direction"]
