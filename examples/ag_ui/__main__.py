"""The command line: serve the agent and run the scenarios against it, or only serve."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from wscheck.cli import main as wscheck

SCENARIOS = Path(__file__).parent / "scenarios"
TOKEN = "AG_UI_TOKEN"
"""The environment variable that server and scenarios read the bearer token from."""
DEMO_TOKEN = "a-demo-token-that-everybody-knows"


def main() -> int:
    """Run every scenario and return what `wscheck run` exits with; with --serve, serve until interrupted."""
    parser = _build_parser()
    options = parser.parse_args()
    port = (8770 if options.serve else 0) if options.port is None else options.port
    os.environ.setdefault(TOKEN, DEMO_TOKEN)
    try:
        from .server import serving  # noqa: PLC0415 - the packages it needs are an extra
    except ModuleNotFoundError as error:
        parser.error(f"{error.name} is not installed; install what this example needs: pip install -e '.[servers]'")
    try:
        with serving(os.environ[TOKEN], port=port) as url:
            print(f"ag-ui agent on {url}", file=sys.stderr, flush=True)
            return _wait() if options.serve else wscheck(["run", *map(str, _find_scenarios()), "--url", url])
    except OSError as error:
        parser.error(f"cannot listen on port {port}: {error.strerror}")


def _find_scenarios() -> list[Path]:
    return sorted(SCENARIOS.glob("*.yaml"))


def _wait() -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m examples.ag_ui",
        description="A pydantic-ai agent that speaks AG-UI over a WebSocket, and what a user interface asks of it.",
        epilog=f"The bearer token is read from {TOKEN}; where that is not set, it is {DEMO_TOKEN}.",
    )
    parser.add_argument("--serve", action="store_true", help="only serve, until interrupted or terminated")
    parser.add_argument("--port", type=int, help="the port (default: 8770 with --serve, else a free one)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
