"""`ask`: a table of streams with what is told of them, deadlines found as the checker finds them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.streams import Stream, events, offences, read, told
from wscheck.rules import Deadline

ASK = {"ask": "a", "with": "b"}
SOON = {**ASK, "within": 2}
NEVER_1 = "since #1: a (#1) was never answered by b"
LATE_1 = "since #1: a (#1) was not answered by b within 2 s"

CASES: list[tuple[dict[str, Any], Stream, list[str]]] = [
    (ASK, "", []),
    (ASK, "c", []),
    (ASK, "a b", []),
    (ASK, "a c b a b", []),
    (ASK, "a a b b", []),
    (ASK, "a", [NEVER_1]),
    (ASK, "a a b", ["since #2: a (#2) was never answered by b"]),
    (ASK, "a a", [NEVER_1, "since #2: a (#2) was never answered by b"]),
    # answers without a question
    (ASK, "b", ["b (#1) answers nothing: no question was open"]),
    (ASK, "a b b", ["b (#3) answers nothing: no question was open"]),
    ({**ASK, "unsolicited": "allow"}, "b a b b", []),
    # optional: need not be answered, but not late either
    ({**ASK, "optional": True}, "a a b", []),
    ({**SOON, "optional": True}, "a@1 c@9", []),
    ({**SOON, "optional": True}, "a@1 b@3", []),
    ({**SOON, "optional": True}, "a@1 b@3.5", ["since #1: a (#1) was answered only 2.5 s later, due within 2 s"]),
    ({**ASK, "optional": True}, "b", ["b (#1) answers nothing: no question was open"]),
    # deadlines: met to the second, found at the next event, told once, paid by the late answer
    (SOON, "a@1 b@3", []),
    ({**ASK, "within": 0.2}, "a@0.1 b@0.3", []),
    (SOON, "a@1 c@4 b@5", [LATE_1]),
    (SOON, "a@1 b@5", [LATE_1]),
    (SOON, "a@1 c@4", [LATE_1]),
    (SOON, "a@1 c@2", [NEVER_1]),
    (SOON, "a@1 b@5 b@6", [LATE_1, "b (#3) answers nothing: no question was open"]),
    # first in, first out: the oldest question is paid
    (SOON, "a@1 a@2 b@2.5 c@9", ["since #2: a (#2) was not answered by b within 2 s"]),
    (SOON, "a@1 a@8 b@9 b@9.5", [LATE_1]),
    ({**ASK, "within": 0.5}, "a@1 c@2", ["since #1: a (#1) was not answered by b within 0.5 s"]),
    # lists, variants, and one event on both sides
    ({"ask": "a", "with": ["b", "c"]}, "a c", []),
    ({"ask": "a", "with": ["b", "c"]}, "a", ["since #1: a (#1) was never answered by b or c"]),
    ({"ask": ["a", "b"], "with": "c"}, "a b c c", []),
    ({"ask": "a", "with": "st"}, "a st.off", []),
    ({"ask": "st.on", "with": "st.off"}, "st.on st.off", []),
    ({"ask": ["a", "b"], "with": "b"}, "a b", ["since #2: b (#2) was never answered by b"]),
]


@pytest.mark.parametrize(("rule", "stream", "sentences"), CASES)
def test_each_question_is_answered_first_in_first_out(
    rule: dict[str, Any], stream: Stream, sentences: list[str]
) -> None:
    assert told(offences(rule, stream)) == sentences


@pytest.mark.parametrize(("rule", "stream"), [(ASK, "a"), (SOON, "a@1 c@9"), ({**SOON, "optional": True}, "a@1 b@9")])
def test_an_unanswered_or_late_question_has_no_event_but_the_question_itself(rule: Any, stream: str) -> None:
    (offence,) = offences(rule, stream)
    assert (offence.event, offence.since, offence.missing) == (None, events(stream)[0].ref, ("b",))


@pytest.mark.parametrize(("rule", "due"), [(SOON, [3.0]), (ASK, []), ({**SOON, "optional": True}, [])])
def test_only_a_question_that_must_be_answered_sets_a_deadline(rule: Any, due: list[float]) -> None:
    (question,) = events("a@1")
    said = list(read(rule).monitor().see("a", question))
    assert [deadline.at for deadline in said if isinstance(deadline, Deadline)] == due
    assert len(said) == len(due)


def test_a_deadline_that_was_met_has_nothing_to_tell() -> None:
    question, answer = events("a@1 b@2")
    monitor = read(SOON).monitor()
    (deadline,) = monitor.see("a", question)
    assert isinstance(deadline, Deadline)
    assert deadline.since == question.ref
    assert list(monitor.see("b", answer)) == []
    assert deadline.expire() is None
