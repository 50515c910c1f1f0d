"""The doors of the reference agent server: both ways in, who is refused and how, and what plain HTTP gets."""

from __future__ import annotations

import asyncio
import http.client
import json
from base64 import urlsafe_b64encode
from typing import Any

import jwt
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from examples.agent_server import DEMO_BYPASS_KEY, DEMO_KEY, Server, mint_token, serve
from tests.examples.agent_sessions import be_welcomed, session


def as_subprotocol(token: str) -> str:
    return "jwt." + urlsafe_b64encode(token.encode()).decode().rstrip("=")


@pytest.mark.parametrize("offer", [["jwt-auth", "jwt"], ["jwt", "jwt-auth"], ["jwt-auth", "other", "jwt"]])
async def test_a_token_may_come_as_a_subprotocol_which_is_never_selected(offer: list[str]) -> None:
    offered = [as_subprotocol(mint_token("ada-0001")) if name == "jwt" else name for name in offer]
    async with serve() as server, connect(server.url, subprotocols=offered, proxy=None) as connection:  # type: ignore[arg-type]
        assert connection.subprotocol == "jwt-auth"
        await be_welcomed(connection)


@pytest.mark.parametrize(("offered", "selected"), [(None, None), (["jwt-auth"], "jwt-auth"), (["other"], None)])
async def test_with_a_header_the_subprotocol_is_selected_only_if_offered(
    offered: list[str] | None, selected: str | None
) -> None:
    async with serve() as server, session(server, subprotocols=offered) as connection:
        assert connection.subprotocol == selected


BAD_TOKENS = {
    "garbage": "garbage",
    "expired": mint_token("ada-0001", lifetime=-1),
    "forged": mint_token("ada-0001", key="k" * 32),
    "foreign audience": mint_token("ada-0001", aud="others"),
    "foreign issuer": mint_token("ada-0001", iss="others"),
    "for nobody": mint_token(""),
    "without expiry": jwt.encode({"sub": "ada-0001", "aud": "agents", "iss": "agent-service"}, DEMO_KEY, "HS256"),
    "unsigned": jwt.encode({"sub": "ada-0001", "aud": "agents", "iss": "agent-service", "exp": 9e9}, None, "none"),
}


@pytest.mark.parametrize("kind", BAD_TOKENS)
async def test_a_bad_token_is_refused_with_403(kind: str) -> None:
    offered: list[Any] = ["jwt-auth", as_subprotocol(BAD_TOKENS[kind])]
    async with serve() as server:
        with pytest.raises(InvalidStatus) as by_header:
            await session(server, BAD_TOKENS[kind]).__aenter__()
        with pytest.raises(InvalidStatus) as by_subprotocol:
            await connect(server.url, subprotocols=offered, proxy=None)
    assert [refused.value.response.status_code for refused in (by_header, by_subprotocol)] == [403, 403]


@pytest.mark.parametrize(
    ("path", "offered", "status"),
    [("", [], 401), ("", ["jwt-auth"], 401), ("", ["jwt.e30"], 401), ("", ["jwt-auth", "jwt.e"], 403), ("x", [], 403)],
)
async def test_no_token_is_401_and_an_unrouted_path_403(path: str, offered: list[Any], status: int) -> None:
    async with serve() as server:
        with pytest.raises(InvalidStatus) as refused:
            await connect(server.url + path, subprotocols=offered or None, proxy=None)
    assert refused.value.response.status_code == status


async def test_a_key_of_less_than_32_bytes_is_not_taken() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        await serve(key="short").__aenter__()


async def get(server: Server, path: str) -> tuple[int, Any, http.client.HTTPMessage]:
    return await call(server, "GET", path)


