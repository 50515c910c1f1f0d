"""Capture format 1: records to lines of JSON and back, without any I/O."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from json.encoder import encode_basestring_ascii as quote
from math import isfinite
from typing import Any

import orjson

from wscheck.capture import members
from wscheck.capture.members import CaptureLineError, Read, wrong
from wscheck.record import (
    CUT_CAUSES,
    PHASES,
    Blocked,
    Closed,
    Cut,
    Message,
    Note,
    Opened,
    Pong,
    Record,
    Refused,
    Stall,
    Step,
    Violation,
)

FORMAT = "capture-1"
"""What the member ``wscheck`` of a header says."""

_END = "end"
_TEXTS = ("tool", "run", "started", "scenario")
_ENCODER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))


# What `encode_record` writes for most of what comes: a text message of a session's first connection.
_PLAIN = re.compile(
    rb'\{"at":((?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?),"session":"([ !#-\[\]-~]*)","kind":"message",'
    rb'"direction":"(received|sent)","text":(".*")\}\n?'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line. ``started`` is an RFC 3339 date-time in UTC; ``redacted`` names what was replaced, as
    ``header:authorization``; ``scenario`` is the scenario's name and ``exercises`` the scopes that it must see.
    """

    tool: str
    run: str
    started: str
    redacted: tuple[str, ...] = ()
    scenario: str | None = None
    exercises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The last line. ``sha256`` is the hexadecimal digest of all record lines, newlines included."""

    records: int
    sha256: str


def encode_header(header: Header) -> str:
    """Return the first line of a capture, without its newline."""
    line = {"tool": header.tool, "run": header.run, "started": header.started, "redacted": header.redacted}
    given = {"scenario": header.scenario, "exercises": header.exercises}
    return _ENCODER.encode({"wscheck": FORMAT, **line, **{name: value for name, value in given.items() if value}})


def encode_record(record: Record) -> str:
    """Return ``record`` as one line of ASCII JSON, without its newline.

    Bytes stand in base64 (RFC 4648, section 4). A member at its default is left out, but for those that a reader of
    its kind expects. Raises ValueError where a number is not finite.
    """
    if isinstance(record, Message) and record.connection == 1 and record.text is not None and isfinite(record.at):
        # What comes most often, and the same as below: json quotes a string as the encoder does.
        session, text = quote(record.session), quote(record.text)
        start = f'{{"at":{record.at!r},"session":{session},"kind":"message","direction":"{record.direction}"'
        return f'{start},"text":{text}}}'
    kind = _KIND_OF[type(record)]
    line: dict[str, Any] = {"at": record.at, "session": record.session}
    if record.connection != 1:
        line["connection"] = record.connection
    line["kind"] = kind
    layout, defaults = _KINDS[kind], _DEFAULTS[kind]
    for name in layout.shown:
        line[name] = _plain(getattr(record, name))
    for name in layout.others:
        value = getattr(record, name)
        if value != defaults[name]:
            line[name] = _plain(value)
    return _ENCODER.encode(line)


def encode_end(end: End) -> str:
    """Return the last line of a capture, without its newline."""
    return _ENCODER.encode({"wscheck": _END, "records": end.records, "sha256": end.sha256})


def decode_header(line: str) -> Header:
    """Read the first line. Raises CaptureLineError where it is none of this format."""
    found = members.decode(line)
    if found.get("wscheck") != FORMAT:
        raise CaptureLineError(f'its first line has no "wscheck": "{FORMAT}"')
    tool, run, started, scenario = (members.text(name, found.get(name) or "") for name in _TEXTS)
    redacted, exercises = (members.texts(name, found.get(name) or []) for name in ("redacted", "exercises"))
    return Header(
        tool=tool, run=run, started=started, redacted=redacted, scenario=scenario or None, exercises=exercises
    )


def decode_record(line: str) -> Record:
    """Read one record's line; members that this version does not know are passed over.

    Raises CaptureLineError, in one sentence, where the line is no record.
    """
    return _record(members.decode(line))


def decode_line(line: str) -> Record | End:
    """Read any line but the first. Raises CaptureLineError as ``decode_record`` does."""
    found = members.decode(line)
    return _end(found) if "wscheck" in found else _record(found)


def decode_plain_message(line: bytes) -> Message | None:
    """Read the line of a text message at once, where it is just as ``encode_record`` writes it; None for any other."""
    plain = _PLAIN.fullmatch(line)
    if plain is None:
        return None
    at, session, direction, text = plain.groups()
    try:
        # What is one JSON string has no other member in it.
        decoded = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return Message(
        at=float(at),
        session=session.decode(),
        direction="received" if direction == b"received" else "sent",
        text=decoded,
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """The members of one kind: ``shown`` are always written, ``others`` only where they are not at their default."""

    record: type[Record]
    shown: Mapping[str, Read]
    others: Mapping[str, Read]


_KINDS: Mapping[str, _Layout] = {
    "opened": _Layout(
        Opened,
        {
            "uri": members.text,
            "subprotocol": members.text,
            "offered": members.texts,
            "identity": members.anything,
            "headers": members.headers,
        },
        {"expires": members.number, "phases": members.durations, "credentials": members.text, "probe": members.probe},
    ),
    "message": _Layout(
        Message,
        {"direction": members.one_of("received", "sent")},
        {"text": members.text, "binary": members.binary, "opcode": members.one_of("text")},
    ),
    "pong": _Layout(Pong, {"latency": members.seconds}, {}),
    "stall": _Layout(Stall, {"seconds": members.seconds}, {}),
    "note": _Layout(Note, {"code": members.text, "text": members.text}, {}),
    "violation": _Layout(
        Violation, {"code": members.one_of("handshake", "negotiation", "framing"), "text": members.text}, {}
    ),
    "step": _Layout(
        Step,
        {"id": members.text, "outcome": members.one_of("timeout", "unmet"), "expected": members.text},
        {
            "required": members.flag,
            "welcome": members.flag,
            "since": members.seconds,
            "due": members.seconds,
            "text": members.text,
        },
    ),
    "closed": _Layout(
        Closed,
        {"code": members.whole(0, 65535), "reason": members.text, "initiator": members.one_of("peer", "tool")},
        {},
    ),
    "refused": _Layout(
        Refused,
        {"uri": members.text, "status": members.whole(100, 999), "headers": members.headers, "body": members.text},
        {"expected": members.flag, "phases": members.durations, "credentials": members.text, "probe": members.probe},
    ),
    "blocked": _Layout(
        Blocked,
        {"uri": members.text, "phase": members.one_of(*PHASES), "cause": members.text, "text": members.text},
        {"phases": members.durations, "credentials": members.text},
    ),
    "cut": _Layout(
        Cut,
        {
            "cause": members.one_of(*CUT_CAUSES),
            "awaiting": members.text,
        },
        {"text": members.text},
    ),
}

_KIND_OF: Mapping[type[Record], str] = {layout.record: kind for kind, layout in _KINDS.items()}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    kind: {field.name: field.default for field in fields(layout.record)} for kind, layout in _KINDS.items()
}
_BASE: Mapping[str, Read] = {"at": members.seconds, "session": members.text, "connection": members.whole(1, 2**53)}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return dict(value) if isinstance(value, Mapping) else value


def _record(found: dict[str, Any]) -> Record:
    kind = found.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise wrong("kind", kind, f"must be one of {', '.join(_KINDS)}")
    layout = _KINDS[kind]
    reads = {**_BASE, **layout.shown, **layout.others}
    values: dict[str, Any] = {}
    for field in fields(layout.record):
        # What is absent is null or left out: both mean the default.
        if (value := found.get(field.name)) is not None:
            values[field.name] = reads[field.name](field.name, value)
        elif field.default is MISSING:
            raise CaptureLineError(f'a record of kind "{kind}" must have the member "{field.name}"')
    if layout.record is Message:
        _check_payload(values)
    return layout.record(**values)


def _check_payload(values: Mapping[str, Any]) -> None:
    if ("text" in values) == ("binary" in values):
        raise CaptureLineError('a message must have exactly one of the members "text" and "binary"')
    if "opcode" in values and "binary" not in values:
        raise CaptureLineError('the member "opcode" may stand only beside "binary"')


def _end(found: dict[str, Any]) -> End:
    if found["wscheck"] == FORMAT:
        raise CaptureLineError("a second header stands where a record is due: are these two captures in one file?")
    if found["wscheck"] != _END:
        raise wrong("wscheck", found["wscheck"], f'must be "{_END}" in any line but the first')
    records = members.whole(0, 2**53)("records", found.get("records"))
    return End(records=records, sha256=members.sha256("sha256", found.get("sha256")))
