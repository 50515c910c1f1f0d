"""A scenario's file, read: held against its schema, with what is not built yet refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wscheck.document import Document, hold, read_document
from wscheck.errors import DocumentError, ScenarioError
from wscheck.pointer import join
from wscheck.scenario.build import build_scenario
from wscheck.scenario.model import Scenario
from wscheck.scenario.variables import check_variables
from wscheck.schema.words import listed

_STEP_KINDS = ("send", "text", "binary", "expect", "request", "barrier", "close", "pause", "drop", "reconnect")
_UNBUILT_STEPS = ("binary", "request", "barrier", "pause", "drop", "reconnect")
_OF_EXPECT = ("within", "where", "required")
_MESSAGES = ("send", "text", "binary")
_SECRETS = ("key", "token")


def load_scenario(path: Path) -> Scenario:
    """Read the scenario in ``path``, YAML or JSON. Its variables still stand in it: prepare() puts their values in.

    Raises ScenarioError, with the position, where it breaks its language or asks for what is not built yet.
    """
    document = read_document(path, error=ScenarioError)
    _refuse_literal_secrets(document)
    hold(document, "scenario-1")
    _refuse_what_is_not_built(document)
    for session in document.value["sessions"]:
        _check_session(document, document.value["sessions"][session], join("/sessions", session))
    check_variables(document)
    return build_scenario(document, document.value)


def _refuse_literal_secrets(document: Document) -> None:
    """Refuse a secret that stands in the file, before any sentence could show it."""
    for session, script in _members(_get(document.value, "sessions")):
        auth = _get(script, "auth")
        for name in _SECRETS:
            value = _get(auth, name)
            login = name == "token" and _get(auth, "scheme") == "login"
            if value is not None and not login and not _names_a_source(value):
                raise document.fail(
                    f"`{name}` must say where the secret is, as {{env: NAME}}, {{file: PATH}} or {{stdin: true}}: "
                    "secrets never stand in the file",
                    join("/sessions", session, "auth", name),
                )


def _names_a_source(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(kind, ""), str) for kind in ("env", "file"))


def _refuse_what_is_not_built(document: Document) -> None:
    sessions = document.value["sessions"]
    if "target" in document.value:
        raise _not_built(document, "target", "/target", "give the address as `url`, or with --url")
    if len(sessions) > 1:
        second = list(sessions)[1]
        raise _not_built(document, "several sessions", join("/sessions", second), "keep one")
    for name, script in sessions.items():
        path = join("/sessions", name)
        for member in ("probe", "every"):
            if member in script:
                raise _not_built(document, f"`{member}`", join(path, member))
        for number, step in enumerate(script.get("steps", ())):
            for member in _UNBUILT_STEPS:
                if member in step:
                    raise _not_built(document, f"`{member}`", join(path, "steps", number, member))
        for number, reply in enumerate(script.get("reply", ())):
            if "binary" in reply:
                raise _not_built(document, "`binary`", join(path, "reply", number, "binary"))
        _refuse_unbuilt_auth(document, script.get("auth"), join(path, "auth"))


def _refuse_unbuilt_auth(document: Document, auth: Any, path: str) -> None:
    if isinstance(auth, str):
        raise _not_built(document, "`auth` by name", path, "write the section itself here")
    if auth is None:
        return
    if auth["scheme"] == "login":
        raise _not_built(document, "the scheme `login`", join(path, "scheme"), "use `jwt` or `token`")
    if auth.get("via", "header") not in ("header", "subprotocol"):
        raise _not_built(document, f"`via: {auth['via']}`", join(path, "via"), "use `header` or `subprotocol`")
    for name in _SECRETS:
        if "command" in auth.get(name, {}):
            raise _not_built(document, "`command`", join(path, name, "command"), "use `env`, `file` or `stdin`")


def _check_session(document: Document, script: Any, path: str) -> None:
    _check_auth(document, script.get("auth"), join(path, "auth"))
    steps = script.get("steps", [])
    ids: dict[str, int] = {}
    for number, step in enumerate(steps):
        here = join(path, "steps", number)
        _check_step(document, step, here)
        if "close" in step and number + 1 < len(steps):
            raise document.fail("nothing can follow `close`: the session is over", join(path, "steps", number + 1))
        if "id" in step and ids.setdefault(step["id"], number) != number:
            raise document.fail(f"the id {step['id']} is step {ids[step['id']] + 1}'s already", join(here, "id"))
    for number, reply in enumerate(script.get("reply", ())):
        here = join(path, "reply", number)
        _check_one_of(document, reply, _MESSAGES, here, "a reply")


def _check_step(document: Document, step: Any, path: str) -> None:
    _check_one_of(document, step, _STEP_KINDS, path, "a step")
    for member in _OF_EXPECT:
        if member in step and "expect" not in step:
            raise document.fail(f"`{member}` belongs to `expect`, and this step has none", join(path, member))
    if step.get("id") in ("nonce", "uuid", "env", "session"):
        raise document.fail(f"no step can have the id {step['id']}: a variable is called so", join(path, "id"))


def _check_one_of(document: Document, value: Any, kinds: tuple[str, ...], path: str, what: str) -> None:
    given = [f"`{kind}`" for kind in kinds if kind in value]
    if not given:
        raise document.fail(f"{what} is one of {listed(kinds)}, and here is none of them", path)
    if len(given) > 1:
        raise document.fail(f"{what} is one thing, and here are {' and '.join(given)}: make them two", path)


def _check_auth(document: Document, auth: Any, path: str) -> None:
    if auth is None:
        return
    due, other = ("key", "token") if auth["scheme"] == "jwt" else ("token", "key")
    if due not in auth:
        raise document.fail(f"the scheme {auth['scheme']} needs `{due}`: where it is read from, as {{env: NAME}}", path)
    excess = [other, "request"] if due == "key" else [other, "request", "claims", "lifetime"]
    if auth.get("via", "header") != "subprotocol":
        excess.append("subprotocol")
    for member in excess:
        if member in auth:
            owner = "`via: subprotocol`" if member == "subprotocol" else "another scheme"
            raise document.fail(f"`{member}` belongs to {owner}, and would do nothing here", join(path, member))


def _not_built(document: Document, what: str, path: str, instead: str = "") -> DocumentError:
    shown = what if what.startswith(("`", "several", "the ")) else f"`{what}`"
    verb = "are" if what.startswith("several") else "is"
    mend = f"; {instead}" if instead else ""
    return document.fail(f"{shown} {verb} specified but not built yet{mend}", path)


def _members(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
