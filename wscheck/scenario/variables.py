"""The variables of a scenario, ``${…}``: checked when it is read, put in before anything opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

from wscheck.document import Document
from wscheck.pointer import join
from wscheck.scenario.build import build_scenario
from wscheck.scenario.model import ExpectStep, Scenario
from wscheck.scenario.where import compile_where
from wscheck.schema import SchemaError
from wscheck.schema.explanation import near
from wscheck.text import safe, shorten

Fill: TypeAlias = Callable[[str, str], str]
"""From a variable's name and the JSON Pointer of the string it stands in, to its value."""

_VARIABLE = re.compile(r"\$\$\{|\$\{([^${}]*)\}|\$\{")
_KNOWN = ("nonce", "uuid", "session.identity")
_CAPTURED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)[.#]")
_SECRET_NAME = re.compile(r"key|token|secret|passw|credential|auth|private", re.IGNORECASE)
_REGEX_SIGN = re.compile(r"[\\^$.|?*+()\[\]{}]")
_DATA = frozenset({"const", "enum", "default", "examples"})
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})


def check_variables(document: Document) -> None:
    """Raise the document's error where a string holds a variable that there is not."""
    sessions = document.value["sessions"].values()
    ids = {step["id"] for session in sessions for step in session.get("steps", ()) if "id" in step}

    def check(name: str, path: str) -> str:
        captured = _CAPTURED.match(name)
        if name in _KNOWN or name.startswith("env."):
            return ""
        if captured and captured[1] in ids:
            raise document.fail(f"`${{{name}}}`: captured values are specified but not built yet", path)
        meant = near(name, _KNOWN)
        hint = f"did you mean `${{{meant}}}`?" if meant else f"there are {', '.join(_KNOWN)} and env.NAME"
        shown = shorten(safe(name), 40)
        raise document.fail(f"`${{{shown}}}` is no variable; {hint}; a plain `${{` is written `$${{`", path)

    _fill(document.value, "", check, document)


def prepare(scenario: Scenario, *, seed: int, env: Mapping[str, str], identity: Any = None) -> Scenario:
    """Return ``scenario`` with every variable's value put in, and its ``where`` tried.

    ``${nonce}`` and ``${uuid}`` follow from ``seed`` and the session's name. The session's identity is the one the
    scenario gives, else the ``sub`` of the claims it mints a token from, else ``identity``. Inside a ``pattern`` the
    values stand for themselves, not for a regular expression. Raises ScenarioError where a variable has no value.
    """
    document = scenario.document
    values = {"nonce": _nonce(seed, scenario.session.name), "uuid": _uuid(seed, scenario.session.name)}
    secrets: list[str] = []

    def fill(name: str, path: str) -> str:
        if name == "session.identity" and name not in values:
            raise document.fail("the session has no identity: give it one as `identity`, or a token with a sub", path)
        if not name.startswith("env."):
            return values[name]
        variable = name.removeprefix("env.")
        if variable not in env:
            raise document.fail(f"the environment variable {shorten(safe(variable), 80)} is not set; set it", path)
        if _SECRET_NAME.search(variable):
            secrets.append(env[variable])
        return env[variable]

    whose = _identity(scenario, fill)
    whose = identity if whose is None else whose
    if whose is not None:
        values["session.identity"] = str(whose)
    prepared = build_scenario(document, _fill(document.value, "", fill, document))
    _try_where(prepared)
    session = replace(prepared.session, identity=whose)
    return replace(prepared, session=session, secrets=tuple(dict.fromkeys(filter(None, secrets))))


def _identity(scenario: Scenario, fill: Fill) -> Any:
    """Return the identity that the scenario itself gives, its variables put in."""
    session, path = scenario.session, join("/sessions", scenario.session.name)
    if session.identity is not None:
        return _fill(session.identity, join(path, "identity"), fill, scenario.document)
    if session.auth is None or session.auth.scheme != "jwt":
        return None
    return _fill(session.auth.claims.get("sub"), join(path, "auth", "claims", "sub"), fill, scenario.document)


def _fill(value: Any, path: str, fill: Fill, document: Document) -> Any:
    """Return ``value``, which stands at ``path``, with the variables in its strings replaced."""
    if isinstance(value, str):
        return _fill_text(value, path, fill, document)
    if isinstance(value, list):
        return [_fill(item, join(path, index), fill, document) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {name: _fill_member(name, member, path, fill, document) for name, member in value.items()}
    return value


def _fill_member(name: str, member: Any, parent: str, fill: Fill, document: Document) -> Any:
    path = _named(name, parent, document)
    if name == "where" and re.fullmatch(r"/sessions/[^/]+/steps/[0-9]+", parent):
        return {
            pointer: _fill_schema(wanted, join(path, pointer), fill, document)
            if isinstance(wanted, dict)
            else _fill(wanted, join(path, pointer), fill, document)
            for pointer, wanted in member.items()
        }
    return _fill(member, path, fill, document)


def _named(name: str, parent: str, document: Document) -> str:
    """Return the path of a member, whose name must hold no variable."""
    path = join(parent, name)
    if "${" in name:
        raise document.fail("a variable stands in a value, not in the name of a member", path)
    return path


def _fill_schema(schema: Any, path: str, fill: Fill, document: Document) -> Any:
    """Return a JSON Schema with its variables replaced: what is put into a pattern is escaped (ECMA-262)."""
    if isinstance(schema, list):
        return [_fill_schema(item, join(path, index), fill, document) for index, item in enumerate(schema)]
    if not isinstance(schema, dict):
        return _fill(schema, path, fill, document)
    filled: dict[str, Any] = {}
    for keyword, value in schema.items():
        here = _named(keyword, path, document)
        if keyword == "pattern" and isinstance(value, str):
            filled[keyword] = _fill_text(value, here, lambda name, at: _plain(fill(name, at)), document)
        elif keyword in _BY_NAME and isinstance(value, dict):
            filled[keyword] = {
                name: _fill_schema(value[name], _named(name, here, document), fill, document) for name in value
            }
        elif keyword in _DATA:
            filled[keyword] = _fill(value, here, fill, document)
        else:
            filled[keyword] = _fill_schema(value, here, fill, document)
    return filled


def _fill_text(text: str, path: str, fill: Fill, document: Document) -> str:
    def put_in(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        if match[1] is None:
            raise document.fail("a `${` that no `}` follows; a plain `${` is written `$${`", path)
        return fill(match[1], path)

    return _VARIABLE.sub(put_in, text)


def _plain(text: str) -> str:
    return _REGEX_SIGN.sub(r"\\\g<0>", text)


def _try_where(scenario: Scenario) -> None:
    for step in scenario.session.steps:
        if isinstance(step, ExpectStep):
            try:
                compile_where(step.where)
            except SchemaError as error:
                raise scenario.document.fail(error.message, error.pointer) from None


def _nonce(seed: int, session: str) -> str:
    return sha256(f"{seed}/{session}/nonce".encode()).hexdigest()[:16]


def _uuid(seed: int, session: str) -> str:
    """Return a UUID of version 4 in shape (RFC 9562, section 5.4)."""
    return str(UUID(bytes=sha256(f"{seed}/{session}/uuid".encode()).digest()[:16], version=4))
