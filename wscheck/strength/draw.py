"""What is picked where there is too much: by lot, and for a seed always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Draws at most ``most``. What is drawn of a few is drawn of many as well, and what for ten also for twenty."""

    seed: int
    most: int

    def order(self, items: Sequence[T], *label: object) -> list[T]:
        """Return all ``items`` in the order in which they are drawn; ``label`` says what for."""
        lots = [self._lot(*label, place) for place in range(len(items))]
        return [items[place] for place in sorted(range(len(items)), key=lots.__getitem__)]

    def some(self, items: Sequence[T], *label: object) -> list[T]:
        """Return those of ``items`` that are drawn, in their order."""
        if len(items) <= self.most:
            return list(items)
        drawn = self.order(range(len(items)), *label)[: self.most]
        return [items[place] for place in sorted(drawn)]

    def _lot(self, *label: object) -> bytes:
        return hashlib.sha256(repr((self.seed, *label)).encode()).digest()
