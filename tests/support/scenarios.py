"""What the tests of scenarios share: a scenario out of a few lines, and events as the checker would tell of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wscheck.event import Event, Observation
from wscheck.record import Direction
from wscheck.scenario import Scenario, load_scenario

HEAD = "wscheck: 1\nscenario: trial\ncontract: agent-events@2\n"


def load(folder: Path, text: str) -> Scenario:
    """Load the scenario that ``text`` is, from a file in ``folder``."""
    path = folder / "trial.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def session(*lines: str) -> str:
    """Return a scenario whose one session, ada, has ``lines``."""
    return HEAD + "sessions:\n  ada:\n" + "".join(f"    {line}\n" for line in lines or ("steps: []",))


def came(
    name: str,
    at: float = 0.0,
    value: Any = None,
    *,
    given: tuple[tuple[str, int], ...] = (),
    closed: tuple[tuple[str, int], ...] = (),
    direction: Direction = "received",
) -> Observation:
    """Return what the checker makes of one event."""
    event = Event(name=name, value=value or {}, index=1, at=at, direction=direction, session="ada")
    return Observation(event=event, given=given, closed=closed)
