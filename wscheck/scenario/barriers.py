"""Barriers: who is to come to each, who has come, and who never will; shared by the sessions of a run, without I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wscheck.pointer import join
from wscheck.scenario.model import BarrierStep, Scenario, SessionScript
from wscheck.schema.explanation import near


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting: the ``number``-th, from 1, of those sessions that name the barrier ``name`` so often."""

    name: str
    number: int


class Meetings:
    """Who takes part in which meeting, who has come to it, and which sessions are over.

    A session takes part in the meetings that its steps name. ``version`` grows whenever something has changed, so that
    those who wait know when to look again.
    """

    __slots__ = ("_came", "_due", "_over", "version")

    def __init__(self, scripts: Iterable[SessionScript]) -> None:
        self.version = 0
        self._due: dict[Meeting, list[str]] = {}
        self._came: dict[Meeting, set[str]] = {}
        self._over: set[str] = set()
        for script in scripts:
            for meeting in _attended(script):
                self._due.setdefault(meeting, []).append(script.name)

    def arrive(self, session: str, name: str) -> Meeting:
        """Take in that ``session`` has come to the barrier ``name`` once more. Returns the meeting it has come to."""
        number = 1 + sum(meeting.name == name and session in came for meeting, came in self._came.items())
        meeting = Meeting(name=name, number=number)
        self._came.setdefault(meeting, set()).add(session)
        self.version += 1
        return meeting

    def is_met(self, meeting: Meeting) -> bool:
        """Whether everyone has come. Who has come counts, though its session may be over by now."""
        return not self.awaited(meeting)

    def awaited(self, meeting: Meeting) -> tuple[str, ...]:
        """Return the sessions that have not come yet, in the order of the scenario."""
        came = self._came.get(meeting, set())
        return tuple(session for session in self._due.get(meeting, ()) if session not in came)

    def missed(self, meeting: Meeting) -> tuple[str, ...]:
        """Return the sessions that will never come, for they are over: with any of them it cannot be met."""
        return tuple(session for session in self.awaited(meeting) if session in self._over)

    def leave(self, session: str) -> None:
        """Take in that ``session`` is over: it comes to no further meeting."""
        if session not in self._over:
            self._over.add(session)
            self.version += 1


def check_barriers(scenario: Scenario) -> None:
    """Raise ScenarioError where a barrier is one session's alone, or sessions would wait for each other for ever."""
    fail = scenario.document.fail
    due: dict[Meeting, list[str]] = {}
    for script in scenario.sessions:
        for meeting in _attended(script):
            due.setdefault(meeting, []).append(script.name)
    for script in scenario.sessions:
        for step, meeting in zip(_barriers(script), _attended(script), strict=True):
            if due[meeting] == [script.name]:
                raise fail(_alone(meeting, {each.name for each in due}), join(step.path, "barrier"))
    stuck = _walk(scenario.sessions)
    if stuck:
        waits = "; ".join(f"{session} at {step.name} (step {step.id})" for session, step in stuck)
        raise fail(
            f"these sessions would wait for each other for ever: {waits}; let all name their barriers in one order",
            join(stuck[0][1].path, "barrier"),
        )


def _walk(scripts: Sequence[SessionScript]) -> list[tuple[str, BarrierStep]]:
    """Let every session go as far as its barriers let it. Returns those that are stuck, each with where."""
    meetings = Meetings(scripts)
    left = {script.name: list(_barriers(script)) for script in scripts}
    at: dict[str, Meeting] = {}
    before = -1
    while before != meetings.version:
        before = meetings.version
        for session, steps in left.items():
            while steps:
                if session not in at:
                    at[session] = meetings.arrive(session, steps[0].name)
                if not meetings.is_met(at[session]):
                    break
                steps.pop(0)
                del at[session]
    return [(session, steps[0]) for session, steps in left.items() if steps]


def _alone(meeting: Meeting, names: set[str]) -> str:
    meant = near(meeting.name, names - {meeting.name})
    if meant:
        return f"no other session has the barrier {meeting.name}; did you mean '{meant}'?"
    often = "" if meeting.number == 1 else f" {meeting.number} times"
    return f"no other session has the barrier {meeting.name}{often}, so nobody would be waited for; name it in another"


def _attended(script: SessionScript) -> Iterator[Meeting]:
    """Yield the meetings that the script's steps lead to, in their order."""
    times: Counter[str] = Counter()
    for step in _barriers(script):
        times[step.name] += 1
        yield Meeting(name=step.name, number=times[step.name])


def _barriers(script: SessionScript) -> Iterator[BarrierStep]:
    return (step for step in script.steps if isinstance(step, BarrierStep))
