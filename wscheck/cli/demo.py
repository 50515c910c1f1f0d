"""`wscheck demo`: the reference server, one good session and one broken, and what to try next."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from wscheck import shipped
from wscheck.cli.output import color_option, print_whole, tell
from wscheck.cli.run import check_again
from wscheck.errors import UsageError
from wscheck.finding import Severity, Verdict
from wscheck.run import Options, Ran, run_scenario
from wscheck.run.signals import SignalError

_KEY = "AGENT_JWT_KEY"
_FAULT = "drop:tool_completed"


@click.command(epilog="\b\nExamples:\n  wscheck demo\n  wscheck demo --color never")
@color_option
def demo(color: str) -> int:
    """Run a good session and a broken one against the reference server, and show both reports.

    The server speaks on loopback only. Exits with 0 where the good session passed and the broken one failed.
    """
    key = secrets.token_hex(32)
    good = _show("1. A session as it should be", key, (), color)
    broken = _show(f"2. A session of a server that loses one event (fault {_FAULT})", key, (_FAULT,), color)
    _say("What to try next")
    print_whole(
        f"  look at the captures           {good.capture}\n{'':<33}{broken.capture}\n"
        f"  the same verdict, from a file  {check_again(broken)}\n"
        f"  the contract                   {good.outcome.contract.file}\n"
        f"  the scenario                   {_scenario()}\n"
    )
    if (good.outcome.verdict, broken.outcome.verdict) == (Verdict.PASS, Verdict.FAIL):
        return 0
    return 1 if good.outcome.verdict is Verdict.FAIL else 4


def _show(title: str, key: str, faults: tuple[str, ...], color: str) -> Ran:
    _say(title)
    with _serve(key, faults) as url:
        print_whole(f"The reference server listens on {url}; wscheck opens a session.\n\n")
        ran = run_scenario(_scenario(), Options(url=url, environ={_KEY: key}))
    tell(
        [ran.outcome],
        form="terminal",
        reports=(),
        fail_on=Severity.ERROR,
        color=color,
        interrupted=ran.interrupted,
        environ={},  # a session that is broken on purpose is nothing to tell a pipeline of
    )
    if ran.interrupted:
        raise SignalError(ran.interrupted)
    return ran


def _say(title: str) -> None:
    print_whole(f"\n== {title} {'=' * max(0, 90 - len(title))}\n\n")


def _scenario() -> Path:
    return shipped.schemas() / "agent-events" / "2.0.0" / "scenarios" / "triage-run.yaml"


@contextmanager
def _serve(key: str, faults: tuple[str, ...]) -> Iterator[str]:
    """Run the reference server in a process of its own; yield its URL, which is the last word of its first line."""
    command = [sys.executable, str(shipped.examples() / "agent_server"), "--port", "0", "--key-env", _KEY]
    command.append("--until-eof")  # of its standard input, which ends when this process does, in whatever way
    for fault in faults:
        command += ["--fault", fault]
    environ = {**os.environ, _KEY: key}
    with subprocess.Popen(  # noqa: S603 - our own interpreter, our own server
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
    ) as server:
        try:
            first = server.stdout.readline() if server.stdout else ""
            if not first:
                raise UsageError("the reference server did not start; what it printed stands above")
            yield first.split()[-1]
        finally:
            server.terminate()
