"""What was said of a stream's beginning stays said, and a stream cut short never fails for that."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.made import FEWER, Judged, Made, judge, made
from wscheck.checker.checker import AFTER_ALL
from wscheck.finding import Finding, Verdict
from wscheck.record import Cut

CUTS = st.sets(st.integers(0, 30), min_size=4, max_size=6)
OF_TIME = {"too-late", "too-quiet", "ask"}
AMENDED = {"code", "severity", "verdict", "message", "related", "missing", "more"}
"""What may still change in a finding: a `missing` becomes `out-of-order`, and what is reported once is counted on."""


@given(made(), CUTS)
@settings(FEWER)
def test_what_was_found_in_the_beginning_of_a_stream_is_found_in_all_of_it(one: Made, cuts: set[int]) -> None:
    records = one.records
    whole = judge(one.contract, records, truncated=not one.ended)
    for length in sorted(cuts & set(range(len(records)))):
        cut = judge(one.contract, records[:length], truncated=True)
        early, all_of_it = _made_until(cut, length), _made_until(whole, length)
        assert list(map(_lasting, early)) == list(map(_lasting, all_of_it)), f"cut after #{length}"
        assert all(map(_stands, early, all_of_it)), f"cut after #{length}"


@given(made(), CUTS)
@settings(FEWER)
def test_a_cut_never_fails_what_a_longer_session_could_mend(one: Made, cuts: set[int]) -> None:
    records = one.records
    failed = {repr(_lasting(finding)) for finding in judge(one.contract, records).findings if _fails(finding)}
    for length in sorted(cuts & set(range(1, len(records)))):
        last = records[length - 1]
        ended = Cut(at=last.at, session=last.session, connection=last.connection, cause="deadline")
        for ending in ([], [ended]):
            cut = judge(one.contract, [*records[:length], *ending], truncated=not ending)
            assert cut.outcome.verdict is not Verdict.PASS, f"cut after #{length}"
            concluded = [each for each, place in zip(cut.findings, cut.places, strict=True) if place > length]
            assert not any(map(_fails, concluded)), f"cut after #{length}"
            assert {repr(_lasting(each)) for each in cut.findings if _fails(each)} <= failed, f"cut after #{length}"


def _made_until(judged: Judged, length: int) -> list[Finding]:
    pairs = zip(judged.findings, judged.places, strict=True)
    return [finding for finding, place in pairs if place <= length < AFTER_ALL]


def _lasting(finding: Finding) -> dict[str, Any]:
    facts = {name: getattr(finding, name) for name in Finding.__slots__ if name not in AMENDED}
    return facts | {"code": "missing" if finding.code == "out-of-order" else finding.code}


def _stands(early: Finding, late: Finding) -> bool:
    """Whether nothing was taken back: a failure stays one, and only proof of attention makes one of what is unsure."""
    changed = early.verdict is not late.verdict
    return early.code in ("missing", late.code) and not (changed and (_fails(early) or early.code not in OF_TIME))


def _fails(finding: Finding) -> bool:
    return finding.verdict is Verdict.FAIL
