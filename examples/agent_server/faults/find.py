"""Every fault by name, and how one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from .doors import DOOR_FAULTS
from .events import EVENT_FAULTS
from .fault import Fault, FaultError
from .openings import OPENING_FAULTS
from .runs import RUN_FAULTS

FAULTS: Mapping[str, Fault] = {
    fault.name: fault for fault in (*DOOR_FAULTS, *OPENING_FAULTS, *RUN_FAULTS, *EVENT_FAULTS)
}
"""Every fault by name."""


def find_faults(texts: Iterable[str]) -> tuple[Fault, ...]:
    """Return the faults that ``texts`` name: "silent", "drop:agent_started". Raises FaultError."""
    return tuple(map(_find_fault, texts))


def list_faults() -> tuple[str, ...]:
    """Return everything that ``find_faults`` takes."""
    return tuple(text for fault in FAULTS.values() for text in _list_fault(fault))


def _list_fault(fault: Fault) -> list[str]:
    bare = [] if fault.words and fault.run is None else [fault.name]
    return bare + [f"{fault.name}:{word}" for word in fault.words]


def _find_fault(text: str) -> Fault:
    name, colon, word = text.partition(":")
    fault = FAULTS.get(name)
    if fault is None or (colon and not fault.words):
        raise FaultError(f"there is no fault {text!r}{_suggest(text)}; there are: {', '.join(list_faults())}")
    change = fault.run_so
    if change is None or (fault.run and not colon):
        return fault
    if word not in fault.words:
        what = "an event of a run" if "agent_started" in fault.words else "how"
        raise FaultError(f"fault {text!r} has to name {what}{_suggest(text)}: one of {', '.join(fault.words)}")
    return replace(fault, name=text, run=lambda script: change(script, word), run_so=None, words=())


def _suggest(text: str) -> str:
    near = get_close_matches(text, list_faults(), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
