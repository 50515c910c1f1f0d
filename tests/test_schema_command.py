"""`wscheck schema`: every schema of ours, byte for byte."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wscheck.cli.main import main
from wscheck.shipped import schemas

PATHS = {path.name.removesuffix("-1.schema.json"): path for path in (schemas() / "wscheck").glob("*.schema.json")}
PAGE = Path(__file__).parents[1] / "docs" / "command-line.md"


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "wscheck", "schema", *arguments]
    return subprocess.run(command, capture_output=True, check=False)


def test_the_schemas_of_all_our_documents_are_there() -> None:
    assert set(PATHS) >= {"capture", "contract", "report", "scenario"}


def test_without_a_name_the_schemas_are_listed() -> None:
    ran = run()
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode().split() == sorted(PATHS)


@pytest.mark.parametrize("name", sorted(PATHS))
def test_a_schema_is_printed_byte_for_byte(name: str) -> None:
    ran = run(name)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout == PATHS[name].read_bytes()
    assert json.loads(ran.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("contrct", "did you mean 'contract'?"), ("../secret", f"there are {', '.join(sorted(PATHS))}")],
)
def test_a_name_that_is_none_exits_with_2(name: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 2
    assert capsys.readouterr() == ("", f"wscheck: there is no schema '{name}'; {hint}\n")


def test_the_line_for_editors_in_the_documents_names_a_schema_as_it_is_written_out() -> None:
    page = PAGE.read_text(encoding="utf-8")
    (written,) = re.findall(r"^wscheck schema (\w+) > (\S+)$", page, re.MULTILINE)
    (modeline,) = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", page, re.MULTILINE)
    assert written[0] in PATHS
    assert modeline == written[1]
