"""One run of an agent: its events, as the texts of a conforming stream under agent-events@2."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal

from wscheck.record import Direction

SIZES = (300, 900)
"""Bytes of an event's text, at least and at most."""

SHORTEST_RUN = 6
"""Events of a run that calls one tool: start_agent, agent_started, agent_thinking, the tool's two, agent_completed."""

_USUAL_RUN = (10, 24)
_GIVES_UP = 1 / 50
_FOREIGN = 1 / 20
_MOST_TOOLS_AT_ONCE = 3
_BEGAN = datetime(2025, 9, 8, 3, tzinfo=UTC)
_PLACE = "~"
_TOOLS = ("cost_lookup", "usage_by_service", "search_tickets", "query_warehouse", "forecast")
_AGENTS = ("triage", "analyst", "reporter", "planner")
_SERVICES = ("storage", "compute", "network", "search", "mail", "billing")
_PROSE = 12 * (
    "The spending of the last week rose by a fifth, most of it in storage; two buckets that were to be emptied in "
    "spring still hold the backups of a service which was switched off. Compute is level, the network fell a little. "
    "Next I compare the days one by one, look for the hour at which it began, and ask who changed what at that time. "
    "If nothing is found there, the invoices of the month before may say more than the counters do, for they are kept "
    "by project and not by machine. "
)
_FOREIGN_PROSE = 12 * (
    "Die Ausgaben für Speicher stiegen im März um ein Fünftel – größtenteils wegen älterer Sicherungen. "
    "先週の費用は主にストレージで増えました。Les coûts du réseau ont légèrement baissé, « à vérifier » 📈. "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One event of a run: which side sent it, as the client sees it, its name and its text."""

    direction: Direction
    name: str
    text: str


def draw_length(random: Random) -> int:
    """Return of how many events the next run is."""
    return random.randint(*_USUAL_RUN)


def play_run(seed: int, number: int, user: str, length: int, sizes: tuple[int, int] = SIZES) -> Iterator[Sent]:
    """Yield the ``length`` events of the ``number``-th run, at least SHORTEST_RUN, for the identity ``user``.

    The same arguments give the same texts, whatever else is going on in the stream.
    """
    random = Random(f"{seed}/{number}")
    run = _Run(random, number, user, sizes)
    request = {"type": "start_agent", "payload": {"user_request": _PLACE, "thread_id": run.thread}}
    yield Sent(direction="sent", name="start_agent", text=_fill(random, request, sizes))
    agent = random.choice(_AGENTS)
    yield run.event("agent_started", {"status": "started", "message": _PLACE, "agents": [agent]})
    yield from _work(random, run, length - 3)
    if random.random() < _GIVES_UP:
        context = {"service": random.choice(_SERVICES), "timeout_seconds": 30}
        yield run.event("agent_error", {"status": "error", "error_message": _PLACE, "error_context": context})
    else:
        result = {"summary": _PLACE, "nonce": f"{random.getrandbits(48):012x}"}
        took = random.randint(1000, 90000) / 10
        yield run.event("agent_completed", {"status": "completed", "result": result, "execution_time_ms": took})


def welcome(random: Random, number: int, user: str, sizes: tuple[int, int] = SIZES) -> str:
    """Return the text of the event that welcomes ``user`` to the session ``number``."""
    data = {
        "event": "connection_established",
        "connection_id": f"ws_{user}_{random.getrandbits(32):08x}",
        "user_id": user,
        "server_time": _BEGAN.isoformat(timespec="microseconds"),
        "connection_ready": True,
        "environment": "staging",
        "config": {"heartbeat_interval": 25, "max_message_size": 8192},
        "motd": _PLACE,
    }
    return _fill(random, {"type": "system_message", "data": data, "timestamp": 1757300400.0 + number}, sizes)


class _Run:
    """What the events of one run share, and their clock."""

    def __init__(self, random: Random, number: int, user: str, sizes: tuple[int, int]) -> None:
        self._random = random
        self._sizes = sizes
        self._user = user
        self._id = f"run_{number:x}{random.getrandbits(24):06x}"
        self.thread = f"thread_{random.getrandbits(20):x}"
        self._agent = random.choice(_AGENTS)
        self._at = _BEGAN + timedelta(milliseconds=number)

    def event(self, name: str, payload: dict[str, Any]) -> Sent:
        """Return the run's next event."""
        self._at += timedelta(microseconds=self._random.randint(1000, 900_000))
        value = {
            "type": name,
            "run_id": self._id,
            "thread_id": self.thread,
            "user_id": self._user,
            "agent_name": self._agent,
            "timestamp": self._at.isoformat(timespec="microseconds"),
            "payload": payload,
        }
        return Sent(direction="received", name=name, text=_fill(self._random, value, self._sizes))


def _work(random: Random, run: _Run, length: int) -> Iterator[Sent]:
    """Yield the ``length`` events between agent_started and the end: thoughts, and tools that overlap."""
    calls = random.randint(max(1, length // 4), (length - 1) // 2)
    thoughts, steps = length - 2 * calls, 0
    called, running = 0, list[tuple[str, str]]()
    while steps < thoughts or called < calls or running:
        ways: list[Literal["think", "call", "answer"]] = ["think"] * (thoughts - steps)
        if len(running) < _MOST_TOOLS_AT_ONCE:
            ways += ["call"] * (calls - called)
        ways += ["answer"] * (2 * len(running))
        match random.choice(ways):
            case "think":
                steps += 1
                yield run.event("agent_thinking", _thought(steps, thoughts))
            case "call":
                called += 1
                running.append((random.choice(_TOOLS), f"call-{called}"))
                yield run.event("tool_executing", _call(random, *running[-1]))
            case "answer":
                yield run.event("tool_completed", _answer(random, *running.pop(random.randrange(len(running)))))


def _thought(step: int, steps: int) -> dict[str, Any]:
    progress = None if step == 1 else round(100 * step / (steps + 1), 1)
    return {"reasoning": _PLACE, "step_number": step, "progress_percentage": progress, "status": "thinking"}


def _call(random: Random, tool: str, call: str) -> dict[str, Any]:
    parameters = {"days": random.randint(1, 90), "services": random.sample(_SERVICES, 2), "question": _PLACE}
    return {"tool_name": tool, "tool_call_id": call, "parameters": parameters, "status": "executing"}


def _answer(random: Random, tool: str, call: str) -> dict[str, Any]:
    rows = [
        {"service": random.choice(_SERVICES), "cost": random.randint(0, 10**6) / 100, "change": random.random()}
        for _ in range(random.choice((0, 1, 1, 2)))
    ]
    result, took = {"rows": rows, "remark": _PLACE}, random.randint(10, 90000) / 10
    return {"tool_name": tool, "tool_call_id": call, "result": result, "execution_time_ms": took, "status": "completed"}


def _fill(random: Random, value: dict[str, Any], sizes: tuple[int, int]) -> str:
    """Return ``value`` as JSON, with as much prose at its place as makes its size one of ``sizes``."""
    bare = json.dumps(value)
    room = max(random.randint(*sizes) - len(bare), 1) + len(_PLACE)
    start = random.randrange(400)
    if random.random() < _FOREIGN:
        prose = _FOREIGN_PROSE.encode()[start : start + room].decode(errors="ignore")
        prose += "." * (room - len(prose.encode()))
    else:
        prose = _PROSE[start : start + room]
    return bare.replace(f'"{_PLACE}"', f'"{prose}"', 1)
