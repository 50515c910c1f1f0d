"""The command line of the GraphQL example: serve, and check what is served with `wscheck run`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from ..serve_or_run import build_parser, serve_or_run
from .server import DEMO_KEY, INIT_TIMEOUT, KEY_VARIABLE, serve

SCENARIOS = Path(__file__).parent / "scenarios"


def main() -> int:
    """Return the exit code of `wscheck run`; with --serve, serve until interrupted or terminated."""
    options = _build_parser().parse_args()
    key = os.environ.get(KEY_VARIABLE, DEMO_KEY)
    serving = serve(port=options.port, key=key, init_timeout=options.init_timeout)
    scenarios = [] if options.serve else options.scenarios or sorted(SCENARIOS.glob("*.yaml"))
    environ = {**os.environ, KEY_VARIABLE: key}
    return asyncio.run(serve_or_run(serving, scenarios, what="graphql server", environ=environ))


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser(
        "examples.graphql",
        "Start a GraphQL server (strawberry on uvicorn), run the scenarios, exit as `wscheck run` does.",
    )
    parser.add_argument(
        "--init-timeout", type=float, default=INIT_TIMEOUT, help="seconds to wait for an init (default %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
