"""An alarm: something that is due at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True, order=True)
class Alarm:
    """``passed`` is called with the time of the first record that comes after ``due``; None once it is called off."""

    due: float
    number: int
    passed: Callable[[float], None] | None = field(compare=False)
