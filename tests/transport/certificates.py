"""Certificates that serve and that do not, by the names that the table gives them."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme

_DAY = timedelta(days=1)


@cache
def _authority() -> trustme.CA:
    return trustme.CA()


def write_authority(path: Path) -> None:
    """Write the certificate of the authority that is trusted."""
    _authority().cert_pem.write_to_path(str(path))


def server_tls(name: str) -> ssl.SSLContext:
    """Return what a server with the certificate ``name`` speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _ISSUE[name]().configure_cert(context)
    return context


_ISSUE: Mapping[str, Callable[[], trustme.LeafCert]] = {
    "good": lambda: _authority().issue_cert("127.0.0.1"),
    "expired": lambda: _authority().issue_cert("127.0.0.1", not_after=datetime.now(UTC) - _DAY),
    "early": lambda: _authority().issue_cert(
        "127.0.0.1", not_before=datetime.now(UTC) + _DAY, not_after=datetime.now(UTC) + 2 * _DAY
    ),
    "elsewhere": lambda: _authority().issue_cert("elsewhere.example"),
    "unknown": lambda: trustme.CA().issue_cert("127.0.0.1"),
}
