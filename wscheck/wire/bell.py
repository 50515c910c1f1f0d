"""What wakes sessions that wait for one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Bell:
    """Wakes every session that hears it whenever what they share has changed.

    ``version`` gives a number that grows with each change. Whoever may have changed something must ``look``.
    """

    def __init__(self, version: Callable[[], int] = int) -> None:
        self._version = version
        self._seen = version()
        self._waking: list[Callable[[], None]] = []

    @contextmanager
    def heard_by(self, wake: Callable[[], None]) -> Iterator[None]:
        """Call ``wake`` at each change, as long as this lasts."""
        self._waking.append(wake)
        try:
            yield
        finally:
            self._waking.remove(wake)

    def look(self) -> None:
        """Wake all, if there was a change since the last look."""
        version = self._version()
        if version != self._seen:
            self._seen = version
            for wake in self._waking:
                wake()
