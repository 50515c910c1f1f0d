"""Probes over real sockets: sessions that must be turned away."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.runs import errors
from tests.end_to_end.toy_runs import play, records_of, with_own_urls
from tests.support.toy import CONTRACT, serve_toy
from wscheck.finding import Verdict
from wscheck.record import Closed, Cut

SAYS = "{send: {type: say, id: a}}"


async def test_probes_are_let_pass_that_are_turned_away_as_is_due(tmp_path: Path) -> None:
    server = serve_toy(
        refuse=lambda request: 403 if request.path == "/closed" else None,
        close=lambda request: 1008 if request.path == "/policy" else None,
    )
    ran, _ = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome}, "
        + SAYS
        + ", {expect: turn}]}\n"
        + "  eve: {url: 'URL/closed', probe: {expect: refused, status: [401, 403]}}\n"
        + "  mallory: {url: 'URL/policy', probe: {expect: closed, code: 1008}}\n",
        toy=with_own_urls(server, tmp_path),
    )
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome
    assert errors(ran.outcome) == []


async def test_a_probe_that_is_let_in_is_a_failure_and_ends_at_once(tmp_path: Path) -> None:
    ran, _ = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome}, "
        + SAYS
        + ", {expect: turn}]}\n"
        + "  eve: {probe: {expect: refused}, steps: []}\n"
        + "  mallory: {probe: {expect: closed}}\n",
        head="deadline: {welcome: 60}",
    )
    assert ran.outcome.verdict is Verdict.FAIL
    assert errors(ran.outcome) == ["probe", "probe"]
    for name in ("eve", "mallory"):
        ending = records_of(ran, name)[-1]
        assert isinstance(ending, Closed)
        assert (ending.code, ending.initiator) == (1000, "tool")


async def test_a_probe_that_is_left_open_is_waited_for(tmp_path: Path) -> None:
    ran, _ = await play(
        tmp_path,
        "  eve: {probe: {expect: closed}}\n",
        head="deadline: {welcome: 0.3}",
        toy=serve_toy(welcome={"type": "noise"}),
        contract=CONTRACT + "ignore: [noise]\n",
    )
    ending = records_of(ran, "eve")[-1]
    assert isinstance(ending, Cut)
    assert ending.at >= 0.3
