"""nginx and haproxy where credentials are at stake: TLS, redirects, logins, subprotocols, and a proxy that is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import trustme

from examples.agent_server import DEMO_KEY, serve
from examples.agent_server.login import DEMO_BYPASS_KEY
from tests.end_to_end.runs import AGENT_EVENTS, KEY, background, write_triage
from tests.live.fronts import UPGRADE, find_missing, haproxy, nginx
from tests.live.seen import Due, check, run, run_toy
from tests.support.toy import Toy, serve_toy

MISSING = find_missing("nginx", "haproxy")
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"NOTHING IS CHECKED THROUGH A PROXY: no {MISSING} here; apt-get install nginx haproxy"
)

ALL = f"location / {{ {UPGRADE} }}"
SPEAKS_TLS = f"ssl_certificate FOLDER/server.pem; ssl_certificate_key FOLDER/server.pem; {ALL}"
API_KEY = "the-api-key-that-goes-nowhere-else"
BY_LOGIN = AGENT_EVENTS / "scenarios" / "by-login.yaml"

NEGOTIATED_WRONGLY = Due(exit=1, phase="handshake", cause="not-websocket", ending="blocked", findings=("negotiation",))


@pytest.fixture(scope="module")
def toy() -> Iterator[Toy]:
    with background(serve_toy()) as server:
        yield server


@pytest.fixture
def backend(toy: Toy) -> str:
    """HOST:PORT of a server that does nothing wrong."""
    return toy.url.removeprefix("ws://")


@pytest.fixture(scope="module")
def agent() -> Iterator[str]:
    with background(serve()) as server:
        yield f"{server.host}:{server.port}"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, DEMO_KEY)
    monkeypatch.setenv("AGENT_BYPASS_KEY", DEMO_BYPASS_KEY)


@cache
def authority() -> trustme.CA:
    return trustme.CA()


YESTERDAY = datetime.now(UTC) - timedelta(days=1)

CERTIFICATES: dict[str, tuple[Callable[[], trustme.LeafCert], Due]] = {
    "row_04-good": (lambda: authority().issue_cert("127.0.0.1"), Due(exit=0, ending="closed 1000 tool")),
    "row_04-expired": (
        lambda: authority().issue_cert("127.0.0.1", not_after=YESTERDAY),
        Due(exit=3, phase="tls", cause="tls-expired", ending="blocked"),
    ),
    "row_04-for-another-name": (
        lambda: authority().issue_cert("elsewhere.example"),
        Due(exit=3, phase="tls", cause="tls-hostname", ending="blocked"),
    ),
    "row_04-by-another-authority": (
        lambda: trustme.CA().issue_cert("127.0.0.1"),
        Due(exit=3, phase="tls", cause="tls-untrusted", ending="blocked"),
    ),
}


def _certify(folder: Path, certificate: trustme.LeafCert) -> tuple[str, Path]:
    """Write a server's certificate and the trusted authority's into ``folder``; return the option that trusts it."""
    certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    authority().cert_pem.write_to_path(str(folder / "authority.pem"))
    return "--ca-cert", folder / "authority.pem"


@pytest.mark.parametrize(("issue", "due"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_certificate_of_nginx_is_trusted_or_its_fault_is_named(
    issue: Callable[[], trustme.LeafCert], due: Due, backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust = _certify(tmp_path, issue())
    with nginx(tmp_path, backend, server=SPEAKS_TLS, tls="ssl") as address:
        check(run_toy(tmp_path, f"wss://{address}/ws", capsys, *trust), due)


def test_row_05_ws_to_a_port_of_nginx_that_speaks_tls_is_named(
    backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _certify(tmp_path, authority().issue_cert("127.0.0.1"))
    with nginx(tmp_path, backend, server=SPEAKS_TLS, tls="ssl") as address:
        seen = run_toy(tmp_path, f"ws://{address}/ws", capsys)
    check(seen, Due(exit=3, phase="handshake", cause="endpoint", ending="refused 400"))
    assert "The plain HTTP request was sent to HTTPS port" in seen.said


def test_row_05_wss_to_a_port_of_haproxy_that_does_not_speak_tls_is_named(
    backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with haproxy(tmp_path, backend) as address:
        seen = run_toy(tmp_path, f"wss://{address}/ws", capsys)
    check(seen, Due(exit=3, phase="tls", cause="not-tls", ending="blocked", says=("ws://",)))


@pytest.mark.parametrize("status", [301, 302, 307, 308], ids=lambda status: f"row_13-{status}")
def test_a_redirect_is_told_and_neither_token_nor_key_goes_where_it_leads(
    status: int, agent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "api.key").write_text(API_KEY)
    there = tmp_path / "there"
    there.mkdir()
    with (
        nginx(there, agent, server=ALL) as elsewhere,
        nginx(tmp_path, agent, server=f"return {status} http://{elsewhere}/ws;") as address,
    ):
        key = ("-H", f"X-Api-Key:@{tmp_path / 'api.key'}")
        seen = run(write_triage(tmp_path), f"ws://{address}/ws", capsys, *key)
    check(seen, Due(exit=3, phase="handshake", cause="endpoint", ending=f"refused {status}"))
    assert seen.report["sessions"][0]["ending"]["headers"]["location"] == f"http://{elsewhere}/ws"
    assert (there / "access.txt").read_text() == ""
    assert API_KEY not in seen.said + seen.capture


def test_row_16_a_subprotocol_that_nginx_puts_in_the_place_of_ours_is_no_agreement(
    agent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = f"{UPGRADE} proxy_hide_header Sec-WebSocket-Protocol; add_header Sec-WebSocket-Protocol chat always;"
    with nginx(tmp_path, agent, server=f"location / {{ {config} }}") as address:
        check(run(write_triage(tmp_path), f"ws://{address}/ws", capsys), NEGOTIATED_WRONGLY)


def test_row_15_two_subprotocols_for_one_are_no_answer(
    agent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = f"{UPGRADE} add_header Sec-WebSocket-Protocol chat always;"
    due = Due(exit=1, phase="handshake", cause="not-websocket", ending="blocked", findings=("handshake",))
    with nginx(tmp_path, agent, server=f"location / {{ {config} }}") as address:
        check(run(write_triage(tmp_path), f"ws://{address}/ws", capsys), due)


def test_row_17_a_subprotocol_that_nginx_drops_is_missed(
    agent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = f"{UPGRADE} proxy_hide_header Sec-WebSocket-Protocol;"
    with nginx(tmp_path, agent, server=f"location / {{ {config} }}") as address:
        seen = run(write_triage(tmp_path), f"ws://{address}/ws", capsys)
    check(seen, Due(exit=1, ending="closed 1000 tool", findings=("count",), says=("$open.unselected",)))


@pytest.mark.parametrize("program", ["nginx", "haproxy"], ids=lambda program: f"row_21-{program}")
def test_a_web_server_in_the_place_of_a_proxy_refuses_connect(
    program: str, backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = nginx(tmp_path, backend, server=ALL) if program == "nginx" else haproxy(tmp_path, backend)
    with running as address:
        seen = run_toy(tmp_path, "ws://127.0.0.1:9/ws", capsys, "--proxy", f"http://{address}")
    check(seen, Due(exit=3, phase="proxy", cause="proxy-refused", ending="blocked"))


LOGINS = {
    "row_64-passes": (ALL, Due(exit=0, ending="closed 1000 tool")),
    "row_64-body-too-large-for-nginx": (
        f"client_max_body_size 10; {ALL}",
        Due(exit=3, phase="auth", cause="token-service-refused", ending="blocked"),
    ),
    "row_64-nobody-behind-nginx": (
        "location / { return 502; }",
        Due(exit=3, phase="auth", cause="token-service-down", ending="blocked"),
    ),
}


@pytest.mark.parametrize(("config", "due"), LOGINS.values(), ids=LOGINS)
def test_a_login_through_nginx_says_whether_the_service_refused_or_is_down(
    config: str, due: Due, agent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with nginx(tmp_path, agent, server=config) as address:
        text = BY_LOGIN.read_text(encoding="utf-8").replace("127.0.0.1:8765", address)
        (tmp_path / "by-login.yaml").write_text(text)
        seen = run(tmp_path / "by-login.yaml", f"ws://{address}/ws", capsys)
    check(seen, due)
    assert DEMO_BYPASS_KEY not in seen.said + seen.capture