async def call(server: Server, method: str, path: str, **options: Any) -> tuple[int, Any, http.client.HTTPMessage]:
    def ask_by_http() -> tuple[int, Any, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
        try:
            connection.request(method, path, **options)
            response = connection.getresponse()
            return response.status, json.loads(response.read()), response.headers
        finally:
            connection.close()

    return await asyncio.to_thread(ask_by_http)


async def test_health_and_discovery_are_answered_in_json() -> None:
    async with serve() as server:
        status, health, headers = await get(server, "/health")
        _, discovery, _ = await get(server, "/api/discovery/services")
    assert (status, health, headers.get_all("Content-Type")) == (200, {"status": "healthy"}, ["application/json"])
    assert discovery["available"] is True
    assert discovery["services"]["agents"]["url"] == server.url


async def test_a_canned_server_says_that_it_is_not_available() -> None:
    async with serve(faults=["canned"]) as server:
        status, discovery, _ = await get(server, "/api/discovery/services")
    assert (status, discovery["available"]) == (200, False)


# -- the login

LOGIN = "/auth/e2e/test-auth"
GOOD = {"X-E2E-Bypass-Key": DEMO_BYPASS_KEY}


@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_login_hands_out_a_token_that_opens_a_session(version: str) -> None:
    body = json.dumps({"sub": "bob-0002", "email": "bob@example.com", "permissions": ["agents:run"]})
    async with serve(version=version) as server:
        status, answer, _ = await call(server, "POST", LOGIN, headers=GOOD, body=body)
        async with session(server, answer["access_token"]) as connection:
            await be_welcomed(connection)
    assert (status, answer["expires_in"], answer["user_id"]) == (200, 900, "bob-0002")
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert set(claims) == {
        *("sub", "iat", "exp", "iss", "aud", "jti", "token_type", "env", "email", "permissions"),
    }
    assert (claims["sub"], claims["email"], claims["exp"] - claims["iat"]) == ("bob-0002", "bob@example.com", 900)


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, "{}", 401),
        ({"X-E2E-Bypass-Key": "wrong"}, "{}", 403),
        (GOOD, "{", 422),
        (GOOD, "[]", 422),
        (GOOD, '{"email": 1}', 422),
        (GOOD, '{"sub": ""}', 422),
        (GOOD, '{"permissions": "all"}', 422),
        (GOOD, None, 200),
        (GOOD, "{}" + " " * 8000, 200),
    ],
)
async def test_the_login_says_why_it_hands_out_nothing(headers: dict[str, str], body: str | None, status: int) -> None:
    async with serve() as server:
        answered, answer, _ = await call(server, "POST", LOGIN, headers=headers, body=body)
    assert answered == status
    assert ("access_token" in answer) is (status == 200)
    assert DEMO_BYPASS_KEY not in str(answer)


async def test_the_login_wants_a_post_and_a_key_of_its_own() -> None:
    async with serve() as server:
        by_get, _, headers = await get(server, LOGIN)
    async with serve(bypass_key=None) as server:
        without_key, _, _ = await call(server, "POST", LOGIN, headers=GOOD, body="{}")
    async with serve(faults=["starting-503"]) as server:
        starting, _, _ = await call(server, "POST", LOGIN, headers=GOOD, body="{}")
    assert (by_get, headers["Allow"], without_key, starting) == (405, "POST", 503, 503)


async def test_a_post_may_come_in_pieces_and_to_any_path() -> None:
    body = b'{"sub": "ada-0001"}'
    lines = [
        f"POST {LOGIN} HTTP/1.1",
        "Host: x",
        f"X-E2E-Bypass-Key: {DEMO_BYPASS_KEY}",
        f"Content-Length: {len(body)}",
    ]
    head = "\r\n".join([*lines, "", ""])
    async with serve() as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        for piece in (head[:3].encode(), head[3:].encode(), body[:5], body[5:]):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        answer = await reader.read()
        writer.close()
        elsewhere, _, _ = await call(server, "POST", "/other", body="{}")
    assert answer.startswith(b"HTTP/1.1 200")
    assert elsewhere == 403


# -- the faults of the door


@pytest.mark.parametrize(("fault", "status"), [("reject-403", 403), ("reject-401", 401), ("error-500", 500)])
async def test_a_refusal_refuses_a_good_token_while_the_service_is_healthy(fault: str, status: int) -> None:
    async with serve(faults=[fault]) as server:
        with pytest.raises(InvalidStatus) as refused:
            await session(server).__aenter__()
        healthy, _, _ = await get(server, "/health")
    assert (refused.value.response.status_code, healthy) == (status, 200)


