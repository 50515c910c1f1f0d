"""What a target names, made ready to be looked at, in the way that a run does it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from wscheck.auth import Handshake
from wscheck.config import find_config
from wscheck.contract.model import Contract
from wscheck.document import parse_document
from wscheck.errors import ScenarioError, UsageError
from wscheck.redact import Redactor
from wscheck.run.booking import Booking, book
from wscheck.run.credentials import Credential, read_credentials, subjects
from wscheck.run.errands import Errands
from wscheck.run.options import Options
from wscheck.run.secrets import Secrets, hiding
from wscheck.run.target import Target, aim, load_target
from wscheck.scenario import Scenario, SessionScript, prepare, prepare_credentials
from wscheck.scenario.build import build_scenario
from wscheck.scenario.model import ExpectStep
from wscheck.text import safe, shorten
from wscheck.wire.address import parse_address

LONGEST_READINESS = 5.0
"""How long a readiness check may take, in seconds: what is not ready now is what there is to tell."""

_ONE_SESSION = {"wscheck": 1, "scenario": "doctor", "contract": [], "sessions": {"session": {}}}
_SUFFIXES = frozenset({".yaml", ".yml", ".json"})

Tell: TypeAlias = Callable[[str, Mapping[str, object]], None]
"""Is told what readiness and logins come to: a name, and its facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The one session that is looked at, and all that it needs.

    ``session`` is its name in the scenario, None where there is no scenario. ``booking`` is what is sent, ``bare`` the
    same without its credential.
    """

    target: Target
    session: str | None
    credentials: Mapping[str, Credential]
    booking: Booking
    bare: Handshake = field(repr=False)
    redactor: Redactor = field(repr=False)
    secrets: Secrets = field(repr=False)
    errands: Errands = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the session in the scenario or in what stands for one."""
        return self.booking.script.name

    @property
    def credential(self) -> Credential | None:
        """What the session shows."""
        return self.credentials.get(self.name)

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """The contracts of its scenario, none where there is none."""
        return self.target.contracts

    @property
    def welcome(self) -> ExpectStep | None:
        """The step that awaits the welcome: the scenario's first, where it awaits an event. None: none is due."""
        first = next(iter(self.booking.script.steps), None)
        return first if isinstance(first, ExpectStep) and first.name not in self.target.scopes else None


def find_target(text: str, options: Options) -> tuple[Target, bool]:
    """Return what ``text`` names, and whether that is a scenario; no secret is read.

    Raises UsageError, ScenarioError, ConfigError or ContractError.
    """
    if "://" in text:
        parse_address(text)
        return _aim_without_scenario(replace(options, url=text)), False
    config = find_config(Path())
    if text not in config.environments and _names_file(text):
        return load_target(Path(text), options), True
    if text not in config.environments and config.file is None:
        shown = safe(shorten(text))
        raise UsageError(f"'{shown}' is no URL and no file, and no wscheck.toml was found that has [env.{shown}]")
    target = _aim_without_scenario(replace(options, environment=text))
    if target.url is None and target.environment is not None:
        with target.environment.at():
            raise UsageError(f"the environment '{safe(text)}' has no url; add `url = \"wss://HOST/PATH\"`")
    return target, False


def prepare_subject(target: Target, options: Options, redactor: Redactor, *, named: bool, tell: Tell) -> Subject:
    """Return the session of ``target`` that is looked at, its secrets read and its variables filled.

    It is the scenario's first that is no probe; ``named``: there is a scenario. ``tell`` is given what readiness and
    logins come to. Raises SecretError, UsageError or ScenarioError.
    """
    script = _choose(target.scenario)
    ready = tuple(replace(check, within=min(check.within, LONGEST_READINESS)) for check in target.ready)
    seed = target.seed if target.seed is not None else uuid.uuid4().int % 2**32
    one = replace(target, scenario=replace(target.scenario, sessions=(script,)), ready=ready, seed=seed)
    secrets = Secrets(options.environ, options.stdin, redactor)
    asked = prepare_credentials(one.scenario, seed=seed, env=options.environ)
    credentials = read_credentials(asked, options, secrets, now=time.time())
    errands = Errands(one, secrets, redactor=redactor, tell=tell)
    for credential in credentials.values():
        if credential.login is not None:
            errands.check(credential.login)
    return _book(one, script.name if named else None, credentials, secrets, errands, redactor=redactor)


def with_credential(subject: Subject, credential: Credential) -> Subject:
    """Return ``subject`` as it shows ``credential``, which a login has handed out. Raises as prepare_subject does."""
    credentials = {subject.name: credential}
    return _book(
        subject.target, subject.session, credentials, subject.secrets, subject.errands, redactor=subject.redactor
    )


def make_redactor(target: Target) -> Redactor:
    """Return what will know every secret of ``target`` as it is read."""
    pointers = [pointer for contract in target.contracts for pointer in contract.redact]
    return Redactor((), pointers, {contract.frame for contract in target.contracts} or {"one"})


def _aim_without_scenario(options: Options) -> Target:
    document = parse_document(json.dumps(_ONE_SESSION), file="the session of wscheck doctor", error=ScenarioError)
    return aim(build_scenario(document, document.value), find_config(Path()), options, folder=Path())


def _names_file(text: str) -> bool:
    try:
        return Path(text).suffix in _SUFFIXES or Path(text).is_file()
    except OSError:  # a name that is too long for the file system
        return False


def _choose(scenario: Scenario) -> SessionScript:
    scripts = scenario.sessions
    return next((one for one in scripts if one.probe is None), scripts[0])


def _book(
    target: Target,
    session: str | None,
    credentials: Mapping[str, Credential],
    secrets: Secrets,
    errands: Errands,
    *,
    redactor: Redactor,
) -> Subject:
    # A login has not said yet whose its token is; what else could be wrong is found out all the same.
    later = {name: "" for name, one in credentials.items() if one.token is None}
    with hiding(redactor):
        scenario = prepare(
            target.scenario,
            seed=target.seed or 0,
            env=target.environ,
            identities={**later, **subjects(credentials)},
            url=target.url,
            learn=redactor.learn,
        )
        scenario = replace(scenario, sessions=tuple(replace(one, probe=None) for one in scenario.sessions))
        (booking,) = book(scenario, target, credentials, secrets, now=time.time())
        (bare,) = book(scenario, target, {}, secrets, now=time.time())
    redactor.learn(booking.handshake.secrets)
    for uri in (booking.handshake.url, booking.proxy):
        redactor.learn_uri(uri)
    return Subject(
        target=target,
        session=session,
        credentials=credentials,
        booking=booking,
        bare=bare.handshake,
        redactor=redactor,
        secrets=secrets,
        errands=errands,
    )
