"""The command line of the node example: install, serve, and check what is served with `wscheck run`."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from .node import DEMO_KEY, HERE, KEY_VARIABLE, NodeError, find_cache, find_missing, install, serve

SCENARIOS = (*sorted((HERE.parent / "graphql" / "scenarios").glob("*.yaml")), *sorted(HERE.glob("scenarios/*.yaml")))
"""Those of the other GraphQL example, and this server's own."""


def main() -> int:
    """Return the exit code of `wscheck run`; with --serve, serve until interrupted or terminated."""
    parser = _build_parser()
    options = parser.parse_args()
    if missing := find_missing():
        parser.error(missing)
    try:
        folder = install(options.cache)
        return asyncio.run(_serve(folder, options.port, [] if options.serve else options.scenario or SCENARIOS))
    except NodeError as error:
        parser.error(str(error))


async def _serve(folder: Path, port: int, scenarios: Sequence[Path]) -> int:
    key = os.environ.get(KEY_VARIABLE, DEMO_KEY)
    async with serve(folder, key=key, port=port) as url:
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
        prog="python -m examples.graphql_ws_node",
        description="Start a GraphQL server (graphql-ws on node), run the scenarios, exit as `wscheck run` does.",
    )
    parser.add_argument("scenario", nargs="*", type=Path, help="what to run (default: all that are here)")
    parser.add_argument("--serve", action="store_true", help="only serve, until interrupted")
    parser.add_argument("--port", type=int, default=0, help="the port, 0 for a free one (default %(default)s)")
    parser.add_argument(
        "--cache", type=Path, default=find_cache(), help="where the packages are kept (default %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
