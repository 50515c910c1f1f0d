"""A scenario made ready to be played: the values of its variables are put in before anything opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from wscheck.document import Document
from wscheck.pointer import join
from wscheck.scenario.build import build_scenario, build_session
from wscheck.scenario.model import ExpectStep, Scenario, SessionScript
from wscheck.scenario.template import fill, holds_template
from wscheck.scenario.variables import Values
from wscheck.scenario.where import compile_where
from wscheck.schema import SchemaError


def prepare(
    scenario: Scenario,
    *,
    seed: int,
    env: Mapping[str, str],
    identities: Mapping[str, Any] | None = None,
    url: str | None = None,
    learn: Callable[[Iterable[str]], None] = lambda _: None,
) -> Scenario:
    """Return ``scenario`` with every variable's value put in but captured ones, and its ``where`` tried.

    ``${nonce}``, ``${uuid}`` and ``${fresh}`` follow from ``seed`` and the session's name. A session's identity is the
    one that the scenario gives, else the ``sub`` of the claims it mints a token from, else that in ``identities``, by
    session. Its ``url`` is its own, else ``url`` as it stands, else the scenario's, filled for it. Inside a ``pattern``
    the values stand for themselves, not for a regular expression. ``learn`` is given the secrets among the values, also
    where ScenarioError, which may quote them, is raised: a variable has no value, or a ``where`` cannot be compiled.
    """
    document = scenario.document
    common = document.value.get("url") if url is None else None
    secrets: list[str] = []
    sessions = []
    for old in scenario.sessions:
        values = Values(document=document, session=old.name, seed=seed, env=env, secrets=secrets)
        whose = _identity(old, values)
        values.identity = (identities or {}).get(old.name) if whose is None else whose
        path = join("/sessions", old.name)
        script = build_session(
            old.name, fill(document.value["sessions"][old.name], path, values.put, document), document
        )
        address = script.url or url or (fill(common, "/url", values.put, document) if common is not None else None)
        auth = old.auth if script.auth is None else script.auth
        settled = replace(script, identity=values.identity, url=address, auth=auth, auth_name=old.auth_name)
        sessions.append(replace(settled, seed=values.origin))
    learn(filter(None, secrets))
    for script in sessions:
        _try_where(document, script)
    whole = build_scenario(document, document.value)
    return replace(whole, sessions=tuple(sessions), secrets=tuple(dict.fromkeys(filter(None, secrets))))


def prepare_credentials(scenario: Scenario, *, seed: int, env: Mapping[str, str]) -> Scenario:
    """Return ``scenario`` with the variables in the sessions' own ``auth`` filled, and nothing else.

    For credentials that are asked for before it is known whose they are; the rest is prepare()'s, which begins anew
    from the document. Raises ScenarioError as prepare() does.
    """
    document = scenario.document
    sessions = []
    for session in scenario.sessions:
        given = document.value["sessions"][session.name].get("auth")
        if isinstance(given, dict):
            values = Values(document=document, session=session.name, seed=seed, env=env, secrets=[])
            values.identity = _identity(session, values)
            filled = fill(given, join("/sessions", session.name, "auth"), values.put, document)
            sessions.append(replace(session, auth=build_session(session.name, {"auth": filled}, document).auth))
        else:
            sessions.append(session)
    return replace(scenario, sessions=tuple(sessions))


def _identity(script: SessionScript, values: Values) -> Any:
    """Return the identity that the scenario itself gives, its variables put in."""
    document, path = values.document, join("/sessions", script.name)
    written = document.value["sessions"][script.name]
    if "identity" in written:
        return fill(written["identity"], join(path, "identity"), values.put, document)
    if script.auth is None or script.auth.scheme != "jwt":
        return None
    if not isinstance(written.get("auth"), dict):
        return script.auth.claims.get("sub")  # wscheck.toml's, which has no variables
    sub = written["auth"].get("claims", {}).get("sub")
    return fill(sub, join(path, "auth", "claims", "sub"), values.put, document)


def _try_where(document: Document, script: SessionScript) -> None:
    """Raise the document's error where a condition without captured values cannot be compiled."""
    for step in script.steps:
        if isinstance(step, ExpectStep):
            later = {} if step.unfilled is None else step.unfilled["where"]
            try:
                compile_where([each for each in step.where if not holds_template(later.get(each.pointer.text))])
            except SchemaError as error:
                raise document.fail(error.message, error.pointer) from None
