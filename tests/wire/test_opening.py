"""No session came about: what the peer did at the opening, and the records that say so."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.support.raw_server import Behave, Peer, accepts, close_frame, ends_at_once, raw_server, sends, silent
from tests.support.sessions import SOON, converse, kinds
from wscheck.auth import Handshake
from wscheck.record import Blocked, Opened, Refused, Violation


async def resets(peer: Peer) -> None:
    await peer.reader.readuntil(b"\r\n\r\n")
    peer.reset()


BLOCKED: list[tuple[str, Behave, str, str]] = [
    ("silence", silent, "handshake-timeout", "nothing came"),
    ("EOF before the request was read", ends_at_once, "dropped", "nothing came"),
    ("EOF after the request", sends(b""), "dropped", "nothing came"),
    ("RST after the request", resets, "dropped", "nothing came"),
    ("EOF inside the headers", sends(b"HTTP/1.1 101 Switching Protocols\r\nUpgr"), "dropped", "101 Switching"),
    ("an SSH banner", sends(b"SSH-2.0-OpenSSH_9.6\r\n", then_stays=True), "not-websocket", "SSH-2.0-OpenSSH_9.6"),
    ("an escape in a banner", sends(b"\x1b]0;x\x07\r\n", then_stays=True), "not-websocket", r"\\u{1b}]0;x\\u{7}"),
    ("HTTP/1.0 101", sends(b"HTTP/1.0 101 OK\r\n\r\n", then_stays=True), "not-websocket", "HTTP/1.0 101 OK"),
    ("a TLS alert", sends(b"\x15\x03\x01\0\2\2\x46"), "not-websocket", "wss://"),
    ("a header too long", sends(b"HTTP/1.1 101 OK\r\nX: " + b"x" * 9000, then_stays=True), "handshake-limit", "larger"),
    (
        "too many headers",
        sends(b"HTTP/1.1 101 OK\r\n" + b"X: y\r\n" * 130, then_stays=True),
        "handshake-limit",
        "headers",
    ),
    ("a dripping answer", sends(b"HTTP/1.1 101 OK\r\nX: y\r\n", then_stays=True), "handshake-timeout", "HTTP/1.1 101"),
]


@pytest.mark.parametrize(("fault", "behave", "cause", "words"), BLOCKED, ids=[row[0] for row in BLOCKED])
async def test_what_is_no_handshake_blocks_with_its_cause(fault: str, behave: Behave, cause: str, words: str) -> None:
    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/ws")
    assert kinds(records) == ["blocked"]
    ending = records[-1]
    assert isinstance(ending, Blocked)
    assert (ending.phase, ending.cause) == ("handshake", cause)
    assert words in ending.text
    assert list(ending.phases or ()) == ["dns", "tcp", "handshake"]


BREACHES: list[tuple[str, Behave, str, str]] = [
    ("a wrong Sec-WebSocket-Accept", accepts(key=b"AAAAAAAAAAAAAAAAAAAAAA=="), "handshake", "Sec-WebSocket-Accept"),
    ("no upgrade", sends(b"HTTP/1.1 101 OK\r\nConnection: Upgrade\r\n\r\n", then_stays=True), "handshake", "Upgrade"),
    ("two subprotocols", accepts("Sec-WebSocket-Protocol: a, b\r\n"), "handshake", "Sec-WebSocket-Protocol"),
    ("an unrequested subprotocol", accepts("Sec-WebSocket-Protocol: b\r\n"), "negotiation", "b"),
    ("an unrequested extension", accepts("Sec-WebSocket-Extensions: x-odd\r\n"), "negotiation", "x-odd"),
]


@pytest.mark.parametrize(("fault", "behave", "code", "words"), BREACHES, ids=[row[0] for row in BREACHES])
async def test_a_handshake_that_breaks_the_standard_is_a_violation(
    fault: str, behave: Behave, code: str, words: str
) -> None:
    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/ws", handshake=Handshake(url="", subprotocols=("a",)))
    violation, ending = records
    assert isinstance(violation, Violation)
    assert violation.code == code
    assert words in violation.text
    assert isinstance(ending, Blocked)
    assert (ending.phase, ending.cause) == ("handshake", "not-websocket")


async def test_a_subprotocol_that_nobody_asked_for_is_a_violation() -> None:
    async with raw_server(accepts("Sec-WebSocket-Protocol: b\r\n")) as where:
        records = await converse(f"ws://{where}/ws")
    assert kinds(records) == ["violation", "blocked"]


async def test_a_subprotocol_that_is_left_out_is_told_as_none() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=close_frame(1000))

    async with raw_server(behave) as where:
        opened, _ = await converse(f"ws://{where}/ws", handshake=Handshake(url="", subprotocols=("agent.v2",)))
    assert isinstance(opened, Opened)
    assert opened.subprotocol is None
    assert opened.offered == ("agent.v2",)


def status(line: str, headers: str = "", body: bytes = b"no", *, then_stays: bool = False) -> Behave:
    length = f"Content-Length: {len(body)}\r\n"
    return sends(f"HTTP/1.1 {line}\r\n{length}{headers}\r\n".encode() + body, then_stays=then_stays)


STATUSES: list[tuple[int, Behave, dict[str, str], str]] = [
    (200, status("200 OK", body=b"<html>"), {}, "<html>"),
    (
        302,
        status("302 Found", "Location: https://elsewhere.example/\r\n"),
        {"location": "https://elsewhere.example/"},
        "no",
    ),
    (307, status("307 T", "Location: ws://127.0.0.1:1/\r\n"), {"location": "ws://127.0.0.1:1/"}, "no"),
    (308, status("308 P", "Location: ws://[\r\n"), {"location": "ws://["}, "no"),
    (401, status("401 Unauthorized", "WWW-Authenticate: Bearer\r\n"), {"www-authenticate": "Bearer"}, "no"),
    (403, status("403 Forbidden", "X: a\r\nX: b\r\n"), {"x": "a, b"}, "no"),
    (404, status("404 Not Found", then_stays=True), {}, "no"),
    (429, status("429 Too Many Requests", "Retry-After: 7\r\n"), {"retry-after": "7"}, "no"),
    (503, status("503 Service Unavailable", "Retry-After: 3\r\n"), {"retry-after": "3"}, "no"),
    (403, sends(b"HTTP/1.1 403 Forbidden\r\nX: y\r\n\r\nnev", then_stays=True), {"x": "y"}, "nev"),
    (500, sends(b"HTTP/1.1 500 E\r\nContent-Length: 99\r\n\r\nshort"), {"content-length": "99"}, "short"),
    (502, sends(b"HTTP/1.0 502 Bad Gateway\r\n\r\ngone", then_stays=True), {}, "gone"),
    (500, status("500 E", body=b"x" * 2_000_000), {}, "x" * 4096),
    (401, status("401 U", body=b"\xff"), {}, "\ufffd"),
]


@pytest.mark.parametrize(("code", "behave", "headers", "body"), STATUSES)
async def test_a_status_is_reported_with_its_headers_and_body(
    code: int, behave: Behave, headers: dict[str, str], body: str
) -> None:
    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/ws")
    assert kinds(records) == ["refused"]
    ending = records[-1]
    assert isinstance(ending, Refused)
    assert ending.status == code
    assert ending.headers is not None
    assert headers.items() <= ending.headers.items()
    if code == 500 and len(body) == 4096:
        assert set(ending.body) <= {"x"}  # the library has dropped the rest of a body that is too long
    else:
        assert ending.body == body


async def test_a_redirect_is_never_followed() -> None:
    asked = 0

    async def elsewhere(peer: Peer) -> None:
        nonlocal asked
        asked += 1

    async with (
        raw_server(elsewhere) as target,
        raw_server(status("302 Found", f"Location: ws://{target}/ws\r\n")) as where,
    ):
        (ending,) = await converse(f"ws://{where}/ws", handshake=Handshake(url="", headers={"X-Api-Key": "canary"}))
    assert isinstance(ending, Refused)
    assert asked == 0


async def test_nothing_listening_is_connection_refused() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        (ending,) = await converse(f"ws://127.0.0.1:{port}/ws")
    assert isinstance(ending, Blocked)
    assert (ending.phase, ending.cause) == ("tcp", "connection-refused")
    assert f"127.0.0.1:{port}" in ending.text
    assert list(ending.phases or ()) == ["dns", "tcp"]


async def test_a_server_that_takes_no_more_connections_is_a_connect_timeout() -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for other in (first, second):
            other.setblocking(False)
            other.connect_ex(full.getsockname())
        host, port = full.getsockname()
        (ending,) = await converse(f"ws://{host}:{port}/ws", deadlines=type(SOON)(tcp=0.2))
    assert isinstance(ending, Blocked)
    assert (ending.phase, ending.cause) == ("tcp", "connect-timeout")


async def test_an_unknown_name_is_found_in_the_first_phase() -> None:
    (ending,) = await converse("ws://no-such-host.invalid/ws")
    assert isinstance(ending, Blocked)
    assert ending.phase == "dns"
    assert ending.cause in {"name-not-found", "name-service-down"}  # the second on a machine without a resolver
    assert "no-such-host.invalid" in ending.text


async def test_an_interruption_while_opening_is_a_cut() -> None:
    arrived = asyncio.Event()
    records = []

    async def behave(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await peer.stay()

    async with raw_server(behave) as where:
        task = asyncio.create_task(converse(f"ws://{where}/ws", emit=lambda record: records.append(record) or []))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert kinds(records) == ["cut"]
