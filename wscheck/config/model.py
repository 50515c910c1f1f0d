"""A configuration as data: where contracts are, where sessions are opened and how, and choices of options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from wscheck.document import Document
from wscheck.finding import Severity
from wscheck.pointer import join
from wscheck.scenario.plans import AuthPlan, Headers, ReadyCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where sessions are opened, and how: what a scenario's ``target`` names.

    ``deadlines`` are only those that it gives, in seconds. ``auth`` is the section for sessions that name none.
    ``proxy`` is a URI, "env" or "none". ``folder`` is what a path in ``headers`` is relative to.
    ``document`` is where it stands, None for one that stands nowhere.
    """

    name: str
    url: str | None = None
    ready: tuple[ReadyCheck, ...] = ()
    deadlines: Mapping[str, float] = field(default_factory=dict)
    headers: Headers = field(default_factory=dict)
    auth: str | None = None
    proxy: str | None = None
    ca_cert: Path | None = None
    folder: Path = Path()
    document: Document | None = field(default=None, repr=False, compare=False)

    @contextmanager
    def at(self, *members: str | int) -> Iterator[None]:
        """Let a UsageError raised inside be the file's own, about what is under these members."""
        if self.document is None:
            yield
            return
        with self.document.at(join("/env", self.name, *members)):
            yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A choice of options; None is left to the defaults."""

    name: str
    fail_on: Severity | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One configuration. ``contracts`` are folders; ``document`` is None where there is no file."""

    contracts: tuple[Path, ...] = ()
    environments: Mapping[str, Environment] = field(default_factory=dict)
    auth: Mapping[str, AuthPlan] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    document: Document | None = field(default=None, repr=False, compare=False)

    @property
    def file(self) -> str | None:
        """The file that it was read from, None where there is none."""
        return self.document.file if self.document else None
