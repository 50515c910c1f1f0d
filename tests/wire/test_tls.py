"""TLS: certificates that do not serve, ports that do not speak it, and each cause by its name."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.support.raw_server import Peer, close_frame, raw_server
from tests.support.sessions import SOON, converse, kinds
from wscheck.errors import UsageError
from wscheck.record import Blocked, Opened
from wscheck.wire.plan import Trust, trust

AUTHORITY = trustme.CA()
NOW = datetime.now(UTC)


def server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture
def trusted(tmp_path: Path) -> Trust:
    file = tmp_path / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(str(file))
    return trust(str(file))


async def accept(peer: Peer) -> None:
    await peer.accept(then=close_frame(1000))
    await peer.stay()


async def stay(peer: Peer) -> None:
    await peer.stay()


async def test_a_session_over_tls_is_opened_and_timed(trusted: Trust) -> None:
    async with raw_server(accept, tls=server_tls(AUTHORITY.issue_cert("127.0.0.1"))) as where:
        records = await converse(f"wss://{where}/", tls=trusted)
    assert kinds(records) == ["opened", "closed"]
    assert isinstance(records[0], Opened)
    assert list(records[0].phases or ()) == ["dns", "tcp", "tls", "handshake"]


CERTIFICATES = [
    (AUTHORITY.issue_cert("127.0.0.1", not_after=NOW - timedelta(days=1)), "tls-expired", "expired"),
    (
        AUTHORITY.issue_cert("127.0.0.1", not_before=NOW + timedelta(days=1), not_after=NOW + timedelta(days=2)),
        "tls-expired",
        "not valid yet",
    ),
    (AUTHORITY.issue_cert("elsewhere.example"), "tls-hostname", "another name"),
    (trustme.CA().issue_cert("127.0.0.1"), "tls-untrusted", "not trusted"),
]


@pytest.mark.parametrize(("certificate", "cause", "words"), CERTIFICATES)
async def test_a_certificate_that_does_not_serve_is_named(
    certificate: trustme.LeafCert, cause: str, words: str, trusted: Trust
) -> None:
    async with raw_server(accept, tls=server_tls(certificate)) as where:
        (ending,) = await converse(f"wss://{where}/", tls=trusted)
    assert isinstance(ending, Blocked)
    assert (ending.phase, ending.cause) == ("tls", cause)
    assert words in ending.text
    assert list(ending.phases or ()) == ["dns", "tcp", "tls"]


async def test_the_system_s_authorities_are_trusted_and_no_others() -> None:
    async with raw_server(accept, tls=server_tls(AUTHORITY.issue_cert("127.0.0.1"))) as where:
        (ending,) = await converse(f"wss://{where}/")
    assert isinstance(ending, Blocked)
    assert ending.cause == "tls-untrusted"


async def test_wss_to_a_port_without_tls_is_not_tls() -> None:
    async def answers(peer: Peer) -> None:
        await peer.reader.read(1)
        await peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def hangs_up(peer: Peer) -> None:
        await peer.reader.read(1)

    for behave in (answers, hangs_up):
        async with raw_server(behave) as where:
            (ending,) = await converse(f"wss://{where}/")
        assert isinstance(ending, Blocked)
        assert (ending.phase, ending.cause) == ("tls", "not-tls")
        assert "ws://" in ending.text


async def test_a_port_that_is_silent_to_tls_is_a_tls_timeout() -> None:
    async with raw_server(stay) as where:
        (ending,) = await converse(f"wss://{where}/")
    assert isinstance(ending, Blocked)
    assert (ending.phase, ending.cause) == ("tls", "tls-timeout")
    assert ending.phases is not None
    assert ending.phases["tls"] == pytest.approx(SOON.tls, abs=1)


async def test_ws_to_a_port_with_tls_hints_at_the_scheme() -> None:
    async with raw_server(accept, tls=server_tls(AUTHORITY.issue_cert("127.0.0.1"))) as where:
        (ending,) = await converse(f"ws://{where}/")
    assert isinstance(ending, Blocked)
    assert ending.phase == "handshake"
    assert ending.cause in {"not-websocket", "dropped"}


async def test_an_authority_s_file_that_cannot_serve_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        trust(str(tmp_path / "none.pem"))
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing here\n")
    with pytest.raises(UsageError, match="PEM"):
        trust(str(empty))
