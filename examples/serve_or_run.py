"""Serve, or serve and run scenarios: what the command lines of the examples have in common."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path


def build_parser(package: str, description: str, *, port: int = 0) -> argparse.ArgumentParser:
    """Return a parser for ``python -m PACKAGE [--serve] [--port N] [SCENARIO...]``.

    ``port`` is the default one; where it is not 0, it is for --serve, and scenarios have a free one to themselves.
    """
    when = "with --serve: " if port else ""
    parser = argparse.ArgumentParser(prog=f"python -m {package}", description=description)
    parser.add_argument("scenarios", nargs="*", type=Path, help="what to run (default: all that are here)")
    parser.add_argument("--serve", action="store_true", help="only serve, until interrupted or terminated")
    parser.add_argument("--port", type=int, default=port, help=f"{when}the port, 0 for a free one (default {port})")
    return parser


def command_for(scenarios: Sequence[Path], url: str) -> list[str]:
    """Return the command that runs ``scenarios`` against ``url``."""
    return [sys.executable, "-m", "wscheck", "run", *map(str, scenarios), "--url", url]


async def serve_or_run(
    serving: AbstractAsyncContextManager[str], scenarios: Sequence[Path], *, what: str, environ: Mapping[str, str]
) -> int:
    """Serve until ``scenarios`` were run, and return what `wscheck run` exits with; without any, until interrupted.

    ``serving`` gives the URL, ``what`` is served there, and ``environ`` is what the scenarios are run in.
    """
    async with serving as url:
        print(f"{what} on {url}", flush=True)
        if scenarios:
            process = await asyncio.create_subprocess_exec(*command_for(scenarios, url), env=environ)
            return await process.wait()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await stop.wait()
        return 0
