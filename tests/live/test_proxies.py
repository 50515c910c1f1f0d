"""nginx and haproxy between wscheck and a server: sessions pass, and what a proxy breaks has its cause."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from examples.agent_server import DEMO_KEY, serve
from tests.end_to_end.runs import KEY, background, write_triage
from tests.live.fronts import PASS_ON, UPGRADE, find_missing, haproxy, nginx
from tests.live.seen import TALK, WAIT, Due, check, run, run_toy
from tests.support.sessions import Await, converse, kinds
from tests.support.toy import serve_toy
from wscheck.event import Observation
from wscheck.record import Closed, Cut, Message, Record
from wscheck.scenario.actions import Close

MISSING = find_missing("nginx", "haproxy")
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"NOTHING IS CHECKED THROUGH A PROXY: no {MISSING} here; apt-get install nginx haproxy"
)

ALL = f"location / {{ {UPGRADE} }}"
"""A server of nginx that passes everything on."""

LONG = "x" * 4000

LONG_HEADER = TALK.replace("    steps:", f"    headers: {{X-Long: {LONG}}}\n    steps:")
"""With a header of four thousand characters in the opening handshake."""

DROPPED = Due(exit=3, phase="handshake", cause="dropped", ending="blocked")
LOST = Due(exit=4, ending="closed 1006 peer", findings=("expect", "abnormal-close"))
STRIPPED = Due(exit=1, phase="handshake", cause="not-websocket", ending="blocked", findings=("handshake",))


def refused(status: int, cause: str = "endpoint", *says: str) -> Due:
    return Due(exit=3, phase="handshake", cause=cause, ending=f"refused {status}", says=says)


@contextmanager
def _nobody() -> Iterator[str]:
    """A port that refuses every connection, as long as it is held."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield "{}:{}".format(*held.getsockname())


@contextmanager
def _mute() -> Iterator[str]:
    """A port that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        yield "{}:{}".format(*held.getsockname())


@contextmanager
def _full() -> Iterator[str]:
    """A port whose queue is full: no connection comes about."""
    with ExitStack() as stack:
        held = stack.enter_context(socket.socket())
        held.bind(("127.0.0.1", 0))
        held.listen(0)
        for _ in range(3):
            waits = stack.enter_context(socket.socket())
            waits.setblocking(False)
            waits.connect_ex(held.getsockname())
        yield "{}:{}".format(*held.getsockname())


_SERVERS: Mapping[str, Callable[[], AbstractContextManager[str]]] = {"nobody": _nobody, "mute": _mute, "full": _full}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A proxy, and what is due through it. ``server``: "toy", or one of _SERVERS."""

    front: Callable[[Path, str], AbstractContextManager[str]]
    due: Due
    server: str = "toy"
    sessions: str = TALK


def _nginx(due: Due, config: str, *, server: str = "toy", sessions: str = TALK) -> Row:
    return Row(front=partial(nginx, server=config), due=due, server=server, sessions=sessions)


def _haproxy(due: Due, *, front: str = "", back: str = "", server: str = "toy", sessions: str = TALK) -> Row:
    return Row(front=partial(haproxy, front=front, back=back), due=due, server=server, sessions=sessions)


def _located(more: str) -> str:
    return f"location / {{ {UPGRADE} {more} }}"


ROWS = {
    "row_07-nginx-ends-tcp": _nginx(DROPPED, "return 444;"),
    "row_07-haproxy-ends-tcp": _haproxy(DROPPED, front="http-request reject"),
    "row_09-nginx-adds-too-long-a-header": _nginx(
        Due(exit=3, phase="handshake", cause="handshake-limit", ending="blocked"),
        _located(f'set $long "{LONG}"; add_header X-Long $long$long$long always;'),
    ),
    "row_10-nginx-answers-200": _nginx(refused(200), "return 200 hello;"),
    "row_10-nginx-knows-no-such-path": _nginx(refused(404), f"location /elsewhere {{ {UPGRADE} }}"),
    "row_10-nginx-takes-no-such-header": _nginx(
        refused(400), f"client_header_buffer_size 512; large_client_header_buffers 1 512; {ALL}", sessions=LONG_HEADER
    ),
    "row_11-nginx-forbids": _nginx(refused(403, "unauthorized"), "deny all;"),
    "row_11-nginx-wants-a-password": _nginx(
        refused(401, "unauthorized"), "auth_basic here; auth_basic_user_file /dev/null;"
    ),
    "row_11-haproxy-forbids": _haproxy(refused(403, "unauthorized"), front="http-request deny"),
    "row_11-haproxy-wants-a-password": _haproxy(refused(401, "unauthorized"), front="http-request auth"),
    "row_12-nginx-limits": _nginx(refused(429, "busy"), "return 429;"),
    "row_12-haproxy-limits": _haproxy(refused(429, "busy"), front="http-request deny deny_status 429"),
    "row_15-haproxy-strips-the-answer": _haproxy(STRIPPED, back="http-response del-header upgrade"),
    "row_15-nginx-hides-the-accept": _nginx(STRIPPED, _located("proxy_hide_header Sec-WebSocket-Accept;")),
    "row_22-nginx-finds-nobody": _nginx(refused(502, "endpoint", "502"), ALL, server="nobody"),
    "row_22-haproxy-finds-nobody": _haproxy(refused(503, "starting"), server="nobody"),
    "row_22-nginx-connects-too-late": _nginx(refused(504), _located("proxy_connect_timeout 300ms;"), server="full"),
    "row_22-haproxy-connects-too-late": _haproxy(refused(503, "starting"), server="full"),
    "row_22-nginx-waits-too-long": _nginx(refused(504), _located("proxy_read_timeout 300ms;"), server="mute"),
    "row_22-haproxy-waits-too-long": _haproxy(refused(504), back="timeout server 300ms", server="mute"),
    "row_22-nginx-passes-no-upgrade-on": _nginx(refused(426), f"location / {{ {PASS_ON} proxy_http_version 1.1; }}"),
    "row_22-haproxy-passes-no-upgrade-on": _haproxy(refused(426), front="http-request del-header upgrade"),
    "row_22-nginx-ends-an-idle-session": _nginx(LOST, _located("proxy_read_timeout 500ms;"), sessions=WAIT),
    "row_22-haproxy-ends-an-idle-session": _haproxy(LOST, back="timeout tunnel 500ms", sessions=WAIT),
}


