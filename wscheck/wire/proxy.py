"""Which proxy a URL goes through: none, one that was given, or the environment's where that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from wscheck.errors import UsageError

_SCHEMES = {
    "ws": ("ws", "socks", "https", "http", "all"),
    "wss": ("wss", "socks", "https", "all"),
    "http": ("http", "all"),
    "https": ("https", "all"),
}
"""By a URL's scheme: whose proxies serve it, the first that there is (RFC 6455, section 4.1, for WebSocket)."""

_PROXIES = frozenset({"http", "https", "socks4", "socks4a", "socks5", "socks5h"})


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
    UsageError where such a variable cannot serve, or the library is not there that a SOCKS proxy needs.
    """
    found = _from(url, environ) if choice == "env" else choice
    library, what = ("python-socks", "a session") if url.startswith("ws") else ("socksio", "HTTP")
    if found and found.startswith("socks") and not find_spec(library.replace("-", "_")):
        raise UsageError(f"a SOCKS proxy needs {library} for {what}; install it beside wscheck")
    return found


def _from(url: str, environ: Mapping[str, str]) -> str | None:
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


def _check(proxy: str, sentence: str) -> None:
    try:
        parts = urlsplit(proxy)
        usable = parts.scheme in _PROXIES and parts.hostname and parts.port != 0 and parts.path in {"", "/"}
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or (parts.username is not None and parts.password is None):
        raise UsageError(sentence)
