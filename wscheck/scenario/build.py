"""From a scenario's decoded document, already found sound, to a Scenario."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wscheck.document import Document
from wscheck.pointer import Pointer, join
from wscheck.scenario.model import (
    BarrierStep,
    BinaryMessage,
    CloseStep,
    DropStep,
    Every,
    ExpectStep,
    JsonMessage,
    Outgoing,
    PauseStep,
    Probe,
    ReconnectStep,
    Reply,
    RequestStep,
    Scenario,
    ScenarioStep,
    SendStep,
    SessionScript,
    TextMessage,
)
from wscheck.scenario.plans import NOTHING, AuthPlan, HeaderPlan, HttpRequest, SubprotocolPlan
from wscheck.scenario.template import holds_template, show_templates
from wscheck.scenario.where import build_where

_SECRET = {"jwt": "key", "token": "token", "basic": "password"}


def build_scenario(document: Document, value: Any) -> Scenario:
    """Return the scenario that ``value`` holds, the value of ``document`` or one of the same shape."""
    contract = value["contract"]
    return Scenario(
        name=value["scenario"],
        contracts=(contract,) if isinstance(contract, str) else tuple(contract),
        url=value.get("url"),
        target=value.get("target"),
        exercises=tuple(value.get("exercises", ())),
        priority=value.get("priority"),
        deadlines=build_deadlines(value),
        sessions=tuple(build_session(name, session, document) for name, session in value["sessions"].items()),
        document=document,
    )


def build_session(name: str, session: Any, document: Document) -> SessionScript:
    """Return the session ``name`` that ``session`` holds."""
    path, auth = join("/sessions", name), session.get("auth")
    return SessionScript(
        name=name,
        identity=session.get("identity"),
        auth=build_auth(auth, folder=Path(document.file).parent) if isinstance(auth, dict) else None,
        auth_name=auth if isinstance(auth, str) else None,
        anonymous=auth is None and ("auth" in session or "probe" in session),
        url=session.get("url"),
        headers=session.get("headers", {}),
        subprotocols=tuple(session["subprotocols"]) if "subprotocols" in session else None,
        steps=tuple(
            build_step(step, str(number + 1), join(path, "steps", number))
            for number, step in enumerate(session.get("steps") or ())
        ),
        replies=tuple(
            Reply(on=reply["on"], path=join(path, "reply", number), **_build_beat(reply))
            for number, reply in enumerate(session.get("reply") or ())
        ),
        every=tuple(Every(seconds=float(each["seconds"]), **_build_beat(each)) for each in session.get("every") or ()),
        probe=_build_probe(session["probe"]) if "probe" in session else None,
    )


def build_step(step: Mapping[str, Any], number: str, path: str) -> ScenarioStep:
    """Return the step that ``step`` holds, which is ``number`` where it has no id and stands at ``path``."""
    name = step.get("id", number)
    unfilled = step if holds_template(step) else None
    shown = show_templates(step) if unfilled else step
    match next(iter(shown.keys() & _KINDS)):
        case "expect":
            return _build_expect(shown, name, path, unfilled)
        case "request":
            return RequestStep(
                id=name,
                request=build_request(shown["request"]),
                status=build_statuses(shown["request"]),
                within=_within(shown),
                path=path,
                unfilled=unfilled,
            )
        case "barrier":
            return BarrierStep(id=name, name=shown["barrier"], within=_within(shown), path=path)
        case "pause":
            return PauseStep(id=name, seconds=float(shown["pause"]), path=path)
        case "close":
            return CloseStep(id=name, code=shown["close"], path=path)
        case "drop":
            return DropStep(id=name, path=path)
        case "reconnect":
            return ReconnectStep(id=name, path=path)
        case _:
            return SendStep(id=name, message=build_message(shown), path=path, unfilled=unfilled)


_KINDS = {"send", "text", "binary", "expect", "request", "barrier", "close", "pause", "drop", "reconnect"}


def build_auth(auth: Any, *, folder: Path, name: str = "") -> AuthPlan:
    """Return the plan of one auth section; ``folder`` is what its paths are relative to."""
    subprotocol = dict(auth.get("subprotocol", {}))
    if "offer" in subprotocol:
        subprotocol["offer"] = tuple(subprotocol["offer"])
    scheme = auth["scheme"]
    return AuthPlan(
        scheme=scheme,
        secret=auth[_SECRET[scheme]] if scheme in _SECRET else None,
        via=auth.get("via", "header"),
        claims=auth.get("claims", {}),
        lifetime=float(auth.get("lifetime", 300)),
        subprotocol=SubprotocolPlan(**subprotocol),
        header=HeaderPlan(**auth.get("header", {})),
        query=auth.get("query", {}).get("name", "token"),
        cookie=auth.get("cookie", {}).get("name", "token"),
        message=auth.get("message"),
        user=auth.get("user"),
        request=build_request(auth["request"], method="POST") if "request" in auth else None,
        token=Pointer(auth["token"]) if scheme == "login" else None,
        folder=folder,
        name=name,
    )


def build_message(holder: Mapping[str, Any]) -> Outgoing:
    """Return the message that a step, a reply or an `every` holds."""
    if "text" in holder:
        return TextMessage(text=holder["text"])
    if "binary" in holder:
        return BinaryMessage(data=base64.b64decode(holder["binary"]))
    return JsonMessage(value=holder["send"])


def build_request(request: Any, *, method: str = "GET") -> HttpRequest:
    """Return the HTTP call that ``request`` holds; ``method`` is what it has where it says none."""
    return HttpRequest(
        url=request["url"],
        method=request.get("method", method).upper(),
        headers=request.get("headers", {}),
        json=request.get("json", NOTHING),
    )


def build_statuses(value: Any) -> tuple[int, ...]:
    """Return the statuses that ``value`` has as ``status``, none where it has none."""
    status = value.get("status", ())
    return (status,) if isinstance(status, int) else tuple(status)


def build_deadlines(value: Any) -> dict[str, float]:
    """Return the deadlines that ``value`` gives as ``deadline``, in seconds."""
    return {phase: float(seconds) for phase, seconds in value.get("deadline", {}).items()}


def _build_expect(step: Mapping[str, Any], name: str, path: str, unfilled: Any) -> ExpectStep:
    return ExpectStep(
        id=name,
        name=step["expect"],
        within=_within(step),
        where=build_where(step.get("where", {}), join(path, "where")),
        required=step.get("required", False),
        path=path,
        unfilled=unfilled,
    )


def _build_beat(beat: Mapping[str, Any]) -> dict[str, Any]:
    unfilled = beat if holds_template(beat) else None
    return {"message": build_message(show_templates(beat)), "unfilled": unfilled}


def _build_probe(probe: Any) -> Probe:
    return Probe(expect=probe["expect"], statuses=build_statuses(probe), code=probe.get("code"))


def _within(step: Mapping[str, Any]) -> float | None:
    return float(step["within"]) if "within" in step else None
