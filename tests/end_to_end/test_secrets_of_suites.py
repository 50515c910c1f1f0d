"""Several scenarios in one command: a secret of one of them is in nothing that another one leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.runs import background, wscheck, wscheck_here
from tests.support.toy import serve_toy, write_toy

CANARY = "canary-0123456789-of-the-second"
ADA = "  ada:\n    steps: [{expect: welcome}, {send: {type: say, id: a, text: x}}, {expect: turn}]\n"
OWN = ADA.replace("steps:", "auth: {scheme: token, token: {env: SECOND}}\n    steps:")


@pytest.fixture
def scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """One scenario without a credential and one with a token, each in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other").mkdir()
    return write_toy(tmp_path, ADA), write_toy(tmp_path / "other", OWN)


@pytest.mark.parametrize("last", [1, 0], ids=["of the one that comes after", "of the one that came before"])
def test_a_secret_of_another_scenario_is_hidden_too(
    scenarios: tuple[Path, Path], last: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server knows it, from wherever, and tells it in every session."""
    monkeypatch.setenv("SECOND", CANARY)
    with background(serve_toy(welcome={"told": CANARY})) as toy:
        order = (scenarios[1 - last], scenarios[last])
        done = wscheck_here(capsys, "run", *order, "--url", toy.url, "--format", "json", "-vv")
    assert done.code == 0, done.said
    captures = [path.read_text() for path in Path("wscheck-captures").iterdir()]
    assert len(captures) == 2
    assert all('told\\": \\"<redacted:' in text for text in captures)
    assert CANARY not in done.said + "".join(captures)


def test_a_secret_that_is_not_there_is_missed_before_the_first_scenario_is_run(
    scenarios: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SECOND", raising=False)
    with background(serve_toy()) as toy:
        done = wscheck_here(capsys, "run", *scenarios, "--url", toy.url)
    assert (done.code, toy.requests) == (2, [])
    assert "SECOND" in done.err


async def test_what_was_run_of_a_suite_is_told_though_the_next_scenario_cannot_be(tmp_path: Path) -> None:
    async with serve_toy() as toy:
        first = write_toy(tmp_path, ADA)
        second = tmp_path / "second.yaml"
        once = "[sh, -c, mkdir once && echo secret]"  # not again when its scenario is to be run
        token = f"auth: {{scheme: token, token: {{command: {once}}}, via: header}}"
        second.write_text(first.read_text().replace("    steps:", f"    {token}\n    steps:"))
        done = await wscheck("run", first, second, "--url", toy.url, "--report", "json=r.json", folder=tmp_path)
    assert done.code == 2, done.said
    assert "the command sh" in done.err
    assert done.out.startswith("PASS")
    assert json.loads((tmp_path / "r.json").read_text())["verdict"] == "pass"
