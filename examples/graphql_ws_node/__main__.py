"""The command line of the node example: install, serve, and check what is served with `wscheck run`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from ..serve_or_run import build_parser, serve_or_run
from .node import DEMO_KEY, HERE, KEY_VARIABLE, NodeError, find_cache, find_missing, install, serve

SCENARIOS = (*sorted((HERE.parent / "graphql" / "scenarios").glob("*.yaml")), *sorted(HERE.glob("scenarios/*.yaml")))
"""Those of the other GraphQL example, and this server's own."""


def main() -> int:
    """Return the exit code of `wscheck run`; with --serve, serve until interrupted or terminated."""
    parser = _build_parser()
    options = parser.parse_args()
    if missing := find_missing():
        parser.error(missing)
    key = os.environ.get(KEY_VARIABLE, DEMO_KEY)
    scenarios = [] if options.serve else options.scenarios or SCENARIOS
    environ = {**os.environ, KEY_VARIABLE: key}
    try:
        serving = serve(install(options.cache), key=key, port=options.port)
        return asyncio.run(serve_or_run(serving, scenarios, what="graphql server", environ=environ))
    except NodeError as error:
        parser.error(str(error))


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser(
        "examples.graphql_ws_node",
        "Start a GraphQL server (graphql-ws on node), run the scenarios, exit as `wscheck run` does.",
    )
    parser.add_argument(
        "--cache", type=Path, default=find_cache(), help="where the packages are kept (default %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
