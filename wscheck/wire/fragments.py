"""Frames put together to messages (RFC 6455, section 5.4); text that is not UTF-8 is kept as it came."""

from __future__ import annotations

from typing import Any

from websockets.frames import Frame, Opcode


class Fragments:
    """What has come of the message that is on its way. How large it may grow, the library sees to."""

    def __init__(self) -> None:
        self._opcode = Opcode.BINARY
        self._begun: bytearray | None = None

    def add(self, frame: Frame) -> dict[str, Any] | None:
        """Take one data frame; return the members of a Message once it is whole, else None."""
        if frame.opcode is not Opcode.CONT:
            self._opcode = frame.opcode
        if self._begun is not None:
            self._begun += frame.data
        elif not frame.fin:
            self._begun = bytearray(frame.data)
        if not frame.fin:
            return None
        data = bytes(frame.data if self._begun is None else self._begun)
        self._begun = None
        return _name(self._opcode, data)


def _name(opcode: Opcode, data: bytes) -> dict[str, Any]:
    if opcode is Opcode.BINARY:
        return {"binary": data}
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"binary": data, "opcode": "text"}
