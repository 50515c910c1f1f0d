"""npm's ws as the server: every ending and every message it can bring about has its name."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.graphql_ws_node.node import find_missing, install
from tests.live.seen import Due, check, run_toy

MISSING = find_missing()
pytestmark = [
    pytest.mark.skipif(MISSING is not None, reason=f"NOTHING IS CHECKED AGAINST NPM'S WS: {MISSING}"),
]

SCRIPT = Path(__file__).with_name("ws_server.cjs")
CLOSED = ("expect", "incomplete")
BAD_CLOSE = ("expect", "abnormal-close", "incomplete")
LOST = ("expect", "abnormal-close")
PASSES = Due(exit=0, ending="closed 1000 tool")

ROWS = {
    "answers": PASSES,
    "row_11-forbids": Due(exit=3, phase="handshake", cause="unauthorized", ending="refused 403"),
    "row_23-closes-1000": Due(exit=1, ending="closed 1000 peer", findings=CLOSED, says=("enough",)),
    "row_23-closes-1001": Due(exit=1, ending="closed 1001 peer", findings=CLOSED),
    "row_23-closes-1011": Due(exit=1, ending="closed 1011 peer", findings=BAD_CLOSE, says=("it broke",)),
    "row_23-closes-4401": Due(exit=1, ending="closed 4401 peer", findings=BAD_CLOSE, says=("who are you",)),
    "row_25-closes-without-a-code": Due(exit=1, ending="closed 1005 peer", findings=CLOSED),
    "row_26-ends-tcp": Due(exit=4, ending="closed 1006 peer", findings=LOST),
    "row_26-resets-tcp": Due(exit=4, ending="closed 1006 peer", findings=LOST),
    "row_26-ends-tcp-in-a-message": Due(exit=4, ending="closed 1006 peer", findings=LOST),
    "row_34-answers-in-fragments": PASSES,
    "row_34-sends-a-mebibyte": PASSES,
    "row_34-sends-a-bomb": Due(exit=4, phase="open", cause="limit", ending="cut limit"),
    "row_35-answers-in-no-utf-8": Due(exit=1, ending="closed 1000 tool", findings=("not-utf8",)),
    "row_36-answers-in-bytes": Due(exit=1, ending="closed 1000 tool", findings=("not-text",)),
    "row_39-closes-1012": Due(exit=4, ending="closed 1012 peer", findings=BAD_CLOSE, says=("deploy",)),
}


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """ws, listening; npm installs it once, in pytest's own cache where it has one."""
    if request.config.pluginmanager.hasplugin("cacheprovider"):
        packages = install(request.config.cache.mkdir("graphql_ws_node"))
    else:
        packages = install(tmp_path_factory.mktemp("graphql_ws_node"))
    environ = {**os.environ, "NODE_PATH": str(packages / "node_modules")}
    with subprocess.Popen(["node", SCRIPT], env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"ws://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


@pytest.mark.parametrize("name", ROWS)
def test_what_ws_does_has_its_name(name: str, server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = name.split("-", 1)[1] if name.startswith("row_") else name
    seen = run_toy(tmp_path, f"{server}/{path}", capsys)
    check(seen, ROWS[name])
    assert "\x1b" not in seen.said


def test_row_17_a_subprotocol_that_ws_does_not_select_is_none(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = run_toy(tmp_path, f"{server}/answers-no-subprotocol", capsys, "--subprotocol", "chat")
    check(seen, PASSES)
    assert seen.report["sessions"][0]["subprotocol"] is None


def test_a_message_is_the_same_whether_ws_compresses_it_or_not(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = run_toy(tmp_path, f"{server}/sends-a-mebibyte", capsys)
    assert '"sec-websocket-extensions":"permessage-deflate' in seen.capture.replace(" ", "")
    assert "x" * 2**20 in seen.capture
