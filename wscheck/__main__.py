"""`python -m wscheck` and the command `wscheck`: the process, from its first signal to its exit code."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn


def start() -> NoReturn:
    """Run the command line, and exit with its code; a signal that comes before it is up ends the process quietly."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    from wscheck.cli import main  # noqa: PLC0415 - half a second, in which Ctrl-C is to be no traceback

    sys.exit(main())


def _leave(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


if __name__ == "__main__":
    start()
