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
from .login import DEMO_BYPASS_KEY
from .server import serve
from .speeches import SPEECHES
from .story import RUN_EVENTS
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
    if options.until_eof:
        asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    key = os.environ.get(options.key_env)
    async with serve(
        host=options.host,
        port=options.port,
        version=options.version,
        faults=options.fault,
        key=DEMO_KEY if key is None else key,
        bypass_key=os.environ.get(options.bypass_key_env, DEMO_BYPASS_KEY),
        seed=options.seed,
        speed=options.speed,
        pause=options.pause,
        runs=options.runs,
        sub_agents=options.sub_agents,
    ) as server:
        print(f"agent server on {server.url}", flush=True)
        print(f"key: {f'the demo key, {DEMO_KEY}' if key is None else f'from {options.key_env}'}", flush=True)
        print(f"version: {options.version}; faults: {', '.join(options.fault) or 'none'}", flush=True)
        await stop.wait()


def _build_parser() -> argparse.ArgumentParser:
    faults = "\n".join(f"  {fault.usage:28}{fault.says}" for fault in FAULTS.values())
    parser = argparse.ArgumentParser(
        prog="agent_server",
        description="An agent service that speaks agent events over a WebSocket, well, or badly in one named way.",
        epilog=f"faults:\n{faults}\n\nEVENT is one of {', '.join(RUN_EVENTS)}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8765, help="the port, 0 for a free one (default %(default)s)")
    parser.add_argument(
        "--version",
        choices=list(SPEECHES),
        default="2",
        help="what it speaks (default %(default)s); mixed: version 2, but every other run in version 1, the first too",
    )
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="misbehave so; may be repeated")
    parser.add_argument("--list-faults", action="store_true", help="list what --fault takes, one a line, and exit")
    parser.add_argument(
        "--key-env",
        default="AGENT_JWT_KEY",
        metavar="VARIABLE",
        help="the environment variable that holds the key for tokens (default %(default)s; unset: the demo key)",
    )
    parser.add_argument(
        "--bypass-key-env",
        default="AGENT_BYPASS_KEY",
        metavar="VARIABLE",
        help="the same for the key that opens the login (default %(default)s; unset: the demo one; empty: no login)",
    )
    parser.add_argument("--runs", type=int, default=1, help="agents that work on a request by turns (default 1)")
    parser.add_argument("--sub-agents", type=int, default=0, help="sub-agents of each run (default 0)")
    parser.add_argument(
        "--pause", type=float, default=31, help="seconds of silence where the fault is gap (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="decides every id and text (default %(default)s)")
    parser.add_argument(
        "--speed", type=float, default=0.02, help="seconds between the events of a run (default %(default)s)"
    )
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends, as with who started it")
    return parser


if __name__ == "__main__":
    main()
