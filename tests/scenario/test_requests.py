"""The player at a request: how it is answered, and what is told where it is not as is due."""

from __future__ import annotations

from math import inf

import pytest

from wscheck.scenario import Answered, Deadlines, GiveUp, HttpRequest, Player, SessionScript, Unasked, Wait
from wscheck.scenario.model import RequestStep


def ask(*status: int) -> RequestStep:
    url = "https://user:pw@h/runs?token=t#x"
    return RequestStep(id="r", request=HttpRequest(url=url), status=status)


ANSWERS: dict[str, tuple[RequestStep, Answered | Unasked | str, str, str, str]] = {
    "another status": (
        ask(201, 202),
        Answered(status=404, text="no\x1bsuch"),
        "unmet",
        "status 201 or 202 from GET https://h/runs",
        (
            "step r asked GET https://h/runs and was answered with status 404, where status 201 or 202 was due: "
            "no\\u{1b}such"
        ),
    ),
    "unavailable": (
        ask(),
        Answered(status=503),
        "timeout",
        "a status from 200 to 299 from GET https://h/runs",
        "step r asked GET https://h/runs and was answered with status 503, where a status from 200 to 299 was due",
    ),
    "not to be made of what was captured": (
        ask(200),
        Unasked(why="the URL names no host"),
        "unmet",
        "status 200 from GET https://h/runs",
        "step r cannot ask GET https://h/runs, made from captured values: the URL names no host",
    ),
    "no answer": (
        ask(200),
        "no answer came in 30 s",
        "timeout",
        "status 200 from GET https://h/runs",
        "step r asked GET https://h/runs and was not answered: no answer came in 30 s",
    ),
}


@pytest.mark.parametrize(("step", "answer", "outcome", "due", "text"), ANSWERS.values(), ids=ANSWERS)
def test_a_request_that_is_not_answered_as_is_due_ends_the_scenario(
    step: RequestStep, answer: Answered | Unasked | str, outcome: str, due: str, text: str
) -> None:
    player = Player(SessionScript(name="ada", steps=(step,)), deadlines=Deadlines(), scopes=())
    player.act(1.0)
    player.answered(answer, 2.0)
    action = player.act(3.0)
    assert isinstance(action, GiveUp)
    assert (action.cause, action.step.outcome, action.step.expected, action.step.text) == (
        "scenario",
        outcome,
        due,
        text,
    )
    assert (action.step.due, action.awaiting) == (2.0, "the answer to GET https://h/runs (step r)")
    player.answered(Answered(status=200), 4.0)
    assert player.act(5.0) == action


def test_a_wait_without_an_end_is_infinite() -> None:
    player = Player(SessionScript(name="ada", steps=(ask(),)), deadlines=Deadlines(), scopes=())
    player.act(0.0)
    assert player.act(0.0) == Wait(until=inf, awaiting="the answer to GET https://h/runs (step r)")
