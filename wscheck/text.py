"""Foreign text made safe: no character that a server sent can move a cursor, hide, or reorder what is shown."""

from __future__ import annotations

import re

# C0 and C1 controls and DEL, bidirectional controls, line and paragraph separators, zero-width and tag characters,
# the byte order mark, surrogates, and what else is shown as nothing: soft hyphen, joiners, fillers and the selectors of
# variants that no emoji needs.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def safe(text: str) -> str:
    r"""Return ``text`` with every character that is not plainly visible written as ``\u{…}``."""
    return _UNSAFE.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)


def shorten(text: str, most: int = 120) -> str:
    """Return ``text`` cut to ``most`` characters, saying how many follow."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most} more)"
