"""HTTP calls over real sockets: what is sent, what is never followed or read, and each failure's own words."""

from __future__ import annotations

import socket
import ssl

import pytest
import trustme

from tests.support.http_server import Asked, Told, http_server
from tests.support.raw_server import Peer, ends_at_once, raw_server, sends, silent
from wscheck.errors import UsageError
from wscheck.scenario.plans import NOTHING, HttpRequest
from wscheck.wire.http import MOST_BODY, HttpAnswer, NoAnswerError, Way, ask

AUTHORITY = trustme.CA()
CANARY = "canary-0123456789"


async def get(url: str, *, way: Way | None = None, within: float = 5.0, **headers: str) -> HttpAnswer:
    return await ask(HttpRequest(url=url), headers, way=way or Way(), within=within)


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def test_a_request_is_sent_as_it_is_written() -> None:
    async with http_server(lambda _: (201, {"run": "r1"}, {"X-Trace": "7"})) as server:
        request = HttpRequest(method="POST", url=f"{server.url}/runs?of=ada", json={"a": "é", "b": None})
        answer = await ask(request, {"X-Api-Key": CANARY}, way=Way(), within=5)
    assert (answer.status, answer.headers["x-trace"], answer.json()) == (201, "7", {"run": "r1"})
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.json) == ("POST", "/runs?of=ada", {"a": "é", "b": None})
    assert asked.headers["x-api-key"] == CANARY
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["user-agent"] == "wscheck"


async def test_null_is_a_body_and_nothing_is_none() -> None:
    async with http_server(lambda asked: (200, asked.body)) as server:
        null = await ask(HttpRequest(method="PUT", url=server.url, json=None), {}, way=Way(), within=5)
        none = await ask(HttpRequest(method="PUT", url=server.url), {}, way=Way(), within=5)
    assert (null.text, none.text) == ("null", "")
    assert none.json() is NOTHING


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with http_server(lambda _: (302, "", {"Location": "/elsewhere"})) as server:
        answer = await get(server.url, Authorization=CANARY)
    assert (answer.status, len(server.asked)) == (302, 1)


async def test_neither_proxies_nor_netrc_of_the_environment_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    async with http_server(lambda _: (200, "direct")) as server, http_server(lambda _: (200, "proxy")) as other:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, other.url)
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password " + CANARY)  # type: ignore[operator]
        monkeypatch.setenv("NETRC", f"{tmp_path}/netrc")
        assert (await get(server.url)).text == "direct"
        assert other.asked == []
        assert "authorization" not in server.asked[0].headers


async def test_a_proxy_that_was_asked_for_is_used() -> None:
    async with http_server(lambda asked: (200, asked.path)) as proxy:
        way = Way(proxy=lambda _: proxy.url)
        answer = await get("http://never-looked-up.invalid/health", way=way)
    assert answer.text == "http://never-looked-up.invalid/health"


async def test_the_authorities_that_were_given_are_trusted() -> None:
    tls = server_tls(AUTHORITY.issue_cert("127.0.0.1"))
    async with http_server(lambda _: (200, "safe"), tls=tls) as server:
        assert (await get(server.url, way=Way(tls=trusting))).text == "safe"


async def test_a_body_beyond_1_mib_is_not_taken() -> None:
    async with http_server(lambda _: (200, b"x" * (MOST_BODY + 1))) as server:
        with pytest.raises(NoAnswerError, match="larger than 1 MiB"):
            await get(server.url)


async def test_a_body_of_1_mib_is_taken() -> None:
    async with http_server(lambda _: (200, b"x" * MOST_BODY)) as server:
        assert len((await get(server.url)).text) == MOST_BODY


async def test_an_unknown_name_is_named_by_its_phase_and_cause() -> None:
    with pytest.raises(NoAnswerError) as caught:
        await get("http://nobody.invalid/health")
    assert caught.value.failure
    assert caught.value.failure.phase == "dns"


async def test_a_port_where_nothing_listens_is_a_refused_connection() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswerError, match="refused the connection") as caught:
        await get(f"http://127.0.0.1:{port}/")
    assert caught.value.failure
    assert (caught.value.failure.phase, caught.value.failure.cause) == ("tcp", "connection-refused")


