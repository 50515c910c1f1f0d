"""One event on its way through a connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from wscheck.checker.instance import Instance
from wscheck.checker.stream import Stream
from wscheck.event import Event


@dataclass(slots=True)
class Passage:
    """What becomes of ``event``.

    ``steps`` are the instances whose orders it is given to, under which name, and whether that is the name of an inner
    scope which opens; ``opened`` the instances in which one opens; ``ruled`` those without an order that it goes to.
    ``closed`` names the instances that it closed. ``unruled``: an order found it a duplicate or after its end, so that
    no rule sees it.
    """

    stream: Stream
    event: Event
    steps: list[tuple[Instance, str, bool]] = field(default_factory=list)
    opened: list[tuple[Instance, str]] = field(default_factory=list)
    ruled: list[Instance] = field(default_factory=list)
    closed: list[tuple[str, int]] = field(default_factory=list)
    unruled: bool = False


def outer(instance: Instance) -> Iterator[Instance]:
    """Yield what ``instance`` lies in, from the inside out."""
    parent = instance.parent
    while parent:
        yield parent
        parent = parent.parent
