"""The library's connection with its ears open: all that comes is stamped as it comes, and made a record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.client import ClientProtocol
from websockets.exceptions import PayloadTooBig, ProtocolError
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State

from wscheck.record import Closed, Cut, Ending, Message, Note, Pong, Record, Stall, Violation
from wscheck.wire.fragments import Fragments
from wscheck.wire.framing import explain_data_after_close, explain_framing
from wscheck.wire.inbox import Inbox
from wscheck.wire.liveness import LEAST_STALL, Attention, Pulse
from wscheck.wire.plan import Plan

_HEAD = 16 * 1024
_TAIL = 4 * 1024
_GOING_AWAY = 1001


class Connection(ClientConnection):
    """One connection, from the opening handshake on. Everything it hears is in ``inbox``, up to exactly one ending.

    It hears where frames are parsed and not where ``recv`` returns them, for ``recv`` tells of a close frame only
    when TCP has ended, cannot tell a text that is not UTF-8 from a binary message, and comes as late as its caller.
    It writes without waiting: a peer that reads nothing shows by its missing pongs.

    ``clock`` gives the seconds since the run began. ``made`` is called when TCP, proxy and TLS stand.
    """

    def __init__(
        self,
        protocol: ClientProtocol,
        *,
        plan: Plan,
        clock: Callable[[], float],
        made: Callable[[], None],
        **settings: Any,
    ) -> None:
        super().__init__(protocol, **settings)
        self._plan = plan
        self._clock = clock
        self._made = made
        self._attention = Attention(clock, self._stood_still)
        self._pulse = Pulse()
        self._head = bytearray()
        self._tail = b""
        self._fragments = Fragments()
        self._closing: tuple[int, str] | None = None
        self._ended = False
        self._dropped = False
        self._paused_at = 0.0
        self._stood_until = 0.0
        self.inbox = Inbox(pause=self._pause, resume=self._resume)
        self.opened_at: float | None = None
        self.heard_at = 0.0
        self.fault: BaseException | None = None
        """What broke in wscheck or in the library, which is nothing that the peer did."""

    @property
    def head(self) -> bytes:
        """What the peer sent up to the end of its answer to the opening handshake, at most 16 KiB."""
        return bytes(self._head)

    @property
    def open(self) -> bool:
        """Whether a message can be sent."""
        return self.protocol.state is State.OPEN and not self._ended

    @property
    def silent_since(self) -> float | None:
        """Since when a ping is owed its answer, and neither was anything heard nor did we stand still. None: not."""
        oldest = self._pulse.oldest()
        return None if oldest is None else max(oldest, self.heard_at, self._stood_until)

    # What we do.

    def send_message(self, text: str | None, binary: bytes | None) -> None:
        """Send one message. Does nothing once the session is ending."""
        if not self.open:
            return
        if text is None:
            binary = binary or b""
            self.protocol.send_binary(binary)
        else:
            binary = None
            self.protocol.send_text(text.encode())
        self.send_data()
        self._put(Message(**self._who(), direction="sent", text=text, binary=binary))

    def send_ping(self) -> bytes:
        """Send a ping and return its payload."""
        payload = self._pulse.beat(self._clock())
        if self.open:
            self.protocol.send_ping(payload)
            self.send_data()
        return payload

    def awaits_pong(self, payload: bytes) -> bool:
        """Tell whether the ping with ``payload`` is unanswered."""
        return self._pulse.waits_for(payload)

    def send_close(self, code: int, reason: str) -> None:
        """Begin the closing handshake (RFC 6455, section 7.1.2). Does nothing once the session is ending."""
        if self.open:
            self._closing = (code, reason)
            self.protocol.send_close(code, reason)
            self.send_data()

    def close_unanswered(self, seen: str) -> None:
        """End a session whose peer did not answer our close frame; ``seen`` says what it did instead."""
        self._put(Note(**self._who(), code="close-unanswered", text=f"our close frame was not answered: {seen}"))
        self._end_without_close_frame()

    def drop(self) -> None:
        """End TCP without a close frame, once what was sent is on its way. What still comes is dropped."""
        self._ended = self._dropped = True
        self.transport.close()

    async def leave(self, seconds: float) -> None:
        """Close politely what is still open, give TCP ``seconds`` to end, then end it. What still comes is dropped."""
        self._ended = True
        self._attention.stop()
        try:
            if self.protocol.state is State.OPEN and not self._dropped:
                self.protocol.send_close(_GOING_AWAY)
                self.send_data()
            self.transport.resume_reading()
            async with asyncio.timeout(seconds):
                await self.wait_closed()
        except TimeoutError:
            pass
        finally:
            self.transport.abort()
        await self.wait_closed()

    # What we hear. The library calls these.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TCP, proxy and TLS stand: the opening handshake comes next."""
        super().connection_made(transport)
        self._made()

    def data_received(self, data: bytes) -> None:
        """Stamp what came before it is parsed, and keep what the library drops."""
        if self.opened_at is not None:
            self._attention.look()
        self.heard_at = self._clock()
        if self.response is None:
            self._head += data[: _HEAD - len(self._head)]
        self._tail = (self._tail + data[-_TAIL:])[-_TAIL:]
        super().data_received(data)
        self._find_failure()

    def eof_received(self) -> None:
        """The peer ended its side of TCP."""
        super().eof_received()
        self._find_failure()

    def connection_lost(self, exc: Exception | None) -> None:
        """TCP is gone, in whatever way."""
        super().connection_lost(exc)
        self._attention.stop()
        if exc is not None and not isinstance(exc, OSError):
            self._break(exc)
        if self.opened_at is not None:
            self._lost()

    def process_event(self, event: Request | Response | Frame) -> None:
        """Make records of the answer to the opening handshake and of every frame."""
        match event:
            case Frame(opcode=Opcode.TEXT | Opcode.BINARY | Opcode.CONT):
                message = self._fragments.add(event)
                if message is not None:
                    self._put(Message(**self._heard(), direction="received", **message))
            case Frame(opcode=Opcode.PONG, data=data):
                latency = self._pulse.answered(bytes(data), self.heard_at)
                if latency is not None:
                    self._put(Pong(**self._heard(), latency=latency))
            case Frame(opcode=Opcode.CLOSE, data=data):
                self._take_close(bytes(data))
            case Frame():
                pass
            case _:
                super().process_event(event)
                if self.protocol.handshake_exc is None:
                    self.opened_at = self.heard_at
                    self._attention.start()

    def _take_close(self, payload: bytes) -> None:
        received = self.protocol.close_rcvd
        assert received is not None
        broken = explain_data_after_close(self._tail, payload)  # the library drops it
        if broken is not None:
            self._put(Violation(**self._heard(), code="framing", text=broken))
        code, reason = int(received.code), received.reason
        if self._closing is not None and code in {self._closing[0], 1000, 1001, 1005}:
            self._end(Closed(**self._heard(), code=self._closing[0], reason=self._closing[1], initiator="tool"))
        else:
            self._end(Closed(**self._heard(), code=code, reason=reason, initiator="peer"))

    def _find_failure(self) -> None:
        if self.response is None and self.protocol.handshake_exc is not None:
            # The library would wait for the peer to end TCP before it tells.
            self.transport.abort()
        error = self.protocol.parser_exc
        if self.opened_at is None or self._ended or error is None:
            return
        match error:
            case EOFError():
                self._lost()
            case PayloadTooBig():
                self._cut_by_limit()
            case ProtocolError() | UnicodeDecodeError():
                text = explain_framing(error, self._tail, self.protocol.close_rcvd)
                self._put(Violation(**self._who(), code="framing", text=text))
                self._end_without_close_frame()
            case _:
                self._break(error)

    def _cut_by_limit(self) -> None:
        text = (
            f"a message of more than {self._plan.max_size} bytes came, and this session takes no larger one; "
            "raise max_size to look at it"
        )
        self._put(Note(**self._who(), code="message-too-big", text=text))
        self._end(Cut(**self._who(), cause="limit", text=text))

    def _lost(self) -> None:
        if self._closing is not None:
            self.close_unanswered("the peer ended TCP without a close frame")
        else:
            self._end_without_close_frame()

    def _end_without_close_frame(self) -> None:
        if self._closing is None:
            self._end(Closed(**self._who(), code=1006))
        else:
            self._end(Closed(**self._who(), code=self._closing[0], reason=self._closing[1], initiator="tool"))

    def _break(self, fault: BaseException) -> None:
        self.fault = fault
        self._ended = True
        self.transport.abort()
        self.inbox.wake()

    def _end(self, ending: Ending) -> None:
        self._put(ending)
        self._ended = True

    def _put(self, record: Record) -> None:
        if not self._ended:
            self.inbox.put(record)

    def _heard(self) -> dict[str, Any]:
        return {**self._who(), "at": self.heard_at}

    def _who(self) -> dict[str, Any]:
        return {"at": self._clock(), "session": self._plan.session, "connection": self._plan.connection}

    def _pause(self) -> None:
        self._paused_at = self._clock()
        self.transport.pause_reading()

    def _resume(self) -> None:
        self.transport.resume_reading()
        seconds = self._clock() - self._paused_at
        if seconds >= LEAST_STALL:
            self._stood_still(seconds)

    def _stood_still(self, seconds: float) -> None:
        self._stood_until = self._clock()
        self._put(Stall(**self._who(), seconds=seconds))
