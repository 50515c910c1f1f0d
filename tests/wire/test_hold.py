"""A session beyond one connection: HTTP calls while it listens, drops, returns, and waking by other sessions."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.http_server import http_server
from tests.support.raw_server import TEXT, Peer, close_frame, frame, raw_server
from tests.support.sessions import Await, ListPlayer, converse, kinds
from wscheck.record import Cut, Message, Note, Opened
from wscheck.scenario.actions import Answered, Call, Close, Drop, Send, Unasked, Unsent
from wscheck.scenario.plans import HttpRequest
from wscheck.wire.bell import Bell


async def welcome(peer: Peer) -> None:
    await peer.accept(then=frame(TEXT, b'"welcome"'))
    await peer.send(close_frame(1000) if await peer.read_frame() == (8, b"\x03\xe8") else b"")


async def test_what_comes_while_a_call_is_on_its_way_is_told() -> None:
    done = asyncio.Event()

    async def later(peer: Peer) -> None:
        await peer.accept()
        await done.wait()
        await peer.send(frame(TEXT, b'"meanwhile"'))
        assert (await peer.read_frame())[0] == 8
        await peer.send(close_frame(1000))

    async def slow(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        done.set()
        await asyncio.sleep(0.1)
        await peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")

    async with raw_server(later) as where, raw_server(slow) as http:
        call = Call(request=HttpRequest(url=f"http://{http}/"), within=5)
        player = ListPlayer([call, Await(count=1), Close()])
        records = await converse(f"ws://{where}/", player=player)
    assert player.answers == [Answered(status=200, json=[], text="[]")]
    assert kinds(records) == ["opened", "message", "closed"]


@pytest.mark.parametrize(
    ("url", "told"), [("http://127.0.0.1:1/", str), ("http://no host/", Unasked), ("ftp://h/", Unasked)]
)
async def test_a_call_that_has_no_answer_or_cannot_be_made_is_told_so(url: str, told: type) -> None:
    async with raw_server(welcome) as where:
        player = ListPlayer([Call(request=HttpRequest(url=url), within=2), Close()])
        await converse(f"ws://{where}/", player=player)
    (answer,) = player.answers
    assert isinstance(answer, told)


async def test_a_call_that_is_not_answered_when_the_session_ends_is_given_up() -> None:
    async def ends(peer: Peer) -> None:
        await peer.accept()
        await asked.wait()
        await peer.send(close_frame(1000))

    asked = asyncio.Event()

    async def hang(peer: Peer) -> None:
        asked.set()
        await peer.stay()

    async with raw_server(ends) as where, raw_server(hang) as http:
        player = ListPlayer([Call(request=HttpRequest(url=f"http://{http}/"), within=60)])
        records = await converse(f"ws://{where}/", player=player)
    assert kinds(records) == ["opened", "closed"]
    assert player.answers == []
    assert player.is_over


async def test_a_dropped_connection_ends_without_a_close_frame_after_what_was_sent() -> None:
    heard: list[bytes] = []

    async def listen(peer: Peer) -> None:
        await peer.accept()
        while True:
            head = await peer.reader.read(65536)
            if not head:
                break
            heard.append(head)

    async with raw_server(listen) as where:
        records = await converse(f"ws://{where}/", Send(text="x" * 300_000), Drop())
        await asyncio.sleep(0)
    assert kinds(records) == ["opened", "message", "cut"]
    assert isinstance(records[-1], Cut)
    assert records[-1].cause == "dropped"
    assert len(b"".join(heard)) == 300_000 + 14
    assert b"\x88" not in b"".join(heard)[-8:]


async def test_a_reply_that_was_not_sent_is_noted_and_the_session_goes_on() -> None:
    async with raw_server(welcome) as where:
        records = await converse(f"ws://{where}/", Await(count=1), Unsent(text="why"), Close())
    assert kinds(records) == ["opened", "message", "note", "closed"]
    note = records[2]
    assert isinstance(note, Note)
    assert (note.session, note.connection, note.code, note.text) == ("ada", 1, "reply-unsent", "why")


async def test_a_session_that_comes_back_has_connections_of_one_ending_each() -> None:
    async with raw_server(welcome) as where:
        records = await converse(f"ws://{where}/", Await(count=1), Drop(), Await(count=2), Close())
    assert [(type(record).__name__, record.connection) for record in records] == [
        ("Opened", 1),
        ("Message", 1),
        ("Cut", 1),
        ("Opened", 2),
        ("Message", 2),
        ("Closed", 2),
    ]


async def test_a_session_that_cannot_come_back_says_why_and_is_over() -> None:
    async def once(peer: Peer) -> None:
        nonlocal came
        came += 1
        if came == 1:
            await peer.accept()
            await peer.reader.read()
        else:
            await peer.answer(b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n")

    came = 0
    async with raw_server(once) as where:
        player = ListPlayer([Drop(), Close()])
        records = await converse(f"ws://{where}/", player=player)
    assert kinds(records) == ["opened", "cut", "refused"]
    assert records[-1].connection == 2
    assert player.is_over


def test_a_bell_rings_once_a_change_and_only_for_those_who_hear_it() -> None:
    rung: list[str] = []
    version = 0
    bell = Bell(lambda: version)
    with bell.heard_by(lambda: rung.append("a")):
        bell.look()
        version = 1
        bell.look()
        bell.look()
        with bell.heard_by(lambda: rung.append("b")):
            version = 2
            bell.look()
    version = 3
    bell.look()
    assert rung == ["a", "a", "b"]


async def test_http_and_session_records_are_of_one_clock() -> None:
    async with raw_server(welcome) as where, http_server(lambda _: (200, "x")) as http:
        records = await converse(
            f"ws://{where}/", Await(count=1), Call(request=HttpRequest(url=http.url), within=5), Close()
        )
    assert [type(record) for record in records[:2]] == [Opened, Message]
