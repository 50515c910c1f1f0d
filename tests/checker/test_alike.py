"""A flood of findings that are all alike: the first thousand are listed, the others counted, and none is lost."""

from __future__ import annotations

from tests.support.streams import check, codes, contract, session
from wscheck.checker.findings import MOST_ALIKE
from wscheck.finding import Verdict

TELLING = contract("{run: {key: /id, order: 'a, b'}}", events="a: , b: , c: {cause: /why}", ignore="[c]")
LETTERS = contract("{run: {key: /id, order: 'a, b'}}")


def test_findings_that_are_alike_are_listed_up_to_a_thousand_and_then_counted() -> None:
    outcome = check(LETTERS, session(*["no JSON"] * (MOST_ALIKE + 20), {"t": "b", "id": 1}))
    assert codes(outcome) == [*["not-json"] * MOST_ALIKE, "orphan"]
    assert [finding.more for finding in outcome.findings[: MOST_ALIKE + 1]] == [*[0] * (MOST_ALIKE - 1), 20, 0]
    assert outcome.verdict is Verdict.FAIL


def test_a_thousand_findings_are_all_listed() -> None:
    outcome = check(LETTERS, session(*["no JSON"] * MOST_ALIKE))
    assert {finding.more for finding in outcome.findings} == {0}


def test_findings_of_another_event_name_are_not_alike() -> None:
    orphans = [{"t": name, "id": number} for number in range(MOST_ALIKE) for name in ("b", "c")]
    two = contract("{run: {key: /id, order: 'a, b'}, walk: {key: /id, order: 'd, c'}}")
    assert len(codes(check(two, session(*orphans)))) == 2 * MOST_ALIKE


def test_causes_are_kept_up_to_a_thousand_and_then_counted() -> None:
    run = [{"t": "a", "id": 1}, {"t": "b", "id": 1}]
    outcome = check(TELLING, session(*run, *[{"t": "c", "why": str(number)} for number in range(1003)]))
    assert [cause.reason for cause in outcome.causes] == [str(number) for number in range(1000)]
    assert "3 more events told a cause, and are not listed" in outcome.notes
