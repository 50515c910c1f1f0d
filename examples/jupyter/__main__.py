"""The command line of the Jupyter example: serve, or serve and run every scenario beside this file."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..serve_or_run import build_parser, command_for
from .server import TOKEN, ServerError, check_packages, serve

FOLDER = Path(__file__).resolve().parent
SCENARIOS = sorted((FOLDER / "scenarios").glob("*.yaml"))
DESCRIPTION = "Start a Jupyter Server with one Python kernel on this machine, and check what its clients see."


def main() -> int:
    """Serve until interrupted, or run the scenarios against a server of their own; return the exit code."""
    options = build_parser("examples.jupyter", DESCRIPTION, port=8888).parse_args()
    try:
        return _serve(options.port) if options.serve else _run(options.scenarios or SCENARIOS)
    except ServerError as error:
        print(f"examples.jupyter: {error}", file=sys.stderr)
        return 2


@contextmanager
def serving(token: str) -> Iterator[str]:
    """Let a server serve in a process of its own, on a free port; gives the WebSocket URL of its kernel.

    Raises ServerError where it does not start.
    """
    check_packages()
    command = [sys.executable, "-m", "examples.jupyter", "--serve", "--port", "0"]
    environ = {**os.environ, TOKEN: token}
    root = FOLDER.parents[1]
    with subprocess.Popen(command, cwd=root, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield _read_url(process.stdout.readline())
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:  # it waits for ever for a kernel that died just before
        process.kill()


def _read_url(line: str) -> str:
    if not line:
        raise ServerError("the server did not start; why, it says above")
    return line.rsplit(maxsplit=1)[-1]


def _serve(port: int) -> int:
    ours = TOKEN in os.environ
    token = os.environ.setdefault(TOKEN, secrets.token_urlsafe(24))

    def say(url: str) -> None:
        print(f"Jupyter Server with one kernel on {url}", flush=True)
        print(f"token: {f'from {TOKEN}' if ours else token}", flush=True)

    with tempfile.TemporaryDirectory(prefix="wscheck-jupyter-") as folder:
        serve(Path(folder), port=port, started=say)
    return 0


def _run(scenarios: list[Path]) -> int:
    token = secrets.token_urlsafe(24)
    with serving(token) as url:
        print(f"Jupyter Server with one kernel on {url}", flush=True)
        return subprocess.run(command_for(scenarios, url), env={**os.environ, TOKEN: token}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
