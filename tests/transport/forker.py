"""A process that has wscheck loaded and forks a child for each command: real processes, without a second of loading."""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import selectors
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import jsonschema  # noqa: F401 - loaded once here, not once in every child
import jwt  # noqa: F401
import structlog  # noqa: F401
import websockets.asyncio.client  # noqa: F401

from wscheck.cli import main
from wscheck.wire.http import load

_ALIVE = 3


def serve() -> None:
    """Fork a child for each line on standard input, and tell on standard output how each began and ended.

    A line is {"number", "arguments", "folder", "environ", "limits", "instead", "warm_up"}: ``limits`` by the name of an
    RLIMIT, ``instead`` a program that is run rather than wscheck's own entry. With ``warm_up`` the command is run in
    this process, and nothing is told of it: every child begins with what it has loaded, compiled and cached.

    Told are {"number", "pid"}, then {"number", "code", "seconds", "kilobytes"}: the wall-clock time and the largest
    memory of the child.
    """
    load()
    running: dict[int, tuple[dict[str, Any], int, float]] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        rest = b""
        while True:
            for key, _ in selector.select():
                if key.fd in running:
                    selector.unregister(key.fd)
                    _tell_end(key.fd, *running.pop(key.fd))
                    continue
                data = os.read(key.fd, 65536)
                if not data:
                    return
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    asked = json.loads(line)
                    if asked["warm_up"]:
                        _warm_up(asked)
                        continue
                    pid, ended = _fork(asked)
                    running[ended] = asked, pid, time.monotonic()
                    selector.register(ended, selectors.EVENT_READ)
                    _tell({"number": asked["number"], "pid": pid})


def _warm_up(asked: dict[str, Any]) -> None:
    os.chdir(asked["folder"])
    os.environ.update(asked["environ"])
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        main(asked["arguments"])
    gc.collect()
    gc.freeze()


def _fork(asked: dict[str, Any]) -> tuple[int, int]:
    """Return the child's process id, and what can be read once it has ended."""
    ended, alive = os.pipe()
    pid = os.fork()
    if pid:
        os.close(alive)
        return pid, ended
    code = 99
    try:
        # What is open here for other children is none of this one's, which a limit of open files would show.
        os.dup2(alive, _ALIVE)
        os.closerange(_ALIVE + 1, 1024)
        code = _run(asked)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _run(asked: dict[str, Any]) -> int:
    os.setsid()
    os.chdir(asked["folder"])
    for target, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, "stdout", os.O_WRONLY | os.O_CREAT),
        (2, "stderr", os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(name, flags, 0o600), target)
    os.environ.clear()
    os.environ.update(asked["environ"])
    for name, most in asked["limits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    if asked["instead"]:
        os.execvp(asked["instead"][0], [*asked["instead"], *asked["arguments"]])
    return main(asked["arguments"])


def _tell_end(ended: int, asked: dict[str, Any], pid: int, began: float) -> None:
    os.close(ended)
    _, status, used = os.wait4(pid, 0)
    seconds, code = time.monotonic() - began, os.waitstatus_to_exitcode(status)
    _tell({"number": asked["number"], "code": code, "seconds": seconds, "kilobytes": used.ru_maxrss})


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
