"""The command line of the GraphQL example: serve, and check what is served with `wscheck run`."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from .server import DEMO_KEY, INIT_TIMEOUT, KEY_VARIABLE, serve

SCENARIOS = Path(__file__).parent / "scenarios"


def main() -> int:
    """Return the exit code of `wscheck run`; with --serve, serve until interrupted or terminated."""
    options = _build_parser().parse_args()
    key = os.environ.get(KEY_VARIABLE, DEMO_KEY)
    scenarios = options.scenario or sorted(SCENARIOS.glob("*.yaml"))
    return asyncio.run(_serve(options.port, key, options.init_timeout, [] if options.serve else scenarios))


async def _serve(port: int, key: str, init_timeout: float, scenarios: Sequence[Path]) -> int:
    async with serve(port=port, key=key, init_timeout=init_timeout) as url:
        print(f"graphql server on {url}", flush=True)
        if scenarios:
            return await _check(url, key, scenarios)
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await stop.wait()
        return 0


async def _check(url: str, key: str, scenarios: Sequence[Path]) -> int:
    command = [sys.executable, "-m", "wscheck", "run", *map(str, scenarios), "--url", url]
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, KEY_VARIABLE: key})
    return await process.wait()


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m examples.graphql",
        description="Start a GraphQL server (strawberry on uvicorn), run the scenarios, exit as `wscheck run` does.",
    )
    parser.add_argument("scenario", nargs="*", type=Path, help="what to run (default: all of scenarios/)")
    parser.add_argument("--serve", action="store_true", help="only serve, until interrupted")
    parser.add_argument("--port", type=int, default=0, help="the port, 0 for a free one (default %(default)s)")
    parser.add_argument(
        "--init-timeout", type=float, default=INIT_TIMEOUT, help="seconds to wait for an init (default %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
