"""Credentials: which token is used is always told, and its value never is."""

from __future__ import annotations

import base64
import io
import json
import traceback
import warnings
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.auth import Handshake, Token, describe, in_header, in_subprotocol, mint_token, read_secret, read_token
from wscheck.errors import SecretError, UsageError

KEY = "k" * 32
NOW = 1_800_000_000.5


def mint(claims: dict[str, Any], **changes: Any) -> Token:
    return mint_token(claims, **{"key": KEY, "source": "$E2E_JWT_KEY", "lifetime": 300, "now": NOW, **changes})


def test_a_minted_token_is_a_jwt_that_the_key_verifies() -> None:
    token = mint({"sub": "ada-0001", "aud": "agents"})
    claims = jwt.decode(token.value, KEY, algorithms=["HS256"], audience="agents", options={"verify_iat": False})
    assert claims == token.claims
    assert {"sub": "ada-0001", "iat": 1_800_000_000, "exp": 1_800_000_300}.items() <= claims.items()
    assert len(claims["jti"]) == 32
    assert token.expires == 1_800_000_300
    assert token.source == "minted from claims, key from $E2E_JWT_KEY"


def test_two_minted_tokens_differ() -> None:
    assert mint({}).value != mint({}).value


@pytest.mark.parametrize("given", [{"exp": 5}, {"iat": 7}, {"jti": "mine"}, {"exp": None}])
def test_what_the_user_claims_is_never_overridden(given: dict[str, Any]) -> None:
    claims = mint(given).claims
    assert claims is not None
    assert given.items() <= claims.items()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("canary", "6 bytes"),
        (b"canary" * 5, "30 bytes"),
        ("", "0 bytes"),
        ("-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n", "key pair"),
        (b"ssh-rsa canarycanarycanarycanarycanary", "key pair"),
        ("x\n-----BEGIN PUBLIC KEY-----\ncanary\n-----END PUBLIC KEY-----\n", "shared secret"),
    ],
)
def test_a_key_that_cannot_sign_is_an_error_in_our_words(key: str | bytes, words: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(SecretError, match=words) as error:
            mint({}, key=key)
    assert "$E2E_JWT_KEY" in str(error.value)
    assert "canary" not in "".join(traceback.format_exception(error.value))
    assert caught == []


@pytest.mark.parametrize("claims", [{"iss": 5}, {"sub": {1, 2}}])
def test_claims_that_are_no_json_are_a_usage_error(claims: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="claims"):
        mint(claims)


def test_a_secret_is_read_from_where_the_spec_says(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("from-file\r\n")
    sources: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"env": "TOKEN"}, ("from-env", "$TOKEN")),
        ({"file": "token.txt"}, ("from-file", "file token.txt")),
        ({"stdin": True}, ("from-stdin", "standard input")),
    ]
    for spec, expected in sources:
        read = read_secret(spec, environ={"TOKEN": "from-env"}, stdin=io.StringIO("from-stdin\n"), folder=tmp_path)
        assert read == expected


UNFIT = [
    "",
    "\n",
    "canary\n\n",
    "canary\tx",
    "canary\x7f",
    "canary\x00",
    "can\nary",
    "canary\u20ac",
    "-----BEGIN\ncanary",
]


@pytest.mark.parametrize("value", UNFIT)
def test_an_unfit_secret_is_named_by_its_source_and_never_shown(value: str, tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text(value, encoding="utf-8")
    for spec, name in (
        ({"env": "TOKEN"}, "$TOKEN"),
        ({"file": "token.txt"}, "token.txt"),
        ({"stdin": True}, "standard"),
    ):
        with pytest.raises(SecretError) as error:
            read_secret(spec, environ={"TOKEN": value}, stdin=io.StringIO(value), folder=tmp_path)
        assert name in str(error.value)
        assert "canary" not in str(error.value)


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="NO_SUCH_TOKEN"):
        read_secret({"env": "NO_SUCH_TOKEN"}, environ={})
    with pytest.raises(SecretError, match=r"none\.txt"):
        read_secret({"file": "none.txt"}, folder=tmp_path)
    with pytest.raises(SecretError, match="cannot be read"):
        read_secret({"file": "."}, folder=tmp_path)
    with pytest.raises(SecretError, match="cannot be read"):
        read_secret({"file": "a\0b"}, folder=tmp_path)
    (tmp_path / "bytes").write_bytes(b"\xffcanary")
    with pytest.raises(SecretError, match="UTF-8"):
        read_secret({"file": "bytes"}, folder=tmp_path)
    with pytest.raises(SecretError, match="UTF-8"):
        read_secret({"stdin": True}, stdin=io.TextIOWrapper(io.BytesIO(b"\xff"), encoding="utf-8"))


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"env": 5},
        {"stdin": False},
        {"env": "A", "file": "b"},
        {"value": "canary"},
        {"command": ["x", 1]},
        {"command": []},
    ],
)
def test_a_spec_of_another_kind_is_a_usage_error(spec: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as error:
        read_secret(spec, environ={"A": "b"})
    assert "canary" not in str(error.value)


def test_a_ready_token_shows_its_claims_unverified() -> None:
    value = jwt.encode({"sub": "bob", "exp": 12.5}, "another key, which is long enough ok", algorithm="HS256")
    token = read_token({"env": "TOKEN"}, environ={"TOKEN": value})
    assert (token.value, token.source, token.claims, token.expires) == (
        value,
        "$TOKEN",
        {"sub": "bob", "exp": 12.5},
        12.5,
    )


@pytest.mark.parametrize("value", ["opaque", "a.b.c", "..", "eyJhbGciOiJub25lIn0.W10.", "ü.ü.ü", "a.b.c.d"])
def test_an_opaque_token_is_allowed(value: str) -> None:
    token = read_token({"env": "TOKEN"}, environ={"TOKEN": value})
    assert (token.value, token.claims, token.expires) == (value, None, None)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.just(10**400) | st.text(), st.lists, max_leaves=5
    )
)
def test_an_odd_expiry_never_breaks(expires: Any) -> None:
    body = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).rstrip(b"=").decode()
    token = read_token({"env": "TOKEN"}, environ={"TOKEN": f"eyJhbGciOiJIUzI1NiJ9.{body}.c2ln"})
    describe(token, NOW)


