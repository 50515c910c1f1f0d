"""When a deadline has passed, in times that are binary fractions of decimal ones."""

from __future__ import annotations

TOLERANCE = 1e-9
"""Seconds by which such a time may be off: a deadline that is met to the microsecond is met."""


def has_passed(due: float, now: float) -> bool:
    """Say whether ``now`` is later than ``due``, both in seconds."""
    return now > due + TOLERANCE
