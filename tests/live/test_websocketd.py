"""websocketd, which never sends a close frame: that its sessions end without one is not held against anybody."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.fronts import find_missing, find_program
from tests.live.seen import TALK, Due, check, run_toy

MISSING = find_missing("websocketd")
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"NOTHING IS CHECKED AGAINST WEBSOCKETD: no {MISSING} here; apt-get install websocketd"
)

ANSWERS = """
import sys
print('{"type": "welcome"}', flush=True)
for line in sys.stdin:
    print('{"type": "said", "id": "a"}\\n{"type": "done", "id": "a"}', flush=True)
"""
ENDS_IN_BETWEEN = """
print('{"type": "welcome"}', flush=True)
input()
print('{"type": "said", "id": "a"}', flush=True)
"""
ENDS_AT_ONCE = ""

UNTIL_THE_END = TALK + "      - expect: $close\n"

CASES = {
    "wscheck-closes": (ANSWERS, TALK, Due(exit=0, ending="closed 1000 tool")),
    "row_26-the-program-ends-in-between": (
        ENDS_IN_BETWEEN,
        TALK,
        Due(exit=4, ending="closed 1006 peer", findings=("expect", "abnormal-close", "incomplete")),
    ),
    "row_26-the-program-ends-when-all-was-said": (
        ENDS_IN_BETWEEN + 'print(\'{"type": "done", "id": "a"}\', flush=True)',
        UNTIL_THE_END,
        Due(exit=4, ending="closed 1006 peer", findings=("abnormal-close",)),
    ),
    "row_26-the-program-ends-before-it-says-anything": (
        ENDS_AT_ONCE,
        TALK,
        Due(exit=3, phase="welcome", cause="closed", ending="closed 1006 peer", findings=("abnormal-close",)),
    ),
}


@contextmanager
def websocketd(folder: Path, program: str) -> Iterator[str]:
    """Serve ``program``, in Python, with websocketd; gives HOST:PORT. It takes no socket, so its port is guessed."""
    script = folder / "program.py"
    script.write_text(program, encoding="utf-8")
    found = find_program("websocketd")
    assert found
    for _ in range(5):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [found, "--address=127.0.0.1", f"--port={port}", sys.executable, str(script)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                if _listens(port, process):
                    yield f"127.0.0.1:{port}"
                    return
            finally:
                process.terminate()
    pytest.fail("websocketd found no port in five attempts")


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until something listens at ``port``; tell whether it is ``process``, which ends where it was too late."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            continue
        return process.poll() is None
    return False


@pytest.mark.parametrize(("program", "sessions", "due"), CASES.values(), ids=CASES)
def test_an_end_without_a_close_frame_is_never_held_against_the_server(
    program: str, sessions: str, due: Due, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with websocketd(tmp_path, program) as address:
        check(run_toy(tmp_path, f"ws://{address}/", capsys, sessions=sessions), due)