def test_a_token_in_a_header_is_a_bearer_token() -> None:
    handshake = in_header(Handshake(url="ws://h/", headers={"X": "y"}), mint({"sub": "ada"}))
    assert handshake.headers["X"] == "y"
    assert handshake.headers["Authorization"] == f"Bearer {handshake.secrets[0]}"
    assert (handshake.identity, handshake.expires) == ("ada", 1_800_000_300)


def test_two_credentials_are_one_too_many() -> None:
    with pytest.raises(UsageError, match="two credentials") as error:
        in_header(Handshake(url="ws://h/", headers={"authorization": "Bearer canary"}), mint({}))
    assert "canary" not in str(error.value)


def test_a_token_as_a_subprotocol_is_encoded_and_offered_last() -> None:
    token = Token(value="tok?>en", source="$TOKEN", claims={"sub": "ada"})
    handshake = in_subprotocol(Handshake(url="ws://h/", subprotocols=("agent.v2", "jwt-auth")), token)
    carrier = handshake.subprotocols[-1]
    assert handshake.subprotocols == ("agent.v2", "jwt-auth", carrier)
    assert carrier.startswith("jwt.")
    assert "=" not in carrier
    assert base64.urlsafe_b64decode(carrier[4:] + "==").decode() == "tok?>en"
    assert handshake.secrets == ("tok?>en", carrier[4:])
    assert handshake.identity == "ada"


def test_a_token_may_travel_as_it_is_where_it_can() -> None:
    token = Token(value="a.b.c", source="$TOKEN")
    handshake = in_subprotocol(Handshake(url="ws://h/"), token, prefix="bearer-", encoding="none", offer=())
    assert handshake.subprotocols == ("bearer-a.b.c",)
    with pytest.raises(SecretError, match="base64url") as error:
        in_subprotocol(Handshake(url="ws://h/"), Token(value="can/ary=", source="$TOKEN"), encoding="none")
    assert "can/ary" not in str(error.value)
    with pytest.raises(UsageError, match="rot13"):
        in_subprotocol(Handshake(url="ws://h/"), token, encoding="rot13")


def test_an_identity_that_is_named_is_not_the_token_s() -> None:
    handshake = in_header(Handshake(url="ws://h/", identity="eve"), mint({"sub": "ada"}))
    assert handshake.identity == "eve"


def test_no_repr_shows_a_secret() -> None:
    token = Token(value="canary-0123", source="$TOKEN", claims={"sub": "ada"})
    handshake = in_subprotocol(in_header(Handshake(url="ws://h/?t=canary"), token), token)
    shown = repr((token, handshake))
    assert "canary" not in shown
    assert handshake.subprotocols[-1] not in shown
    assert "sub" in shown


DESCRIPTIONS: list[tuple[Token, str]] = [
    (
        mint({"sub": "ada-0001", "aud": "agents"}),
        "token minted from claims, key from $E2E_JWT_KEY; sub ada-0001, aud agents; expires in 300 s",
    ),
    (Token(value="canary", source="$TOKEN"), "token from $TOKEN; opaque: no claims to show"),
    (
        Token(value="canary", source="file token.txt", claims={"sub": "\x1b[2J", "scope": ["a", 1]}, expires=NOW - 12),
        'token from file token.txt; sub \\u{1b}[2J, scope ["a", 1]; expired 12 s ago',
    ),
    (Token(value="canary", source="standard input", claims={}), "token from standard input; never expires"),
]


@pytest.mark.parametrize(("token", "text"), DESCRIPTIONS)
def test_which_token_is_used_is_told_without_the_token(token: Token, text: str) -> None:
    assert describe(token, NOW) == text
