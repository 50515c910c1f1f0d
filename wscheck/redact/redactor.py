"""The redactor: one numbering of everything that is replaced, over texts, messages and records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from wscheck.pointer import Pointer
from wscheck.record import Record
from wscheck.redact.ledger import Ledger
from wscheck.redact.messages import MessageRedactor
from wscheck.redact.private import PRIVATE_HEADERS
from wscheck.redact.records import RecordRedactor


class Redactor:
    """Replaces secrets by placeholders, ``<redacted:1>`` and on, numbered as they first appear.

    ``secrets`` are found in every spelling that a header, a URI or a JSON text may give them; one of less than four
    characters only where it is a whole text, header value or JSON string. JWTs are found whether they are known or
    not. ``pointers`` lead to what no event may show; ``frames`` are the ways in which a message may hold its events: as
    a contract's ``frame`` says, of every contract that may be held.

    Equal texts get equal placeholders and unequal ones unequal; redacting what was redacted, with a new redactor,
    changes nothing.
    """

    __slots__ = ("_ledger", "_messages", "_records", "names")

    def __init__(
        self, secrets: Iterable[str] = (), pointers: Sequence[Pointer] = (), frames: Collection[str] = ("one",)
    ) -> None:
        known = [secret for secret in secrets if secret]
        self._ledger = Ledger(known)
        self._messages = MessageRedactor(self._ledger, pointers, frames)
        self._records = RecordRedactor(self._ledger, self._messages)
        headers = tuple(f"header:{name}" for name in PRIVATE_HEADERS)
        paths = tuple(pointer.text for pointer in pointers)
        self.names: tuple[str, ...] = (*headers, "jwt", *(("secret",) if known else ()), *paths)
        """What is redacted, for the header of a capture."""

    def text(self, text: str) -> str:
        """Return ``text`` with every secret and every JWT in it replaced."""
        return self._ledger.text(text)

    def message(self, text: str) -> str:
        """Return the text of a message with every secret, every JWT and all that the pointers lead to replaced.

        In a JSON text (RFC 8259) each scalar keeps its type: strings become placeholders, numbers small integers,
        booleans true, and null stays. All else, duplicate members and the spelling of numbers included, stays as it
        was, and so does what is wrong with it. A text that is no JSON is read as far as it looks like it.
        """
        return self._messages.redact(text)

    def record(self, record: Record) -> Record:
        """Return ``record`` with every foreign text in it redacted."""
        return self._records.redact(record)
