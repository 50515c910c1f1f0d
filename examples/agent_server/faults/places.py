"""Where things stand in the script of a run: what the faults of runs and of events share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..script import Say, Script, Step


def find_first(script: Script, name: str) -> int:
    """Return the place of the first event ``name``."""
    return next(place for place, step in enumerate(script) if isinstance(step, Say) and step.name == name)


def find_last(script: Script, name: str) -> int:
    """Return the place of the last event ``name``."""
    return max(place for place, step in enumerate(script) if isinstance(step, Say) and step.name == name)


def change_step(script: Script, place: int, change: Callable[[Say], Step]) -> Script:
    """Return ``script`` with the event at ``place`` changed."""
    step = script[place]
    assert isinstance(step, Say), "only an event can be changed"
    return (*script[:place], change(step), *script[place + 1 :])


def change_payload(script: Script, place: int, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Script:
    """Return ``script`` with the payload of the event at ``place`` changed."""
    return change_step(
        script, place, lambda step: replace(step, event={**step.event, "payload": change(step.event["payload"])})
    )


def insert(script: Script, place: int, *steps: Step) -> Script:
    """Return ``script`` with ``steps`` before ``place``."""
    return (*script[:place], *steps, *script[place:])
