"""One way in which the server can be told to misbehave, as data: what it changes, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias

from ..checks import Checks
from ..script import Script

Rewrite: TypeAlias = Callable[[Script], Script]
RewriteSo: TypeAlias = Callable[[Script, str], Script]


class FaultError(ValueError):
    """A fault was asked for that the server does not have. ``str()`` says which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to an HTTP request instead of the upgrade or of the usual answer."""

    status: HTTPStatus
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave.

    ``answer`` gives, by path, what is answered instead of the usual; ``checks`` changes whom the door lets in and how;
    ``opening`` changes what a session begins with, ``run`` every run. ``run_so`` changes every run by the word that
    follows the name and a colon, one of ``words``; where there is a ``run`` as well, the word may be left out.
    """

    name: str
    says: str
    answer: Mapping[str, Answer] = field(default_factory=dict)
    checks: Callable[[Checks], Checks] | None = None
    opening: Rewrite | None = None
    run: Rewrite | None = None
    run_so: RewriteSo | None = None
    words: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How it is asked for."""
        if not self.words:
            return self.name
        word = "EVENT" if "agent_started" in self.words else "WORD"
        return f"{self.name}[:{word}]" if self.run else f"{self.name}:{word}"
