"""What a configuration settles for a run: which environment and profile hold, and which credential a session shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from wscheck.config.model import Config, Environment, Profile
from wscheck.errors import UsageError
from wscheck.pointer import join
from wscheck.scenario.model import Scenario, SessionScript
from wscheck.schema.explanation import near
from wscheck.schema.words import listed
from wscheck.text import safe, shorten


def choose_environment(config: Config, scenario: Scenario, name: str | None = None) -> Environment | None:
    """Return the environment ``name``, else the one that the scenario targets, else None.

    Raises UsageError where there is no such ``name``, ScenarioError where there is no such target.
    """
    if name is not None:
        if name not in config.environments:
            raise UsageError(_unknown("environment", name, config.environments, config))
        return config.environments[name]
    if scenario.target is None:
        return None
    if scenario.target not in config.environments:
        raise scenario.document.fail(_unknown("environment", scenario.target, config.environments, config), "/target")
    return config.environments[scenario.target]


def choose_profile(config: Config, name: str | None) -> Profile:
    """Return the profile ``name``, for None one that leaves all to the defaults. Raises UsageError where none is so."""
    if name is None:
        return Profile(name="")
    if name not in config.profiles:
        raise UsageError(_unknown("profile", name, config.profiles, config))
    return config.profiles[name]


def settle_auth(
    scenario: Scenario, config: Config, *, environment: Environment | None = None, name: str | None = None
) -> Scenario:
    """Return ``scenario`` with the auth section that each session names, else ``name``, else the environment's.

    A session with a section of its own keeps it, and an anonymous one has none. Raises ScenarioError where a session
    names a section that there is not, UsageError where ``name`` does.
    """
    if name is not None and name not in config.auth:
        raise UsageError(_unknown("auth section", name, config.auth, config))
    default = name if name is not None else environment.auth if environment else None
    sessions = tuple(_settle(scenario, session, config, default) for session in scenario.sessions)
    return replace(scenario, sessions=sessions)


def _settle(scenario: Scenario, session: SessionScript, config: Config, default: str | None) -> SessionScript:
    chosen = session.auth_name
    if chosen is not None and chosen not in config.auth:
        message = _unknown("auth section", chosen, config.auth, config)
        raise scenario.document.fail(message, join("/sessions", session.name, "auth"))
    if chosen is None and session.auth is None and not session.anonymous:
        chosen = default
    return session if chosen is None else replace(session, auth=config.auth[chosen])


def _unknown(what: str, name: str, known: Collection[str], config: Config) -> str:
    shown = f"there is no {what} '{safe(shorten(name))}'"
    if config.file is None:
        return f"{shown}: no wscheck.toml and no [tool.wscheck] was found, upwards from the scenario or from here"
    if meant := near(name, known):
        return f"{shown} in {config.file}; did you mean '{safe(meant)}'?"
    there = (
        f"there {'is' if len(known) == 1 else 'are'} {listed([safe(each) for each in known])}"
        if known
        else "there is none"
    )
    return f"{shown} in {config.file}; {there}"
