"""What findings about an order say: what was seen, what was due, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wscheck.contract.model import Scope
from wscheck.event import Event
from wscheck.finding import EventRef
from wscheck.rules.rule import show
from wscheck.text import safe, shorten


def event(event: Event | EventRef) -> str:
    """Name one event: `tool_completed (#14)`."""
    return f"{event.name} ({event.place})"


def instance(scope: Scope, shown: tuple[Any, ...] | None) -> str:
    """Name one instance: `tool c2`."""
    if scope.parent is None:
        return "the connection"
    return f"{scope.name} {key(shown)}" if shown is not None else scope.name


def key(shown: tuple[Any, ...]) -> str:
    """Write a key as a person would."""
    return "/".join(safe(shorten(part)) if isinstance(part, str) else show(part) for part in shown)


def names(listed: Iterable[str], word: str = "or") -> str:
    """Write names as a person would: `a, b or c`."""
    several = list(listed)
    if len(several) > 8:
        several = [*several[:8], f"{len(several) - 8} more"]
    if len(several) < 2:
        return several[0] if several else "nothing"
    return f"{', '.join(several[:-1])} {word} {several[-1]}"
