"""A record redacted: every foreign text in it, of whatever kind of record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wscheck.record import (
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
from wscheck.redact.ledger import Ledger
from wscheck.redact.messages import MessageRedactor
from wscheck.redact.private import is_private_header, private_spans
from wscheck.redact.spellings import merge_spans


class RecordRedactor:
    """Redacts records. What wscheck itself chose stays: kinds, codes, causes, and the names of sessions and steps."""

    __slots__ = ("_ledger", "_messages")

    def __init__(self, ledger: Ledger, messages: MessageRedactor) -> None:
        self._ledger = ledger
        self._messages = messages

    def redact(self, record: Record) -> Record:
        """Return ``record`` with every foreign text in it redacted."""
        text = self._ledger.text
        match record:
            case Message():
                return self._message(record)
            case Opened():
                return self._opened(record)
            case Pong() | Stall():
                return record
            case Note() | Violation():
                return replace(record, text=text(record.text))
            case Step():
                return replace(record, expected=text(record.expected), text=text(record.text))
            case Closed():
                return replace(record, reason=self._ledger.end(text(record.reason)))  # it has 123 bytes at most
            case Refused():
                uri, headers = self._uri(record.uri), self._headers(record.headers)
                credentials = self._text(record.credentials)
                body = self._ledger.end(self._messages.redact(record.body))
                return replace(record, uri=uri, headers=headers, credentials=credentials, body=body)
            case Blocked():
                uri, credentials = self._uri(record.uri), self._text(record.credentials)
                return replace(record, uri=uri, credentials=credentials, text=text(record.text))
            case Cut():
                return replace(record, awaiting=text(record.awaiting), text=text(record.text))

    def uri(self, uri: str) -> str:
        """Return ``uri`` with every secret in it redacted, and what is private by its place or its name."""
        return self._ledger.replace(uri, merge_spans([*self._ledger.spans(uri), *private_spans(uri)]))

    def _opened(self, record: Opened) -> Opened:
        text = self._ledger.text
        return replace(
            record,
            uri=self._uri(record.uri),
            subprotocol=self._text(record.subprotocol),
            offered=None if record.offered is None else tuple(map(text, record.offered)),
            identity=self._json(record.identity),
            headers=self._headers(record.headers),
            credentials=self._text(record.credentials),
        )

    def _message(self, record: Message) -> Message:
        if record.text is not None:
            redacted = self._messages.redact(record.text)
            return record if redacted is record.text else replace(record, text=redacted)
        if record.binary is None:
            return record
        text = record.binary.decode("utf-8", "surrogateescape")
        if not self._ledger.holds_secret(text):
            return record
        broken = b"\xff" if record.opcode == "text" else b""  # a text message that was no UTF-8 stays none
        return replace(record, binary=self._ledger.placeholder(text).encode() + broken)

    def _text(self, text: str | None) -> str | None:
        return None if text is None else self._ledger.text(text)

    def _headers(self, headers: Mapping[str, str] | None) -> Mapping[str, str] | None:
        if headers is None:
            return None
        return {self._ledger.part(name): self._header(name, value) for name, value in headers.items()}

    def _header(self, name: str, value: str) -> str:
        if name.lower() == "location":  # where to go instead (RFC 9110, section 10.2.2), perhaps with what opens it
            return self.uri(value)
        return self._ledger.placeholder(value) if value and is_private_header(name) else self._ledger.text(value)

    def _uri(self, uri: str | None) -> str | None:
        return None if uri is None else self.uri(uri)

    def _json(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._ledger.text(value)
        if isinstance(value, list | tuple):
            return [self._json(item) for item in value]
        if isinstance(value, dict):
            return {self._ledger.part(name): self._json(member) for name, member in value.items()}
        return value
