"""A scenario's file, read: held against its schema, found sound, and held against the names of its contract."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wscheck.document import Document, hold, read_document
from wscheck.errors import DocumentError, ScenarioError
from wscheck.pointer import join
from wscheck.scenario.barriers import check_barriers
from wscheck.scenario.build import build_scenario
from wscheck.scenario.credentials import check_auth, refuse_literal_auth, refuse_literal_headers
from wscheck.scenario.model import ExpectStep, Scenario
from wscheck.scenario.progress import stands_for
from wscheck.scenario.variables import RESERVED, check_variables
from wscheck.schema.explanation import near
from wscheck.schema.words import listed
from wscheck.text import safe, shorten

_STEP_KINDS = ("send", "text", "binary", "expect", "request", "barrier", "close", "pause", "drop", "reconnect")
_MESSAGES = ("send", "text", "binary")
_OWNERS: Mapping[str, Sequence[str]] = {
    "within": ("expect", "request", "barrier"),
    "where": ("expect",),
    "required": ("expect",),
}
_IN_PROBE = (*_MESSAGES, "pause")
_OF_PROBE = {"status": "refused", "code": "closed"}


def load_scenario(path: Path) -> Scenario:
    """Read the scenario in ``path``, YAML or JSON. Its variables still stand in it: prepare() puts their values in.

    Raises ScenarioError, with the position, where it breaks its language.
    """
    document = read_document(path, error=ScenarioError)
    _refuse_literal_secrets(document)
    hold(document, "scenario-1")
    for session in document.value["sessions"]:
        _check_session(document, document.value["sessions"][session], join("/sessions", session))
    check_variables(document)
    scenario = build_scenario(document, document.value)
    check_barriers(scenario)
    return scenario


def check_names(scenario: Scenario, events: Collection[str], scopes: Collection[str]) -> None:
    """Raise ScenarioError where an expect, a reply or ``exercises`` has a name that its contract does not know.

    ``events`` and ``scopes`` are those of its contract, or of all its contracts, ``$open`` and ``$close``
    among the events.
    """
    for name, path in _awaited(scenario):
        if name == "connection" or (name.startswith("$") and name != "$close"):
            raise scenario.document.fail(
                f"{safe(name)} cannot be awaited: await `$close`, or an event, or a scope", path
            )
        if name not in scopes and not _declared(name, events):
            raise _unknown(scenario, name, path, "event or scope", [*events, *scopes])
    for reply in (reply for session in scenario.sessions for reply in session.replies):
        if not _declared(reply.on, events):
            raise _unknown(scenario, reply.on, join(reply.path, "on"), "event", events)
    for number, name in enumerate(scenario.exercises):
        if name not in scopes:
            raise _unknown(scenario, name, join("/exercises", number), "scope", scopes)


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


def _check_session(document: Document, script: Any, path: str) -> None:
    """Raise the document's error where the session ``script``, which stands at ``path``, is not sound."""
    if isinstance(script.get("auth"), dict):
        check_auth(document, script["auth"], join(path, "auth"))
    steps = script.get("steps", [])
    ids: dict[str, int] = {}
    for number, step in enumerate(steps):
        here = join(path, "steps", number)
        _check_step(document, step, here)
        if "id" in step and ids.setdefault(step["id"], number) != number:
            raise document.fail(f"the id {step['id']} is step {ids[step['id']] + 1}'s already", join(here, "id"))
    _check_order(document, steps, join(path, "steps"))
    for member, what in (("reply", "a reply"), ("every", "an `every`")):
        for number, each in enumerate(script.get(member, ())):
            _check_one_of(document, each, _MESSAGES, join(path, member, number), what)
    if "probe" in script:
        _check_probe(document, script, path)


def _check_step(document: Document, step: Any, path: str) -> None:
    _check_one_of(document, step, _STEP_KINDS, path, "a step")
    for member, owners in _OWNERS.items():
        if member in step and not any(owner in step for owner in owners):
            due = listed([f"`{owner}`" for owner in owners], "or")
            raise document.fail(f"`{member}` belongs to {due}, and this step has none", join(path, member))
    if step.get("id") in RESERVED:
        raise document.fail(f"no step can have the id {step['id']}: a variable is called so", join(path, "id"))


def _check_one_of(document: Document, value: Any, kinds: Sequence[str], path: str, what: str) -> None:
    given = [f"`{kind}`" for kind in kinds if kind in value]
    if not given:
        raise document.fail(f"{what} is one of {listed(kinds)}, and here is none of them", path)
    if len(given) > 1:
        raise document.fail(f"{what} is one thing, and here are {' and '.join(given)}: make them two", path)


def _check_order(document: Document, steps: Sequence[Any], path: str) -> None:
    """Raise the document's error where a step stands after the end of its connection, or a reconnect before it."""
    ended = ""
    for number, step in enumerate(steps):
        here = join(path, number)
        if ended == "close":
            raise document.fail("nothing can follow `close`: the session is over", here)
        if "reconnect" in step:
            if not ended:
                raise document.fail(
                    "`reconnect` stands after `drop` or `expect: $close`, with at most a `pause` between: here the "
                    "session is still open",
                    here,
                )
            ended = ""
        elif ended == "drop" and "pause" not in step:
            raise document.fail("after `drop` the connection is over: only `pause` and `reconnect` can follow", here)
        elif "close" in step or "drop" in step:
            ended = "close" if "close" in step else "drop"
        elif "pause" not in step:
            ended = "awaited" if step.get("expect") == "$close" else ""


def _check_probe(document: Document, script: Any, path: str) -> None:
    probe = script["probe"]
    for member, owner in _OF_PROBE.items():
        if member in probe and probe["expect"] != owner:
            raise document.fail(f"`{member}` belongs to `expect: {owner}`", join(path, "probe", member))
    for number, step in enumerate(script.get("steps", ())):
        kind = next(kind for kind in _STEP_KINDS if kind in step)
        if kind not in _IN_PROBE:
            raise document.fail(
                f"a probe only waits to be turned away: its steps are {listed([f'`{each}`' for each in _IN_PROBE])}, "
                f"and this is `{kind}`",
                join(path, "steps", number, kind),
            )


def _awaited(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for step in (step for session in scenario.sessions for step in session.steps):
        if isinstance(step, ExpectStep):
            yield step.name, join(step.path, "expect")


def _declared(name: str, events: Iterable[str]) -> bool:
    return any(stands_for(name, event) for event in events)


def _unknown(scenario: Scenario, name: str, path: str, what: str, known: Iterable[str]) -> DocumentError:
    meant = near(name, known)
    hint = f"; did you mean '{meant}'?" if meant else ""
    which = f"the contract{'s' * (len(scenario.contracts) > 1)} {safe(listed(scenario.contracts))}"
    verb = "have" if len(scenario.contracts) > 1 else "has"
    return scenario.document.fail(f"{which} {verb} no {what} '{safe(shorten(name))}'{hint}", path)
