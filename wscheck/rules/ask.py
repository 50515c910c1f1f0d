"""`ask: A, with: B`: each A is answered by a B, first in first out (Dwyer's response)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wscheck.event import Event
from wscheck.finding import EventRef
from wscheck.rules.rule import Deadline, Meaning, Offence
from wscheck.timing import has_passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Each question is answered, ``within`` seconds where that is given."""

    questions: frozenset[str]
    answers: frozenset[str]
    written: str
    within: float | None = None
    unsolicited: bool = False
    optional: bool = False

    @property
    def watches(self) -> frozenset[str]:
        """Both sides."""
        return self.questions | self.answers

    def monitor(self) -> AskMonitor:
        """Return a monitor for a new instance."""
        return AskMonitor(self)


def read(members: Mapping[str, Any], meaning: Meaning) -> Ask:
    """Read the rule's members."""
    answers = members["with"]
    return Ask(
        questions=meaning.names("ask"),
        answers=meaning.names("with"),
        written=answers if isinstance(answers, str) else " or ".join(answers),
        within=members.get("within"),
        unsolicited=members.get("unsolicited") == "allow",
        optional=members.get("optional", False),
    )


class AskMonitor:
    """The questions that wait for their answer."""

    def __init__(self, law: Ask) -> None:
        self._law = law
        self._waiting: deque[_Question] = deque()

    def see(self, name: str, event: Event) -> Iterator[Offence | Deadline]:
        """Let an answer pay the oldest question; a question waits."""
        if name in self._law.answers:
            if self._waiting:
                yield from self._waiting.popleft().answer(event)
            elif not self._law.unsolicited:
                yield Offence(message=f"{name} ({event.place}) answers nothing: no question was open", event=event)
        if name in self._law.questions:
            question = _Question(self._law, event.ref)
            self._waiting.append(question)
            if self._law.within is not None and not self._law.optional:
                yield Deadline(at=event.at + self._law.within, since=event.ref, expire=question.expire)

    def conclude(self, opening: EventRef) -> Iterator[Offence]:
        """Report what was never answered, unless its lateness was reported."""
        if not self._law.optional:
            for question in self._waiting:
                yield from question.give_up()


class _Question:
    def __init__(self, law: Ask, event: EventRef) -> None:
        self._law = law
        self._event = event
        self._settled = False

    def answer(self, event: Event) -> Iterator[Offence]:
        # A question that must be answered has its deadline watched; an optional one is looked at only now.
        within = self._law.within
        if self._law.optional and within is not None and has_passed(self._event.at + within, event.at):
            late = f"was answered only {event.at - self._event.at:.3g} s later, due within {within:g} s"
            yield self._offence(late, due=self._event.at + within)
        self._settled = True

    def expire(self) -> Offence | None:
        if self._settled:
            return None
        self._settled = True
        return self._offence(f"was not answered by {self._law.written} within {self._law.within:g} s")

    def give_up(self) -> Iterator[Offence]:
        if not self._settled:
            yield self._offence(f"was never answered by {self._law.written}")

    def _offence(self, what: str, *, due: float | None = None) -> Offence:
        event = self._event
        message, missing = f"{event.name} ({event.place}) {what}", (self._law.written,)
        return Offence(message=message, since=event, due=due, missing=missing)
