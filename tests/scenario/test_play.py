"""The player, driven by hand: what it does at each time, after each thing seen."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from tests.support.scenarios import came
from wscheck.event import Observation
from wscheck.pointer import Pointer
from wscheck.scenario import Close, Deadlines, GiveUp, Player, Send, SessionScript, Wait, Wanted
from wscheck.scenario.model import CloseStep, ExpectStep, Reply, ScenarioStep, SendStep, TextMessage

Deed: TypeAlias = str | Observation
"""``"12 wait 30"``: at 12 s the player waits until 30; ``"12 send ask"``; ``"12 close 1000"``; ``"12 give up"``."""


def expect(number: int, name: str, *, within: float | None = None, **where: Any) -> ExpectStep:
    conditions = tuple(Wanted(pointer=Pointer(f"/{member}"), wanted=wanted) for member, wanted in where.items())
    return ExpectStep(id=str(number), name=name, within=within, where=conditions)


def send(text: str) -> SendStep:
    return SendStep(id=text, message=TextMessage(text=text))


def play(steps: list[ScenarioStep], *replies: Reply) -> Player:
    script = SessionScript(name="ada", steps=tuple(steps), replies=replies)
    return Player(script, deadlines=Deadlines(), scopes=("run",))


def told(player: Player, now: float) -> str:
    match player.act(now):
        case Wait(until=until):
            return f"wait {until:g}"
        case Send(text=text):
            return f"send {text}"
        case Close(code=code, reason=""):
            return f"close {code}"
        case GiveUp():
            return "give up"
        case other:
            return repr(other)


PONG = Reply(on="ping", message=TextMessage(text="pong"))
RUN_1 = ("run", 1)
RUN_2 = ("run", 2)
TABLE: dict[str, tuple[list[ScenarioStep], list[Deed]]] = {
    "nothing to do": ([], ["0 close 1000", "1 close 1000"]),
    "a close code of its own": ([CloseStep(id="1", code=3001)], ["0 close 3001"]),
    "sending is no waiting": ([send("a"), send("b")], ["0 send a", "0 send b", "0 close 1000"]),
    "what is expected first of all has the time of a welcome": (
        [expect(1, "hello")],
        ["2 wait 12", "11 wait 12", "12 give up"],
    ),
    "the others have that of silence": (
        [expect(1, "hello"), send("a"), expect(3, "b")],
        ["0 wait 10", came("hello", 3.0), "3 send a", "4 wait 34", "33 wait 34", "34 give up", "35 give up"],
    ),
    "within is a time of its own": ([expect(1, "hello", within=2.5)], ["1 wait 3.5", "3.5 give up"]),
    "what came before anything was asked": ([expect(1, "hello")], [came("hello", 0.0), "0 close 1000"]),
    "an expect consumes nothing": (
        [send("a"), expect(2, "b"), expect(3, "c"), expect(4, "b")],
        ["0 send a", came("c", 1.0), came("b", 2.0), "2 close 1000"],
    ),
    "an expect looks only at what came since the last stimulus": (
        [expect(1, "b"), send("a"), expect(3, "b")],
        [came("b", 1.0), "2 send a", "2 wait 32", came("b", 3.0), "3 close 1000"],
    ),
    "what came before a stimulus and is told later is no answer": (
        [send("a"), expect(2, "b")],
        ["2 send a", came("b", 1.9), "2 wait 32", came("b", 2.0), "2 close 1000"],
    ),
    "waiting begins when the expect before is met": (
        [send("a"), expect(2, "b", within=5), expect(3, "c", within=5)],
        ["0 send a", "0 wait 5", came("b", 4.0), "4 wait 9", "8 wait 9", "9 give up"],
    ),
    "a name stands for its variants": (
        [expect(1, "status"), expect(2, "status.idle")],
        [
            came("statuses"),
            "0 wait 10",
            came("status.busy", 1.0),
            "1 wait 31",
            came("status.idle", 2.0),
            "2 close 1000",
        ],
    ),
    "our own message proves nothing": (
        [send("a"), expect(2, "a")],
        ["0 send a", came("a", 0.0, direction="sent"), "0 wait 30", came("a", 1.0), "1 close 1000"],
    ),
    "where is met by one event": (
        [expect(1, "a", x=1, y=True)],
        [
            came("a", 0.0, {"x": 1}),
            came("a", 0.0, {"x": 2, "y": 0}),
            "0 wait 10",
            came("a", 1.0, {"x": 1.0, "y": 0}),
            "1 close 1000",
        ],
    ),
    "nothing and null never meet a where": (
        [expect(1, "a", x={})],
        [came("a"), came("a", 0.0, {"x": None}), "0 wait 10", came("a", 1.0, {"x": 0}), "1 close 1000"],
    ),
    "a scope is met when an instance of it is closed": (
        [expect(1, "run")],
        [
            came("run.odd"),
            came("started", given=(RUN_1,)),
            "0 wait 30",
            came("done", given=(RUN_1,), closed=(RUN_1,)),
            "0 close 1000",
        ],
    ),
    "another scope is another": (
        [expect(1, "run")],
        [came("done", closed=(("tool", 1),)), "0 wait 30"],
    ),
    "a scope's where is met by an event of that instance": (
        [expect(1, "run", x=1)],
        [
            came("a", value={"x": 1}, given=(RUN_1,)),
            came("b", value={"x": 2}, given=(RUN_2,), closed=(RUN_2,)),
            "0 wait 30",
            came("b", closed=(RUN_1,)),
            "0 close 1000",
        ],
    ),
    "a scope's where is met by the event that closes it": (
        [expect(1, "run", x=1)],
        [came("b", value={"x": 1}, given=(RUN_1,), closed=(RUN_1,)), "0 close 1000"],
    ),
    "a scope's where is not met by what we sent": (
        [expect(1, "run", x=1)],
        [
            came("ask", value={"x": 1}, given=(RUN_1,), direction="sent"),
            came("b", closed=(RUN_1,)),
            "0 wait 30",
        ],
    ),
    "a scope's where is not met by what came before the stimulus": (
        [send("a"), expect(2, "run", x=1)],
        [came("b", 1.0, {"x": 1}, given=(RUN_1,)), "2 send a", came("c", 3.0, closed=(RUN_1,)), "3 wait 33"],
    ),
    "a reply goes out at once and is no stimulus": (
        [expect(1, "a"), send("b")],
        [
            came("a", 0.0),
            came("ping", 0.0),
            "1 send pong",
            "1 send b",
            came("ping", 2.0),
            "2 send pong",
            "2 close 1000",
        ],
    ),
    "a reply to each": (
        [expect(1, "a")],
        [came("ping"), came("ping.odd"), came("ping", direction="sent"), "0 send pong", "0 send pong", "0 wait 10"],
    ),
    "no flood of replies puts off the end": (
        [expect(1, "a")],
        ["0 wait 10", came("ping"), came("ping"), "1 send pong", "10 give up"],
    ),
}


@pytest.mark.parametrize(("steps", "deeds"), TABLE.values(), ids=TABLE)
def test_the_player_does_what_is_due(steps: list[ScenarioStep], deeds: list[Deed]) -> None:
    player = play(steps, PONG)
    for deed in deeds:
        if isinstance(deed, Observation):
            player.see([deed], deed.event.at)
        else:
            now, _, due = deed.partition(" ")
            assert told(player, float(now)) == due, deed


def given_up(player: Player, now: float) -> GiveUp:
    action = player.act(now)
    assert isinstance(action, GiveUp)
    return action


def test_a_time_out_says_what_was_awaited_and_what_came_instead() -> None:
    player = play([expect(1, "hello"), send("a"), ExpectStep(id="done", name="run", within=5.0, required=True)])
    player.see([came("hello", 1.0)], 1.0)
    player.act(2.0)
    player.see([came("$open", 3.0), came("ack", 3.0), came("tick\x1b", 3.0), came("tick\x1b", 4.0)], 4.0)
    action = given_up(player, 20.0)
    step = action.step
    assert (step.id, step.outcome, step.expected, step.required, step.welcome) == (
        "done",
        "timeout",
        "run",
        True,
        False,
    )
    assert step.since == 4.0
    assert action.awaiting == "run (step done)"
    assert step.text == (
        "5 s passed while step done awaited an instance of run to be closed: it never came; since the last message of "
        "the scenario was sent, there came tick\\u{1b} (2), ack"
    )


def test_a_welcome_that_never_came_is_called_so() -> None:
    player = play([expect(1, "hello")])
    player.act(0.5)
    step = given_up(player, 10.5).step
    assert (step.welcome, step.since, step.outcome) == (True, 0.5, "timeout")
    assert step.text == (
        "10 s passed while step 1 awaited hello: it never came; since the session was opened, nothing came"
    )


def test_what_came_but_not_as_wanted_is_unmet() -> None:
    player = play([send("a"), expect(2, "done", x=1)])
    player.act(0.0)
    player.act(0.0)
    player.see([came("done", 1.0, {"x": 2}), came("done", 1.0)], 1.0)
    step = given_up(player, 30.0).step
    assert step.outcome == "unmet"
    assert step.text == (
        "30 s passed while step 2 awaited done with /x as its `where` wants: it came 2 times, but never so; since the "
        "last message of the scenario was sent, there came done (2)"
    )


def test_of_many_names_only_some_are_told() -> None:
    player = play([expect(1, "z")])
    player.see([came(f"e{number}") for number in range(9)], 0.0)
    assert given_up(player, 10.0).step.text.endswith("there came e0, e1, e2, e3, e4, e5 and 3 other names")


ENDED: dict[str, tuple[list[ScenarioStep], list[Observation], str | None]] = {
    "while it waits": ([expect(1, "a")], [], "1"),
    "when all is met": ([expect(1, "a")], [came("a")], None),
    "when the expect at hand is met, and not the next": (
        [expect(1, "a"), expect(2, "b"), expect(3, "c")],
        [came("a")],
        "2",
    ),
    "before a message was sent": ([expect(1, "a"), send("m"), expect(3, "a")], [came("a")], "3"),
    "before a message that nothing follows": ([expect(1, "a"), send("m")], [came("a")], None),
    "before it would have been closed": ([expect(1, "a"), CloseStep(id="2")], [came("a")], None),
    "with the closing that was awaited": (
        [expect(1, "$close", code=1000)],
        [came("$close", 1.0, {"code": 1000})],
        None,
    ),
    "with another closing": ([expect(1, "$close", code=1000)], [came("$close", 1.0, {"code": 1001})], "1"),
}


@pytest.mark.parametrize(("steps", "seen", "due"), ENDED.values(), ids=ENDED)
def test_at_the_end_of_a_session_the_first_outstanding_expect_is_told(
    steps: list[ScenarioStep], seen: list[Observation], due: str | None
) -> None:
    player = play(steps)
    player.see(seen, 1.0)
    outcome = player.ended(2.0)
    assert (outcome.id if outcome else None) == due
    if outcome is not None:
        assert outcome.text.startswith("the session ended ")
        assert outcome.outcome == ("unmet" if any(event.event.name == "$close" for event in seen) else "timeout")


def test_nothing_is_outstanding_once_the_player_closed_or_gave_up() -> None:
    for steps in ([], [expect(1, "a")]):
        player = play(list(steps))
        player.act(0.0)
        player.act(100.0)
        assert player.ended(101.0) is None
