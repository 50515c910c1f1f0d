"""The Jupyter example where Jupyter is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("arguments", [[], ["--serve"]], ids=["run", "serve"])
def test_what_is_missing_is_named_in_one_sentence_that_says_how_to_mend_it(arguments: list[str]) -> None:
    # -S: without the packages that are installed.
    command = [sys.executable, "-S", "-m", "examples.jupyter", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    for word in ("jupyter_server", "ipykernel", "pip install"):
        assert word in done.stderr
