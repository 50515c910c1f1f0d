"""A configuration's file, read: held against its schema, and found sound."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from wscheck.config.model import Config, Environment, Profile
from wscheck.document import Document, hold, read_toml
from wscheck.errors import ConfigError
from wscheck.finding import Severity
from wscheck.pointer import Pointer, join
from wscheck.scenario.build import build_auth, build_deadlines, build_statuses
from wscheck.scenario.credentials import check_auth, refuse_literal_auth, refuse_literal_headers
from wscheck.scenario.plans import ReadyCheck, Revision
from wscheck.scenario.where import build_where, compile_where
from wscheck.schema import SchemaError
from wscheck.schema.explanation import near
from wscheck.text import safe, shorten

_IN_MESSAGE = re.compile(r"/auth/[^/]+/message(/|$)")


def load_config(path: Path) -> Config | None:
    """Read the configuration in ``path``: the whole file, of a pyproject.toml the table [tool.wscheck].

    Returns None where a pyproject.toml has no such table. Raises ConfigError, with the position, where it breaks its
    language or asks for what is not built yet.
    """
    table = ("tool", "wscheck") if path.name == "pyproject.toml" else ()
    document = read_toml(path, table=table, error=ConfigError)
    if document is None:
        return None
    value = document.value
    _refuse_literal_secrets(document)
    hold(document, "config-1")
    for name, auth in value.get("auth", {}).items():
        check_auth(document, auth, join("/auth", name))
    _refuse_variables(document, value, "")
    _refuse_what_is_not_built(document)
    folder = path.parent
    contracts = value.get("contracts", [])
    return Config(
        contracts=tuple(folder / each for each in ([contracts] if isinstance(contracts, str) else contracts)),
        environments={name: _build_environment(document, name, env, folder) for name, env in _table(value, "env")},
        auth={name: build_auth(auth, folder=folder, name=name) for name, auth in _table(value, "auth")},
        profiles={name: _build_profile(name, profile) for name, profile in _table(value, "profile")},
        document=document,
    )


def _build_profile(name: str, value: Any) -> Profile:
    fail_on = value.get("fail_on")
    return Profile(name=name, fail_on=None if fail_on is None else Severity(fail_on), seed=value.get("seed"))


def _build_environment(document: Document, name: str, value: Any, folder: Path) -> Environment:
    path, known = join("/env", name), document.value.get("auth", {})
    auth = value.get("auth")
    if auth is not None and auth not in known:
        meant = near(auth, known)
        hint = f"; did you mean '{safe(meant)}'?" if meant else f"; add [auth.{safe(shorten(auth))}] to this file"
        raise document.fail(f"there is no auth section '{safe(shorten(auth))}'{hint}", join(path, "auth"))
    return Environment(
        name=name,
        url=value.get("url"),
        ready=tuple(
            _build_ready(document, each, join(path, "ready", number))
            for number, each in enumerate(value.get("ready", ()))
        ),
        deadlines=build_deadlines(value),
        headers=value.get("headers", {}),
        auth=auth,
        proxy=value.get("proxy"),
        ca_cert=folder / value["ca_cert"] if "ca_cert" in value else None,
        folder=folder,
        document=document,
    )


def _build_ready(document: Document, value: Any, path: str) -> ReadyCheck:
    where = build_where(value.get("where", {}), join(path, "where"))
    try:
        compile_where(where)
    except SchemaError as error:
        raise document.fail(error.message, error.pointer) from None
    return ReadyCheck(
        url=value["url"],
        status=build_statuses(value) or (200,),
        where=where,
        revision=_build_revision(value["revision"]) if "revision" in value else None,
        within=float(value.get("within", 60)),
    )


def _build_revision(value: Any) -> Revision:
    ((pointer, due),) = value.items()
    if isinstance(due, str):
        return Revision(at=Pointer(pointer), due=due)
    return Revision(at=Pointer(pointer), env=due["env"])


def _refuse_literal_secrets(document: Document) -> None:
    """Refuse a secret that stands in the file, before any sentence could show it."""
    for name, auth in _table(document.value, "auth"):
        refuse_literal_auth(document, auth, join("/auth", name))
    for name, env in _table(document.value, "env"):
        headers = env.get("headers") if isinstance(env, dict) else None
        refuse_literal_headers(document, headers, join("/env", name, "headers"), variables=False)
        proxy = env.get("proxy") if isinstance(env, dict) else None
        if isinstance(proxy, str) and "@" in proxy:
            raise document.fail(
                "`proxy` holds a user's name or password, and secrets never stand in the file: put such a URI into "
                "HTTPS_PROXY, and write `env` here",
                join("/env", name, "proxy"),
            )


def _refuse_variables(document: Document, value: Any, path: str) -> None:
    """Refuse what would be a variable in a scenario: here it would go out as it stands."""
    if isinstance(value, str):
        text = value.replace("$${", "").replace("${token}", "") if _IN_MESSAGE.match(path) else value
        if "${" in text:
            raise document.fail("variables stand in scenarios only; here only `message` knows one, ${token}", path)
    if isinstance(value, dict | list):
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            _refuse_variables(document, member, join(path, name))


def _refuse_what_is_not_built(document: Document) -> None:
    for name, profile in _table(document.value, "profile"):
        if profile.get("repeat", 1) != 1:
            raise document.fail(
                "`repeat` is specified but not built yet; take it out, or make it 1", join("/profile", name, "repeat")
            )


def _table(value: Any, name: str) -> list[tuple[str, Any]]:
    table = value.get(name)
    return list(table.items()) if isinstance(table, dict) else []
