"""The event loop of a run: names are looked up as ever, one that never is keeps nobody waiting; files."""

from __future__ import annotations

import asyncio
import resource
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from wscheck.wire.loop import Loop


def run(look_up: Callable[..., Any], within: float = 5.0) -> Any:
    async def ask() -> Any:
        async with asyncio.timeout(within):
            return await asyncio.get_running_loop().getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)

    with asyncio.Runner(loop_factory=lambda: Loop(look_up)) as runner:
        return runner.run(ask())


def test_a_name_is_found_as_the_system_finds_it() -> None:
    assert run(socket.getaddrinfo) == socket.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)


def test_a_name_that_is_not_there_raises_what_the_system_raises() -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    with pytest.raises(socket.gaierror, match="not known"):
        run(fail)


def test_a_process_may_open_as_many_files_as_the_machine_allows() -> None:
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = 65_536 if most == resource.RLIM_INFINITY else min(most, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(allowed, 512), most))
    try:
        Loop().close()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (allowed, most)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))


def test_a_look_up_that_never_ends_keeps_no_run_from_its_end() -> None:
    let_go, began = threading.Event(), time.monotonic()
    try:
        with pytest.raises(TimeoutError):
            run(lambda *_, **__: let_go.wait(30), within=0.05)
        assert time.monotonic() - began < 10
    finally:
        let_go.set()
