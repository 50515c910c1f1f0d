"""What is run against what: the scenario, its contracts, and the environment that they are run in."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wscheck.config import Environment, choose_environment, find_config, settle_auth
from wscheck.contract.load import load_contract
from wscheck.contract.model import Contract
from wscheck.run.options import Options
from wscheck.scenario import Deadlines, ReadyCheck, Scenario, check_names, load_scenario
from wscheck.scenario.plans import Headers
from wscheck.wire.plan import trust
from wscheck.wire.proxy import check_proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A scenario, each of its sessions with its auth section, and all that is the same for every session.

    ``url`` is what the command line or the environment gives. ``headers`` are the environment's, files in them relative
    to ``headers_folder``; ``given_headers`` are the command line's. ``folder`` is the scenario's, ``folders`` where
    contracts are looked up first. ``proxy`` is as check_proxy returns it. ``subprotocols`` are offered by all sessions.
    """

    scenario: Scenario
    contracts: tuple[Contract, ...]
    folders: tuple[Path, ...]
    environment: Environment | None
    url: str | None
    deadlines: Deadlines
    ready: tuple[ReadyCheck, ...]
    headers: Headers = field(repr=False)
    headers_folder: Path
    given_headers: Headers = field(repr=False)
    folder: Path
    subprotocols: tuple[str, ...]
    proxy: str | None = field(repr=False)
    tls: ssl.SSLContext | None
    environ: Mapping[str, str] = field(repr=False)


def load_target(path: Path, options: Options) -> Target:
    """Read the scenario in ``path`` and what it is run against; no secret is read.

    Raises UsageError, ScenarioError, ConfigError or ContractError.
    """
    scenario = load_scenario(path)
    config = find_config(path.parent, Path())
    environment = choose_environment(config, scenario, options.environment)
    folders = (*options.contracts, *config.contracts)
    contracts = _load_contracts(scenario, path.parent, folders)
    origin = {} if options.origin is None else {"Origin": options.origin}
    around = environment or Environment(name="")
    ca_cert = options.ca_cert or around.ca_cert
    return Target(
        scenario=settle_auth(scenario, config, environment=environment, name=options.auth),
        contracts=contracts,
        folders=folders,
        environment=environment,
        url=options.url or around.url,
        deadlines=Deadlines(**{**around.deadlines, **scenario.deadlines}),
        ready=around.ready,
        headers=around.headers,
        headers_folder=around.folder,
        given_headers={**options.headers, **origin},
        folder=path.parent,
        subprotocols=_offered(options.subprotocols, contracts),
        proxy=check_proxy(around.proxy if options.proxy is None else options.proxy),
        tls=trust(str(ca_cert)) if ca_cert else None,
        environ=options.environ,
    )


def _load_contracts(scenario: Scenario, folder: Path, folders: Sequence[Path]) -> tuple[Contract, ...]:
    contracts = []
    for name in scenario.contracts:
        beside = folder / name
        contracts.append(load_contract(str(beside) if beside.exists() else name, folders=folders))
    events = {event.name for contract in contracts for event in contract.events}
    scopes = {scope for contract in contracts for scope in contract.scopes}
    check_names(scenario, events=sorted(events), scopes=sorted(scopes))
    return tuple(contracts)


def _offered(given: Sequence[str], contracts: Sequence[Contract]) -> tuple[str, ...]:
    """Return what was given, then what the contracts ask for: each once."""
    asked = [contract.select.subprotocol for contract in contracts if contract.select.subprotocol]
    return tuple(dict.fromkeys((*given, *asked)))
