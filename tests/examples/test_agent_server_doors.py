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

from examples.agent_server import DEMO_KEY, Server, mint_token, serve
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
    def ask_by_http() -> tuple[int, Any, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
        try:
            connection.request("GET", path)
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


async def test_reject_403_refuses_a_good_token() -> None:
    async with serve(faults=["reject-403"]) as server:
        with pytest.raises(InvalidStatus) as refused:
            await session(server).__aenter__()
        status, _, _ = await get(server, "/health")
    assert (refused.value.response.status_code, status) == (403, 200)


async def test_starting_503_says_the_phase_at_both_doors() -> None:
    async with serve(faults=["starting-503"]) as server:
        with pytest.raises(InvalidStatus) as refused:
            await session(server).__aenter__()
        status, health, headers = await get(server, "/health")
    response = refused.value.response
    assert (response.status_code, status) == (503, 503)
    assert json.loads(response.body or b"") == health == {"status": "starting", "phase": "database"}
    assert response.headers["Retry-After"] == headers["Retry-After"] == "2"
