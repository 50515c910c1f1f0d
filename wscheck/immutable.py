"""Values that nobody changes: what is made for every event, and so must be made fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def immutable(cls: type[T]) -> type[T]:
    """Make ``cls`` a frozen, slotted dataclass with keywords only.

    That it is frozen is held by the type checker, not by each assignment in its ``__init__``, which takes four times as
    long.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)
