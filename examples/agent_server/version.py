"""A version of agent events, as the server speaks it: every message that is no matter of the story alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from .script import Complain
from .story import Happening, Ids

Event: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a welcome holds. ``heartbeat`` in seconds, ``size`` in bytes."""

    user_id: str
    connection_id: str
    environment: str
    heartbeat: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """How one version says what there is to say.

    ``opening`` is what a session begins with, noise first and the welcome last; ``run`` is one event of a run;
    ``acknowledge`` takes the type of what was received.
    """

    name: str
    opening: Callable[[Greeting, datetime], tuple[Event, ...]]
    run: Callable[[Happening, Ids], Event]
    ping: Callable[[datetime], Event]
    pong: Callable[[datetime], Event]
    acknowledge: Callable[[str, str, datetime], Event]
    note_chat: Callable[[str, datetime], Event]
    complain: Callable[[Complain, datetime], Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Which version a server speaks: ``session`` in all but the runs, ``runs`` in one run after the other, by turns."""

    session: Version
    runs: tuple[Version, ...]
