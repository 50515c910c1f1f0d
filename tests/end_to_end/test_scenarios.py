"""Scenarios whole, over real sockets: sessions that wait for each other, capture values, drop and come back."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.runs import errors
from tests.end_to_end.toy_runs import all_records, play, records_of
from tests.support.http_server import Asked, Told, http_server
from tests.support.toy import CONTRACT, serve_toy
from wscheck.finding import Verdict
from wscheck.record import Closed, Cut, Message, Note, Opened, Step
from wscheck.run import Ran

TURN = "steps: [{expect: welcome}, {send: {type: say, id: a, text: x}}, {expect: turn}]"
SAYS = '{send: {type: say, id: "%s", text: "%s"}}'


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


async def test_what_is_always_due_keeps_no_step_from_its_turn(tmp_path: Path) -> None:
    ran, _ = await play(
        tmp_path,
        f"  ada: {{every: [{{seconds: 0.000001, send: {{type: tick}}}}], {TURN}}}\n",
        head="deadline: {session: 5}\n",
    )
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome


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


async def test_a_request_that_captured_values_spoil_is_an_unmet_step_and_nothing_is_lost(tmp_path: Path) -> None:
    rows = [("url: '${hello.path}'", "scheme"), ("url: 'http://127.0.0.1:9/', headers: {X: '${hello.lines}'}", "line")]
    for number, (request, words) in enumerate(rows):
        folder = tmp_path / str(number)
        folder.mkdir()
        ran, _ = await play(
            folder,
            f"  ada: {{steps: [{{expect: welcome, id: hello}}, {{request: {{{request}}}, id: ask}}]}}\n",
            toy=serve_toy(welcome={"lines": "one\ntwo"}),
        )
        *_, step, ending = records_of(ran, "ada")
        assert isinstance(step, Step)
        assert isinstance(ending, Cut)
        assert (step.outcome, ending.cause, ran.outcome.verdict) == ("unmet", "scenario", Verdict.FAIL)
        assert words in step.text
        assert any(isinstance(record, Message) for record in records_of(ran, "ada"))


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


async def test_a_session_offers_what_it_says_instead_of_what_the_contract_asks_for(tmp_path: Path) -> None:
    ran, toy = await play(
        tmp_path,
        f"  ada: {{{TURN}}}\n  bob: {{subprotocols: [v9, v8], {TURN}}}\n  eve: {{subprotocols: [], {TURN}}}\n",
        contract=CONTRACT.replace("event_name", "select: {subprotocol: v1}\nevent_name"),
        subprotocols=["v2"],
    )
    assert sorted(toy.headers("Sec-WebSocket-Protocol")) == ["v2, v1", "v9, v8"]
    assert len(toy.requests) == 3
    selected = {record.session: record.subprotocol for record in all_records(ran) if isinstance(record, Opened)}
    assert selected == {"ada": "v2", "bob": "v9", "eve": None}


async def test_a_reply_takes_what_it_answers_and_every_message_has_an_id_of_its_own(tmp_path: Path) -> None:
    ran, toy = await play(
        tmp_path,
        "  ada:\n    reply:\n      - {on: welcome, send: {type: say, id: '${fresh}', text: 'to ${on.path}'}}\n"
        "      - {on: done, send: {type: tick, id: '${fresh}', of: '${on.id}'}}\n"
        "    steps: [{expect: turn}, {expect: done}]\n",
        seed=7,
    )
    assert ran.outcome.verdict is Verdict.PASS, ran.outcome
    (_, say), (_, tick) = toy.heard
    assert (say["text"], tick["of"]) == ("to /", say["id"])
    assert len({say["id"], tick["id"]}) == 2


async def test_a_reply_that_cannot_be_filled_leaves_undecided_what_did_not_come(tmp_path: Path) -> None:
    ran, toy = await play(
        tmp_path,
        "  ada:\n    reply: [{on: welcome, send: {type: say, id: '${on.id}'}}]\n"
        "    steps: [{send: {type: say, id: a, text: x}}, {expect: turn}]\n",
    )
    assert [heard["id"] for _, heard in toy.heard] == ["a"]
    (note,) = [record for record in records_of(ran, "ada") if isinstance(record, Note)]
    assert note.code == "reply-unsent"
    assert "`${on.id}` has no value: nothing stands at /id of the event" in note.text
    assert ran.outcome.verdict is Verdict.INCONCLUSIVE
    assert "could not do all that the scenario says" in ran.outcome.why


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


async def test_the_deadline_of_a_session_is_over_while_it_pauses_before_it_comes_back(tmp_path: Path) -> None:
    ran, toy = await play(
        tmp_path,
        "  ada: {steps: [{expect: welcome}, {drop: true}, {pause: 60}, {reconnect: true}, {expect: welcome}]}\n",
        head="deadline: {session: 0.5}\n",
    )
    *_, ending = all_records(ran)
    assert isinstance(ending, Cut)
    assert (ending.connection, ending.cause, ending.awaiting) == (2, "deadline", "the session's next connection")
    assert ending.at < 10
    assert len(toy.requests) == 1
    assert ran.outcome.verdict is Verdict.INCONCLUSIVE
