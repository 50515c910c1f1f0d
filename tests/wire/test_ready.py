"""Readiness: what counts as ready, which cause what is not has, and how long was waited for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.http_server import Told, http_server
from wscheck.pointer import Pointer
from wscheck.scenario.plans import HttpRequest, ReadyCheck, Revision
from wscheck.scenario.where import build_where, compile_where
from wscheck.wire.failures import Failure, StoppedError
from wscheck.wire.http import HttpAnswer, Way, ask, load
from wscheck.wire.ready import Readiness, await_ready, is_revision

COMMIT = "0f3a9c1d2e4b5a69788796a5b4c3d2e1f0a9b8c7"


async def look(*told: Told, where: Mapping[str, Any] | None = None, within: float, **wanted: Any) -> Any:
    """Await readiness of a server that gives these answers, the last one for ever; return it, or the failure."""
    answers = list(told)

    async def go_out(request: HttpRequest, within: float) -> HttpAnswer:
        return await ask(request, {}, way=Way(), within=within)

    async with http_server(lambda _: answers.pop(0) if len(answers) > 1 else answers[0]) as server:
        check = ReadyCheck(url=f"{server.url}/health?key=secret", within=within, **wanted)
        try:
            return await await_ready(check, compile_where(build_where(where or {}, "/where")), ask=go_out)
        except StoppedError as stopped:
            return stopped.failure


HEALTHY = {"status": "healthy", "commit": COMMIT, "build": 71}
REVISION = {"revision": Revision(at=Pointer("/commit"), due=COMMIT)}
WHERE = {"where": {"/status": "healthy"}}

ROWS: dict[str, tuple[Told, dict[str, Any], str | None, str]] = {
    "healthy": ((200, HEALTHY), WHERE | REVISION, None, ""),
    "a status alone": ((204, ""), {"status": (200, 204)}, None, ""),
    "a body that is no JSON": ((200, "OK"), {}, None, ""),
    "starting by its status": ((503, ""), {}, "starting", "it answered 503, where 200 is due"),
    "starting, 503 being due": ((503, ""), {"status": (503,)}, None, ""),
    "starting with 503": ((503, {"status": "starting", "phase": "database"}), WHERE, "starting", "database"),
    "starting with 200": ((200, {"status": "starting"}), {}, "starting", "its `status` says that it is starting"),
    "starting with 200 and a where": ((200, {"status": "starting"}), WHERE, "starting", "at /status"),
    "starting with another status": ((425, {"status": "starting"}), {}, "starting", "it answered 425"),
    "starting, which is due": ((200, {"status": "starting"}), {"where": {"/status": "starting"}}, None, ""),
    "a canned answer": ((200, {"services": {}, "available": False}), {}, "ready-timeout", "`available`"),
    "a canned answer with a where": ((200, HEALTHY | {"available": False}), WHERE, "ready-timeout", "`available`"),
    "not available, which is due": ((200, {"available": False}), {"where": {"/available": False}}, None, ""),
    "available": ((200, {"services": {}, "available": True}), {}, None, ""),
    "another status": ((404, "no page"), {}, "ready-timeout", "it answered 404 and no page, where 200 is due"),
    "another revision": ((200, HEALTHY | {"commit": "1234567"}), WHERE | REVISION, "wrong-revision",
                         f"at /commit is 1234567, and {COMMIT} is due"),
    "no revision": ((200, {"status": "healthy"}), WHERE | REVISION, "wrong-revision", "no revision at /commit"),
    "a revision that is null": ((200, {"commit": None}), REVISION, "wrong-revision", "None"),
    "an abbreviated commit": ((200, HEALTHY | {"commit": COMMIT[:7]}), REVISION, None, ""),
    "the number of a build": ((200, HEALTHY), {"revision": Revision(at=Pointer("/build"), due="71")}, None, ""),
    "starting with the old revision": ((503, {"commit": "1234567"}), REVISION, "starting", "503"),
    "no answer": (b"", {}, "ready-timeout", "did not answer in HTTP"),
}  # fmt: skip


async def test_what_is_ready_and_which_cause_what_is_not_has() -> None:
    load()  # a third of a second, which no look is to lose
    found = await asyncio.gather(
        *(look(told, **wanted, within=30 if cause is None else 2) for told, wanted, cause, _ in ROWS.values())
    )
    for row, seen, (_, _, cause, words) in zip(ROWS, found, ROWS.values(), strict=True):
        if cause is None:
            assert isinstance(seen, Readiness), (row, seen)
            continue
        assert isinstance(seen, Failure), (row, seen)
        assert (seen.phase, seen.cause) == ("ready", cause), (row, seen)
        assert words in seen.text, (row, seen)
        assert "secret" not in seen.text


async def test_it_says_how_long_was_waited_and_how_often_was_asked() -> None:
    failure = await look((503, ""), within=1.0)
    assert failure.text.startswith("the readiness check http://127.0.0.1:")
    assert "/health was not met after 0." in failure.text
    assert " s of 1 s (asked " in failure.text
    assert " times, last): it answered 503" in failure.text


async def test_one_who_asks_to_be_left_alone_is_and_for_longer_than_there_is_time_ends_it() -> None:
    begun = time.monotonic()
    ready = await look((503, "", {"Retry-After": "1"}), (200, ""), within=30)
    assert ready.looks == 2
    assert 1.0 <= ready.waited <= time.monotonic() - begun
    failure = await look((503, "", {"Retry-After": "3600"}), within=5)
    assert failure.text.endswith("; it asks to be left alone for 10 s")
    assert "(asked once)" in failure.text


async def test_a_name_that_nobody_knows_is_not_waited_for() -> None:
    async def go_out(request: HttpRequest, within: float) -> HttpAnswer:
        return await ask(request, {}, way=Way(), within=within)

    begun = time.monotonic()
    with pytest.raises(StoppedError) as stopped:
        await await_ready(ReadyCheck(url="https://no-such-host.invalid/"), (), ask=go_out)
    if stopped.value.failure.cause == "name-not-found":  # not where there is no name service at all
        assert time.monotonic() - begun < 30
    assert stopped.value.failure.phase == "dns"


SAME = [(COMMIT, COMMIT), (COMMIT[:7], COMMIT), (COMMIT, COMMIT[:12]), (COMMIT.upper(), COMMIT), ("v2.0", "v2.0"),
        (71, "71")]  # fmt: skip
OTHER = [(COMMIT[:6], COMMIT), ("v2.0.1", "v2.0"), ("v2.0", "v2.0.1"), (None, "None"), (True, "True"), (7.0, "7.0"),
         ("", "v1"), (COMMIT[1:], COMMIT), ({}, "{}"), (1234567, "12345678"), ("20240115", "2024011502")]  # fmt: skip


@pytest.mark.parametrize(("told", "due"), SAME)
def test_a_revision_is_known_in_any_of_its_spellings(told: object, due: str) -> None:
    assert is_revision(told, due)


@pytest.mark.parametrize(("told", "due"), OTHER)
def test_another_revision_is_another(told: object, due: str) -> None:
    assert not is_revision(told, due)
