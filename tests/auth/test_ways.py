"""Ways for a credential to travel: where it stands, and that every form in which it travels is listed as secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.auth import (
    Handshake,
    Token,
    in_basic,
    in_cookie,
    in_header,
    in_message,
    in_query,
    in_subprotocol,
    take_token,
)
from wscheck.errors import SecretError, UsageError

BARE = Handshake(url="ws://h/ws?a=1")
CANARY = 'c+a/n&a"r%y='
URL_SAFE = base64.urlsafe_b64encode(CANARY.encode()).decode().rstrip("=")


def token(value: str = CANARY) -> Token:
    return Token(value=value, source="$TOKEN", claims={"sub": "ada"}, expires=5.0)


WAYS: dict[str, tuple[Callable[[Token], Handshake], str]] = {
    "a header": (lambda it: in_header(BARE, it, name="X-Api-Key", prefix=""), CANARY),
    "a bearer token": (lambda it: in_header(BARE, it), CANARY),
    "a subprotocol": (
        lambda it: in_subprotocol(BARE, it),
        URL_SAFE,
    ),
    "the query": (lambda it: in_query(BARE, it), "c%2Ba%2Fn%26a%22r%25y%3D"),
    "a message": (lambda it: in_message(BARE, it, message={"a": "${token}"}), 'c+a/n&a\\"r%y='),
    "basic": (lambda it: in_basic(BARE, it, user="ada"), base64.b64encode(f"ada:{CANARY}".encode()).decode()),
}


@pytest.mark.parametrize(("put", "form"), WAYS.values(), ids=WAYS)
def test_every_form_in_which_a_secret_travels_is_listed(put: Callable[[Token], Handshake], form: str) -> None:
    handshake = put(token())
    travels = [handshake.url, *handshake.headers.values(), *handshake.subprotocols, handshake.first or ""]
    assert any(form in each for each in travels)
    assert {form, CANARY} <= set(handshake.secrets)
    assert "" not in handshake.secrets
    assert CANARY not in repr(handshake)
    assert form not in repr(handshake)
    assert handshake.expires == 5.0


def test_a_header_of_any_name_carries_a_token() -> None:
    assert in_header(BARE, token("t"), name="X-Api-Key", prefix="").headers == {"X-Api-Key": "t"}
    assert in_header(BARE, token("t"), prefix="token ").headers == {"Authorization": "token t"}
    with pytest.raises(UsageError, match="two credentials: a header X-Api-Key and a token"):
        in_header(Handshake(url="ws://h/", headers={"x-api-key": "a"}), token(), name="X-Api-Key")


QUERIES = {
    "ws://h/ws": "ws://h/ws?token=t",
    "ws://h/ws?": "ws://h/ws?token=t",
    "ws://h/ws?a=1": "ws://h/ws?a=1&token=t",
    "ws://h/ws?a=1&": "ws://h/ws?a=1&token=t",
    "ws://h/ws#x": "ws://h/ws?token=t#x",
}


@pytest.mark.parametrize(("url", "due"), QUERIES.items())
def test_a_token_in_the_query_leaves_the_rest_as_it_was(url: str, due: str) -> None:
    assert in_query(Handshake(url=url), token("t")).url == due


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), st.text("ab &=é", min_size=1))
def test_a_token_in_the_query_is_what_the_server_reads(value: str, name: str) -> None:
    url = in_query(Handshake(url="ws://h/?x=1"), token(value), name=name).url
    assert parse_qs(urlsplit(url).query)[name] == [value]


def test_a_parameter_that_is_there_is_another_credential() -> None:
    with pytest.raises(UsageError, match="has a parameter token already") as raised:
        in_query(Handshake(url="ws://h/?a=1&token=canary"), token())
    assert "canary" not in str(raised.value)


def test_a_cookie_joins_those_that_are_there() -> None:
    assert in_cookie(BARE, token("t")).headers == {"Cookie": "token=t"}
    there = Handshake(url="ws://h/", headers={"cookie": "a=1; b=2"})
    assert in_cookie(there, token("t"), name="sid").headers == {"cookie": "a=1; b=2; sid=t"}
    assert in_cookie(there, token("t")).secrets == ("t",)
    with pytest.raises(UsageError, match="a cookie b and a token"):
        in_cookie(there, token("t"), name="b")


@pytest.mark.parametrize("value", ["a;b", "a b", 'a"b', "a,b", "a\\b", "é"])
def test_a_token_that_no_cookie_can_carry_is_refused_unshown(value: str) -> None:
    with pytest.raises(SecretError, match="no cookie may have") as raised:
        in_cookie(BARE, token(f"canary{value}"))
    assert "canary" not in str(raised.value)


def test_a_first_message_has_the_token_wherever_it_is_named() -> None:
    message = {"type": "connection_init", "payload": ["Bearer ${token}", {"t": "${token}"}, "$${token}", 5, None]}
    first = in_message(BARE, token(), message=message).first
    assert json.loads(first or "") == {
        "type": "connection_init",
        "payload": [f"Bearer {CANARY}", {"t": CANARY}, "${token}", 5, None],
    }
    assert " " not in (first or "").replace("Bearer ", "")


def test_basic_credentials_are_user_and_password() -> None:
    handshake = in_basic(BARE, Token(value="pass:wörd", source="$PW"), user="ada")
    scheme, encoded = handshake.headers["Authorization"].split(" ")
    assert (scheme, base64.b64decode(encoded).decode()) == ("Basic", "ada:pass:wörd")
    assert handshake.identity is None


def test_a_login_hands_out_a_token() -> None:
    taken = take_token("opaque", "https://a/login")
    assert (taken.value, taken.source, taken.claims) == ("opaque", "https://a/login", None)


@pytest.mark.parametrize("value", [None, 5, ["canary"], {"a": "canary"}, "", "canary\n", "canary€"])
def test_a_login_that_hands_out_no_token_is_told_without_what_it_was(value: object) -> None:
    with pytest.raises(SecretError, match="https://a/login") as raised:
        take_token(value, "https://a/login")
    assert "canary" not in str(raised.value)
