"""What is run against what: the scenario, its contracts, and the environment that they are run in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wscheck.config import Config, Environment, choose_environment, choose_profile, find_config, settle_auth
from wscheck.contract.load import load_contract
from wscheck.contract.model import Contract
from wscheck.finding import Severity
from wscheck.pointer import join
from wscheck.run.options import Options
from wscheck.scenario import Deadlines, ReadyCheck, Scenario, check_names, load_scenario
from wscheck.scenario.plans import Headers
from wscheck.wire.plan import Trust, trust
from wscheck.wire.proxy import check_proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A scenario, each of its sessions with its auth section, and all that is the same for every session.

    ``url`` is what the command line or the environment gives. ``headers`` are the environment's, files in them relative
    to ``headers_folder``; ``given_headers`` are the command line's. ``folder`` is the scenario's, ``folders`` where
    contracts are looked up first. ``proxy`` is as check_proxy returns it. ``tls`` is the same for all, and so are
    ``subprotocols`` for those that say nothing of their own. ``seed`` is None where any will do.
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
    tls: Trust
    environ: Mapping[str, str] = field(repr=False)
    fail_on: Severity
    seed: int | None

    @property
    def scopes(self) -> frozenset[str]:
        """The names of the contracts' scopes."""
        return frozenset(scope for contract in self.contracts for scope in contract.scopes)

    @property
    def telling(self) -> frozenset[str]:
        """The events that show a probe was let in, whichever contract it speaks: not ignored, and telling no cause."""
        events = [(contract, event) for contract in self.contracts for event in contract.events]
        quiet = {event.name for contract, event in events if event.cause or event.name in contract.ignore}
        return frozenset(event.name for _, event in events) - quiet


def load_target(path: Path, options: Options) -> Target:
    """Read the scenario in ``path`` and what it is run against; no secret is read.

    Raises UsageError, ScenarioError, ConfigError or ContractError.
    """
    return aim(load_scenario(path), find_config(path.parent, Path()), options, folder=path.parent)


def aim(scenario: Scenario, config: Config, options: Options, *, folder: Path) -> Target:
    """Return what ``scenario`` is run against, by ``config``; ``folder`` is what its files are relative to.

    Raises UsageError, ScenarioError, ConfigError or ContractError.
    """
    environment = choose_environment(config, scenario, options.environment)
    profile = choose_profile(config, options.profile)
    folders = (*options.contracts, *config.contracts)
    contracts = _load_contracts(scenario, folder, folders)
    origin = {} if options.origin is None else {"Origin": options.origin}
    around = environment or Environment(name="")
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
        folder=folder,
        subprotocols=_offered(options.subprotocols, contracts),
        proxy=_choose_proxy(options, around),
        tls=_choose_tls(options, around),
        environ=options.environ,
        fail_on=options.fail_on or profile.fail_on or Severity.ERROR,
        seed=profile.seed if options.seed is None else options.seed,
    )


def _load_contracts(scenario: Scenario, folder: Path, folders: Sequence[Path]) -> tuple[Contract, ...]:
    contracts = []
    for number, name in enumerate(scenario.contracts):
        with scenario.document.at(join("/contract", number)):
            contracts.append(load_contract(_find_beside(folder, name), folders=folders))
    events = {event.name for contract in contracts for event in contract.events}
    scopes = {scope for contract in contracts for scope in contract.scopes}
    check_names(scenario, events=sorted(events), scopes=sorted(scopes))
    return tuple(contracts)


def _find_beside(folder: Path, name: str) -> str:
    """Return the path of the contract that stands beside the scenario, else ``name``, which is looked up."""
    beside = folder / name
    try:
        return str(beside) if beside.exists() else name
    except OSError:  # a name that is too long for the file system
        return name


def _choose_proxy(options: Options, around: Environment) -> str | None:
    if options.proxy is not None:
        return check_proxy(options.proxy)
    with around.at("proxy"):
        return check_proxy(around.proxy)


def _choose_tls(options: Options, around: Environment) -> Trust:
    if options.ca_cert is not None:
        return trust(str(options.ca_cert))
    with around.at("ca_cert"):
        return trust(str(around.ca_cert) if around.ca_cert else None)


def _offered(given: Sequence[str], contracts: Sequence[Contract]) -> tuple[str, ...]:
    """Return what was given, then what the contracts ask for: each once."""
    asked = [contract.select.subprotocol for contract in contracts if contract.select.subprotocol]
    return tuple(dict.fromkeys((*given, *asked)))
