"""Where in a message the name of an event stands, also at places where the contract does not look for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wscheck.contract.model import Contract
from wscheck.pointer import join
from wscheck.record import Direction

# Members that may well hold the name of an event: a status may be "error" without being one.
_NAMING = re.compile(r"event|type|name|kind|action|method|topic|command|^(t|e|op|msg|cmd)$", re.IGNORECASE)
_DEEPEST = 3
_MOST = 200


def known_names(contract: Contract, direction: Direction) -> frozenset[str]:
    """Return the names that messages of ``direction`` bear at the contract's `event_name`."""
    other = "client" if direction == "received" else "server"
    places = {pointer.text for pointer in contract.event_name}
    names: set[str] = set()
    for event in contract.events:
        if event.name.startswith("$") or event.sender == other:
            continue
        if event.match is None:
            names.add(event.name)
        for condition in event.match or ():
            match condition.test:
                case (str(constant),) if condition.pointer.text in places:
                    names.add(constant)
                case _:
                    pass
    return frozenset(names)


def find_names(value: Any, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield where in ``value`` a member is one of ``names``, and which: JSON Pointer and name, the outermost first.

    Only members count that are called as what names an event often is.
    """
    level: list[tuple[str, Any]] = [("", value)]
    for _ in range(_DEEPEST):
        inner: list[tuple[str, Any]] = []
        for base, holder in level:
            if not isinstance(holder, dict):
                continue
            for name, member in list(holder.items())[:_MOST]:
                if isinstance(member, str) and member in names and _NAMING.search(name):
                    yield join(base, name), member
                inner.append((join(base, name), member))
        level = inner[:_MOST]
