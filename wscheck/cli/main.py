"""The entry: every command behind one wrapper, which alone decides what the process exits with."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from wscheck.cli.check import check
from wscheck.cli.demo import demo
from wscheck.cli.doctor import doctor
from wscheck.cli.explain import explain
from wscheck.cli.lint import lint
from wscheck.cli.output import UntoldError, abandon
from wscheck.cli.run import run
from wscheck.cli.schema import schema
from wscheck.cli.show import show
from wscheck.cli.strength import strength
from wscheck.cli.which import which
from wscheck.errors import WscheckError
from wscheck.run.signals import KILLED, SignalError, break_off, taking_signals
from wscheck.text import safe
from wscheck.version import TOOL, __version__

USAGE = 2
UNDECIDED = 4
BUG = 70
_UNPRINTABLE = (errno.EAGAIN, errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC)
"""How an output fails that takes no more. Every other file is looked after where it is opened."""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExamples:\n  wscheck demo\n  wscheck run scenario.yaml --url ws://127.0.0.1:8080/ws",
)
@click.version_option(__version__, prog_name="wscheck", message="%(prog)s %(version)s")
def commands() -> None:
    """Check the order and completeness of WebSocket event streams against a versioned contract."""


commands.add_command(run)
commands.add_command(check)
commands.add_command(demo)
commands.add_command(doctor)
commands.add_command(explain)
commands.add_command(lint)
commands.add_command(schema)
commands.add_command(show)
commands.add_command(strength)
commands.add_command(which)


def main(arguments: Sequence[str] | None = None, entry: click.Command = commands) -> int:
    """Run one command of ``entry`` and return what the process must exit with; see docs/verdicts.md. Raises nothing."""
    if sys.stdout is None:
        return _complain("standard output is closed, so there is nowhere to report to", USAGE)
    with taking_signals(break_off):
        return _run(sys.argv[1:] if arguments is None else arguments, entry)


def _run(arguments: Sequence[str], entry: click.Command) -> int:
    try:
        _make_printable()
        code = _invoke(entry, arguments)
        sys.stdout.flush()
    except click.ClickException as error:
        return _show_usage(error)
    except UntoldError as error:
        abandon(sys.stdout)
        return _complain(str(error), KILLED + error.number)
    except WscheckError as error:
        return _complain(str(error), USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted", KILLED + signal.SIGINT)
    except SignalError as stopped:
        told = "interrupted" if stopped.number == signal.SIGINT else "terminated"
        return _complain(told, KILLED + stopped.number)
    except BrokenPipeError:
        abandon(sys.stdout)
        return UNDECIDED
    except BaseException as error:  # noqa: BLE001 - the last line of defence: a fault of ours must never look like a verdict
        if isinstance(error, OSError) and error.errno in _UNPRINTABLE:
            abandon(sys.stdout)
            return _complain(f"the report could not be printed: {error.strerror}", UNDECIDED)
        return _confess(error)
    return code


def _invoke(entry: click.Command, arguments: Sequence[str]) -> int:
    # Not entry.main(): that turns Ctrl-C, a broken pipe and faults of its own into 1, which means "fail" here.
    try:
        with entry.make_context("wscheck", list(arguments)) as context:
            code = entry.invoke(context)
    except click.exceptions.Exit as told:  # --help and --version
        code = told.exit_code
    return code if isinstance(code, int) else 0


def _make_printable() -> None:
    if sys.stderr is None:  # closed; click would complain on standard output then
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _show_usage(error: click.ClickException) -> int:
    try:
        error.show()
    except OSError:
        abandon(sys.stderr)
    return USAGE


def _complain(message: str, code: int) -> int:
    try:
        print(f"wscheck: {safe(message)}", file=sys.stderr, flush=True)
    except OSError:  # then the exit code has to say it all
        abandon(sys.stderr)
    return code


def _confess(error: BaseException) -> int:
    # The stack without the error's text and without local variables: both may hold what a server sent.
    frames = traceback.extract_tb(error.__traceback__)
    stack = "".join(f"{frame.filename}:{frame.lineno} in {frame.name}\n" for frame in frames)
    where = f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"
    what = f"this is a bug in wscheck ({where}), so there is no verdict; please report it with"
    try:
        with tempfile.NamedTemporaryFile("w", prefix="wscheck-bug-", suffix=".txt", delete=False) as file:
            file.write(f"{TOOL}\n{type(error).__qualname__}\n{stack}")
    except OSError:
        return _complain(f"{what} this: {stack}", BUG)
    return _complain(f"{what} {file.name}", BUG)
