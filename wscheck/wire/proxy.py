"""Which proxy a URL goes through: none, one that was given, or the environment's where that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from websockets.exceptions import InvalidProxy
from websockets.proxy import parse_proxy

from wscheck.errors import UsageError

_SCHEMES = {
    "ws": ("ws", "socks", "https", "http", "all"),
    "wss": ("wss", "socks", "https", "all"),
    "http": ("http", "all"),
    "https": ("https", "all"),
}
"""By a URL's scheme: whose proxies serve it, the first that there is (RFC 6455, section 4.1, for WebSocket)."""


def check_proxy(choice: str | None) -> str | None:
    """Return ``choice``: a proxy's URL, "env", or None for "none" and None. Raises UsageError for any other.

    Its sentence shows no part of it, for there may be a password in it.
    """
    if choice in {None, "none"}:
        return None
    if choice == "env":
        return choice
    _check(str(choice), "the proxy's URL cannot be used; write http://HOST:PORT or socks5://HOST:PORT")
    return choice


def find_proxy(url: str, choice: str | None, environ: Mapping[str, str]) -> str | None:
    """Return the proxy that ``url`` goes through, None for none; ``choice`` is as check_proxy returns it.

    "env" means the variables that other tools read, WS_PROXY to HTTP_PROXY, but for what NO_PROXY lists. Raises
    UsageError where such a variable cannot serve.
    """
    if choice != "env":
        return choice
    proxies = {
        name.lower().removesuffix("_proxy"): value
        for name, value in sorted(environ.items())  # the lower-case names come last, and win
        if name.lower().endswith("_proxy") and value
    }
    parts = urlsplit(url)
    if proxy_bypass_environment(f"{parts.hostname}:{parts.port or ''}".rstrip(":"), proxies):
        return None
    for scheme in _SCHEMES[parts.scheme]:
        if scheme in proxies:
            found = proxies[scheme]
            found = found if "://" in found else f"http://{found}"
            _check(found, f"the proxy in the variable {scheme}_proxy of the environment cannot be used")
            return found
    return None


def secrets_of_proxy(proxy: str | None) -> tuple[str, ...]:
    """Return what of a proxy's URL nothing may show: the password, and it with the user's name."""
    if proxy is None or proxy == "env":
        return ()
    password = parse_proxy(proxy).password
    userinfo = urlsplit(proxy).netloc.rpartition("@")[0]
    return (password, userinfo) if password else ()


def _check(proxy: str, sentence: str) -> None:
    try:
        parse_proxy(proxy)
    except (InvalidProxy, ValueError):
        raise UsageError(sentence) from None
