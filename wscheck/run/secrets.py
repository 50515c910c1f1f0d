"""Secrets: each read once, all before anything opens, and learned by the redactor as it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from wscheck.auth import Input, is_secret, read_secret
from wscheck.errors import DocumentError, WscheckError
from wscheck.redact import Redactor
from wscheck.scenario.plans import Headers, Secret


class KeptInput:
    """Standard input, which can be read only once, for several runs: each gets all of it. It is read when asked for."""

    def __init__(self, stream: Input) -> None:
        self._whole = cache(stream.read)

    def read(self) -> str:
        """Return all of it."""
        return self._whole()


class Secrets:
    """Reads secrets from where they are; one that is asked for again is not read again.

    Standard input can be read only once: two different secrets cannot both be there, and whoever asks for it gets the
    same. ``redactor`` learns whatever is read.
    """

    def __init__(self, environ: Mapping[str, str], stdin: Input | None, redactor: Redactor) -> None:
        self._environ = environ
        self._stdin = stdin
        self._redactor = redactor
        self._read: dict[str, tuple[str, str]] = {}

    def read(self, secret: Secret, folder: Path) -> tuple[str, str]:
        """Return the secret and where it is from, for a person; ``folder`` is what its path is relative to.

        Raises SecretError or UsageError where it cannot be read.
        """
        place = json.dumps(["" if "stdin" in secret else str(folder), secret], sort_keys=True)
        if place not in self._read:
            self._read[place] = read_secret(secret, environ=self._environ, stdin=self._stdin, folder=folder)
            self._redactor.learn(self._read[place][:1])
        return self._read[place]

    def fill(self, headers: Headers, folder: Path) -> dict[str, str]:
        """Return ``headers`` with the values of secrets in their places. Raises as ``read``."""
        return {
            name: value if isinstance(value, str) else self.read(value, folder)[0] for name, value in headers.items()
        }

    def fill_json(self, value: Any, folder: Path) -> Any:
        """Return the JSON ``value`` with the secrets that are named in it in their places. Raises as ``read``."""
        if is_secret(value):
            return self.read(value, folder)[0]
        if isinstance(value, dict):
            return {name: self.fill_json(member, folder) for name, member in value.items()}
        if isinstance(value, list):
            return [self.fill_json(item, folder) for item in value]
        return value


@contextmanager
def hiding(redactor: Redactor) -> Iterator[None]:
    """Let every error that a user can cause go on without the secrets that ``redactor`` knows."""
    try:
        yield
    except DocumentError as error:
        raise type(error)(redactor.sentence(error.message), error.position) from None
    except WscheckError as error:
        raise type(error)(redactor.sentence(str(error))) from None
