"""An alarm: something that is due at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Alarm:
    """``passed`` is called with the time of the first record after that; None once it is called off."""

    passed: Callable[[float], None] | None
