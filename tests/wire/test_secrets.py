"""Tokens on the wire: in the handshake, and in no record and no log."""

from __future__ import annotations

import re
import time

import pytest

from tests.support.raw_server import Peer, close_frame, raw_server, sends
from tests.support.sessions import Await, converse
from wscheck.auth import Handshake, Token, in_header, in_subprotocol
from wscheck.record import Blocked, Closed, Opened
from wscheck.scenario.play import Close


async def test_no_record_holds_the_token_wherever_the_server_puts_it() -> None:
    canary = "canary-0123456789"
    token = Token(value=canary, source="$TOKEN")
    handshake = in_subprotocol(in_header(Handshake(url="", secrets=("q-canary",)), token), token)
    carrier = handshake.subprotocols[-1]

    async def echoes(peer: Peer) -> None:
        await peer.accept(headers=f"Sec-WebSocket-Protocol: {carrier}\r\nX-Echo: Bearer {canary}\r\n")
        assert f"Bearer {canary}".encode() in peer.request
        assert carrier.encode() in peer.request
        await peer.send(close_frame(1000))

    async with raw_server(echoes) as where:
        records = await converse(f"ws://{where}/ws?token=q-canary", handshake=handshake)
    opened = records[0]
    assert isinstance(opened, Opened)
    assert opened.offered == ("jwt-auth", "jwt.<redacted>")
    assert opened.subprotocol == "jwt.<redacted>"
    assert not re.search(f"canary|{carrier[4:]}", repr(records))
    for raw in (f"HTTP/1.1 403 {canary}\r\nX: {canary}\r\n\r\n{canary}", f"SSH {canary}\r\n"):
        async with raw_server(sends(raw.encode())) as where:
            records = await converse(f"ws://{where}/ws", handshake=handshake)
        assert "canary" not in repr(records)


async def test_the_token_and_the_headers_reach_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    async def behave(peer: Peer) -> None:
        await peer.accept(then=close_frame(1000))

    token = Token(value="canary-0123456789", source="$TOKEN")
    async with raw_server(behave) as where:
        await converse(f"ws://{where}/ws", handshake=in_header(Handshake(url=""), token))
    assert "canary" not in caplog.text


async def test_an_expired_token_blocks_before_anything_opens() -> None:
    (ending,) = await converse("ws://127.0.0.1:1/", handshake=Handshake(url="", expires=time.time() - 12))
    assert isinstance(ending, Blocked)
    assert (ending.phase, ending.cause) == ("auth", "token-expired")
    assert "12 s" in ending.text


async def test_the_token_s_expiry_is_told_on_the_clock_of_the_run() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_frame()

    async with raw_server(behave) as where:
        opened, *_, ending = await converse(
            f"ws://{where}/ws", Await(count=0), Close(), handshake=Handshake(url="", expires=time.time() + 300)
        )
    assert isinstance(opened, Opened)
    assert opened.expires == pytest.approx(300, abs=2)
    assert isinstance(ending, Closed)
