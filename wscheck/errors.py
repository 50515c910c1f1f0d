"""Every error a user can cause, each a sentence that says what is wrong, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


class WscheckError(Exception):
    """Something wscheck cannot work with. ``str()`` is one sentence, fit to be shown."""


class UsageError(WscheckError):
    """The command line or the environment cannot be used (exit 2)."""


class SecretError(WscheckError):
    """A secret's variable or file is not there, or cannot serve (exit 2). Never holds the secret."""


class CaptureError(WscheckError):
    """A capture file cannot be read or written at all (exit 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in a document: ``line`` and ``column`` count from 1, ``pointer`` is a JSON Pointer (RFC 6901)."""

    file: str
    line: int
    column: int
    pointer: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: at {self.pointer}" if self.pointer else place


class DocumentError(WscheckError):
    """A contract, scenario or configuration breaks its language (exit 2)."""

    def __init__(self, message: str, position: Position) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"{self.position}: {self.message}"


class ContractError(DocumentError):
    """A contract breaks 'The contract language, version 1'."""


class ScenarioError(DocumentError):
    """A scenario breaks its language."""


class ConfigError(DocumentError):
    """A configuration, wscheck.toml or [tool.wscheck], breaks its language."""
