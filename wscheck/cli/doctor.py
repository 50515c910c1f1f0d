"""`wscheck doctor`: step by step to a session, and the first step that is broken, explained."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click

from wscheck.cli.connecting import connecting_options, read_options
from wscheck.cli.output import color_option, is_colored, print_whole, variable
from wscheck.doctor import diagnose
from wscheck.report.terminal.lines import paint


@click.command(
    epilog="\b\nExamples:\n  wscheck doctor staging\n"
    "  wscheck doctor wss://api.example.com/ws --token-env STAGING_TOKEN --format json"
)
@click.argument("target")
@connecting_options
@click.option("--contracts", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
              help="A folder to look up contracts in; repeatable.", **variable("CONTRACTS"))  # fmt: skip
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@color_option
def doctor(target: str, form: str, color: str, **given: Any) -> int:
    """Go the way to a session of TARGET step by step, and explain the first step that is broken.

    TARGET is an environment of wscheck.toml, a scenario's file, or a URL. The steps are name, TCP, proxy, TLS,
    readiness, credentials, opening handshake, subprotocol, welcome, ping and closing handshake.
    """
    from wscheck.doctor.show import as_json, as_lines  # noqa: PLC0415 - with the way itself, which only doctor is to cost

    diagnosis = diagnose(target, read_options(**given))
    if form == "json":
        print_whole(json.dumps(as_json(diagnosis), indent=2) + "\n")
    else:
        width = min(shutil.get_terminal_size((100, 24)).columns, 140)
        print_whole(paint(as_lines(diagnosis, width=width), color=is_colored(color)))
    return diagnosis.exit_code
