"""Proxies: asked only when told to, and never mistaken for the server."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.support.raw_server import Behave, Peer, close_frame, ends_at_once, raw_server, sends, silent
from tests.support.sessions import SOON, converse, kinds
from wscheck.errors import UsageError
from wscheck.record import Blocked, Opened
from wscheck.wire.proxy import find_proxy


async def test_the_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    async def proxy(peer: Peer) -> None:
        nonlocal asked
        asked += 1

    async def behave(peer: Peer) -> None:
        await peer.accept(then=close_frame(1000))

    async with raw_server(proxy) as other, raw_server(behave) as where:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ws_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://{other}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        records = await converse(f"ws://{where}/ws")
    assert kinds(records) == ["opened", "closed"]
    assert asked == 0


async def test_a_proxy_that_was_asked_for_is_used_and_timed() -> None:
    async def behave(peer: Peer) -> None:
        await peer.answer(b"HTTP/1.1 200 OK\r\n\r\n")
        await peer.accept(then=close_frame(1000))

    async with raw_server(behave) as where:
        opened, _ = await converse("ws://never-looked-up.invalid/ws", proxy=f"http://{where}")
    assert isinstance(opened, Opened)
    assert list(opened.phases or ()) == ["proxy", "handshake"]


PROXIES: list[tuple[Behave, str]] = [
    (sends(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), "proxy-auth"),
    (sends(b"HTTP/1.1 403 Forbidden\r\n\r\n"), "proxy-refused"),
    (sends(b"nonsense\r\n"), "proxy-refused"),
    (ends_at_once, "proxy-refused"),
    (silent, "proxy-refused"),
]


@pytest.mark.parametrize(("behave", "cause"), PROXIES)
async def test_a_proxy_that_makes_no_connection_is_not_held_against_the_server(behave: Behave, cause: str) -> None:
    brief = type(SOON)(tcp=0.1, tls=0.1, handshake=0.2)
    async with raw_server(behave) as where:
        (ending,) = await converse("ws://behind.invalid/ws", proxy=f"http://{where}", deadlines=brief)
    assert isinstance(ending, Blocked)
    assert (ending.phase, ending.cause) == ("proxy", cause)


async def test_a_proxy_that_is_not_there_is_said_to_refuse() -> None:
    (ending,) = await converse("ws://behind.invalid/ws", proxy="http://127.0.0.1:9")
    assert isinstance(ending, Blocked)
    assert ending.text.startswith("the proxy made no connection: it refused the connection; is it running")


LIBRARIES = {"ws://h/": "python_socks", "https://h/": "socksio"}


@pytest.mark.parametrize(("url", "library"), LIBRARIES.items(), ids=LIBRARIES)
def test_a_socks_proxy_without_its_library_is_refused_before_anything_opens(url: str, library: str) -> None:
    if find_spec(library):
        assert find_proxy(url, "socks5://p:1", {}) == "socks5://p:1"
        return
    for choice, environ in (("socks5://p:1", {}), ("env", {"ALL_PROXY": "socks5h://p:1"})):
        with pytest.raises(UsageError, match=library.replace("_", "-")):
            find_proxy(url, choice, environ)
