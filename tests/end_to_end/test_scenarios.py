"""Scenarios whole, over real sockets: sessions that wait for each other, capture values, drop and come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.end_to_end.runs import errors, run_against
from tests.support.http_server import Asked, Told, http_server
from tests.support.toy import Toy, serve_toy, write_toy
from wscheck.capture import read_capture
from wscheck.contract.load import load_contract
from wscheck.finding import Severity, Verdict
from wscheck.record import Closed, Cut, Message, Opened, Record, Step
from wscheck.run import Ran, check_capture

SAYS = '{send: {type: say, id: "%s", text: "%s"}}'


async def play(folder: Path, sessions: str, *, head: str = "", toy: Any = None, **options: Any) -> tuple[Ran, Toy]:
    """Run a scenario against the toy server; its capture gives the same verdict."""
    found = Toy()

    class _Kept:
        async def __aenter__(self) -> Toy:
            nonlocal found
            found = await server.__aenter__()
            return found

        async def __aexit__(self, *error: Any) -> None:
            await server.__aexit__(*error)

    server = toy or serve_toy()
    ran = await run_against(_Kept(), write_toy(folder, sessions, head=head), folder, **options)  # type: ignore[arg-type]
    again = check_capture(load_contract(str(folder / "toy.yaml")), ran.capture, fail_on=Severity.ERROR)
    assert (again.findings, again.verdict) == (ran.outcome.findings, ran.outcome.verdict)
    return ran, found


def records_of(ran: Ran, session: str) -> list[Record]:
    with read_capture(ran.capture) as capture:
        return [record for record in capture if record.session == session]


def sent_at(ran: Ran, session: str) -> float:
    return next(one.at for one in records_of(ran, session) if isinstance(one, Message) and one.direction == "sent")


async def test_sessions_wait_for_each_other_at_a_barrier(tmp_path: Path) -> None:
    ran, toy = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome}, {barrier: both}, "
        + SAYS % ("a", "")
        + ", {expect: turn}]}\n"
        + "  bob: {steps: [{expect: welcome}, {pause: 0.3}, {barrier: both}, "
        + SAYS % ("b", "")
        + ", {expect: turn}]}\n",
    )
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome
    assert sent_at(ran, "ada") >= 0.3
    assert abs(sent_at(ran, "ada") - sent_at(ran, "bob")) < 0.25
    assert sorted(session.name for session in ran.outcome.sessions) == ["ada", "bob"]
    assert len(toy.heard) == 2


async def test_a_barrier_that_cannot_be_met_any_more_is_given_up_at_once(tmp_path: Path) -> None:
    ran, _ = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome}, {barrier: both, within: 60}]}\n"
        "  bob: {steps: [{expect: said, within: 0.1}, {barrier: both}]}\n",
    )
    *_, step, ending = records_of(ran, "ada")
    assert isinstance(step, Step)
    assert isinstance(ending, Cut)
    assert (step.outcome, ending.cause) == ("timeout", "scenario")
    assert "bob" in step.text
    assert ran.outcome.verdict is Verdict.INCONCLUSIVE


async def test_every_and_reply_go_on_while_a_step_waits(tmp_path: Path) -> None:
    ran, toy = await play(
        tmp_path,
        "  ada:\n    every: [{seconds: 0.1, send: {type: tick}}]\n"
        "    reply: [{on: welcome, send: {type: say, id: r}}]\n"
        "    steps: [{expect: turn}, {pause: 0.35}]\n",
    )
    assert ran.outcome.verdict is Verdict.PASS
    said = [heard["type"] for _, heard in toy.heard]
    assert said.count("say") == 1
    assert 2 <= said.count("tick") <= 4


async def test_what_came_and_what_was_answered_is_sent_again(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Told:
        return 202, {"run": {"id": 7}, "echo": asked.json, "key": asked.headers["x-api-key"]}

    async with http_server(answer) as server:
        ran, toy = await play(
            tmp_path,
            "  ada:\n    steps:\n"
            "      - {expect: welcome, id: hello}\n"
            f"      - request: {{method: POST, url: '{server.url}/runs', json: {{path: '${{hello.path}}'}},\n"
            "                   status: 202, headers: {X-Api-Key: {env: KEY}}}\n"
            "        id: made\n"
            "      - send: {type: say, id: '${made#/run/id}', text: '${made.echo.path}'}\n"
            "      - {expect: turn}\n",
            toy=serve_toy(),
            environ={"KEY": "canary-0123456789"},
        )
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome
    assert server.asked[0].headers["x-api-key"] == "canary-0123456789"
    assert server.asked[0].json == {"path": "/"}
    assert [heard for _, heard in toy.heard] == [{"type": "say", "id": 7, "text": "/"}]
    assert "canary" not in ran.capture.read_text()


async def test_a_captured_value_is_the_real_one_though_nothing_shows_it(tmp_path: Path) -> None:
    secret = "welcome-token-0123456789"
    server = serve_toy(welcome={"ticket": secret})
    ran, toy = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome, id: hello, where: {/ticket: {type: string, pattern: '^welcome-token'}}},"
        " {send: {type: say, id: x, text: '${hello.ticket}'}}, {expect: turn}]}\n",
        toy=server,
        environ={"TICKET": secret},
        token={"env": "TICKET"},
    )
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome
    assert toy.heard[0][1]["text"] == secret
    assert secret not in ran.capture.read_text()


async def test_a_request_that_fails_ends_the_scenario(tmp_path: Path) -> None:
    rows = [((404, "no"), "unmet", Verdict.FAIL), ((503, "later"), "timeout", Verdict.INCONCLUSIVE)]
    for number, (told, outcome, verdict) in enumerate(rows):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with http_server(lambda _, told=told: told) as server:  # type: ignore[misc]
            ran, _ = await play(
                folder,
                f"  ada: {{steps: [{{expect: welcome}}, {{request: {{url: '{server.url}/'}}, id: ask}},"
                " {expect: turn}]}\n",
            )
        *_, step, ending = records_of(ran, "ada")
        assert isinstance(step, Step)
        assert isinstance(ending, Cut)
        assert (step.id, step.outcome, ending.cause) == ("ask", outcome, "scenario")
        assert ran.outcome.verdict is verdict, ran.outcome
        assert errors(ran.outcome) == ["expect"]


async def test_a_binary_message_is_sent_as_it_is_written(tmp_path: Path) -> None:
    ran, toy = await play(tmp_path, "  ada: {steps: [{expect: welcome}, {binary: AAEC}, {expect: turn}]}\n")
    assert toy.heard == [("/", b"\0\1\2")]
    assert ran.outcome.verdict is Verdict.PASS


async def test_a_session_drops_and_comes_back(tmp_path: Path) -> None:
    ran, toy = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome}, "
        + SAYS % ("a", "")
        + ", {expect: turn}, {drop: true}, {pause: 0.1}, {reconnect: true}, {expect: welcome}, "
        + SAYS % ("b", "")
        + ", {expect: turn}]}\n",
    )
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome
    records = records_of(ran, "ada")
    endings = [record for record in records if isinstance(record, Cut | Closed)]
    assert [(type(one).__name__, one.connection) for one in endings] == [("Cut", 1), ("Closed", 2)]
    assert isinstance(endings[0], Cut)
    assert endings[0].cause == "dropped"
    opened = [record for record in records if isinstance(record, Opened)]
    assert opened[1].at - endings[0].at >= 0.1
    assert [code for _, code in toy.ended] == [1006, 1000]
    assert [heard["id"] for _, heard in toy.heard] == ["a", "b"]


async def test_probes_are_let_pass_that_are_turned_away_as_is_due(tmp_path: Path) -> None:
    server = serve_toy(
        refuse=lambda request: 403 if request.path == "/closed" else None,
        close=lambda request: 1008 if request.path == "/policy" else None,
    )
    ran, _ = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome}, "
        + SAYS % ("a", "")
        + ", {expect: turn}]}\n"
        + "  eve: {url: 'URL/closed', probe: {expect: refused, status: [401, 403]}}\n"
        + "  mallory: {url: 'URL/policy', probe: {expect: closed, code: 1008}}\n",
        toy=_with_own_urls(server, tmp_path),
    )
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome
    assert errors(ran.outcome) == []


async def test_a_probe_that_is_let_in_is_a_failure(tmp_path: Path) -> None:
    ran, _ = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome}, "
        + SAYS % ("a", "")
        + ", {expect: turn}]}\n"
        + "  eve: {probe: {expect: refused}, steps: []}\n",
        head="deadline: {welcome: 0.3}",
    )
    assert ran.outcome.verdict is Verdict.FAIL
    assert errors(ran.outcome) == ["probe"]


def _with_own_urls(server: Any, folder: Path) -> Any:
    """Let the sessions' own urls lead to ``server``, whose port is known only once it listens."""

    class _Serving:
        async def __aenter__(self) -> Toy:
            toy: Toy = await server.__aenter__()
            path = folder / "trial.yaml"
            path.write_text(path.read_text().replace("URL", toy.url))
            return toy

        async def __aexit__(self, *error: Any) -> None:
            await server.__aexit__(*error)

    return _Serving()


async def test_all_sessions_stand_in_one_capture_with_one_ending_each(tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(20)]
    ran, toy = await play(
        tmp_path,
        "".join(
            f"  {name}: {{steps: [{{expect: welcome}}, {SAYS % (name, '${nonce}')}, {{expect: turn}}]}}\n"
            for name in names
        ),
        seed=7,
    )
    assert ran.outcome.verdict is Verdict.PASS
    for name in names:
        endings = [record for record in records_of(ran, name) if isinstance(record, Closed | Cut)]
        assert [type(ending) for ending in endings] == [Closed]
    nonces = {heard["text"] for _, heard in toy.heard}
    assert len(nonces) == 20
