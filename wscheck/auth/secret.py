"""Secrets, read from where they are: the environment, a file, standard input or a command. Never shown."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from wscheck.errors import SecretError, UsageError
from wscheck.text import safe

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_KINDS = ("env", "file", "stdin", "command")


class Input(Protocol):
    """What standard input is read from."""

    def read(self) -> str:
        """Return all of it."""


def read_secret(
    spec: Mapping[str, Any],
    *,
    environ: Mapping[str, str] | None = None,
    stdin: Input | None = None,
    folder: Path | None = None,
    patience: float = 10.0,
) -> tuple[str, str]:
    """Return the secret that ``spec`` names, and where it is from, for a person.

    ``spec`` is {env: NAME}, {file: PATH} (relative to ``folder``), {stdin: true} or {command: [argument, …]}, which is
    run in ``folder`` without a shell for at most ``patience`` seconds, and whose output the secret is. One newline at
    the end is taken off. Raises SecretError, which names the variable, file or command and never shows the value, where
    there is no such secret, it is empty, or it holds what no HTTP header may (RFC 9110, section 5.5); UsageError for
    another ``spec``.
    """
    variables = os.environ if environ is None else environ
    match dict(spec):
        case {"env": str(name), **rest} if not rest:
            raw, source = _read_variable(name, variables), f"${safe(name)}"
        case {"file": str(path), **rest} if not rest:
            raw, source = _read_file(path, folder), f"file {safe(path)}"
        case {"stdin": True, **rest} if not rest:
            raw, source = _read_stdin(sys.stdin if stdin is None else stdin), "standard input"
        case {"command": [str(), *_] as command, **rest} if not rest and all(isinstance(word, str) for word in command):
            raw, source = _run(command, variables, folder, patience), f"command {safe(command[0])}"
        case _:
            raise UsageError(
                "a secret is given as {env: NAME}, {file: PATH}, {stdin: true} or {command: [argument, …]}, and only "
                "one of them"
            )
    value = raw.removesuffix("\n").removesuffix("\r")
    check_secret(value, source)
    return value, source


def is_secret(value: Any) -> bool:
    """Whether ``value``, a part of some JSON, says where a secret is to be read from."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _KINDS


def check_secret(value: str, source: str) -> None:
    """Raise SecretError, which names ``source`` and never shows ``value``, where no HTTP header could carry it."""
    if not value:
        raise SecretError(f"the secret from {source} is empty; put the token or key there")
    if value.startswith("-----BEGIN"):
        raise SecretError(f"the secret from {source} is a PEM file; a token or a shared secret is needed, on one line")
    if _CONTROL.search(value):
        raise SecretError(f"the secret from {source} holds a line break or another control character; leave it out")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise SecretError(f"the secret from {source} holds a character that no HTTP header can carry") from None


def _read_variable(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise SecretError(f"the environment variable {safe(name)} is not set; set it to the secret")
    return environ[name]


def _read_file(path: str, folder: Path | None) -> str:
    try:
        return ((folder or Path()) / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SecretError(f"the file {safe(path)} is no text in UTF-8, so it can hold no token or key") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this can be no file's name"
        raise SecretError(f"the file {safe(path)} with the secret cannot be read: {reason}") from None


def _read_stdin(stdin: Input) -> str:
    try:
        return stdin.read()
    except UnicodeDecodeError:
        raise SecretError("standard input is no text in UTF-8, so it can hold no token or key") from None


def _run(command: Sequence[str], environ: Mapping[str, str], folder: Path | None, patience: float) -> str:
    """Return what ``command`` writes. Its arguments are never shown, nor what it says on standard error."""
    shown = f"the command {safe(command[0])} that gives the secret"
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own words, and no shell
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            cwd=folder,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this can be no command"
        raise SecretError(f"{shown} cannot be run: {reason}") from None
    with process:
        try:
            output, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise SecretError(f"{shown} was not done after {patience:g} s") from None
        except BaseException:
            _kill(process)
            raise
    if process.returncode != 0:
        raise SecretError(f"{shown} failed with exit code {process.returncode}; run it by hand to see why")
    try:
        return output.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretError(f"{shown} wrote no text in UTF-8, so it can be no token or key") from None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the command and what it started, which may hold its output open."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
