"""The values of `-H NAME:VALUE`: no secret may stand on a command line, which every process of a machine can read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wscheck.errors import UsageError
from wscheck.redact.private import is_private_header
from wscheck.scenario.plans import Headers, Secret
from wscheck.text import safe
from wscheck.wire.address import check_header

_VARIABLE = re.compile(r"\$\{env\.([^${}]+)\}")


def read_headers(given: Iterable[str]) -> Headers:
    """Return the headers that ``given`` names: NAME:VALUE, where VALUE may be @FILE or ${env.NAME}.

    Raises UsageError, which shows no value, where one cannot be sent or holds what may be a secret.
    """
    headers: dict[str, str | Secret] = {}
    for text in given:
        name, colon, value = text.partition(":")
        name, value = name.strip(), value.strip()
        if not colon or not name:
            raise UsageError("-H takes NAME:VALUE, as in -H 'X-Team: blue'")
        if any(name.lower() == known.lower() for known in headers):
            raise UsageError(f"-H gives the header {safe(name)} twice; give it once")
        headers[name] = _read(name, value)
    return headers


def _read(name: str, value: str) -> str | Secret:
    if value.startswith("@"):
        return {"file": value[1:]}
    if variable := _VARIABLE.fullmatch(value):
        return {"env": variable[1]}
    check_header(name, value)
    hint = f"write -H '{safe(name)}: @FILE' or -H '{safe(name)}: ${{env.NAME}}'"
    if is_private_header(name):
        raise UsageError(
            f"the header {safe(name)} may hold a secret, and on a command line it is none any more; {hint}"
        )
    if "${" in value:
        raise UsageError(f"the value of the header {safe(name)} holds a variable beside other text; {hint}")
    return value
