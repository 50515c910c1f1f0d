"""Tokens on the wire: in the handshake, and in no record and no log."""

from __future__ import annotations

import re
import time

import pytest

from tests.support.raw_server import Peer, close_frame, raw_server, sends
from tests.support.sessions import Await, converse
from wscheck.auth import Handshake, Token, in_header, in_subprotocol
from wscheck.record import Blocked, Closed, Opened
from wscheck.redact import Redactor
from wscheck.scenario.actions import Close

CANARY = "canary-0123456789"


async def test_no_record_holds_the_token_wherever_the_server_puts_it() -> None:
    token = Token(value=CANARY, source="$TOKEN")
    handshake = in_subprotocol(in_header(Handshake(url="", secrets=("q-canary",)), token), token)
    carrier = handshake.subprotocols[-1]

    async def echoes(peer: Peer) -> None:
        await peer.accept(headers=f"Sec-WebSocket-Protocol: {carrier}\r\nX-Echo: Bearer {CANARY}\r\n")
        assert f"Bearer {CANARY}".encode() in peer.request
        assert carrier.encode() in peer.request
        await peer.send(close_frame(1000))

    redactor = Redactor(handshake.secrets)
    async with raw_server(echoes) as where:
        records = await converse(f"ws://{where}/ws?token=q-canary", handshake=handshake, hide=redactor.text)
    opened = redactor.record(records[0])
    assert isinstance(opened, Opened)
    assert opened.offered
    assert re.fullmatch(r"jwt\.<redacted:\d+>", opened.offered[-1])
    assert opened.subprotocol == opened.offered[-1]
    assert not re.search(f"canary|{carrier[4:]}", repr(list(map(redactor.record, records))))


CUT = [
    f"HTTP/1.1 403 {CANARY}\r\nX: {CANARY}\r\n\r\n{CANARY}",
    f"SSH {CANARY}\r\n",
    f"SSH {'x' * 70}{CANARY}\r\n",
    f"HTTP/1.1 403 x\r\n\r\n{'x' * 4090}{CANARY}",
    f"HTTP/1.1 101 x\r\nUpgrade: {'x' * 100}{CANARY}\r\n\r\n",
]


@pytest.mark.parametrize("raw", CUT)
async def test_no_part_of_a_secret_is_left_where_an_answer_is_cut(raw: str) -> None:
    redactor = Redactor((CANARY,))
    async with raw_server(sends(raw.encode())) as where:
        records = await converse(f"ws://{where}/ws", hide=redactor.text)
    assert "canar" not in repr(list(map(redactor.record, records)))


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
