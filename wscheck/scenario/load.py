"""A scenario's file, read: held against its schema, and found sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wscheck.document import Document, hold, read_document
from wscheck.errors import ScenarioError
from wscheck.pointer import join
from wscheck.scenario.build import build_scenario
from wscheck.scenario.literal import refuse_literal_auth, refuse_literal_headers
from wscheck.scenario.meetings import check_meetings
from wscheck.scenario.model import Scenario
from wscheck.scenario.sound import check_session
from wscheck.scenario.variables import check_variables


def load_scenario(path: Path) -> Scenario:
    """Read the scenario in ``path``, YAML or JSON. Its variables still stand in it: prepare() puts their values in.

    Raises ScenarioError, with the position, where it breaks its language.
    """
    document = read_document(path, error=ScenarioError)
    _refuse_literal_secrets(document)
    hold(document, "scenario-1")
    for session in document.value["sessions"]:
        check_session(document, document.value["sessions"][session], join("/sessions", session))
    check_variables(document)
    scenario = build_scenario(document, document.value)
    check_meetings(scenario)
    return scenario


def _refuse_literal_secrets(document: Document) -> None:
    for session, script in _members(_get(document.value, "sessions")):
        path = join("/sessions", session)
        refuse_literal_auth(document, _get(script, "auth"), join(path, "auth"))
        refuse_literal_headers(document, _get(script, "headers"), join(path, "headers"))
        steps = _get(script, "steps")
        for number, step in enumerate(steps if isinstance(steps, list) else ()):
            headers = _get(_get(step, "request"), "headers")
            refuse_literal_headers(document, headers, join(path, "steps", number, "request", "headers"))


def _members(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
