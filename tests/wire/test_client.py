"""The player's part: what it is asked, told and dismissed with, and how a session ends by our doing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.support.raw_server import CLOSE, PING, PONG, TEXT, Peer, close_frame, frame, raw_server
from tests.support.sessions import SOON, Await, ListPlayer, converse, kinds, observe
from wscheck.auth import Handshake
from wscheck.errors import UsageError
from wscheck.event import Observation
from wscheck.record import Closed, Cut, Message, Note, Record, Stall, Step
from wscheck.scenario.actions import Close, Send
from wscheck.wire.client import hold
from wscheck.wire.plan import Plan

GOOD = frame(TEXT, b"good")


async def answer_pings(peer: Peer, *, until: int = CLOSE, say: bytes = b"") -> None:
    """Answer every ping, with ``say`` before the first answer, until a frame with the opcode ``until`` comes."""
    while True:
        opcode, payload = await peer.read_frame()
        if opcode == until:
            return
        if opcode == PING:
            await peer.send(say + frame(PONG, payload))
            say = b""


async def test_a_whole_conversation_with_a_well_behaved_server() -> None:
    async def echo(connection: ServerConnection) -> None:
        assert connection.request is not None
        await connection.send(f"hello {connection.request.headers['User-Agent']}")
        async for message in connection:
            await connection.send(message)

    async with serve(echo, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        records = await converse(
            f"ws://127.0.0.1:{port}/ws",
            Await(count=1),
            Send(text="één"),
            Send(binary=b"\0"),
            Await(count=3),
            Close(code=1000, reason="done"),
        )
    told = [(record.direction, record.text or record.binary) for record in records if isinstance(record, Message)]
    assert told == [
        ("received", "hello wscheck"),
        ("sent", "één"),
        ("sent", b"\0"),
        ("received", "één"),
        ("received", b"\0"),
    ]
    assert records[-1] == Closed(at=records[-1].at, session="ada", code=1000, reason="done", initiator="tool")


async def test_what_comes_before_the_peer_answers_our_close_is_told() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        opcode, payload = await peer.read_frame()
        assert (opcode, payload) == (CLOSE, b"\x03\xe8")
        await peer.send(GOOD + GOOD + close_frame(1000))

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", Close())
    assert kinds(records) == ["opened", "message", "message", "closed"]
    assert records[-1] == Closed(at=records[-1].at, session="ada", code=1000, initiator="tool")


@pytest.mark.parametrize("answer", [close_frame(), close_frame(1000), close_frame(1001), close_frame(4000)])
async def test_a_close_of_ours_keeps_its_code_whatever_polite_answer_comes(answer: bytes) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_frame()
        await peer.send(answer)

    async with raw_server(behave) as where:
        *_, ending = await converse(f"ws://{where}/", Close(code=4000, reason="enough"))
    assert ending == Closed(at=ending.at, session="ada", code=4000, reason="enough", initiator="tool")


async def test_a_close_of_the_peer_that_crossed_ours_is_the_peer_s() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_frame()
        await peer.send(close_frame(1011, b"sorry"))

    async with raw_server(behave) as where:
        *_, ending = await converse(f"ws://{where}/", Close())
    assert ending == Closed(at=ending.at, session="ada", code=1011, reason="sorry", initiator="peer")


@pytest.mark.parametrize("stays", [True, False])
async def test_a_close_that_the_peer_does_not_answer_is_a_note_and_still_ours(stays: bool) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_frame()
        if stays:
            await peer.stay()

    async with raw_server(behave) as where:
        _, note, ending = await converse(f"ws://{where}/", Close(), answer_within=0.1)
    assert isinstance(note, Note)
    assert note.code == "close-unanswered"
    assert ending == Closed(at=ending.at, session="ada", code=1000, initiator="tool")


async def test_an_expect_that_times_out_is_proven_told_and_cut() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await answer_pings(peer, say=GOOD)

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", Await(count=2, seconds=0.1))
    assert kinds(records) == ["opened", "message", "pong", "step", "cut"]
    step, ending = records[-2:]
    assert step == Step(
        at=step.at,
        session="ada",
        id="1",
        outcome="timeout",
        expected="messages",
        since=step.since if isinstance(step, Step) else 0,
        due=1.5,
        text="they never came",
        welcome=True,
    )
    assert isinstance(ending, Cut)
    assert (ending.cause, ending.awaiting) == ("deadline", "2 messages")


async def test_a_peer_that_closes_while_we_seek_proof_has_ended_the_session() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_frame()
        await peer.send(GOOD + close_frame(1000))

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", Await(count=2, seconds=0.05))
    assert kinds(records) == ["opened", "message", "step", "closed"]


async def test_an_expect_that_is_outstanding_when_the_peer_ends_is_told_before_the_ending() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=GOOD + close_frame(1001))

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", Await(count=2))
    assert kinds(records) == ["opened", "message", "step", "closed"]


async def test_the_session_s_deadline_is_a_cut_with_proof() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await answer_pings(peer)

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", Await(count=1), deadlines=type(SOON)(session=0.1))
    assert kinds(records) == ["opened", "pong", "cut"]
    ending = records[-1]
    assert isinstance(ending, Cut)
    assert (ending.cause, ending.awaiting) == ("deadline", "1 messages")
    assert "0.1 s" in ending.text


async def test_a_peer_that_floods_cannot_outlast_the_session_s_deadline() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        while True:
            await peer.send(frame(TEXT, b"x" * 1000) * 100)

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", deadlines=type(SOON)(session=0.2), answer_within=0.02)
    ending = records[-1]
    assert isinstance(ending, Cut)
    assert ending.cause == "deadline"


async def test_an_interruption_tells_what_came_cuts_and_closes_with_1001() -> None:
    closes = []
    records: list[Record] = []

    async def behave(peer: Peer) -> None:
        await peer.accept(then=GOOD + GOOD)
        closes.append(await peer.read_frame())
        await peer.send(close_frame(1001))

    def emit(record: Record) -> Sequence[Observation]:
        if kinds(records) == ["opened"]:
            task.cancel()
        records.append(record)
        return observe(record)

    async with raw_server(behave) as where:
        task = asyncio.create_task(converse(f"ws://{where}/", Await(count=3), emit=emit))
        with pytest.raises(asyncio.CancelledError):
            await task
    assert kinds(records) == ["opened", "message", "message", "cut"]
    ending = records[-1]
    assert isinstance(ending, Cut)
    assert ending.cause == "interrupted"
    assert closes == [(CLOSE, b"\x03\xe9")]


async def test_what_emit_raises_goes_on_after_the_session_was_closed() -> None:
    closes = []

    async def behave(peer: Peer) -> None:
        await peer.accept(then=GOOD)
        closes.append(await peer.read_frame())
        await peer.send(close_frame(1001))

    def emit(record: Record) -> Sequence[Observation]:
        if isinstance(record, Message):
            raise OSError(28, "No space left on device")
        return []

    async with raw_server(behave) as where:
        with pytest.raises(OSError, match="No space left"):
            await converse(f"ws://{where}/", emit=emit)
    assert closes == [(CLOSE, b"\x03\xe9")]


async def test_a_standstill_of_ours_is_told_before_what_came_meanwhile() -> None:
    peers: list[Peer] = []

    async def behave(peer: Peer) -> None:
        peers.append(peer)
        await peer.accept(then=frame(TEXT, b"first"))
        await peer.stay()

    def emit(record: Record) -> Sequence[Observation]:
        if isinstance(record, Message) and record.text == "first":
            peers[0].writer.write(GOOD + close_frame(1000))  # this is on its way at once
            time.sleep(0.5)  # the fault itself: wscheck is busy, and nothing is read
        return observe(record)

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", Await(count=2), emit=emit, stalls=True)
    assert kinds(records)[-4:] == ["message", "stall", "message", "closed"]
    stall = records[-3]
    assert isinstance(stall, Stall)
    assert 0.25 <= stall.seconds < 2


async def test_we_are_not_unresponsive_by_our_own_standstill() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_frame()
        await peer.send(GOOD)
        await answer_pings(peer)
        await peer.send(close_frame(1000))

    def emit(record: Record) -> Sequence[Observation]:
        if isinstance(record, Message):
            time.sleep(0.4)  # longer than the patience below
        return observe(record)

    async with raw_server(behave) as where:
        records = await converse(
            f"ws://{where}/", Await(count=1), Close(), emit=emit, ping_every=0.05, patience=0.3, stalls=True
        )
    assert any(isinstance(record, Stall) for record in records)
    assert isinstance(records[-1], Closed)


async def test_the_player_sees_what_emit_returned_for_sent_and_received() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=GOOD)
        await answer_pings(peer)
        await peer.send(close_frame(1000))

    async with raw_server(behave) as where:
        player = ListPlayer([Send(text="a"), Await(count=1), Close()])
        plan = Plan(session="ada", connection=2, handshake=Handshake(url=f"ws://{where}/"))
        records: list[Record] = []

        def emit(record: Record) -> Sequence[Observation]:
            records.append(record)
            return observe(record)

        await hold(plan, player, emit, time.monotonic)
    assert sorted(observation.event.direction for observation in player.seen) == ["received", "sent"]
    assert {record.connection for record in records} == {2}


async def test_a_plan_that_cannot_be_sent_is_refused_before_anything_opens() -> None:
    records: list[Record] = []
    with pytest.raises(UsageError):
        await converse("http://127.0.0.1/", emit=lambda record: records.append(record) or [])
    assert records == []
