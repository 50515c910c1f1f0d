"""A scenario made ready to be played: the values of its variables are put in before anything opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from wscheck.document import Document
from wscheck.pointer import join
from wscheck.redact.private import is_private_header
from wscheck.scenario.build import build_scenario, build_session
from wscheck.scenario.captured import Captured, holds_template, read_captured
from wscheck.scenario.fill import fill
from wscheck.scenario.model import ExpectStep, Scenario, SessionScript
from wscheck.scenario.where import compile_where
from wscheck.schema import SchemaError
from wscheck.text import safe, shorten

_SECRET_NAME = re.compile(r"key|token|secret|passw|credential|auth|private", re.IGNORECASE)


def prepare(
    scenario: Scenario,
    *,
    seed: int,
    env: Mapping[str, str],
    identities: Mapping[str, Any] | None = None,
    url: str | None = None,
) -> Scenario:
    """Return ``scenario`` with every variable's value put in but captured ones, and its ``where`` tried.

    ``${nonce}`` and ``${uuid}`` follow from ``seed`` and the session's name. A session's identity is the one that the
    scenario gives, else the ``sub`` of the claims it mints a token from, else that in ``identities``, by session. Its
    ``url`` is its own, else ``url`` as it stands, else the scenario's, filled for it. Inside a ``pattern`` the values
    stand for themselves, not for a regular expression. Raises ScenarioError where a variable has no value.
    """
    document = scenario.document
    common = document.value.get("url") if url is None else None
    secrets: list[str] = []
    sessions = []
    for old in scenario.sessions:
        values = _Values(document=document, session=old.name, seed=seed, env=env, secrets=secrets)
        whose = _identity(old, values)
        values.identity = (identities or {}).get(old.name) if whose is None else whose
        path = join("/sessions", old.name)
        script = build_session(
            old.name, fill(document.value["sessions"][old.name], path, values.put, document), document
        )
        address = script.url or url or (fill(common, "/url", values.put, document) if common is not None else None)
        auth = old.auth if script.auth is None else script.auth
        sessions.append(replace(script, identity=values.identity, url=address, auth=auth, auth_name=old.auth_name))
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
            values = _Values(document=document, session=session.name, seed=seed, env=env, secrets=[])
            values.identity = _identity(session, values)
            filled = fill(given, join("/sessions", session.name, "auth"), values.put, document)
            sessions.append(replace(session, auth=build_session(session.name, {"auth": filled}, document).auth))
        else:
            sessions.append(session)
    return replace(scenario, sessions=tuple(sessions))


@dataclass(slots=True, kw_only=True)
class _Values:
    """The values of one session's variables. Those that must not be shown are added to ``secrets``."""

    document: Document
    session: str
    seed: int
    env: Mapping[str, str]
    secrets: list[str]
    identity: Any = field(default=None)

    def put(self, name: str, path: str) -> str | Captured:
        """Return what stands for the variable ``name`` at ``path``. Raises the document's error where nothing does."""
        match name:
            case "nonce":
                return sha256(f"{self.seed}/{self.session}/nonce".encode()).hexdigest()[:16]
            case "uuid":
                digest = sha256(f"{self.seed}/{self.session}/uuid".encode()).digest()
                return str(UUID(bytes=digest[:16], version=4))  # in shape (RFC 9562, section 5.4)
            case "session.identity":
                if self.identity is None:
                    message = "the session has no identity: give it one as `identity`, or a token with a sub"
                    raise self.document.fail(message, path)
                return str(self.identity)
            case _:
                pass
        if name.startswith("env."):
            return self._variable(name.removeprefix("env."), path)
        captured = read_captured(name)
        assert captured is not None, "an unknown variable is refused when the scenario is read"
        return captured

    def _variable(self, name: str, path: str) -> str:
        if name not in self.env:
            raise self.document.fail(f"the environment variable {shorten(safe(name), 80)} is not set; set it", path)
        if _SECRET_NAME.search(name) or _is_private(path):
            self.secrets.append(self.env[name])
        return self.env[name]


def _is_private(path: str) -> bool:
    """Whether what stands at ``path`` must not be shown: a private header, or what a login calls like a secret."""
    *_, parent, name = ["", *path.split("/")]
    if parent == "headers":
        return is_private_header(name)
    return "/auth/request/json/" in path and bool(_SECRET_NAME.search(name))


def _identity(script: SessionScript, values: _Values) -> Any:
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
