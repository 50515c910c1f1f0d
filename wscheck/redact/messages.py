"""A message redacted in place: what is not secret stays to the character, and so does what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence

from wscheck.pointer import Pointer
from wscheck.redact.ledger import Ledger
from wscheck.redact.places import Scalar, plant, scan
from wscheck.redact.spellings import Span, merge_spans

_SURROGATE = re.compile("[\ud800-\udfff]")


class MessageRedactor:
    """Redacts the text of messages: what ``pointers`` lead to, and what ``ledger`` finds.

    ``frames`` are the ways in which a message may hold its events, as a contract's ``frame`` says: the pointers lead
    into each event.
    """

    __slots__ = ("_landmarks", "_ledger", "_lines", "_tree")

    def __init__(self, ledger: Ledger, pointers: Sequence[Pointer], frames: Collection[str] = ()) -> None:
        self._ledger = ledger
        self._lines = "lines" in frames
        self._tree = plant(pointers, each=not {"array", "lines"}.isdisjoint(frames))
        self._landmarks = _landmarks(pointers)

    def redact(self, text: str) -> str:
        """Return ``text`` with every secret, every JWT and all that the pointers lead to replaced."""
        if not self._concerns(text):
            return text
        if self._lines and "\n" in text:
            lines = text.split("\n")
            # One value over several lines is none that the contract knows, but what is private in it stays private.
            if all(scan(line, self._tree).sound for line in lines) or not scan(text, self._tree).sound:
                return "\n".join(map(self._redact, lines))
        return self._redact(text)

    def _redact(self, text: str) -> str:
        scanned = scan(text, self._tree)
        if not scanned.sound:
            return self._redact_other(text)
        # Between the scalars is the text's structure: even if a secret looks like it, it must stand.
        pieces: list[str] = []
        end = 0
        for scalar in scanned.scalars:
            pieces += text[end : scalar.start], self._scalar(scalar)
            end = scalar.end
        return "".join((*pieces, text[end:]))

    def _redact_other(self, text: str) -> str:
        """Return ``text``, which is no JSON, redacted; a secret may lie across what looks like structure there."""
        ledger = self._ledger
        if text in ledger.short:
            return ledger.placeholder(text)
        spans = ledger.spans(text)
        hidden = {(one.start, one.end): one for one in scan(_mask(text, spans), self._tree).scalars if one.hidden}
        pieces: list[str] = []
        end = 0
        for start, stop in merge_spans([*spans, *hidden]):
            pieces += text[end:start], self._conceal(text[start:stop], hidden.get((start, stop)))
            end = stop
        redacted = "".join((*pieces, text[end:]))
        # What was no JSON must not become JSON by losing just the part that was wrong.
        return "}" + redacted if scan(redacted, self._tree).sound else redacted

    def _conceal(self, token: str, scalar: Scalar | None) -> str:
        """Return what stands for ``token`` in a text that is no JSON: a scalar stays one, so that what follows does."""
        ledger = self._ledger
        match scalar:
            case None:
                return ledger.placeholder(token)
            case Scalar(kind="number"):
                return ledger.number(token)
            case Scalar(kind="literal", value=value):
                return "true" if value == "false" else token
            case Scalar(kind="string", shut=True):
                return f'"{ledger.placeholder(token[1:-1])}"'
            case Scalar(kind="string"):
                return f'"{ledger.placeholder(token[1:])}'
            case _:
                return f'"{ledger.placeholder(token)}"'

    def _scalar(self, scalar: Scalar) -> str:
        ledger = self._ledger
        match scalar.kind:
            case "string" | "word" if scalar.hidden:
                return _rewrite(scalar, ledger.placeholder(scalar.value))
            case "string":
                return _rewrite(scalar, ledger.text(scalar.value))
            case "name" | "word":
                return _rewrite(scalar, ledger.part(scalar.value))
            case "number" if scalar.hidden:
                return ledger.number(scalar.token)
            case "number":
                return "0" if ledger.is_secret(scalar.token) else scalar.token
            case "literal":
                return "true" if scalar.hidden and scalar.value == "false" else scalar.token

    def _concerns(self, text: str) -> bool:
        """Whether there may be anything to replace. Cheap, for most messages hold nothing."""
        if self._ledger.short or self._landmarks is None:
            return True
        if "\\" in text and (self._ledger.knows or self._landmarks):
            return True  # a name or a secret may be escaped; a JWT that nobody named has nothing to escape
        return any(name in text for name in self._landmarks) or self._ledger.holds_secret(text)


def _mask(text: str, spans: Sequence[Span]) -> str:
    """Return ``text`` with what stands at ``spans`` made into what is no structure, neither now nor once replaced."""
    pieces: list[str] = []
    end = 0
    for start, stop in spans:
        pieces += text[end:start], "<" * (stop - start)
        end = stop
    return "".join((*pieces, text[end:]))


def _rewrite(scalar: Scalar, clean: str) -> str:
    """Return ``clean`` as a JSON string, flawed if ``scalar`` was."""
    if clean == scalar.value:
        return scalar.token
    if _SURROGATE.search(scalar.value) and not _SURROGATE.search(clean):
        clean += "\ud800"  # what was no Unicode text stays none
    string = json.dumps(clean, ensure_ascii=bool(_SURROGATE.search(clean)))
    if not scalar.flawed:
        return string
    # An unescaped line break is none that JSON knows in a string, and a string without its end is none either.
    return f'{string[:-1]}\n"' if scalar.shut or scalar.kind == "word" else string[:-1]


def _landmarks(pointers: Sequence[Pointer]) -> tuple[str, ...] | None:
    """Return names, quoted, one of which must stand in a message for a pointer to lead anywhere in it.

    None where a pointer has no token that can only be a name.
    """
    names: list[str] = []
    for pointer in pointers:
        telling = [token for token in pointer.tokens if not token.isdigit()]
        if not telling:
            return None
        names.append(f'"{telling[-1]}"')
    return tuple(names)