async def test_stall_handshake_never_answers_and_lets_go_when_the_server_stops() -> None:
    async with serve(faults=["stall-handshake"]) as server:
        with pytest.raises(TimeoutError):
            await connect(server.url, proxy=None, open_timeout=0.05)
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"GET /ws HTTP/1.1\r\nHost: x\r\n\r\n")
        await writer.drain()
        healthy, _, _ = await get(server, "/health")
    assert healthy == 200
    await reader.read()
    writer.close()


@pytest.mark.parametrize(
    ("fault", "selected"), [("subprotocol-not-echoed", None), ("subprotocol-unoffered", "agent.v9")]
)
async def test_the_subprotocol_that_is_selected_is_not_the_one_that_was_offered(
    fault: str, selected: str | None
) -> None:
    async with serve(faults=[fault]) as server:
        request = (
            f"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: jwt-auth\r\nAuthorization: Bearer {mint_token('ada-0001')}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.close()
    assert head.startswith("HTTP/1.1 101")
    lines = [line for line in head.split("\r\n") if line.startswith("Sec-WebSocket-Protocol:")]
    assert lines == ([f"Sec-WebSocket-Protocol: {selected}"] if selected else [])


async def test_strip_authorization_hides_the_header_but_not_the_subprotocol() -> None:
    offered: list[Any] = ["jwt-auth", as_subprotocol(mint_token("ada-0001"))]
    async with serve(faults=["strip-authorization"]) as server:
        with pytest.raises(InvalidStatus) as refused:
            await session(server).__aenter__()
        async with connect(server.url, subprotocols=offered, proxy=None) as connection:
            await be_welcomed(connection)
    assert refused.value.response.status_code == 401


LET_IN = {
    "no-signature-check": BAD_TOKENS["forged"],
    "wrong-audience": BAD_TOKENS["foreign audience"],
    "accepts-expired": BAD_TOKENS["expired"],
}


@pytest.mark.parametrize("fault", LET_IN)
async def test_a_fault_of_the_door_lets_in_one_kind_of_bad_token_and_no_other(fault: str) -> None:
    async with serve(faults=[fault]) as server:
        async with session(server, LET_IN[fault]) as connection:
            await be_welcomed(connection)
        unsigned = {"no-signature-check": [BAD_TOKENS["unsigned"]]}.get(fault, [])
        for token in [token for token in BAD_TOKENS.values() if token not in (LET_IN[fault], *unsigned)]:
            with pytest.raises(InvalidStatus):
                await session(server, token).__aenter__()


async def test_bypass_by_header_lets_in_whoever_sends_the_header() -> None:
    async with serve(faults=["bypass-by-header"]) as server:
        async with connect(server.url, additional_headers={"X-Test-Mode": "true"}, proxy=None) as connection:
            await be_welcomed(connection)
        with pytest.raises(InvalidStatus):
            await connect(server.url, additional_headers={"X-Test-Mode": "false"}, proxy=None)


@pytest.mark.parametrize("fault", ["wrong-secret", "wrong-audience"])
async def test_a_server_that_verifies_wrongly_refuses_a_good_token(fault: str) -> None:
    async with serve(faults=[fault]) as server:
        with pytest.raises(InvalidStatus) as refused:
            await session(server).__aenter__()
    assert refused.value.response.status_code == 403


async def test_starting_503_says_the_phase_at_both_doors() -> None:
    async with serve(faults=["starting-503"]) as server:
        with pytest.raises(InvalidStatus) as refused:
            await session(server).__aenter__()
        status, health, headers = await get(server, "/health")
    response = refused.value.response
    assert (response.status_code, status) == (503, 503)
    assert json.loads(response.body or b"") == health == {"status": "starting", "phase": "database"}
    assert response.headers["Retry-After"] == headers["Retry-After"] == "2"
