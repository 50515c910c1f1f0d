"""The names that a scenario uses, held against those of its contract."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from wscheck.errors import DocumentError
from wscheck.pointer import join
from wscheck.scenario.model import ExpectStep, Scenario
from wscheck.scenario.watch import stands_for
from wscheck.schema.explanation import near
from wscheck.schema.words import listed
from wscheck.text import safe, shorten


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
