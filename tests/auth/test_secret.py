"""Secrets out of commands, and into headers and logins."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from wscheck.auth import is_secret, read_secret
from wscheck.errors import SecretError

PYTHON = sys.executable


def command(code: str, *more: str) -> dict[str, list[str]]:
    return {"command": [PYTHON, "-c", code, *more]}


def test_a_command_writes_the_secret(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("x", encoding="utf-8")
    code = "import os, sys; print(os.environ['V'] + sys.argv[1] + ''.join(os.listdir())); sys.stderr.write('canary')"
    assert read_secret(command(code, "$V;*"), environ={"V": "a b"}, folder=tmp_path) == (
        "a b$V;*here",
        f"command {PYTHON}",
    )


WRONG = {
    "not there": (
        ["/no/such/command", "canary"],
        "the command /no/such/command that gives the secret cannot be run",
    ),
    "no name": (["a\0b"], "cannot be run: this can be no command"),
    "failed": (
        [PYTHON, "-c", "import sys; print('canary'); sys.exit('canary')"],
        "failed with exit code 1; run it",
    ),
    "wrote nothing": ([PYTHON, "-c", "canary = 1"], "is empty"),
    "no UTF-8": ([PYTHON, "-c", "import sys; sys.stdout.buffer.write(b'canary\\xff')"], "wrote no text in UTF-8"),
    "two lines": ([PYTHON, "-c", "print('canary\\n\\n')"], "a line break or another control character"),
}


@pytest.mark.parametrize(("words", "due"), WRONG.values(), ids=WRONG)
def test_a_command_that_gives_no_secret_is_told_without_what_it_wrote(words: list[str], due: str) -> None:
    with pytest.raises(SecretError) as raised:
        read_secret({"command": words}, environ={})
    assert due in str(raised.value)
    assert "canary" not in str(raised.value)


def test_a_command_that_hangs_is_ended_with_what_it_started() -> None:
    hang = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).wait()"
    begin = time.monotonic()
    with pytest.raises(SecretError, match="was not done after"):
        read_secret(command(hang), environ={}, patience=0.5)
    assert time.monotonic() - begin < 20


def test_a_secret_is_an_object_with_one_member_that_says_where_it_is() -> None:
    assert all(map(is_secret, [{"env": "E"}, {"file": "key"}, {"stdin": True}, {"command": ["pass"]}]))
    assert not any(map(is_secret, [{}, {"env": "E", "x": 1}, {"name": "E"}, ["env"], "env", None]))
