"""What happens in a run, told in no version: who does what at what time. The versions put it into events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias

RUN_EVENTS = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")
"""The events of a run, in the order in which each first comes."""

_MILLISECOND = timedelta(milliseconds=1)
_THOUGHTS = (
    ("Looking at last week's costs", "Comparing them with the week before", "Putting the findings in order"),
    ("Reading the request again", "Checking which service stands out", "Writing the answer"),
)
_TOOLS = (("cost_lookup", {"days": 7}, {"rows": 12}), ("usage_report", {"service": "storage"}, {"growth_percent": 31}))
_FINDING = "Storage grew by 31 % in seven days."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """Whose run it is, and which agent's."""

    run_id: str
    thread_id: str
    user_id: str
    agent: str = "triage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The agent began."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """The agent's ``step``-th thought of ``steps``, counted from 1."""

    at: datetime
    text: str
    step: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCalled:
    """The agent called ``tool``; ``call`` is the call's id."""

    at: datetime
    tool: str
    call: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolAnswered:
    """The tool answered after ``took`` milliseconds."""

    at: datetime
    tool: str
    call: str
    result: Mapping[str, Any]
    took: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The agent finished, ``took`` milliseconds after it began."""

    at: datetime
    summary: str
    took: float


Happening: TypeAlias = Started | Thought | ToolCalled | ToolAnswered | Completed
Story: TypeAlias = tuple[Happening, ...]


def tell_run(request: str | None, *, chance: Random, began: datetime) -> Story:
    """Return a whole run, two tools in it, one after the other or overlapping; the summary repeats ``request``."""
    thoughts = chance.choice(_THOUGHTS)
    think = [
        Thought(at=began, text=text, step=step, steps=len(thoughts)) for step, text in enumerate(thoughts, start=1)
    ]
    first, second = (_tell_tool(number, began) for number in range(len(_TOOLS)))
    apart: Story = (*first, think[1], *second)
    overlapping: Story = (first[0], second[0], think[1], second[1], first[1])
    summary = _FINDING if request is None else f"{_FINDING} You asked: {request}"
    middle = chance.choice((apart, overlapping))
    whole: Story = (
        *(Started(at=began), think[0], *middle, think[2]),
        Completed(at=began, summary=summary, took=0),
    )
    return _set_times(whole, began, pace=timedelta(milliseconds=chance.randint(80, 400)))


def _tell_tool(number: int, at: datetime) -> tuple[ToolCalled, ToolAnswered]:
    tool, parameters, result = _TOOLS[number]
    call = f"call-{number + 1}"
    return (
        ToolCalled(at=at, tool=tool, call=call, parameters=parameters),
        ToolAnswered(at=at, tool=tool, call=call, result=result, took=0),
    )


def _set_times(story: Story, began: datetime, *, pace: timedelta) -> Story:
    called: dict[str, datetime] = {}
    told: list[Happening] = []
    for position, happening in enumerate(story):
        at = began + position * pace
        match happening:
            case ToolCalled(call=call):
                called[call] = at
                told.append(replace(happening, at=at))
            case ToolAnswered(call=call):
                told.append(replace(happening, at=at, took=(at - called[call]) / _MILLISECOND))
            case Completed():
                told.append(replace(happening, at=at, took=(at - began) / _MILLISECOND))
            case Started() | Thought():
                told.append(replace(happening, at=at))
    return tuple(told)
