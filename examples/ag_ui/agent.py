"""The agent: pydantic-ai's own machinery around a model that is a script, so that no network and no chance is in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from ag_ui.core import (
    ActivityDeltaEvent,
    ActivitySnapshotEvent,
    CustomEvent,
    StateDeltaEvent,
    StateSnapshotEvent,
    StepFinishedEvent,
    StepStartedEvent,
)
from pydantic_ai import Agent, RunContext, ToolReturn
from pydantic_ai.messages import ModelMessage, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import (
    AgentInfo,
    DeltaThinkingCalls,
    DeltaThinkingPart,
    DeltaToolCall,
    DeltaToolCalls,
    FunctionModel,
)

_ACTIVITY = "trip-progress"
_STEP = "plan the trip"
Said = AsyncIterator[str | DeltaToolCalls | DeltaThinkingCalls]


@dataclass(slots=True, kw_only=True)
class Trip:
    """What a run goes by. ``state`` is what agent and user interface share; the adapter sets it from the input."""

    state: dict[str, Any]


async def _speak(messages: list[ModelMessage], _info: AgentInfo) -> Said:
    """Answer what the user asked last, one piece at a time; the first word of the question decides how."""
    question = _find_question(messages)
    results = _count_results(messages)
    match question.split()[0].lower(), results:
        case "think", 0:
            for piece in ("Somebody ", "asks me ", "to think."):
                yield {0: DeltaThinkingPart(content=piece)}
        case "weather", 0:
            for place, (number, call) in enumerate((("1", "Oslo"), ("2", "Bergen"))):
                yield {place: DeltaToolCall(name="look_outside", tool_call_id=f"call-{number}")}
                yield {place: DeltaToolCall(json_args='{"city": ')}
                yield {place: DeltaToolCall(json_args=f'"{call}"}}')}
            return
        case "plan", 0:
            yield {0: DeltaToolCall(name="begin_trip", json_args='{"city": "Oslo"}', tool_call_id="call-begin")}
            return
        case "plan", 1:
            yield {0: DeltaToolCall(name="book_trip", json_args="{}", tool_call_id="call-book")}
            return
        case "fail", 0:
            yield {0: DeltaToolCall(name="explode", json_args="{}", tool_call_id="call-explode")}
            return
        case _:
            pass
    for word in f"You said: {question}".split():
        yield f"{word} "


agent = Agent(FunctionModel(stream_function=_speak), deps_type=Trip)
"""Its tools tell the user interface what they did by events of their own, which the adapter passes on."""


@agent.tool_plain
def look_outside(city: str) -> str:
    """Tell the weather."""
    return f"it rains in {city}"


@agent.tool_plain
def explode() -> str:
    """Fail, and the run with it."""
    raise RuntimeError("the tool exploded, as it was asked to")


@agent.tool
def begin_trip(context: RunContext[Trip], city: str) -> ToolReturn:
    """Open a step, and show the whole state and the whole progress."""
    context.deps.state.update(city=city, booked=False)
    return ToolReturn(
        return_value=f"a trip to {city}",
        metadata=[
            StepStartedEvent(step_name=_STEP),
            StateSnapshotEvent(snapshot=dict(context.deps.state)),
            ActivitySnapshotEvent(message_id=_ACTIVITY, activity_type="PROGRESS", content={"percent": 50}),
        ],
    )


@agent.tool
def book_trip(context: RunContext[Trip]) -> ToolReturn:
    """Change state and progress, say so in an event that AG-UI does not know, and close the step."""
    context.deps.state.update(booked=True)
    return ToolReturn(
        return_value="booked",
        metadata=[
            StateDeltaEvent.model_validate({"delta": [_replace("/booked", True)]}),
            ActivityDeltaEvent.model_validate(
                {"messageId": _ACTIVITY, "activityType": "PROGRESS", "patch": [_replace("/percent", 100)]}
            ),
            CustomEvent(name="trip-booked", value=None),
            StepFinishedEvent(step_name=_STEP),
        ],
    )


def _replace(path: str, value: object) -> dict[str, object]:
    """Return one operation of a JSON Patch (RFC 6902, section 4.3)."""
    return {"op": "replace", "path": path, "value": value}


def _find_question(messages: list[ModelMessage]) -> str:
    asked = [part for message in messages for part in message.parts if isinstance(part, UserPromptPart)]
    return str(asked[-1].content) if asked else "nothing"


def _count_results(messages: list[ModelMessage]) -> int:
    """Return how many tools have answered since the last question."""
    parts = [part for message in messages for part in message.parts]
    asked = max((at for at, part in enumerate(parts) if isinstance(part, UserPromptPart)), default=0)
    return sum(isinstance(part, ToolReturnPart) for part in parts[asked:])
