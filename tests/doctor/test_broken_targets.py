"""`wscheck doctor` on targets that are broken in one way each: the first line alone says what to mend."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.doctor.table import TABLE
from tests.doctor.targets import KEY, TOKEN, Broken
from tests.end_to_end.canaries import find_leaks, find_pieces
from tests.end_to_end.runs import Finished, background, wscheck_here
from tests.report.goldens import golden

GOLDEN = Path(__file__).parent / "golden"
MASKS = (
    (r"127\.0\.0\.1:(?!9\b)\d+", "127.0.0.1:PORT"),
    (r"\d+\.\d{3} s", "0.000 s"),
    (r"\d+(\.\d)? ms", "0.0 ms"),
    (r"after \d\.\d s of", "after 0.0 s of"),
    (r"asked \d+ times, last|asked once", "asked N times"),
    (r"(expires in|expired) \d\d+ s", r"\1 N s"),
    (r"\d{4}-\d\d-\d\d", "YYYY-MM-DD"),
    (r"(sec-websocket-accept: ).*", r"\1KEY"),
    (r"not trusted \([^)]*\)", "not trusted (WHY)"),
    (r"TLSv1\.\d", "TLSv1.N"),
)


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)


def look_at(
    target: Broken, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *more: str
) -> Finished:
    """Let the doctor look at ``target``."""
    monkeypatch.setenv("TOKEN", target.token)
    with background(target.serve()) as host:
        return wscheck_here(capsys, "doctor", *target.write(folder, host), *more)


@pytest.mark.parametrize("name", TABLE)
def test_the_first_line_alone_says_what_to_mend(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = look_at(TABLE[name], tmp_path, capsys, monkeypatch)
    assert (done.code, done.err) == (TABLE[name].exit, ""), done.said
    first = done.out.split("\n", 1)[0]
    assert [words for words in TABLE[name].first if words not in first] == [], first
    assert find_leaks({"out": done.out}, [TOKEN, KEY, TABLE[name].token]) == []
    assert find_pieces({"out": done.out}) == []
    assert "\x1b" not in done.out
    masked = mask(done.out)
    assert masked == golden(f"{name}.txt", masked, GOLDEN)


def mask(text: str) -> str:
    """Return ``text`` without what is another one each time, where its lines break included."""
    text = re.sub(r"\n {30,}", " ", text)
    for pattern, mark in MASKS:
        text = re.sub(pattern, mark, text)
    return text


def test_every_golden_of_doctor_is_printed_by_a_test() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*TABLE}
