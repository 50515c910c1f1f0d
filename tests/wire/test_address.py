"""What is refused before anything opens, in a sentence that shows no secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.auth import Handshake
from wscheck.errors import UsageError
from wscheck.wire.address import Address, check_handshake, parse_address

GOOD = [
    ("ws://localhost", Address(secure=False, host="localhost", port=80), "localhost:80"),
    ("wss://API.example.com/ws?x=1", Address(secure=True, host="api.example.com", port=443), "api.example.com:443"),
    ("ws://127.0.0.1:8080/", Address(secure=False, host="127.0.0.1", port=8080), "127.0.0.1:8080"),
    ("ws://[::1]:8080/", Address(secure=False, host="::1", port=8080), "[::1]:8080"),
    ("wss://bücher.example/café", Address(secure=True, host="xn--bcher-kva.example", port=443), None),
]


@pytest.mark.parametrize(("url", "address", "shown"), GOOD)
def test_a_url_points_somewhere(url: str, address: Address, shown: str | None) -> None:
    assert parse_address(url) == address
    assert shown is None or str(address) == shown


BAD = [
    ("http://host/canary", "scheme is 'http'"),
    ("host:8080/canary", "scheme"),
    ("", "scheme"),
    ("ws:///canary", "no host"),
    ("ws://:80/canary", "no host"),
    ("ws://host:99999/canary", "port"),
    ("ws://host:0/canary", "port is 0"),
    ("ws://host:canary/", "port"),
    ("ws://[::1/canary", "malformed"),
    ("ws://host/a b?canary", "a space"),
    (" ws://host/canary", "a space"),
    ("ws://host/a\r\nX-Evil: canary", "U+000D"),
    ("ws://host/canary\0", "U+0000"),
    ("ws://host/\ud800canary", "U+D800"),
    ("ws://user:canary@host/", "credentials"),
    ("ws://canary@host/", "credentials"),
    ("ws://host/?canary#part", "fragment"),
    (f"ws://{'a' * 64}.example/canary", "host"),
    ("ws://a..b/canary", "host"),
]


@pytest.mark.parametrize(("url", "words"), BAD)
def test_a_url_that_cannot_be_used_is_said_in_a_sentence(url: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(url)
    assert words in str(caught.value)
    assert "canary" not in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40), st.sampled_from(["ws://", "wss://", "ws://h/", "ws://[", "ws://h:", ""]))
def test_any_text_is_an_address_or_a_usage_error(text: str, prefix: str) -> None:
    try:
        address = parse_address(prefix + text)
    except UsageError:
        return
    assert address.host
    assert 0 < address.port < 65536


HEADERS = [
    ({"X-Key": "canary\r\nX-Evil: 1"}, "X-Key"),
    ({"X-Key": "canary\n"}, "X-Key"),
    ({"X-Key": "canary\u20ac"}, "X-Key"),
    ({"X Key": "canary"}, "cannot name a header"),
    ({"": "canary"}, "cannot name a header"),
    ({"Sec-WebSocket-Key": "canary"}, "belongs to the opening handshake"),
    ({"Upgrade": "canary"}, "belongs to the opening handshake"),
]


@pytest.mark.parametrize(("headers", "words"), HEADERS)
def test_a_header_that_cannot_be_sent_is_named_without_its_value(headers: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        check_handshake(Handshake(url="ws://host/", headers=headers))
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("subprotocols", [("canary a",), ("",), ("canary/a",), ("canary", "canary"), ("ä",)])
def test_a_subprotocol_that_cannot_be_offered_is_refused_without_its_text(subprotocols: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        check_handshake(Handshake(url="ws://host/", subprotocols=subprotocols))
    assert "canary" not in str(caught.value)
