"""Every way in which the server can be told to misbehave: one entry a fault, each a change of a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, TypeAlias

from .script import RUN_EVENTS, Close, DropTcp, FallSilent, Say, Script

Rewrite: TypeAlias = Callable[[Script], Script]
RewriteEvent: TypeAlias = Callable[[Script, str], Script]


class FaultError(ValueError):
    """A fault was asked for that the server does not have. ``str()`` says which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer to an HTTP request instead of the upgrade or of the usual answer."""

    status: HTTPStatus
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave.

    ``refuse`` gives, by path, what is answered instead of the usual; ``opening`` changes what a session begins with,
    ``run`` every run, ``run_event`` every run at the event that follows the name and a colon.
    """

    name: str
    says: str
    refuse: Mapping[str, Refusal] = field(default_factory=dict)
    opening: Rewrite | None = None
    run: Rewrite | None = None
    run_event: RewriteEvent | None = None


def find_faults(texts: Iterable[str]) -> tuple[Fault, ...]:
    """Return the faults that ``texts`` name: "silent", "drop:agent_started". Raises FaultError."""
    return tuple(map(_find_fault, texts))


def list_faults() -> tuple[str, ...]:
    """Return everything that ``find_faults`` takes."""
    return tuple(
        text
        for fault in FAULTS.values()
        for text in ([f"{fault.name}:{event}" for event in RUN_EVENTS] if fault.run_event else [fault.name])
    )


def _find_fault(text: str) -> Fault:
    name, colon, event = text.partition(":")
    fault = FAULTS.get(name)
    if fault is None or (colon and not fault.run_event):
        raise FaultError(f"there is no fault {text!r}{_suggest(text)}; there are: {', '.join(list_faults())}")
    change = fault.run_event
    if change is None:
        return fault
    if event not in RUN_EVENTS:
        raise FaultError(
            f"fault {text!r} has to name an event of a run{_suggest(text)}: one of {', '.join(RUN_EVENTS)}"
        )
    return replace(fault, name=text, run=lambda script: change(script, event), run_event=None)


def _suggest(text: str) -> str:
    near = get_close_matches(text, list_faults(), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


# -- what each fault does


def _first(script: Script, name: str) -> int:
    return next(place for place, step in enumerate(script) if isinstance(step, Say) and step.name == name)


def _drop(script: Script, event: str) -> Script:
    place = _first(script, event)
    return (*script[:place], *script[place + 1 :])


def _duplicate(script: Script, event: str) -> Script:
    place = _first(script, event)
    return tuple(
        replace(step, copies=2) if at == place and isinstance(step, Say) else step for at, step in enumerate(script)
    )


def _complete_before_executing(script: Script) -> Script:
    executing = _first(script, "tool_executing")
    call = _call(script[executing])
    completed = next(place for place, step in enumerate(script) if place > executing and _call(step) == call)
    rest = script[executing:completed]
    return (*script[:executing], script[completed], *rest, *script[completed + 1 :])


def _call(step: object) -> object:
    return step.event["payload"].get("tool_call_id") if isinstance(step, Say) else None


def _never_end(script: Script) -> Script:
    return script[: _first(script, "agent_completed")]


def _drop_tcp(script: Script) -> Script:
    return (*script[: _first(script, "agent_thinking") + 1], DropTcp())


def _reject(_: Script) -> Script:
    error = {
        "type": "error_message",
        "error_code": "AUTH_REQUIRED",
        "error_message": "Valid JWT token required",
        "details": {"error": "user_context must be a UserExecutionContext instance"},
        "timestamp": 1757300400.0,
    }
    return Say(event=error), Close(code=1008, reason="Authentication required")


_FORBIDDEN = Refusal(status=HTTPStatus.FORBIDDEN, body={"detail": "Forbidden"})
_STARTING = Refusal(
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    body={"status": "starting", "phase": "database"},
    headers={"Retry-After": "2"},
)

FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault(name="reject-403", says="every opening handshake is refused with 403", refuse={"/ws": _FORBIDDEN}),
        Fault(
            name="starting-503",
            says="the service is not up yet: 503 with a phase",
            refuse={"/ws": _STARTING, "/health": _STARTING},
        ),
        Fault(
            name="silent",
            says="after the welcome nothing comes any more, though the connection lives",
            opening=lambda script: (*script, FallSilent()),
        ),
        Fault(name="drop", says="the first such event of each run is not sent", run_event=_drop),
        Fault(name="duplicate", says="the first such event of each run is sent twice in a row", run_event=_duplicate),
        Fault(
            name="completed-before-executing",
            says="the first tool of each run completes before it was called",
            run=_complete_before_executing,
        ),
        Fault(
            name="accept-then-1008",
            says="the session is accepted, told that it is not wanted, and closed with 1008",
            opening=_reject,
        ),
        Fault(
            name="accept-then-1011",
            says="the session is accepted and closed with 1011 at once",
            opening=lambda _: (Close(code=1011, reason="Internal error"),),
        ),
        Fault(name="never-ends", says="no run ever completes; the session stays open", run=_never_end),
        Fault(name="drop-tcp", says="TCP ends in the middle of a run, without a close frame", run=_drop_tcp),
    )
}
"""Every fault by name."""
