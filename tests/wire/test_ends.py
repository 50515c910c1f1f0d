"""The end of a connection: what comes after a close frame, and how long a peer that answers nothing is waited for."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from tests.support.raw_server import BINARY, CLOSE, TEXT, Peer, close_frame, frame, raw_server
from tests.support.sessions import Await, converse, kinds
from wscheck.record import Closed, Violation

LATE = {
    "a text": frame(TEXT, b"late"),
    "a binary message": frame(BINARY, b"late"),
    "a compressed message": frame(TEXT, b"late", rsv=4),
    "the first part of a message": frame(TEXT, b"late", fin=False),
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
async def test_a_message_after_the_close_frame_is_told_before_the_ending(late: bytes) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=close_frame(1011, b"enough") + late)

    async with raw_server(behave) as where:
        _, violation, ending = await converse(f"ws://{where}/")
    assert isinstance(violation, Violation)
    assert (violation.code, violation.text) == (
        "framing",
        "a message came after the close frame (RFC 6455, section 5.5.1)",
    )
    assert isinstance(ending, Closed)
    assert (ending.code, ending.reason) == (1011, "enough")


@pytest.mark.parametrize("more", [b"", close_frame(1011, b"enough"), frame(10, b"pong")])
async def test_another_frame_after_the_close_frame_is_passed_over(more: bytes) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=frame(TEXT, close_frame(1011, b"enough")) + close_frame(1011, b"enough") + more)

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/")
    assert kinds(records) == ["opened", "message", "closed"]


async def test_a_peer_that_answered_no_ping_is_not_waited_for_again() -> None:
    waited: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def behave(peer: Peer) -> None:
        await peer.accept()
        while (await peer.read_frame())[0] != CLOSE:
            pass
        began = time.monotonic()
        with suppress(ConnectionError):
            await peer.reader.read()
        waited.set_result(time.monotonic() - began)

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", Await(count=1, seconds=0.1), answer_within=0.8)
        assert await waited < 0.7
    assert kinds(records) == ["opened", "step", "cut"]