LIMIT = "limit_req_zone $binary_remote_addr zone=all:32k rate=1r/m;"
"""One request a minute."""


@pytest.fixture(scope="module")
def toy() -> Iterator[str]:
    """A server that does nothing wrong: HOST:PORT."""
    with background(serve_toy()) as server:
        yield server.url.removeprefix("ws://")


@pytest.fixture(scope="module")
def agent() -> Iterator[str]:
    """The agent server: HOST:PORT."""
    with background(serve()) as server:
        yield f"{server.host}:{server.port}"


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_a_proxy_breaks_has_its_cause_and_its_exit_code(
    row: Row, toy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as stack:
        backend = toy if row.server == "toy" else stack.enter_context(_SERVERS[row.server]())
        address = stack.enter_context(row.front(tmp_path, backend))
        seen = run_toy(tmp_path, f"ws://{address}/ws", capsys, sessions=row.sessions)
    check(seen, row.due)


@pytest.mark.parametrize("front", [partial(nginx, server=ALL), haproxy], ids=["row_22-nginx", "row_22-haproxy"])
def test_a_session_with_the_agent_server_passes_through(
    front: Callable[[Path, str], AbstractContextManager[str]],
    agent: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY, DEMO_KEY)
    with front(tmp_path, agent) as address:
        seen = run(write_triage(tmp_path), f"ws://{address}/ws", capsys)
    check(seen, Due(exit=0, ending="closed 1000 tool"))
    assert seen.report["sessions"][0]["subprotocol"] == "jwt-auth"


def test_row_22_nginx_that_passes_on_as_http_1_0_says_what_the_server_made_of_it(
    toy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with nginx(tmp_path, toy, server=f"location / {{ {PASS_ON} }}") as address:
        seen = run_toy(tmp_path, f"ws://{address}/ws", capsys)
    status = seen.report["sessions"][0]["ending"]["status"]
    assert status in {502, 505}  # older versions of websockets answer HTTP/1.0 with nothing
    check(seen, refused(status))


def test_row_12_who_comes_too_often_is_told_that_nginx_is_busy(
    toy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = _located("limit_req zone=all; limit_req_status 429; add_header Retry-After 7 always;")
    with nginx(tmp_path, toy, server=config, http=LIMIT) as address:
        check(run_toy(tmp_path, f"ws://{address}/ws", capsys), Due(exit=0, ending="closed 1000 tool"))
        seen = run_toy(tmp_path, f"ws://{address}/ws", capsys)
    check(seen, refused(429, "busy"))
    assert seen.report["sessions"][0]["ending"]["headers"]["retry-after"] == "7"


def test_row_09_of_an_error_page_of_two_megabytes_the_status_and_its_beginning_are_kept(
    toy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "error.html").write_text("no, " * 2**19)
    config = "error_page 403 /error.html; location = /error.html { root FOLDER; } location / { return 403; }"
    with nginx(tmp_path, toy, server=config) as address:
        seen = run_toy(tmp_path, f"ws://{address}/ws", capsys)
    check(seen, refused(403, "unauthorized", "no, no, no"))
    assert len(seen.report["sessions"][0]["ending"]["body"]) <= 4096


@pytest.mark.parametrize(("every", "cut"), [(0.1, False), (60.0, True)], ids=["row_22-pings", "row_22-no-ping"])
async def test_pings_keep_a_session_open_that_nginx_would_end(
    every: float, cut: bool, toy: str, tmp_path: Path
) -> None:
    with nginx(tmp_path, toy, server=_located("proxy_read_timeout 600ms;")) as address:
        records = await converse(f"ws://{address}/ws", Await(count=1), Await(count=2, seconds=1.2), ping_every=every)
    match records[-1]:
        case Closed(code=1006, initiator="peer"):
            assert cut
        case Cut(cause="deadline"):
            assert not cut
        case other:
            pytest.fail(f"{other}")


async def test_row_39_a_session_that_a_reload_of_nginx_cuts_is_lost_and_the_next_one_opens(
    toy: str, tmp_path: Path
) -> None:
    def reload(record: Record) -> list[Observation]:
        if isinstance(record, Message) and record.direction == "received":
            os.kill(int((tmp_path / "nginx.pid").read_text()), signal.SIGHUP)
        return []

    with nginx(tmp_path, toy, server=ALL) as address:
        lost = await converse(f"ws://{address}/ws", emit=reload)
        after = await converse(f"ws://{address}/ws", Await(count=1), Close())
    assert isinstance(lost[-1], Closed)
    assert (lost[-1].code, lost[-1].initiator) == (1006, "peer")
    assert kinds(after) == ["opened", "message", "closed"]
