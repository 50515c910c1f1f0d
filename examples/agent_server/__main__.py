"""The command line of the reference agent server; also runs by path: ``python examples/agent_server``."""

from __future__ import annotations

import argparse
import asyncio
import os
import runpy
import signal
import sys
from pathlib import Path

if not __package__:  # started by path: come back as the package, so that its relative imports hold
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    runpy.run_module(here.name, run_name="__main__", alter_sys=True)
    sys.exit()

from .faults import FAULTS, FaultError, list_faults
from .script import RUN_EVENTS
from .server import serve
from .tokens import DEMO_KEY


def main() -> None:
    """Serve until interrupted or terminated; exit with 2 where that cannot even begin."""
    parser = _build_parser()
    options = parser.parse_args()
    if options.list_faults:
        print("\n".join(list_faults()))
        return
    try:
        asyncio.run(_serve(options))
    except (FaultError, ValueError, OSError) as error:
        parser.error(str(error))


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    key = os.environ.get(options.key_env)
    async with serve(
        host=options.host,
        port=options.port,
        faults=options.fault,
        key=DEMO_KEY if key is None else key,
        seed=options.seed,
        speed=options.speed,
    ) as server:
        print(f"agent server on {server.url}", flush=True)
        print(f"key: {f'the demo key, {DEMO_KEY}' if key is None else f'from {options.key_env}'}", flush=True)
        print(f"faults: {', '.join(options.fault) or 'none'}", flush=True)
        await stop.wait()


def _build_parser() -> argparse.ArgumentParser:
    faults = "\n".join(
        f"  {fault.name + (':EVENT' if fault.run_event else ''):28}{fault.says}" for fault in FAULTS.values()
    )
    parser = argparse.ArgumentParser(
        prog="agent_server",
        description="An agent service that speaks version 2 of agent events, well, or badly in one named way.",
        epilog=f"faults:\n{faults}\n\nEVENT is one of {', '.join(RUN_EVENTS)}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8765, help="the port, 0 for a free one (default %(default)s)")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="misbehave so; may be repeated")
    parser.add_argument("--list-faults", action="store_true", help="list what --fault takes, one a line, and exit")
    parser.add_argument(
        "--key-env",
        default="AGENT_JWT_KEY",
        metavar="VARIABLE",
        help="the environment variable that holds the key for tokens (default %(default)s; unset: the demo key)",
    )
    parser.add_argument("--seed", type=int, default=0, help="decides every id and text (default %(default)s)")
    parser.add_argument(
        "--speed", type=float, default=0.02, help="seconds between the events of a run (default %(default)s)"
    )
    return parser


if __name__ == "__main__":
    main()
