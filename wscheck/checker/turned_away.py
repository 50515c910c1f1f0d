"""How a probe must be turned away, in words and as a test of a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wscheck.record import Refused

REJECTIONS = (401, 403)
"""The statuses that turn credentials away (RFC 9110, sections 15.5.2 and 15.5.4)."""


def is_due(record: Refused) -> bool:
    """Whether the scenario expects just this refusal."""
    if record.probe is None:
        return record.expected
    return record.probe["expect"] == "refused" and record.status in _statuses(record.probe)


def is_rejection(record: Refused) -> bool:
    """Whether the refusal is about who asked, not about the server."""
    return record.status in REJECTIONS


def describe_due(probe: Mapping[str, Any]) -> str:
    """Say how a probe must be turned away."""
    if probe["expect"] == "refused":
        return f"by the status {' or '.join(map(str, _statuses(probe)))}"
    code = probe.get("code")
    return "by a close frame" if code is None else f"by a close frame with code {code}"


def _statuses(probe: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(probe.get("status") or REJECTIONS)
