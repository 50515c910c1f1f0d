"""From a scenario's decoded document, already found sound, to a Scenario."""

from __future__ import annotations

import json
from typing import Any

from wscheck.document import Document
from wscheck.pointer import Pointer, join
from wscheck.scenario.model import (
    AuthPlan,
    CloseStep,
    Deadlines,
    ExpectStep,
    Reply,
    Scenario,
    ScenarioStep,
    SendStep,
    SessionScript,
    SubprotocolPlan,
    Wanted,
)


def build_scenario(document: Document, value: Any) -> Scenario:
    """Return the scenario that ``value`` holds, the value of ``document`` or one of the same shape."""
    name, session = next(iter(value["sessions"].items()))
    return Scenario(
        name=value["scenario"],
        contract=value["contract"],
        url=value.get("url"),
        exercises=tuple(value.get("exercises", ())),
        priority=value.get("priority"),
        deadlines=Deadlines(**{phase: float(seconds) for phase, seconds in value.get("deadline", {}).items()}),
        session=_build_session(name, session, join("/sessions", name)),
        document=document,
    )


def _build_session(name: str, session: Any, path: str) -> SessionScript:
    replies = enumerate(session.get("reply", ()))
    return SessionScript(
        name=name,
        identity=session.get("identity"),
        auth=_build_auth(session["auth"]) if "auth" in session else None,
        steps=tuple(
            _build_step(step, str(number + 1), join(path, "steps", number))
            for number, step in enumerate(session.get("steps", ()))
        ),
        replies=tuple(
            Reply(on=reply["on"], text=_message(reply), path=join(path, "reply", number)) for number, reply in replies
        ),
    )


def _build_step(step: Any, number: str, path: str) -> ScenarioStep:
    name = step.get("id", number)
    if "close" in step:
        return CloseStep(id=name, code=step["close"])
    if "expect" not in step:
        return SendStep(id=name, text=_message(step))
    return ExpectStep(
        id=name,
        name=step["expect"],
        within=float(step["within"]) if "within" in step else None,
        where=tuple(
            Wanted(pointer=Pointer(pointer), wanted=wanted, path=join(path, "where", pointer))
            for pointer, wanted in step.get("where", {}).items()
        ),
        required=step.get("required", False),
        path=path,
    )


def _build_auth(auth: Any) -> AuthPlan:
    subprotocol = dict(auth.get("subprotocol", {}))
    if "offer" in subprotocol:
        subprotocol["offer"] = tuple(subprotocol["offer"])
    return AuthPlan(
        scheme=auth["scheme"],
        secret=auth["key" if auth["scheme"] == "jwt" else "token"],
        via=auth.get("via", "header"),
        claims=auth.get("claims", {}),
        lifetime=float(auth.get("lifetime", 300)),
        subprotocol=SubprotocolPlan(**subprotocol),
    )


def _message(step: Any) -> str:
    """Return the text of a message: as it stands, or its JSON without white space (RFC 8259)."""
    if "text" in step:
        text: str = step["text"]
        return text
    return json.dumps(step["send"], ensure_ascii=False, separators=(",", ":"))
