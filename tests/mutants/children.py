"""Processes that are copies of this one, and give back one value through a pipe."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

Given = TypeVar("Given")


def start_child(work: Callable[[], Any], *, silent: bool = False) -> tuple[int, int]:
    """Do something in a copy of this process; return its id, and the end of a pipe where what it gives will be.

    It exits with 1 where ``work`` raised. ``silent``: what it prints is thrown away.
    """
    end, start = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(start)
        return pid, end
    code = 1
    try:
        if silent:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
        with os.fdopen(start, "wb") as pipe:
            pickle.dump(work(), pipe)
        code = 0
    except BaseException:  # noqa: BLE001  a copy must never go on as if it were the original
        traceback.print_exc()
    finally:
        os._exit(code)


def read_child(end: int) -> Any:
    """Return what a child gives once it is done; None where it gave nothing."""
    with os.fdopen(end, "rb") as pipe:
        given = pipe.read()
    return pickle.loads(given) if given else None


def in_child(work: Callable[[], Given]) -> Given:
    """Do something in a copy of this process, which it leaves as it is. Raises RuntimeError where ``work`` raised."""
    pid, end = start_child(work)
    given: Given = read_child(end)
    if os.waitpid(pid, 0)[1]:
        raise RuntimeError("a copy of this process broke down")
    return given
