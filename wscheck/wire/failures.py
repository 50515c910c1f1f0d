"""Why no session came about: each failure's phase and cause, in the vocabulary of docs/verdicts.md."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from websockets.exceptions import InvalidMessage, InvalidProxyStatus, NegotiationError, ProxyError, SecurityError

from wscheck.record import Phase
from wscheck.text import safe, shorten
from wscheck.wire.address import Address

_TLS_RECORD = (b"\x15\x03", b"\x16\x03")
_HTTP = b"HTTP/1.1 "
_UNKNOWN_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_OUT_OF_FILES = {errno.EMFILE, errno.ENFILE}
_CERTIFICATE_TIMES = {9: "is not valid yet", 10: "has expired"}
_CERTIFICATE_HOSTS = {62, 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Where and why the way to a session ended. ``violation`` says that the peer broke RFC 6455, and in what."""

    phase: Phase
    cause: str
    text: str
    violation: Literal["handshake", "negotiation"] | None = None


class StoppedError(Exception):
    """The way to a session ended at ``failure``."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure

    def __str__(self) -> str:
        return f"{self.failure.phase}: {self.failure.cause}: {self.failure.text}"


def name_failure(error: OSError, host: str, seconds: float) -> Failure:
    """Say why ``host`` could not be looked up within ``seconds``."""
    if isinstance(error, socket.gaierror) and error.errno in _UNKNOWN_NAME:
        return Failure(phase="dns", cause="name-not-found", text=f"no address is known for the name {safe(host)}")
    seen = f"no answer within {seconds:g} s" if isinstance(error, TimeoutError) else str(error.strerror)
    text = f"the name service could not look up {safe(host)}: {seen}"
    return Failure(phase="dns", cause="name-service-down", text=text)


def connect_failure(errors: Sequence[OSError], address: Address, seconds: float) -> Failure:
    """Say why no TCP connection to ``address`` came about; ``errors`` has one for each address that was tried."""
    if any(error.errno in _OUT_OF_FILES for error in errors):
        text = "this machine lets wscheck open no more files or sockets; raise the limit (ulimit -n)"
        return Failure(phase="tcp", cause="too-many-files", text=text)
    if any(isinstance(error, ConnectionRefusedError) for error in errors):
        text = f"{address} refused the connection; is the server running, and is this its port?"
        return Failure(phase="tcp", cause="connection-refused", text=text)
    if any(isinstance(error, TimeoutError) for error in errors):
        text = f"{address} did not answer within {seconds:g} s; is there a firewall on the way?"
        return Failure(phase="tcp", cause="connect-timeout", text=text)
    # asyncio puts words of its own where the system's would stand.
    why = os.strerror(errors[-1].errno) if errors and errors[-1].errno else "it has no address"
    return Failure(phase="tcp", cause="unreachable", text=f"{address} cannot be reached: {why}")


def tls_failure(error: OSError, address: Address, seconds: float) -> Failure:
    """Say why the TLS handshake with ``address`` failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate_failure(error, address)
    if isinstance(error, ConnectionAbortedError | TimeoutError):
        text = f"{address} did not finish the TLS handshake within {seconds:g} s; does it speak TLS (wss) at all?"
        return Failure(phase="tls", cause="tls-timeout", text=text)
    if isinstance(error, ssl.SSLError) and "ALERT" in (error.reason or ""):
        text = f"{address} broke off the TLS handshake with an alert: {error.reason}"
        return Failure(phase="tls", cause="tls-untrusted", text=text)
    text = f"{address} does not speak TLS on this port; is the URL's scheme ws:// rather than wss://?"
    return Failure(phase="tls", cause="not-tls", text=text)


def proxy_failure(error: Exception) -> Failure:
    """Say why the proxy did not connect us."""
    if isinstance(error, InvalidProxyStatus):
        status = error.response.status_code
        cause = "proxy-auth" if status == 407 else "proxy-refused"
        return Failure(phase="proxy", cause=cause, text=f"the proxy answered CONNECT with status {status}")
    match error:
        case TimeoutError():
            seen = "it did not answer in time"
        case ConnectionRefusedError():
            seen = "it refused the connection; is it running, and is this its port?"
        case OSError(strerror=str(why)):
            seen = why
        case ProxyError():
            seen = "its answer to CONNECT is no HTTP"
        case _:
            seen = type(error).__name__
    return Failure(phase="proxy", cause="proxy-refused", text=f"the proxy made no connection: {seen}")


def handshake_failure(error: Exception, head: bytes, seconds: float, hide: Callable[[str], str] = str) -> Failure:
    """Say why the opening handshake failed, other than by an HTTP status. ``head`` is what the peer sent.

    ``hide`` takes secrets out of what the sentence shows a part of.
    """
    origin = error.__cause__
    if isinstance(error, TimeoutError):
        text = f"the opening handshake was not answered within {seconds:g} s{_what_came(head, hide)}"
        return Failure(phase="handshake", cause="handshake-timeout", text=text)
    if isinstance(error, SecurityError) or isinstance(origin, SecurityError):
        why = shorten(safe(hide(str(origin or error))))
        text = f"the answer to the opening handshake is larger than wscheck takes: {why}"
        return Failure(phase="handshake", cause="handshake-limit", text=text)
    if isinstance(error, InvalidMessage):
        return _no_answer(origin, head, hide)
    return Failure(
        phase="handshake",
        cause="not-websocket",
        text=f"the answer to the opening handshake breaks RFC 6455, section 4.1: {shorten(safe(hide(str(error))))}",
        violation="negotiation" if isinstance(error, NegotiationError) else "handshake",
    )


def _certificate_failure(error: ssl.SSLCertVerificationError, address: Address) -> Failure:
    code = error.verify_code
    if code in _CERTIFICATE_TIMES:
        text = f"the certificate of {address} {_CERTIFICATE_TIMES[code]}; is this machine's clock right?"
        return Failure(phase="tls", cause="tls-expired", text=text)
    if code in _CERTIFICATE_HOSTS:
        text = f"the certificate of {address} is for another name: {safe(error.verify_message)}"
        return Failure(phase="tls", cause="tls-hostname", text=text)
    text = f"the certificate of {address} is not trusted ({safe(error.verify_message)}); give its authority's, ca_cert"
    return Failure(phase="tls", cause="tls-untrusted", text=text)


def _no_answer(origin: BaseException | None, head: bytes, hide: Callable[[str], str]) -> Failure:
    if head.startswith(_TLS_RECORD):
        text = "the port speaks TLS; is the URL's scheme wss:// rather than ws://?"
        return Failure(phase="handshake", cause="not-websocket", text=text)
    if isinstance(origin, EOFError):
        text = f"the connection ended before the opening handshake was answered{_what_came(head, hide)}"
        return Failure(phase="handshake", cause="dropped", text=text)
    text = f"the opening handshake was not answered in HTTP/1.1{_what_came(head, hide)}"
    if head.startswith(_HTTP):
        why = shorten(safe(hide(str(origin))))
        text = f"the answer to the opening handshake is HTTP/1.1 that cannot be read ({why}){_what_came(head, hide)}"
    return Failure(phase="handshake", cause="not-websocket", text=text)


def _what_came(head: bytes, hide: Callable[[str], str]) -> str:
    if not head:
        return "; nothing came"
    line = head.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")
    return f"; what came begins with {shorten(safe(hide(line)), 80)!r}"
