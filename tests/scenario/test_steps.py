"""The player at requests, pauses, barriers, drops, reconnects, beats and probes, driven by hand."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from tests.support.scenarios import came
from wscheck.event import Observation
from wscheck.pointer import Pointer
from wscheck.scenario import (
    Answered,
    Call,
    Close,
    Deadlines,
    Drop,
    GiveUp,
    HttpRequest,
    Meetings,
    Player,
    Probe,
    Send,
    SessionScript,
    Unsent,
    Wait,
    Wanted,
)
from wscheck.scenario.model import (
    BarrierStep,
    BinaryMessage,
    DropStep,
    Every,
    ExpectStep,
    PauseStep,
    ReconnectStep,
    Reply,
    RequestStep,
    ScenarioStep,
    SendStep,
    TextMessage,
)

Deed: TypeAlias = str | Observation | Answered
"""``"12 wait 30"``: at 12 s the player waits until 30. ``"12 reconnects 1"``: the next connection opens 1 s later."""


def expect(number: int, name: str, **where: Any) -> ExpectStep:
    conditions = tuple(Wanted(pointer=Pointer(f"/{member}"), wanted=wanted) for member, wanted in where.items())
    return ExpectStep(id=str(number), name=name, where=conditions)


def send(text: str) -> SendStep:
    return SendStep(id=text, message=TextMessage(text=text))


def pause(seconds: float) -> PauseStep:
    return PauseStep(id="p", seconds=seconds)


def ask(*status: int, within: float | None = None) -> RequestStep:
    url = "https://user:pw@h/runs?token=t#x"
    return RequestStep(id="r", request=HttpRequest(url=url), status=status, within=within)


DROP, AGAIN = DropStep(id="d"), ReconnectStep(id="a")


def told(player: Player, now: float, what: str) -> str:
    if what == "ended":
        outcome = player.ended(now)
        return f"ended {outcome.id}" if outcome else "ended"
    if what == "reconnects":
        return f"reconnects {player.reconnects(now)}"
    match player.act(now):
        case Wait(until=until):
            return f"wait {until:g}"
        case Send(text=text, binary=binary):
            return f"send {binary!r}" if text is None else f"send {text}"
        case Call(within=within):
            return f"call {within:g}"
        case Close(code=code):
            return f"close {code}"
        case Drop():
            return "drop"
        case GiveUp(cause=cause):
            return f"give up {cause}"
        case Unsent():
            return "unsent"


TABLE: dict[str, tuple[list[ScenarioStep], list[Deed]]] = {
    "a binary message": ([SendStep(id="b", message=BinaryMessage(data=b"\0"))], ["0 send b'\\x00'", "0 close 1000"]),
    "a pause ends by itself": ([pause(2), send("a")], ["1 wait 3", "2 wait 3", "3 send a", "3 close 1000"]),
    "a pause is no stimulus": (
        [send("a"), pause(2), expect(3, "b")],
        ["0 send a", came("b", 1.0), "1 wait 3", "3 close 1000"],
    ),
    "the welcome may come after a pause": ([pause(2), expect(2, "b")], ["0 wait 2", "2 wait 12"]),
    "a request is made once, and waited for": (
        [ask(), send("a")],
        ["0 call 30", "1 wait inf", Answered(status=204), "2 send a"],
    ),
    "a request has a time of its own": ([ask(within=3)], ["0 call 3"]),
    "a request is a stimulus": (
        [expect(1, "b"), ask(), expect(3, "b")],
        [came("b", 0.0), "1 call 30", Answered(status=200), "2 wait 31", came("b", 3.0), "3 close 1000"],
    ),
    "what comes before the answer counts": (
        [ask(), expect(2, "b")],
        ["1 call 30", came("b", 2.0), Answered(status=200), "3 close 1000"],
    ),
    "what is expected after a request is no welcome": (
        [ask(), expect(2, "b")],
        ["0 call 30", Answered(status=200), "1 wait 30"],
    ),
    "a status that is due": ([ask(404, 409)], ["0 call 30", Answered(status=409), "1 close 1000"]),
    "a status that is not due": ([ask(404)], ["0 call 30", Answered(status=200), "1 give up scenario"]),
    "replies go out while the answer is awaited": (
        [ask(), send("a")],
        ["0 call 30", came("ping", 1.0), "1 send pong", "1 wait inf", Answered(status=200), "1 send a"],
    ),
    "a session that ends during a request": ([ask(), expect(2, "b")], ["0 call 30", "1 ended 2", "1 reconnects None"]),
    "a session that ends before a request": ([pause(1), ask(), expect(2, "b")], ["0 wait 1", "1 ended 2"]),
    "a drop is the last thing on a connection": ([DROP], ["0 drop", "1 drop", "1 ended", "1 reconnects None"]),
    "a drop and a reconnect": (
        [send("a"), DROP, pause(2), AGAIN, expect(5, "b")],
        [
            "0 send a",
            "0 drop",
            came("b", 0.0),
            "1 ended",
            "1 reconnects 2.0",
            "4 wait 34",
            came("b", 5.0),
            "5 close 1000",
        ],
    ),
    "a reconnect after the peer closed": (
        [expect(1, "$close", code=1012), AGAIN, send("a")],
        ["0 wait 10", came("$close", 1.0, {"code": 1012}), "1 ended", "1 reconnects 0.0", "2 send a"],
    ),
    "no reconnect after another closing": (
        [expect(1, "$close", code=1012), AGAIN],
        ["0 wait 10", came("$close", 1.0, {"code": 1000}), "1 ended 1", "1 reconnects None"],
    ),
    "no reconnect after an early end": (
        [expect(1, "a"), DROP, AGAIN, expect(4, "b")],
        [
            "0 wait 10",
            came("a", 1.0),
            "1 drop",
            "1 ended",
            "1 reconnects 0.0",
            "2 wait 32",
            "3 ended 4",
            "3 reconnects None",
        ],
    ),
    "no reconnect before the drop": (
        [pause(5), DROP, AGAIN, expect(4, "b")],
        ["0 wait 5", "1 ended 4", "1 reconnects None"],
    ),
    "no reconnect where it could not be opened": (
        [DROP, AGAIN, DROP, AGAIN],
        ["0 drop", "0 reconnects 0.0", "1 reconnects None"],
    ),
    "no reconnect after giving up": (
        [expect(1, "a"), DROP, AGAIN],
        ["0 wait 10", "10 give up deadline", "11 reconnects None"],
    ),
    "a barrier of nobody else": ([BarrierStep(id="b", name="all")], ["0 close 1000"]),
}


@pytest.mark.parametrize(("steps", "deeds"), TABLE.values(), ids=TABLE)
def test_the_player_does_what_each_step_says(steps: list[ScenarioStep], deeds: list[Deed]) -> None:
    pong = Reply(on="ping", message=TextMessage(text="pong"))
    script = SessionScript(name="ada", steps=tuple(steps), replies=(pong,))
    player = Player(script, deadlines=Deadlines(), scopes=("run",))
    now = 0.0
    for deed in deeds:
        match deed:
            case Observation():
                player.see([deed], deed.event.at)
            case Answered():
                player.answered(deed, now)
            case str():
                moment, _, due = deed.partition(" ")
                now = float(moment)
                assert told(player, now, due.split(" ", maxsplit=1)[0]) == due, deed


EVERY = (Every(seconds=2, message=TextMessage(text="tick")), Every(seconds=5, message=TextMessage(text="tock")))
BEATS: dict[str, tuple[list[ScenarioStep], list[str]]] = {
    "in their time": (
        [pause(9)],
        ["1 wait 3", "3 send tick", "3 wait 5", "5.5 send tick", "5.5 wait 6", "6 send tock", "6 wait 7"],
    ),
    "none is made up for": ([pause(20)], ["0 wait 2", "9 send tick", "9 send tock", "9 wait 10"]),
    "while an answer is awaited": ([ask()], ["0 call 30", "0 wait 2", "2 send tick", "2 wait 4"]),
    "no stimulus": ([send("a"), expect(2, "b")], ["0 send a", "0 wait 2", "2 send tick", "2 wait 4"]),
    "anew on the next connection": (
        [pause(3), DROP, AGAIN, pause(9)],
        ["0 wait 2", "3 send tick", "3 drop", "3 reconnects 0.0", "10 wait 12"],
    ),
}


@pytest.mark.parametrize(("steps", "deeds"), BEATS.values(), ids=BEATS)
def test_what_is_sent_every_so_often_goes_out_in_its_time(steps: list[ScenarioStep], deeds: list[str]) -> None:
    player = Player(SessionScript(name="ada", steps=tuple(steps), every=EVERY), deadlines=Deadlines(), scopes=())
    for deed in deeds:
        now, _, due = deed.partition(" ")
        assert told(player, float(now), due.split(" ", maxsplit=1)[0]) == due, deed


def test_the_first_message_goes_first_on_every_connection_and_counts_for_nothing() -> None:
    script = SessionScript(name="ada", steps=(expect(1, "hello"), DROP, AGAIN, send("a")))
    player = Player(script, deadlines=Deadlines(), scopes=(), first="auth")
    player.see([came("hello", 0.0)], 0.0)
    assert [told(player, 1.0, "act") for _ in range(2)] == ["send auth", "drop"]
    player.reconnects(2.0)
    assert [told(player, 3.0, "act") for _ in range(3)] == ["send auth", "send a", "close 1000"]
    waiting = Player(
        SessionScript(name="ada", steps=(expect(1, "hello"),)), deadlines=Deadlines(), scopes=(), first="x"
    )
    assert [told(waiting, 0.0, "act") for _ in range(2)] == ["send x", "wait 10"]


PROBES: dict[str, tuple[Probe, list[Deed]]] = {
    "to be refused, but opened": (Probe(expect="refused"), ["1 send a", "1 wait 11", "11 close 1000"]),
    "to be closed, but left open": (Probe(expect="closed"), ["1 send a", "1 wait 11", "11 give up deadline"]),
    "closed": (Probe(expect="closed"), ["1 send a", "1 wait 11", "2 ended", "2 reconnects None"]),
    "let in": (
        Probe(expect="closed"),
        ["1 send a", "1 wait 11", came("ping", 2.0), "2 wait 11", came("hello", 3.0), "3 close 1000"],
    ),
    "let in where it should be refused": (Probe(expect="refused"), [came("hello", 0.0), "0 close 1000", "1 ended"]),
    "not let in by what it sends itself": (
        Probe(expect="closed"),
        ["1 send a", came("hello", 1.0, direction="sent"), "1 wait 11"],
    ),
}


@pytest.mark.parametrize(("probe", "deeds"), PROBES.values(), ids=PROBES)
def test_a_probe_waits_to_be_turned_away_as_long_as_for_a_welcome_until_it_is_let_in(
    probe: Probe, deeds: list[Deed]
) -> None:
    script = SessionScript(name="eve", steps=(send("a"),), probe=probe)
    player = Player(script, deadlines=Deadlines(), scopes=(), telling=("hello",))
    for deed in deeds:
        if isinstance(deed, Observation):
            player.see([deed], deed.event.at)
            continue
        assert isinstance(deed, str)
        now, _, due = deed.partition(" ")
        assert told(player, float(now), due.split(" ", maxsplit=1)[0]) == due, deed


def test_what_shows_that_a_probe_was_let_in_ends_no_other_session() -> None:
    player = Player(SessionScript(name="ada", steps=(pause(2),)), deadlines=Deadlines(), scopes=(), telling=("hello",))
    player.see([came("hello", 0.0)], 0.0)
    assert told(player, 0.0, "act") == "wait 2"


def test_a_probe_that_is_left_open_says_so() -> None:
    player = Player(SessionScript(name="eve", probe=Probe(expect="closed")), deadlines=Deadlines(), scopes=())
    player.act(1.0)
    action = player.act(11.0)
    assert isinstance(action, GiveUp)
    assert (action.awaiting, action.step.id, action.step.expected) == ("being turned away", "probe", "$close")
    assert action.step.text == "10 s passed, and the peer did not close the session, as the probe expects"


def test_meetings_are_left_when_a_session_is_over() -> None:
    scripts = [SessionScript(name=name, steps=(BarrierStep(id="b", name="all"),)) for name in ("ada", "bob")]
    meetings = Meetings(scripts)
    ada, bob = (Player(script, deadlines=Deadlines(), scopes=(), meetings=meetings) for script in scripts)
    assert told(ada, 0.0, "act") == "wait 300"
    version = meetings.version
    bob.over(1.0)
    assert meetings.version > version
    action = ada.act(2.0)
    assert isinstance(action, GiveUp)
    assert (action.cause, action.step.outcome, action.step.expected) == ("scenario", "timeout", "barrier all")
    assert action.step.text == "step b waits at all for bob, whose session is over"
