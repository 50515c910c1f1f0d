"""Options of commands that open sessions: where to, with which credentials, and by which way."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from wscheck.cli.headers import read_headers
from wscheck.cli.output import variable
from wscheck.errors import UsageError
from wscheck.run import Options
from wscheck.run.secrets import KeptInput

Command = TypeVar("Command", bound=Callable[..., Any])


def connecting_options(command: Command) -> Command:
    """Give ``command`` the options by which a session is opened."""
    options = [
        click.option("-e", "--env", "environment", metavar="NAME",
                     help="Where to and how: an environment of wscheck.toml.", **variable("ENV")),
        click.option("--url", help="Where to, instead of the environment's url or the scenario's.", **variable("URL")),
        click.option("--auth", metavar="NAME", help="The auth section of wscheck.toml for a session that has none.",
                     **variable("AUTH")),
        click.option("--token-env", metavar="NAME", help="Use the ready token in this environment variable."),
        click.option("--token-file", metavar="PATH", type=click.Path(), help="Use the ready token in this file."),
        click.option("--token-stdin", is_flag=True, help="Use the ready token on standard input."),
        click.option("-H", "--header", "headers", multiple=True, metavar="NAME:VALUE",
                     help="Send this header; VALUE may be @FILE or ${env.NAME}. May be given several times."),
        click.option("--origin", metavar="ORIGIN", help="Send this Origin, as a browser would."),
        click.option("--subprotocol", "subprotocols", multiple=True, metavar="NAME",
                     help="Offer this subprotocol too. May be given several times."),
        click.option("--ca-cert", metavar="PATH", type=click.Path(path_type=Path),
                     help="Trust the authorities in this PEM file, and no others.", **variable("CA_CERT")),
        click.option("--proxy", metavar="URL|env|none",
                     help="Go through this proxy, or the environment's; else through none.", **variable("PROXY")),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def read_options(
    *,
    token_env: str | None,
    token_file: str | None,
    token_stdin: bool,
    headers: Sequence[str],
    proxy: str | None,
    **given: Any,
) -> Options:
    """Return what the command line says; what needs no reading has the option's name. Raises UsageError."""
    return Options(
        token=_read_token_option(token_env, token_file, token_stdin),
        headers=read_headers(headers),
        proxy=_refuse_secret_in(proxy),
        environ=os.environ,
        stdin=KeptInput(sys.stdin or io.StringIO()),
        **given,
    )


def _refuse_secret_in(proxy: str | None) -> str | None:
    if proxy and "@" in proxy:
        raise UsageError("--proxy holds a user's name or password; put such a URL into HTTPS_PROXY and use --proxy env")
    return proxy


def _read_token_option(env: str | None, file: str | None, stdin: bool) -> Mapping[str, Any] | None:
    given: list[Mapping[str, Any]] = []
    given += [{"env": env}] if env else []
    given += [{"file": file}] if file else []
    given += [{"stdin": True}] if stdin else []
    if len(given) > 1:
        raise UsageError("give only one of --token-env, --token-file and --token-stdin")
    return given[0] if given else None
