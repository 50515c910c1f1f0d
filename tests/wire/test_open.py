"""While the session is open: what the peer did on a raw socket, and the records made of it."""

from __future__ import annotations

import time
import zlib
from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.support.raw_server import BINARY, CLOSE, PING, PONG, TEXT, Peer, close_frame, frame, raw_server
from tests.support.sessions import Await, converse, kinds, observe
from wscheck.event import Observation
from wscheck.record import Closed, Cut, Message, Note, Pong, Record, Violation

Behave = Callable[[Peer], Awaitable[None]]
GOOD = frame(TEXT, b"good")


def after_opening(raw: bytes, *, stays: bool = True, apart: bool = False) -> Behave:
    """Send ``raw`` in the same write as the answer to the handshake, or ``apart`` from it."""

    async def behave(peer: Peer) -> None:
        await peer.accept(then=b"" if apart else raw)
        if apart:
            await peer.send(raw)
        if stays:
            await peer.stay()

    return behave


CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4401, 4999]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("code", CODES)
async def test_a_close_frame_is_told_though_tcp_stays_open(code: int, apart: bool) -> None:
    async with raw_server(after_opening(GOOD + close_frame(code, "früh".encode()), apart=apart)) as where:
        records = await converse(f"ws://{where}/", answer_within=0.02)
    assert kinds(records) == ["opened", "message", "closed"]
    ending = records[-1]
    assert isinstance(ending, Closed)
    assert (ending.code, ending.reason, ending.initiator) == (code, "früh", "peer")


async def test_a_close_frame_without_a_code_is_1005() -> None:
    async with raw_server(after_opening(close_frame())) as where:
        *_, ending = await converse(f"ws://{where}/", answer_within=0.02)
    assert isinstance(ending, Closed)
    assert (ending.code, ending.reason, ending.initiator) == (1005, "", "peer")


LOST: list[tuple[str, Behave]] = [
    ("EOF without a close frame", after_opening(GOOD, stays=False)),
    ("EOF inside a frame", after_opening(GOOD + frame(TEXT, b"x" * 100)[:7], stays=False)),
    ("EOF inside a fragmented message", after_opening(GOOD + frame(TEXT, b"x", fin=False), stays=False)),
]


@pytest.mark.parametrize(("fault", "behave"), LOST, ids=[row[0] for row in LOST])
async def test_a_session_lost_without_a_close_frame_is_1006(fault: str, behave: Behave) -> None:
    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/")
    assert kinds(records) == ["opened", "message", "closed"]
    assert records[-1] == Closed(at=records[-1].at, session="ada", code=1006, initiator="peer")


async def test_a_reset_is_1006() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_frame()
        peer.reset()

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", ping_every=0.01)
    assert kinds(records) == ["opened", "closed"]
    assert records[-1] == Closed(at=records[-1].at, session="ada", code=1006, initiator="peer")


BREACHES: list[tuple[str, bytes, str]] = [
    ("close code 0", close_frame(0), "code 0"),
    ("close code 999", close_frame(999), "code 999"),
    ("close code 1004", close_frame(1004), "code 1004"),
    ("close code 1005 in a frame", close_frame(1005), "code 1005"),
    ("close code 1006 in a frame", close_frame(1006, b"bye"), "code 1006"),
    ("close code 1015", close_frame(1015), "code 1015"),
    ("close code 2000", close_frame(2000, b"\x88\x03\x03\xe8 late"), "code 2000"),
    ("close code 5000", close_frame(5000), "code 5000"),
    ("an illegal code and then more", close_frame(5000) + frame(TEXT, b"too late"), "code 5000"),
    ("a close frame of one byte", frame(CLOSE, b"\x03"), "one byte"),
    ("a reason that is not UTF-8", close_frame(4401, b"\xff\xfe"), "code 4401"),
    ("a close frame inside a message", frame(TEXT, b"x", fin=False) + close_frame(1000), "code 1000"),
    ("a masked frame", frame(TEXT, b"x", mask=True), "masked"),
    ("RSV1 without an extension", frame(TEXT, b"x", rsv=4), "reserved bit"),
    ("RSV3", frame(TEXT, b"x", rsv=1), "reserved bit"),
    ("opcode 3", frame(3, b"x"), "reserved opcode"),
    ("opcode 11", frame(11, b"x"), "reserved opcode"),
    ("a ping of 126 bytes", frame(PING, b"x" * 126), "125 bytes"),
    ("a fragmented ping", frame(PING, b"x", fin=False), "fragments"),
    ("a continuation of nothing", frame(0, b"x"), "no message to continue"),
    ("a message inside a message", frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"), "inside a fragmented one"),
]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("fault", "raw", "words"), BREACHES, ids=[row[0] for row in BREACHES])
async def test_a_frame_that_breaks_the_standard_is_a_violation(fault: str, raw: bytes, words: str, apart: bool) -> None:
    async with raw_server(after_opening(GOOD + raw, apart=apart)) as where:
        records = await converse(f"ws://{where}/", answer_within=0.02)
    assert kinds(records) == ["opened", "message", "violation", "closed"]
    violation, ending = records[2:]
    assert isinstance(violation, Violation)
    assert violation.code == "framing"
    assert words in violation.text
    assert "RFC 6455" in violation.text
    assert isinstance(ending, Closed)
    assert (ending.code, ending.initiator) == (1006, "peer")


