"""What a run is asked for, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wscheck.auth import Input
from wscheck.checker import MAX_OPEN
from wscheck.finding import Severity
from wscheck.record import Record
from wscheck.result import Outcome
from wscheck.scenario.plans import Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How scenarios are run. What is None or empty is left to the scenario, its environment and wscheck.toml.

    ``environment``, ``auth`` and ``profile`` name sections of wscheck.toml; ``auth`` is for sessions without one of
    their own, ``profile`` for ``seed`` and ``fail_on`` where these are None.
    ``token`` says where a ready token is read from, in place of the sessions' own, probes and anonymous ones aside:
    {env: NAME}, {file: PATH} or {stdin: true}. ``headers``, ``origin`` and ``subprotocols`` are sent besides what the
    scenario says; a file in ``headers`` is relative to the working folder. ``ca_cert`` is the file of the only
    authorities that are trusted. ``proxy`` is a proxy's URL, "env" or "none".

    ``known`` are secrets to hide besides the scenario's own: those of the others that are run with it.
    ``capture`` is the file to be written; without it one with a name of its own is made in the folder ``keep``.
    ``max_open`` is as a Checker takes it. In ``retry_for`` seconds another attempt may begin after one that found the
    target unavailable.
    ``follow`` is called with every record as it is kept, ``tell`` with what is decided before anything opens: a name
    and its facts. Both are given nothing that must not be shown.
    """

    url: str | None = None
    environment: str | None = None
    auth: str | None = None
    profile: str | None = None
    token: Mapping[str, Any] | None = None
    headers: Headers = field(default_factory=dict, repr=False)
    origin: str | None = None
    subprotocols: Sequence[str] = ()
    ca_cert: Path | None = None
    proxy: str | None = field(default=None, repr=False)
    contracts: Sequence[Path] = ()
    capture: Path | None = None
    keep: Path = Path("wscheck-captures")
    overwrite: bool = False
    seed: int | None = None
    max_open: int = MAX_OPEN
    retry_for: float = 0.0
    fail_on: Severity | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    follow: Callable[[Record], None] = lambda _: None
    tell: Callable[[str, Mapping[str, object]], None] = lambda _, __: None
    stdin: Input | None = None
    known: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run came to, where its capture is, and the signal that interrupted it, if one did.

    ``fail_on`` is the least severity that moved its verdict.
    """

    outcome: Outcome
    capture: Path
    fail_on: Severity
    interrupted: int | None = None
