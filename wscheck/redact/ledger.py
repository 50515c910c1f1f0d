"""The ledger of what was replaced, and by which placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import isinf

from wscheck.json_text import MAX_DIGITS
from wscheck.redact.spellings import LEAST, LEAST_PART, Span, jwt_spans, merge_spans, pattern_of, spellings_of

_PLACEHOLDER = re.compile(r"<redacted:[0-9]+>")


class Ledger:
    """Finds secrets in texts, and numbers what it replaces by first appearance.

    Equal texts get equal placeholders and unequal ones unequal, placeholders that were there before included: so
    nothing that was equal becomes unequal or the other way round, and redacting twice gives what redacting once gave.
    """

    __slots__ = ("_numbers", "_pattern", "_placeholders", "_secrets", "_spellings", "short")

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets: frozenset[str] = frozenset()
        self._spellings: tuple[str, ...] = ()
        self._pattern: re.Pattern[str] | None = None
        self._placeholders: dict[str, int] = {}
        self._numbers: dict[float, int] = {}
        self.short: frozenset[str] = frozenset()
        self.learn(secrets)

    @property
    def knows(self) -> bool:
        """Whether there is any secret to look for."""
        return bool(self._secrets)

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret that is looked for."""
        return self._secrets

    def learn(self, secrets: Iterable[str]) -> None:
        """Look for ``secrets`` too from now on."""
        # A secret out of a file may have come with its newline, and is sent without.
        known = self._secrets.union(form for secret in secrets for form in (secret, secret.strip()) if form)
        if known != self._secrets:
            self._secrets = known
            self._spellings = spellings_of(known)
            self._pattern = pattern_of(self._spellings)
            self.short = frozenset(secret for secret in known if len(secret) < LEAST)

    def text(self, text: str) -> str:
        """Return ``text`` with every secret and every JWT in it replaced."""
        return self.placeholder(text) if text in self.short else self.part(text)

    def part(self, text: str) -> str:
        """Return ``text``, which is part of something longer, with all but short secrets replaced."""
        spans = self.spans(text)
        return self.replace(text, spans) if spans else text

    def end(self, text: str) -> str:
        """Return ``text``, which may have come cut, with the beginning of a secret at its end replaced."""
        size = max((_overlap(text, spelling) for spelling in self._spellings), default=0)
        return self.replace(text, [(len(text) - size, len(text))]) if size else text

    def holds_secret(self, text: str) -> bool:
        """Whether text() would replace anything."""
        return text in self.short or bool(self.spans(text))

    def is_secret(self, text: str) -> bool:
        """Whether ``text`` is a secret that is looked for everywhere."""
        return text in self._secrets and len(text) >= LEAST

    def spans(self, text: str) -> list[Span]:
        """Return where placeholders, secrets and JWTs stand, in order. What stands in a placeholder is none."""
        if not self._pattern and "eyJ" not in text and "<redacted:" not in text:
            return []
        spans: list[Span] = []
        end = 0
        for known in _PLACEHOLDER.finditer(text):
            spans += [*self._find(text, end, known.start()), known.span()]
            end = known.end()
        return [*spans, *self._find(text, end, len(text))]

    def replace(self, text: str, spans: Sequence[Span]) -> str:
        """Return ``text`` with what stands at ``spans``, which are in order, replaced."""
        pieces: list[str] = []
        end = 0
        for start, stop in spans:
            pieces += text[end:start], self.placeholder(text[start:stop])
            end = stop
        return "".join((*pieces, text[end:]))

    def placeholder(self, secret: str) -> str:
        """Return what stands for ``secret``."""
        return f"<redacted:{self._placeholders.setdefault(secret, len(self._placeholders) + 1)}>"

    def number(self, token: str) -> str:
        """Return the small integer that stands for the JSON number ``token``.

        One that is infinite as a double, or too long, gets one that is so too: this is found fault with.
        """
        double = float(token)
        value = int(token) if token.lstrip("-").isdigit() and not isinf(double) else double
        number = self._numbers.setdefault(value, len(self._numbers) + 1)
        if isinf(double):
            return f"{'-' if double < 0 else ''}{number}e999"
        if sum(map(str.isdigit, token)) > MAX_DIGITS:
            return f"{number}.{'0' * MAX_DIGITS}"
        return str(number)

    def _find(self, text: str, start: int, end: int) -> list[Span]:
        piece = text[start:end]
        found = [match.span() for match in self._pattern.finditer(piece)] if self._pattern else []
        return [(start + first, start + last) for first, last in merge_spans([*found, *jwt_spans(piece)])]


def _overlap(text: str, spelling: str) -> int:
    """Return how many characters at the end of ``text`` are the beginning of ``spelling``, 0 for a few."""
    sizes = range(min(len(text), len(spelling) - 1), LEAST_PART - 1, -1)
    return next((size for size in sizes if text.endswith(spelling[:size])), 0)
