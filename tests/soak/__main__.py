"""What the tests do a few times, many times: ``python -m tests.soak --deployments 500 --stalls 100 --longest 30``."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.soak.deployments import soak_deployments
from tests.soak.stalls import soak_stalls


def main() -> int:
    """Run what the command line asks for, print what was not as it must be, and return 1 where there is something."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--deployments", type=int, default=0, help="how many deployments are run against")
    parser.add_argument("--stalls", type=int, default=0, help="how many processes are stopped and continued")
    parser.add_argument("--longest", type=float, default=30.0, help="the longest stall, in seconds")
    parser.add_argument("--seed", type=int, default=int(monotonic() * 1000), help="what chance follows from")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wscheck-soak-") as folder:
        wrong = asyncio.run(_soak(asked, Path(folder)))
    _say("\n".join([*wrong, f"{len(wrong)} things were not as they must be"]))
    return 1 if wrong else 0


async def _soak(asked: argparse.Namespace, folder: Path) -> list[str]:
    begun = monotonic()
    _say(f"seed {asked.seed}: {asked.deployments} deployments, {asked.stalls} stalls of up to {asked.longest:g} s")
    wrong: list[str] = []
    if asked.deployments:
        wrong += await soak_deployments(
            asked.deployments, seed=asked.seed, folder=folder, longest=6, refused=3.0, at_once=20
        )
        _say(f"{asked.deployments} deployments after {monotonic() - begun:.0f} s")
    if asked.stalls:
        wrong += await soak_stalls(asked.stalls, seed=asked.seed, folder=folder, longest=asked.longest)
        _say(f"{asked.stalls} stalls after {monotonic() - begun:.0f} s")
    return wrong


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
