"""Files that cannot be used: each ends in its exit code, and in one sentence that says what and where."""

from __future__ import annotations

import os
import re
import resource
import time
from pathlib import Path

import pytest

from tests.end_to_end.runs import NOWHERE, wscheck_here
from tests.inputs import arguments, captures, configurations, contracts, documents, scenarios
from tests.inputs.row import CLOSED, CONTRACT, HEADER, MESSAGE, OPENED, Kind, Row, read

ROWS: list[Row] = [
    *documents.ROWS,
    *contracts.ROWS,
    *scenarios.ROWS,
    *configurations.ROWS,
    *captures.ROWS,
    *arguments.ROWS,
]

LONGEST = 20.0
"""Seconds of the processor that reading one file may take."""

MOST = 1024 * 1024
"""Kilobytes by which reading one file may let the process grow."""


def command(row: Row) -> list[str]:
    """Return the arguments that have the file of ``row`` read."""
    if row.arguments:
        return list(row.arguments)
    table: dict[Kind, list[str]] = {
        "contract": ["check", row.path, "good.jsonl"],
        "scenario": ["run", row.path, *(() if row.addressed else ("--url", NOWHERE))],
        "config": ["run", "scenario.yaml", "--env", "staging"],
        "capture": ["check", "good.yaml", row.path],
        "which": ["which", row.path, "--contract", "graphql-transport-ws"],
    }
    return table[row.kind]


def write(row: Row, folder: Path) -> None:
    """Write what ``row`` is about, and two files that can be used."""
    (folder / "good.yaml").write_text(CONTRACT)
    (folder / "good.jsonl").write_text(HEADER + OPENED + MESSAGE + CLOSED)
    for name, data in row.beside.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(read(data))
    if row.make:
        row.make(folder / row.path)
    else:
        (folder / row.path).write_bytes(read(row.data))


def test_the_table_has_more_than_a_hundred_rows_of_different_names() -> None:
    names = [(row.kind, row.name) for row in ROWS]
    assert len(names) == len(set(names)) > 100
    assert [row.name for row in ROWS if not row.word] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}: {row.name}")
def test_what_cannot_be_used_gives_one_sentence_with_its_place(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(row, tmp_path)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    done = wscheck_here(capsys, *command(row))
    assert time.process_time() - began < LONGEST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST
    assert done.code == row.code, done.said
    assert "Traceback" not in done.said
    assert "canary" not in done.said
    if row.code == 4:
        assert (row.word in done.out, done.err) == (True, ""), done.said
    else:
        assert done.out == ""
        check_sentence(row, done.err)


def check_sentence(row: Row, said: str) -> None:
    assert re.fullmatch(r"wscheck: [^\n]+\n", said), said
    assert said[:-1].isprintable(), said
    assert len(said) < 1500, said
    name = row.named or Path(row.path).name
    place = f"{name}:{row.line}:" if row.line else name
    assert place in said, (place, said)
    assert row.word in said, (row.word, said)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
@pytest.mark.parametrize("kind", ["contract", "scenario", "capture"])
def test_a_file_that_nobody_may_read_is_2(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    row = Row(name="unreadable", kind=kind, make=lambda path: path.touch(mode=0), word="read")
    write(row, tmp_path)
    done = wscheck_here(capsys, *command(row))
    assert (done.code, done.out) == (2, "")
    check_sentence(row, done.err)