async def test_a_corrupt_deflate_stream_is_a_violation() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept(headers="Sec-WebSocket-Extensions: permessage-deflate\r\n", then=frame(TEXT, b"\xff", rsv=4))
        await peer.stay()

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", answer_within=0.02)
    assert kinds(records) == ["opened", "violation", "closed"]


MESSAGES: list[tuple[str, bytes, dict[str, object]]] = [
    ("text", frame(TEXT, "naïve".encode()), {"text": "naïve"}),
    ("an empty text", frame(TEXT), {"text": ""}),
    ("binary", frame(BINARY, b"\0\xff"), {"binary": b"\0\xff"}),
    ("binary that is UTF-8", frame(BINARY, b"{}"), {"binary": b"{}"}),
    ("text that is not UTF-8", frame(TEXT, b'{"a":"\xff"}'), {"binary": b'{"a":"\xff"}', "opcode": "text"}),
    ("an encoded surrogate", frame(TEXT, b"\xed\xa0\x80"), {"binary": b"\xed\xa0\x80", "opcode": "text"}),
    ("a byte order mark", frame(TEXT, b"\xef\xbb\xbf{}"), {"text": "\ufeff{}"}),
    (
        "fragments that split a character, with a ping between",
        frame(TEXT, b"\xc3", fin=False) + frame(PING, b"p") + frame(0, b"\xa9", fin=False) + frame(0),
        {"text": "é"},
    ),
    (
        "5,000 fragments",
        frame(BINARY, b"0", fin=False) + frame(0, b"1", fin=False) * 4998 + frame(0, b"2"),
        {"binary": b"0" + b"1" * 4998 + b"2"},
    ),
]


@pytest.mark.parametrize(("name", "raw", "members"), MESSAGES, ids=[row[0] for row in MESSAGES])
async def test_a_message_is_kept_as_it_came_and_the_next_one_too(
    name: str, raw: bytes, members: dict[str, object]
) -> None:
    async with raw_server(after_opening(raw + GOOD + close_frame(1000))) as where:
        _, odd, good, ending = await converse(f"ws://{where}/", answer_within=0.02)
    assert isinstance(odd, Message)
    expected = {"text": None, "binary": None, "opcode": None, **members}
    assert {member: getattr(odd, member) for member in expected} == expected
    assert isinstance(good, Message)
    assert good.text == "good"
    assert isinstance(ending, Closed)


TOO_BIG: list[tuple[str, bytes]] = [
    ("one frame", frame(TEXT, b"x" * 1001)),
    ("a length of 2^62 announced", b"\x81\x7f" + (2**62).to_bytes(8)),
    ("fragments", frame(TEXT, b"x" * 999, fin=False) + frame(0, b"yy")),
]


@pytest.mark.parametrize(("fault", "raw"), TOO_BIG, ids=[row[0] for row in TOO_BIG])
async def test_a_message_over_our_limit_is_a_note_and_a_cut(fault: str, raw: bytes) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept(then=GOOD)
        await peer.read_frame()  # a ping: the player waits by now
        await peer.send(raw)
        await peer.stay()

    async with raw_server(behave) as where:
        _, _, note, ending = await converse(
            f"ws://{where}/", Await(count=2), max_size=1000, ping_every=0.02, answer_within=0.02
        )
    assert isinstance(note, Note)
    assert note.code == "message-too-big"
    assert "1000 bytes" in note.text
    assert "max_size" in note.text
    assert isinstance(ending, Cut)
    assert (ending.cause, ending.awaiting) == ("limit", "2 messages")


