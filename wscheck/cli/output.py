"""What commands have in common: options of reports, and the one way a result leaves the process."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from wscheck.checker import MAX_OPEN
from wscheck.cli.workflow import tell_workflow
from wscheck.errors import UsageError
from wscheck.finding import Severity
from wscheck.report import REPORTS, terminal
from wscheck.result import Outcome, Result, merge
from wscheck.run.signals import KILLED
from wscheck.schema import engine
from wscheck.text import safe
from wscheck.version import TOOL

Command = TypeVar("Command", bound=Callable[..., Any])


class UntoldError(Exception):
    """What the signal ``number`` ended could not be told either; ``str()`` says why."""

    def __init__(self, number: int, why: Exception) -> None:
        super().__init__(f"the report could not be printed: {why.strerror}" if isinstance(why, OSError) else str(why))
        self.number = number


def variable(name: str) -> dict[str, Any]:
    """Return what makes an option that is not given take the value of the environment variable WSCHECK_``name``."""
    return {"envvar": f"WSCHECK_{name}", "show_envvar": True}


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    **variable("COLOR"),
)
"""The option that every command has which may print in colour."""


def report_options(command: Command) -> Command:
    """Give ``command`` the options that every command has which makes a report."""
    options = [
        click.option("--format", "form", type=click.Choice(sorted(REPORTS)), default="terminal", show_default=True,
                     help="What stdout holds.", **variable("FORMAT")),
        click.option("--report", "reports", multiple=True, metavar="FORMAT=PATH",
                     help="Write a report to a file as well; may be given several times."),
        click.option("--profile", metavar="NAME", help="A profile of wscheck.toml, for what is not given here.",
                     **variable("PROFILE")),
        click.option("--fail-on", type=click.Choice(["error", "warning"]), show_default="error",
                     help="The least severity of a finding that moves the verdict.", **variable("FAIL_ON")),
        click.option("--contracts", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
                     help="A folder to look up contracts in, before ./schemas and those that wscheck carries.",
                     **variable("CONTRACTS")),
        click.option("--max-open", type=click.IntRange(min=1), default=MAX_OPEN, show_default=True,
                     help="Instances that may be open at once in a connection; what has more is not judged on."),
        color_option,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def read_reports(reports: Sequence[str], captures: Sequence[Path]) -> list[tuple[str, Path]]:
    """Read the values of ``--report``, none of which may be one of ``captures``.

    Raises UsageError where one cannot serve, before anything is opened.
    """
    wanted = []
    for text in reports:
        form, equals, path = text.partition("=")
        if not equals or form not in REPORTS or not path:
            raise UsageError(f"--report takes FORMAT=PATH, FORMAT one of {', '.join(sorted(REPORTS))}; not {text!r}")
        folder = Path(path).parent
        if Path(path).resolve() in [capture.resolve() for capture in captures]:
            raise UsageError(f"{safe(path)} is to be a capture and a report at once; give the report another name")
        if Path(path).is_dir():
            raise UsageError(f"the report {safe(path)} cannot be written: it is a folder; name a file in it")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UsageError(
                f"the report {safe(path)} cannot be written: {safe(str(folder))} is no folder that can be written to"
            )
        wanted.append((form, Path(path)))
    return wanted


def tell(
    outcomes: Sequence[Outcome],
    *,
    form: str,
    reports: Sequence[tuple[str, Path]],
    fail_on: Severity,
    color: str,
    next_steps: Sequence[str] = (),
    interrupted: int | None = None,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Print the result of ``outcomes``, write its reports, and return the exit code.

    A step of GitHub Actions is told as well where ``environ`` is of one. ``interrupted`` is the number of the signal
    that ended it early. Raises UsageError where a report cannot be written, after what can be told was told, OSError
    where standard output takes nothing, and UntoldError for both after a signal.
    """
    result = merge(tuple(outcomes), tool=TOOL, engine=engine(), fail_on=fail_on)
    if interrupted is not None:
        result = replace(result, exit_code=KILLED + interrupted)
    try:
        try:
            for name, path in reports:
                _write(path, REPORTS[name](result))
        finally:
            print_whole(_render(result, form, color, next_steps))
            _complain(tell_workflow(result, form=form, written=[path for _, path in reports], environ=environ))
    except (OSError, UsageError) as error:
        if interrupted is None:
            raise
        raise UntoldError(interrupted, error) from None  # the signal outweighs it
    return result.exit_code


def abandon(stream: TextIO) -> None:
    """Give up ``stream``, which takes nothing any more: Python would print the rest as it exits, and exit with 120."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_whole(text: str | bytes) -> None:
    """Write all of ``text`` to standard output, bytes as they are. Raises OSError where it takes only a part."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.write(text if isinstance(text, str) else text.decode())
        return
    # Without a buffer (PYTHONUNBUFFERED) print() drops in silence what a reader that leaves did not take.
    sys.stdout.flush()
    encoded = text.encode(sys.stdout.encoding, sys.stdout.errors or "strict") if isinstance(text, str) else text
    rest = memoryview(encoded)
    while rest:
        taken = sys.stdout.buffer.write(rest)
        if taken is None:
            raise BlockingIOError(errno.EAGAIN, "it takes nothing at the moment, and is not to be waited for")
        rest = rest[taken:]
    sys.stdout.flush()


def _complain(text: str) -> None:
    if not text:
        return
    try:
        print(text, end="", file=sys.stderr, flush=True)
    except OSError:  # what nobody can read is no reason to end differently
        abandon(sys.stderr)


def _render(result: Result, form: str, color: str, next_steps: Sequence[str]) -> str:
    if form != "terminal":
        return REPORTS[form](result)
    width = min(shutil.get_terminal_size((100, 24)).columns, 140)
    return terminal.render(result, color=is_colored(color), width=width, next_steps=next_steps)


def is_colored(color: str) -> bool:
    """Whether to colour: ``color`` is "always", "never" or "auto", which asks the environment and the terminal."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _write(path: Path, text: str) -> None:
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_text(text, encoding="utf-8")  # a pipe or a device, as /dev/stderr: not ours to replace
        else:
            _replace(path, text)
    except OSError as error:
        raise UsageError(f"the report {safe(str(path))} could not be written: {error.strerror}") from None


def _replace(path: Path, text: str) -> None:
    # Whole or not at all: a reader never finds half a report.
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".wscheck-", delete=False, encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
