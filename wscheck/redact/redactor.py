"""The redactor: one numbering of everything that is replaced, over texts, messages and records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from wscheck.pointer import Pointer
from wscheck.record import Record
from wscheck.redact.ledger import Ledger
from wscheck.redact.messages import MessageRedactor
from wscheck.redact.private import PRIVATE_HEADERS, secrets_in_uri
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

    __slots__ = ("_ledger", "_messages", "_paths", "_records")

    def __init__(
        self, secrets: Iterable[str] = (), pointers: Sequence[Pointer] = (), frames: Collection[str] = ("one",)
    ) -> None:
        self._ledger = Ledger(secrets)
        self._messages = MessageRedactor(self._ledger, pointers, frames)
        self._records = RecordRedactor(self._ledger, self._messages)
        self._paths = tuple(pointer.text for pointer in pointers)

    @property
    def names(self) -> tuple[str, ...]:
        """What is redacted, for the header of a capture."""
        headers = tuple(f"header:{name}" for name in PRIVATE_HEADERS)
        return (*headers, "jwt", *(("secret",) if self._ledger.knows else ()), *self._paths)

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret that it looks for."""
        return self._ledger.secrets

    def learn(self, secrets: Iterable[str]) -> None:
        """Look for ``secrets`` too. Only before the first record: what was equal in two of them must stay so."""
        self._ledger.learn(secrets)

    def learn_uri(self, uri: str | None) -> None:
        """Look for the secrets that ``uri`` holds too, as ``learn`` does."""
        self._ledger.learn(secrets_in_uri(uri or ""))

    def text(self, text: str) -> str:
        """Return ``text`` with every secret and every JWT in it replaced."""
        return self._ledger.text(text)

    def sentence(self, text: str) -> str:
        """Return ``text`` as ``text`` does, where parts of it may have been cut, as ``wscheck.text.shorten`` cuts."""
        return "…".join(map(self._ledger.end, self._ledger.text(text).split("…")))

    def uri(self, uri: str) -> str:
        """Return ``uri`` without user information, and without the values of parameters named like a secret."""
        return self._records.uri(uri)

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
