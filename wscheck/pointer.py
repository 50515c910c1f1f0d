"""JSON Pointer (RFC 6901) over decoded JSON."""

from __future__ import annotations

import re
from typing import Any, Final


class _Missing:
    """The type of MISSING."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()
"""What a pointer finds where there is nothing. Not null: null is something."""

_ARRAY_INDEX = re.compile(r"0|[1-9][0-9]*")
_BAD_ESCAPE = re.compile(r"~(?![01])")


class Pointer:
    """One JSON Pointer, its tokens unescaped once. Raises ValueError where ``text`` is none."""

    __slots__ = ("_tokens", "text")

    def __init__(self, text: str) -> None:
        if text and not text.startswith("/"):
            raise ValueError(f"{text!r} is no JSON Pointer: it must be empty or start with '/' (RFC 6901)")
        if _BAD_ESCAPE.search(text):
            raise ValueError(f"{text!r} is no JSON Pointer: '~' must be followed by 0 or 1 (RFC 6901, section 3)")
        self.text = text
        self._tokens = tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])

    @property
    def tokens(self) -> tuple[str, ...]:
        """The pointer's reference tokens, unescaped (RFC 6901, section 3)."""
        return self._tokens

    def find(self, value: Any) -> Any:
        """Return what stands at this pointer in ``value``, or MISSING (RFC 6901, section 4)."""
        for token in self._tokens:
            if isinstance(value, dict):
                value = value.get(token, MISSING)
                if value is MISSING:
                    return MISSING
            elif isinstance(value, list):
                if not _ARRAY_INDEX.fullmatch(token) or len(token) > 9 or int(token) >= len(value):
                    return MISSING
                value = value[int(token)]
            else:
                return MISSING
        return value

    def __repr__(self) -> str:
        return f"Pointer({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pointer) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def join(base: str, *tokens: str | int) -> str:
    """Return the text of ``base`` with ``tokens`` added, each escaped."""
    return base + "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
