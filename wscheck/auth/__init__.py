"""Credentials: a bare opening handshake in, one with a token out; nothing else in wscheck imports jwt."""

from __future__ import annotations

from wscheck.auth.handshake import Handshake, in_basic, in_cookie, in_header, in_message, in_query, in_subprotocol
from wscheck.auth.secret import Input, is_secret, read_secret
from wscheck.auth.token import Token, describe, mint_token, read_token, take_token

__all__ = [
    "Handshake",
    "Input",
    "Token",
    "describe",
    "in_basic",
    "in_cookie",
    "in_header",
    "in_message",
    "in_query",
    "in_subprotocol",
    "is_secret",
    "mint_token",
    "read_secret",
    "read_token",
    "take_token",
]
