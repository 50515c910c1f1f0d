"""Barriers: everyone passes or gives up, in whatever order sessions come and go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wscheck.scenario import Close, Deadlines, GiveUp, Meetings, Player, SessionScript, Wait
from wscheck.scenario.barriers import Meeting
from wscheck.scenario.model import BarrierStep

NAMES = ("ada", "bob", "eve")


def script(name: str, barriers: str, within: float | None = None) -> SessionScript:
    steps = tuple(BarrierStep(id=str(at), name=barrier, within=within) for at, barrier in enumerate(barriers))
    return SessionScript(name=name, steps=steps)


def players(scripts: list[SessionScript]) -> dict[str, Player]:
    meetings = Meetings(scripts)
    return {each.name: Player(each, deadlines=Deadlines(), scopes=(), meetings=meetings) for each in scripts}


def test_a_meeting_is_of_those_that_name_it() -> None:
    meetings = Meetings([script("ada", "xx"), script("bob", "x"), script("eve", "xx")])
    first = meetings.arrive("ada", "x")
    assert (first, meetings.is_met(first)) == (Meeting(name="x", number=1), False)
    assert meetings.awaited(first) == ("bob", "eve")
    meetings.arrive("bob", "x")
    meetings.arrive("eve", "x")
    assert meetings.is_met(first)
    second = meetings.arrive("eve", "x")
    assert (second.number, meetings.awaited(second)) == (2, ("ada",))
    meetings.leave("ada")
    assert meetings.missed(second) == ("ada",)
    assert meetings.missed(first) == ()


def test_the_version_grows_with_each_change_and_only_then() -> None:
    meetings = Meetings([script("ada", "x"), script("bob", "x")])
    assert meetings.version == 0
    meeting = meetings.arrive("ada", "x")
    meetings.leave("bob")
    meetings.leave("bob")
    meetings.missed(meeting)
    assert meetings.version == 2


def test_a_barrier_has_a_deadline() -> None:
    ada, bob = players([script("ada", "x", within=5), script("bob", "xx")]).values()
    assert ada.act(1.0) == Wait(until=6.0, awaiting="the other sessions at x (step 0)")
    action = ada.act(6.0)
    assert isinstance(action, GiveUp)
    assert (action.cause, action.step.outcome, action.step.due) == ("deadline", "timeout", 6.0)
    assert action.step.text == "5 s passed while step 0 waited at x for bob"
    assert isinstance(bob.act(7.0), Wait | Close)


def test_who_came_and_left_is_not_waited_for() -> None:
    ada, bob = players([script("ada", "x"), script("bob", "x")]).values()
    assert isinstance(ada.act(0.0), Wait)
    ada.over(1.0)
    assert bob.act(2.0) == Close()


@given(
    barriers=st.lists(st.text("xy", max_size=3), min_size=3, max_size=3),
    turns=st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=20),
)
def test_whatever_comes_and_goes_every_session_passes_or_gives_up(
    barriers: list[str], turns: list[tuple[str, bool]]
) -> None:
    playing = players([script(name, steps, within=10) for name, steps in zip(NAMES, barriers, strict=True)])
    over: set[str] = set()
    for now, (name, leaves) in enumerate(turns):
        if name not in over and (isinstance(playing[name].act(now / 10), Close | GiveUp) or leaves):
            playing[name].over(now / 10)
            over.add(name)
    # Whoever is left acts whenever it may; nobody waits longer than a barrier's deadline after the last has moved.
    now = 10.0
    while len(over) < len(NAMES):
        assert now < 200.0, "somebody waits for ever"
        for name in NAMES:
            if name not in over and isinstance(playing[name].act(now), Close | GiveUp):
                playing[name].over(now)
                over.add(name)
        now += 1.0


@given(barriers=st.text("xyz", max_size=5), turns=st.lists(st.sampled_from(NAMES), max_size=30))
def test_sessions_that_name_their_barriers_in_one_order_all_pass(barriers: str, turns: list[str]) -> None:
    playing = players([script(name, barriers) for name in NAMES])
    for name in turns:
        assert not isinstance(playing[name].act(1.0), GiveUp)
    for _ in range(len(barriers) + 1):
        last = [playing[name].act(1.0) for name in NAMES]
    assert last == [Close()] * 3
