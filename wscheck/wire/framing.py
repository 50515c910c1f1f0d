"""What a peer did against the framing of RFC 6455, in sentences, and the illegal close code that it sent."""

from __future__ import annotations

from websockets.frames import Close

from wscheck.text import safe, shorten

_CLOSE_FRAME = 0x88
_MESSAGE_OPCODES = (1, 2)
_RULES = {
    "incorrect masking": "a masked frame came; a server must not mask its frames (RFC 6455, section 5.1)",
    "reserved bits must be 0": "a frame came with a reserved bit set that no extension gave a meaning to "
    "(RFC 6455, section 5.2)",
    "invalid opcode": "a frame came with a reserved opcode (RFC 6455, section 5.2)",
    "control frame too long": "a control frame came with more than 125 bytes (RFC 6455, section 5.5)",
    "fragmented control frame": "a control frame came in fragments (RFC 6455, section 5.5)",
    "unexpected continuation frame": "a continuation frame came with no message to continue (RFC 6455, section 5.4)",
    "expected a continuation frame": "a new message began inside a fragmented one (RFC 6455, section 5.4)",
    "close frame too short": "a close frame came with one byte, where a close code has two (RFC 6455, section 5.5.1)",
}


def explain_framing(error: Exception, tail: bytes, close: Close | None) -> str:
    """Say in one sentence which rule ``error`` is about.

    ``tail`` are the last bytes that were read: from them comes the close code that the library refused and dropped.
    ``close`` is the close frame that it took, if any.
    """
    text = str(error)
    if isinstance(error, UnicodeDecodeError):
        code = _find_close_code(tail)
        return f"a close frame{_with(code)} came with a reason that is not UTF-8 (RFC 6455, section 5.5.1)"
    if text == "invalid status code":
        code = _find_close_code(tail)
        return f"a close frame{_with(code)} came, a code that no endpoint may send (RFC 6455, section 7.4)"
    if text == "incomplete fragmented message":
        code = close.code if close else None
        return f"a close frame{_with(code)} came inside a fragmented message (RFC 6455, section 5.4)"
    return _RULES.get(text, f"a frame came that breaks RFC 6455: {shorten(safe(text))}")


def explain_data_after_close(tail: bytes, close: bytes) -> str | None:
    """Say that a message came right after the close frame whose payload is ``close``. None: nothing did.

    ``tail`` are the last bytes that were read. Other frames after it are passed over: a peer may close twice.
    """
    _, frame, rest = tail.rpartition(bytes([_CLOSE_FRAME, len(close)]) + close)
    if frame and rest and rest[0] & 0x0F in _MESSAGE_OPCODES:
        return "a message came after the close frame (RFC 6455, section 5.5.1)"
    return None


def _with(code: int | None) -> str:
    return "" if code is None else f" with code {code}"


def _find_close_code(tail: bytes) -> int | None:
    """Return the code of the last whole close frame in ``tail`` (final, unmasked): one that ends it goes first."""
    starts = [start for start in range(len(tail) - 3) if tail[start] == _CLOSE_FRAME and 2 <= tail[start + 1] <= 125]
    ends = {start: start + 2 + tail[start + 1] for start in starts if start + 2 + tail[start + 1] <= len(tail)}
    last = max(ends, key=lambda start: (ends[start] == len(tail), start), default=None)
    return None if last is None else int.from_bytes(tail[last + 2 : last + 4])
