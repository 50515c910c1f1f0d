"""One HTTP call: the readiness of a target, a login, a stimulus; the one file that imports httpx2."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from wscheck.errors import UsageError
from wscheck.json_text import decode
from wscheck.scenario.plans import NOTHING, HttpRequest
from wscheck.text import safe
from wscheck.wire.address import Address, check_header, parse_http_address
from wscheck.wire.answer import merge
from wscheck.wire.failures import Failure, connect_failure, name_failure, tls_failure
from wscheck.wire.plan import Trust

if TYPE_CHECKING:
    import httpx2

MOST_BODY = 2**20
"""The largest body of an answer that is taken, in bytes."""

_METHOD = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONNECT = 0.45
"""Which part of its time a call may spend on TCP, and again on TLS."""

_LOGGERS = ("httpx2", "httpcore2")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What came back. ``headers`` are lower-case; ``text`` is the body, its bad bytes replaced."""

    status: int
    headers: Mapping[str, str]
    text: str = field(repr=False)

    def json(self) -> Any:
        """Return the value that the body is, NOTHING where it is no JSON."""
        decoded = decode(self.text)
        return decoded.value if decoded.readable else NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How HTTP goes out: ``proxy`` gives a URL's proxy, None for none; ``tls`` is what https is spoken with.

    Neither the environment's proxies nor its .netrc are ever read here.
    """

    proxy: Callable[[str], str | None] = field(default=lambda _: None, repr=False)
    tls: Trust = ssl.create_default_context


class NoAnswerError(Exception):
    """No answer came, or none that could be read. ``failure`` names the phase where it was not HTTP's own."""

    def __init__(self, text: str, failure: Failure | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.failure = failure


Ask: TypeAlias = Callable[[HttpRequest, float], Awaitable[HttpAnswer]]
"""Sends a request that may take so many seconds, its headers' secrets put in; raises as ``ask`` does."""


def check_request(request: HttpRequest, headers: Mapping[str, str]) -> Address:
    """Return where ``request`` goes. Raises UsageError where its URL, its method or a header cannot be sent."""
    if not _METHOD.fullmatch(request.method):
        raise UsageError(f"'{safe(request.method)}' is no method of HTTP (RFC 9110, section 9.1)")
    for name, value in headers.items():
        check_header(name, value)
    return parse_http_address(request.url)


def load() -> Any:
    """Import the library and return it: in the middle of a session that would be a standstill."""
    import httpx2  # noqa: PLC0415 - a third of a second, which only a run that calls HTTP is to cost

    for name in _LOGGERS:  # they tell URLs and headers, at levels that a host's logging may show
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return httpx2


async def ask(request: HttpRequest, headers: Mapping[str, str], *, way: Way, within: float) -> HttpAnswer:
    """Send ``request`` and return its answer, whatever its status; a redirect is an answer, and never followed.

    ``headers`` are the request's, with the values of secrets in their places. All of it may take ``within`` seconds.
    Raises UsageError where it cannot be sent, and NoAnswerError.
    """
    address = check_request(request, headers)
    httpx2 = load()
    try:
        client = _open(httpx2, request.url, way, within)  # not in its time: certificates may have to be read first
        async with asyncio.timeout(within), client:
            return await _exchange(client, request, headers)
    except TimeoutError:
        raise NoAnswerError(f"{address} did not answer within {within:g} s") from None
    except (httpx2.TransportError, OSError) as error:
        raise _explain(httpx2, error, address, within) from None
    except (httpx2.InvalidURL, httpx2.DecodingError, ValueError) as error:
        # Their texts may hold a header's value or the URL.
        raise NoAnswerError(f"the request to {address} cannot be carried out ({type(error).__name__})") from None


def _open(library: Any, url: str, way: Way, within: float) -> httpx2.AsyncClient:
    try:
        proxy = way.proxy(url)
    except UsageError as error:  # not the request's fault; where the URL was known before, it was raised then
        raise _of(Failure(phase="proxy", cause="proxy-refused", text=str(error))) from None
    client: httpx2.AsyncClient = library.AsyncClient(
        trust_env=False,
        follow_redirects=False,
        verify=_trust(url, way),
        proxy=proxy,
        # Cancelled in the middle of TLS the library leaves its socket open, so TCP and TLS end before all does.
        timeout=library.Timeout(None, connect=within * _CONNECT),
    )
    return client


def _trust(url: str, way: Way) -> ssl.SSLContext:
    # Where there is no TLS, to trust nobody is enough, and costs nothing.
    return way.tls() if url.lower().startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def _exchange(client: httpx2.AsyncClient, request: HttpRequest, headers: Mapping[str, str]) -> HttpAnswer:
    fields, content = _fields(request, headers), None
    if request.json is not NOTHING:
        content = json.dumps(request.json, ensure_ascii=False, separators=(",", ":")).encode()
    body = bytearray()
    async with client.stream(request.method, request.url, headers=fields, content=content) as response:
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > MOST_BODY:
                raise NoAnswerError(f"an answer with status {response.status_code} came that is larger than 1 MiB")
    text = body.decode("utf-8", "replace")
    return HttpAnswer(status=response.status_code, headers=merge(response.headers.multi_items()), text=text)


def _fields(request: HttpRequest, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return the header fields as they are sent."""
    # What is compressed could be of any size once it is not, so nothing compressed is asked for.
    fields = {"User-Agent": "wscheck", "Accept": "application/json, */*", "Accept-Encoding": "identity"}
    if request.json is not NOTHING:
        fields["Content-Type"] = "application/json"
    given = {name.lower() for name in headers}
    fields = {name: value for name, value in fields.items() if name.lower() not in given} | dict(headers)
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()]


def _explain(httpx2: Any, error: Exception, address: Address, within: float) -> NoAnswerError:
    if isinstance(error, httpx2.ProxyError):
        cause = "proxy-auth" if str(error).startswith("407") else "proxy-refused"
        failure = Failure(phase="proxy", cause=cause, text=f"the proxy made no connection to {address}")
        return NoAnswerError(failure.text, failure)
    if isinstance(error, httpx2.ConnectTimeout):
        return NoAnswerError(f"{address} took no connection within {within * _CONNECT:.3g} s")
    reasons = [reason for reason in _reasons(error) if isinstance(reason, OSError)]
    for reason in reasons:
        if isinstance(reason, socket.gaierror):
            return _of(name_failure(reason, address.host, within))
        if isinstance(reason, ssl.SSLError):
            return _of(tls_failure(reason, address, within))
    if isinstance(error, httpx2.ConnectError | OSError):
        return _of(connect_failure([one for one in reasons if one.errno is not None], address, within))
    if isinstance(error, httpx2.RemoteProtocolError):
        return NoAnswerError(f"{address} did not answer in HTTP, or ended the connection before it had answered")
    return NoAnswerError(f"the connection to {address} was lost before it had answered")


def _of(failure: Failure) -> NoAnswerError:
    return NoAnswerError(failure.text, failure)


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and everything that it came from, also where several addresses were tried."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _reasons(one)
    origin = error.__cause__ or error.__context__
    if origin is not None:
        yield from _reasons(origin)
