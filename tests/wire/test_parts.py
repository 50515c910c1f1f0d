"""The small parts of the wire, each by itself: answers, close codes, the inbox, standstills and pings."""

from __future__ import annotations

import asyncio
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ProtocolError

from tests.support.raw_server import CLOSE, TEXT, frame
from wscheck.record import Message, Pong, Record
from wscheck.wire.answer import Answer, merge, recover_answer
from wscheck.wire.framing import explain_framing
from wscheck.wire.inbox import Inbox
from wscheck.wire.liveness import LEAST_STALL, Attention, Pulse

HEADS: list[tuple[bytes, Answer | None]] = [
    (b"", None),
    (b"HTTP/1.1 403 Forbidden\r\nX: y\r\n", None),
    (b"HTTP/1.1 101 Switching\r\n\r\n", None),
    (b"SSH-2.0-x\r\n\r\n", None),
    (b"HTTP/1.1 403 Forbidden\r\nX: y\r\n\r\nno", Answer(status=403, headers={"x": "y"}, body="no")),
    (b"HTTP/1.1 503\r\n\r\n", Answer(status=503, headers={}, body="")),
    (b"HTTP/1.0 502 Bad\nX: y\n\ngone", Answer(status=502, headers={"x": "y"}, body="gone")),
]


@pytest.mark.parametrize(("head", "answer"), HEADS)
def test_an_answer_is_recovered_once_its_headers_are_whole(head: bytes, answer: Answer | None) -> None:
    assert recover_answer(head) == answer


@given(st.binary(max_size=200))
def test_no_head_is_too_odd_to_look_for_an_answer(head: bytes) -> None:
    recover_answer(b"HTTP/1.1 403 x\r\n" + head)
    assert recover_answer(head) is None or head.startswith(b"HTTP/1.")


def test_headers_of_one_name_are_joined() -> None:
    assert merge([("Vary", "a"), ("X", "1"), ("vary", "b")]) == {"vary": "a, b", "x": "1"}


@given(st.binary(max_size=300), st.integers(0, 65535), st.binary(max_size=120), st.binary(max_size=40))
def test_an_illegal_close_code_is_named_or_left_out_and_never_breaks(
    before: bytes, code: int, reason: bytes, after: bytes
) -> None:
    closing = frame(CLOSE, struct.pack("!H", code) + reason)
    error = ProtocolError("invalid status code")
    assert f"code {code} came" in explain_framing(
        error, frame(TEXT, b"x" * 10) + frame(CLOSE, struct.pack("!H", code)), None
    )
    assert "RFC 6455" in explain_framing(error, before + closing + after, None)


class Switch:
    """What an inbox would do to its transport."""

    def __init__(self) -> None:
        self.reading = True
        self.inbox = Inbox(pause=self.pause, resume=self.resume)

    def pause(self) -> None:
        assert self.reading
        self.reading = False

    def resume(self) -> None:
        assert not self.reading
        self.reading = True


def message(text: str = "x") -> Message:
    return Message(at=0.0, session="ada", direction="received", text=text)


@pytest.mark.parametrize(("size", "full", "low"), [(1, 256, 64), (1024 * 1024, 16, 4)])
def test_reading_waits_while_the_inbox_is_full(size: int, full: int, low: int) -> None:
    switch = Switch()
    for _ in range(full - 1):
        switch.inbox.put(message("x" * size))
    assert switch.reading
    switch.inbox.put(message("x" * size))
    assert not switch.reading
    while len(switch.inbox) > low + 1:
        switch.inbox.take()
    assert not switch.reading
    switch.inbox.take()
    assert switch.reading


@given(st.lists(st.booleans(), max_size=2000))
def test_an_inbox_gives_back_what_was_put_in_its_order_and_ends_up_reading(moves: list[bool]) -> None:
    switch = Switch()
    put: list[Record] = []
    taken: list[Record | None] = []
    for number, putting in enumerate(moves):
        if putting:
            put.append(Pong(at=float(number), session="ada"))
            switch.inbox.put(put[-1])
        elif len(switch.inbox):
            taken.append(switch.inbox.take())
    while len(switch.inbox):
        taken.append(switch.inbox.take())
    assert taken == put
    assert switch.inbox.take() is None
    assert switch.reading


async def test_waiting_ends_with_a_record_or_with_its_time() -> None:
    switch = Switch()
    await switch.inbox.wait(0.01)
    asyncio.get_running_loop().call_soon(switch.inbox.put, message())
    await asyncio.wait_for(switch.inbox.wait(60), 5)
    await asyncio.wait_for(switch.inbox.wait(60), 5)
    assert switch.inbox.take() == message()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("late", "told"), [(0.0, False), (LEAST_STALL - 0.01, False), (LEAST_STALL + 0.01, True), (30.0, True)]
)
async def test_a_standstill_is_told_once_and_with_its_length(late: float, told: bool) -> None:
    clock = Clock()
    standstills: list[float] = []
    attention = Attention(clock, standstills.append)
    attention.start()
    clock.now += 0.1 + late
    attention.look()
    attention.look()
    attention.stop()
    # It may have begun at any time since the last look, a tenth of a second before this one was due.
    assert standstills == ([pytest.approx(late + 0.1)] if told else [])


async def test_attention_looks_by_itself() -> None:
    clock = Clock()
    seen = asyncio.get_running_loop().create_future()
    attention = Attention(clock, seen.set_result)
    attention.start()
    clock.now = 5.0
    assert await asyncio.wait_for(seen, 5) > 4
    attention.stop()


def test_a_pong_answers_its_ping_and_all_before_it() -> None:
    pulse = Pulse()
    first, second, third = (pulse.beat(at) for at in (1.0, 2.0, 3.0))
    assert pulse.oldest() == 1.0
    assert pulse.answered(b"unsolicited", 3.1) is None
    assert pulse.answered(second, 3.5) == 1.5
    assert pulse.answered(first, 3.6) is None
    assert (pulse.waits_for(second), pulse.waits_for(third)) == (False, True)
    assert pulse.oldest() == 3.0
    assert pulse.answered(third, 4.0) == 1.0
    assert pulse.oldest() is None
