"""The certificate that a server shows: who issued it and until when it holds, also where it is not trusted."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wscheck.wire.address import Address

_DAY = 86_400
_SOON = 7 * _DAY
_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL, for which ssl has no name: what has expired can be read too."""

_SHORT = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A server's certificate (RFC 5280). ``since`` and ``until``: seconds since the epoch; ``version`` is TLS's."""

    subject: str
    issuer: str
    names: str
    since: float
    until: float
    version: str

    @property
    def ends_soon(self) -> bool:
        """Whether it holds for less than a week from now."""
        return self.until - time.time() < _SOON

    @property
    def validity(self) -> str:
        """Say when it ends, or that it has not begun."""
        now = time.time()
        if self.since > now:
            return f"valid from {_date(self.since)} on"
        days = int(abs(self.until - now) // _DAY)
        counted = f"{days} day{'' if days == 1 else 's'}"
        if self.until <= now:
            return f"expired {counted} ago, on {_date(self.until)}"
        return f"expires in {counted}, on {_date(self.until)}"

    @property
    def sentence(self) -> str:
        """Say whom TLS was spoken with."""
        return f"{self.version}; certificate issued by {self.issuer}, {self.validity}"

    @property
    def details(self) -> Mapping[str, str]:
        """What is in it."""
        return {"subject": self.subject, "issuer": self.issuer, "names": self.names, "validity": self.validity}


def read_certificate(spoken: ssl.SSLObject) -> Certificate:
    """Return the certificate of the peer that TLS is spoken with, which must have been verified."""
    shown: Mapping[str, Any] = spoken.getpeercert() or {}
    return Certificate(
        subject=_name(shown.get("subject", ())),
        issuer=_name(shown.get("issuer", ())),
        names=", ".join(name for _, name in shown.get("subjectAltName", ())),
        since=ssl.cert_time_to_seconds(shown["notBefore"]),
        until=ssl.cert_time_to_seconds(shown["notAfter"]),
        version=spoken.version() or "TLS",
    )


async def look_at_stranger(address: Address, *, within: float) -> Certificate | None:
    """Return the certificate of a server that is not trusted. None where it cannot be read.

    Only TLS is spoken, and nothing is sent. ssl tells nothing of a certificate that it did not verify: so it is asked
    for first, and then verified as its own authority.
    """
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(2 * within):
            first = await _open(address, trusting, within)
            try:
                shown = first.get_extra_info("ssl_object").getpeercert(binary_form=True)
            finally:
                first.abort()
            second = await _open(address, _trust_only(shown), within)
            try:
                return read_certificate(second.get_extra_info("ssl_object"))
            finally:
                second.abort()
                await asyncio.sleep(0)
    except (OSError, ValueError, KeyError):  # it shows another one each time, or one that nothing can read
        return None


async def _open(address: Address, context: ssl.SSLContext, within: float) -> asyncio.Transport:
    transport, _ = await asyncio.get_running_loop().create_connection(
        asyncio.Protocol, address.host, address.port, ssl=context, server_hostname=address.host,
        ssl_handshake_timeout=within, family=socket.AF_UNSPEC,
    )  # fmt: skip
    return transport


def _trust_only(certificate: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(_NO_CHECK_TIME)
    context.load_verify_locations(cadata=certificate)
    return context


def _name(parts: Any) -> str:
    """Return a distinguished name (RFC 4514) as it is written, its common name first."""
    pairs = [(_SHORT[kind], value) for part in parts for kind, value in part if kind in _SHORT]
    return ", ".join(f"{kind}={value}" for kind, value in sorted(pairs, key=lambda pair: pair[0] != "CN"))


def _date(moment: float) -> str:
    return datetime.fromtimestamp(moment, tz=UTC).strftime("%Y-%m-%d")
