"""How an event is broken: one function a fault, each of which the contract, the schema or both must see."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from benchmarks.runs import Sent

Fault: TypeAlias = Callable[[Sent], tuple[Sent, ...]]
"""What comes instead of an event: nothing, one event or two."""

_UNTOUCHED = ("start_agent", "agent_started")
"""Without these a whole run is foreign to the contract, and one fault would be many findings."""


def break_some(random: Random, percent: float, event: Sent) -> tuple[Sent, ...] | None:
    """Return what comes instead of ``event``, or None where it comes as it is: ``percent`` of all are broken."""
    if percent == 0 or event.name in _UNTOUCHED or 100 * random.random() >= percent:
        return None
    return random.choice(_FAULTS)(event)


def _lose(_event: Sent) -> tuple[Sent, ...]:
    return ()


def _repeat(event: Sent) -> tuple[Sent, ...]:
    return event, event


def _tear(event: Sent) -> tuple[Sent, ...]:
    """The text ends before its JSON does."""
    return (_with_text(event, event.text[:-1]),)


def _rename(event: Sent) -> tuple[Sent, ...]:
    return (_edited(event, lambda value: value.update(type=f"{event.name}_v3")),)


def _retype(event: Sent) -> tuple[Sent, ...]:
    return (_edited(event, lambda value: value.update(agent_name=7)),)


def _omit(event: Sent) -> tuple[Sent, ...]:
    return (_edited(event, lambda value: value["payload"].pop("status")),)


def _forget_zone(event: Sent) -> tuple[Sent, ...]:
    """A date-time without its zone is none (RFC 3339, section 5.6)."""
    return (_edited(event, lambda value: value.update(timestamp=value["timestamp"].removesuffix("+00:00"))),)


_FAULTS: tuple[Fault, ...] = (_lose, _repeat, _tear, _rename, _retype, _omit, _forget_zone)


def _edited(event: Sent, edit: Callable[[dict[str, Any]], object]) -> Sent:
    value = json.loads(event.text)
    edit(value)
    return _with_text(event, json.dumps(value, ensure_ascii=False))


def _with_text(event: Sent, text: str) -> Sent:
    return Sent(direction=event.direction, name=event.name, text=text)