@pytest.mark.parametrize(
    ("certificate", "cause"),
    [
        (trustme.CA().issue_cert("127.0.0.1"), "tls-untrusted"),
        (AUTHORITY.issue_cert("elsewhere.example"), "tls-hostname"),
    ],
)
async def test_what_is_wrong_with_a_certificate_is_said(certificate: trustme.LeafCert, cause: str) -> None:
    async with http_server(lambda _: (200, ""), tls=server_tls(certificate)) as server:
        with pytest.raises(NoAnswerError) as caught:
            await get(server.url, way=Way(tls=trusting))
    assert caught.value.failure
    assert (caught.value.failure.phase, caught.value.failure.cause) == ("tls", cause)


async def test_a_port_that_speaks_no_tls_is_named() -> None:
    async def behave(peer: Peer) -> None:
        await peer.reader.readexactly(20)
        await peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with raw_server(behave) as where:
        with pytest.raises(NoAnswerError) as caught:
            await get(f"https://{where}/", way=Way(tls=trusting))
    assert caught.value.failure
    assert (caught.value.failure.phase, caught.value.failure.cause) == ("tls", "not-tls")


async def test_a_port_that_is_silent_at_tls_leaves_no_socket_open() -> None:
    async with raw_server(silent) as where:
        with pytest.raises(NoAnswerError, match=r"took no connection within 0\.09 s"):
            await get(f"https://{where}/", way=Way(tls=trusting), within=0.2)


@pytest.mark.parametrize(
    ("behave", "within", "words"),
    [
        (ends_at_once, 10, "did not answer|was lost"),
        (sends(b"SSH-2.0-x\r\n"), 10, "did not answer in HTTP"),
        (sends(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), 10, "did not answer|was lost"),
        (silent, 0.2, "did not answer within 0.2 s"),
    ],
)
async def test_a_server_that_gives_no_answer_is_described(behave: object, within: float, words: str) -> None:
    async with raw_server(behave) as where:  # type: ignore[arg-type]
        with pytest.raises(NoAnswerError, match=words) as caught:
            await get(f"http://{where}/", within=within)
    assert caught.value.failure is None


async def test_a_proxy_that_wants_credentials_is_not_the_server() -> None:
    async with raw_server(sends(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")) as where:
        with pytest.raises(NoAnswerError) as caught:
            await get("https://behind.invalid/", way=Way(proxy=lambda _: f"http://{where}"))
    assert caught.value.failure
    assert (caught.value.failure.phase, caught.value.failure.cause) == ("proxy", "proxy-auth")


@pytest.mark.parametrize(
    ("request_", "headers", "words"),
    [
        (HttpRequest(url="ws://h/"), {}, "must be http:// or https://"),
        (HttpRequest(url=f"http://me:{CANARY}@h/"), {}, "never in a URL"),
        (HttpRequest(url="http://h/a b"), {}, "a space"),
        (HttpRequest(url="http://h:99999/"), {}, "malformed"),
        (HttpRequest(url="http:///x"), {}, "no host"),
        (HttpRequest(url="http://h/", method="GE T"), {}, "no method"),
        (HttpRequest(url="http://h/"), {"X-Key": f"{CANARY}\r\nX: y"}, "line break"),
        (HttpRequest(url="http://h/"), {"X-Key": f"{CANARY}€"}, "no header can carry"),
        (HttpRequest(url="http://h/"), {"X Key": "x"}, "cannot name a header"),
    ],
)
async def test_what_cannot_be_sent_is_refused_without_showing_it(
    request_: HttpRequest, headers: dict[str, str], words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        await ask(request_, headers, way=Way(), within=1)
    assert CANARY not in str(caught.value)


async def test_no_log_holds_a_header_or_a_url(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    def echo(asked: Asked) -> Told:
        return 200, asked.headers["authorization"]

    async with http_server(echo) as server:
        answer = await get(f"{server.url}/?token={CANARY}", Authorization=CANARY)
    assert answer.text == CANARY
    assert CANARY not in caplog.text
    assert CANARY not in repr(answer)
