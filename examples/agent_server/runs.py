"""Every run that one request sets off: one agent after the other, each with its sub-agents at its side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from itertools import chain, count, zip_longest
from random import Random

from .faults import Fault
from .script import Say, Script, Step
from .story import Ids, tell_run
from .version import Event, Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who works on a request: ``runs`` agents one after the other, each with so many ``sub_agents``."""

    speech: Speech
    faults: tuple[Fault, ...] = ()
    runs: int = 1
    sub_agents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What is played for one request. ``tail`` are the events by which its last run ended."""

    script: Script
    tail: tuple[Event, ...]
    run_ids: frozenset[str]


def write_performance(request: str, ids: Ids, cast: Cast, *, origin: str, number: int, began: datetime) -> Performance:
    """Return the runs that ``request`` sets off; ``origin`` and ``number`` decide all that is left to chance.

    The last of the agents gives the answer: its summary alone repeats the request.
    """
    turns = [_name_agents(ids, turn, cast.sub_agents) for turn in range(1, cast.runs + 1)]
    leader = turns[-1][0]
    place = count(number * cast.runs * (cast.sub_agents + 1))

    def write(agent: Ids) -> Script:
        at = next(place)
        told = tell_run(request if agent is leader else None, chance=Random(f"{origin}/{at}"), began=began)
        version = cast.speech.runs[at % len(cast.speech.runs)]
        return rewrite(tuple(Say(event=version.run(happening, agent)) for happening in told), cast.faults)

    written = [[write(agent) for agent in agents] for agents in turns]
    return Performance(
        script=tuple(chain(*(_weave(own, others) for own, *others in written))),
        tail=_find_tail(written[-1][0]),
        run_ids=frozenset(agent.run_id for agent in chain(*turns)),
    )


def rewrite(script: Script, faults: tuple[Fault, ...]) -> Script:
    """Return a run as ``faults`` change it."""
    return reduce(lambda so_far, fault: fault.run(so_far) if fault.run else so_far, faults, script)


def _name_agents(ids: Ids, turn: int, sub_agents: int) -> list[Ids]:
    own = ids if turn == 1 else replace(ids, run_id=f"{ids.run_id}.{turn}", agent=f"{ids.agent}-{turn}")
    return [own, *(_name_sub_agent(own, number) for number in range(1, sub_agents + 1))]


def _name_sub_agent(ids: Ids, number: int) -> Ids:
    return replace(ids, run_id=f"{ids.run_id}-sub-{number}", agent=f"{ids.agent}/sub-{number}")


def _weave(own: Script, others: list[Script]) -> Script:
    """Let the sub-agents work while the agent does: after its first thought, and done before it is."""
    return (*own[:2], *_take_turns([own[2:-1], *others]), *own[-1:])


def _take_turns(scripts: list[Script]) -> Iterator[Step]:
    return (step for steps in zip_longest(*scripts) for step in steps if step is not None)


def _find_tail(script: Script) -> tuple[Event, ...]:
    by_name = {step.name: step.event for step in script if isinstance(step, Say)}
    return tuple(by_name[name] for name in ("tool_completed", "agent_completed") if name in by_name)