async def test_a_small_frame_that_inflates_over_our_limit_is_a_cut_too() -> None:
    deflate = zlib.compressobj(wbits=-15)
    bomb = (deflate.compress(b"\0" * 50_000) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]
    assert len(bomb) < 1000

    async def behave(peer: Peer) -> None:
        await peer.accept(headers="Sec-WebSocket-Extensions: permessage-deflate\r\n", then=frame(TEXT, bomb, rsv=4))
        await peer.stay()

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", max_size=1000, answer_within=0.02)
    assert kinds(records) == ["opened", "note", "cut"]


async def test_a_message_as_large_as_our_limit_is_kept() -> None:
    async with raw_server(after_opening(frame(TEXT, b"x" * 1000) + close_frame(1000))) as where:
        records = await converse(f"ws://{where}/", max_size=1000, answer_within=0.02)
    assert kinds(records) == ["opened", "message", "closed"]


async def test_a_giant_message_is_kept_whole() -> None:
    size = 20 * 2**20
    async with raw_server(after_opening(frame(BINARY, b"x" * size) + GOOD + close_frame(1000))) as where:
        _, giant, good, _ = await converse(f"ws://{where}/", answer_within=0.02)
    assert isinstance(giant, Message)
    assert giant.binary is not None
    assert len(giant.binary) == size
    assert isinstance(good, Message)


async def test_a_flood_is_kept_whole_and_in_its_order() -> None:
    count = 2000
    flood = b"".join(frame(TEXT, b"%d" % number) for number in range(count))
    async with raw_server(after_opening(flood + close_frame(1000))) as where:
        records = await converse(f"ws://{where}/", answer_within=0.02)
    texts = [record.text for record in records if isinstance(record, Message)]
    assert texts == [str(number) for number in range(count)]


async def test_a_ping_is_answered_with_its_payload_and_an_unsolicited_pong_is_passed_over() -> None:
    answers = []

    async def behave(peer: Peer) -> None:
        await peer.accept(then=frame(PONG, b"who asked") + frame(PING, b"hello"))
        answers.append(await peer.read_frame())
        await peer.send(close_frame(1000))

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/")
    assert answers == [(PONG, b"hello")]
    assert kinds(records) == ["opened", "closed"]


async def test_a_pong_is_a_record_with_its_latency_and_answers_earlier_pings() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_frame()
        _, second = await peer.read_frame()
        await peer.send(frame(PONG, second) + close_frame(1000))

    async with raw_server(behave) as where:
        _, pong, _ = await converse(f"ws://{where}/", ping_every=0.02)
    assert isinstance(pong, Pong)
    assert pong.latency is not None
    assert 0 <= pong.latency < 1


async def test_a_peer_that_answers_no_ping_is_unresponsive() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.stay()

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", Await(count=1), ping_every=0.02, patience=0.1, answer_within=0.02)
    assert kinds(records) == ["opened", "cut"]
    ending = records[-1]
    assert isinstance(ending, Cut)
    assert (ending.cause, ending.awaiting) == ("unresponsive", "1 messages")


async def test_a_peer_that_sends_is_responsive_though_it_answers_no_ping() -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        for _ in range(12):  # each ping is met with a message and no pong
            await peer.read_frame()
            await peer.send(GOOD)
        await peer.send(close_frame(1000))

    async with raw_server(behave) as where:
        records = await converse(f"ws://{where}/", ping_every=0.02, patience=0.15)
    assert kinds(records) == ["opened", *["message"] * 12, "closed"]


async def test_a_message_is_stamped_when_it_comes_and_not_when_it_is_told() -> None:
    def emit(record: Record) -> Sequence[Observation]:
        if isinstance(record, Message):
            time.sleep(0.002)
        return observe(record)

    async with raw_server(after_opening(GOOD * 50 + close_frame(1000))) as where:
        records = await converse(f"ws://{where}/", emit=emit, answer_within=0.02)
    received = [record.at for record in records if isinstance(record, Message)]
    assert len(received) == 50
    assert len(set(received)) == 1  # one read brought them all
