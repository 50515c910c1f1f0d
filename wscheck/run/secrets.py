"""Secrets: each read once, all before anything opens, and what is known of them kept for the redactor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from wscheck.auth import read_secret
from wscheck.scenario.plans import Headers, Secret


class Secrets:
    """Reads secrets from where they are; one that is asked for again is not read again.

    Standard input can be read only once: two different secrets cannot both be there, and whoever asks for it gets the
    same.
    """

    def __init__(self, environ: Mapping[str, str], stdin: TextIO | None) -> None:
        self._environ = environ
        self._stdin = stdin
        self._read: dict[str, tuple[str, str]] = {}

    @property
    def known(self) -> tuple[str, ...]:
        """Every secret that was read so far."""
        return tuple(dict.fromkeys(value for value, _ in self._read.values()))

    def read(self, secret: Secret, folder: Path) -> tuple[str, str]:
        """Return the secret and where it is from, for a person; ``folder`` is what its path is relative to.

        Raises SecretError or UsageError where it cannot be read.
        """
        place = json.dumps([str(folder), secret], sort_keys=True)
        if place not in self._read:
            self._read[place] = read_secret(secret, environ=self._environ, stdin=self._stdin, folder=folder)
        return self._read[place]

    def fill(self, headers: Headers, folder: Path) -> dict[str, str]:
        """Return ``headers`` with the values of secrets in their places. Raises as ``read``."""
        return {
            name: value if isinstance(value, str) else self.read(value, folder)[0] for name, value in headers.items()
        }
