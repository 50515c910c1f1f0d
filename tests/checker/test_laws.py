"""The laws of the checker, on the labelled streams and on random ones."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checker.test_rows import JUDGED
from tests.support.streams import check, codes, contract, facts, records_of
from wscheck.contract.load import parse_contract
from wscheck.finding import Finding, Verdict
from wscheck.pointer import Pointer
from wscheck.record import Closed, Message, Opened, Record
from wscheck.redact import Redactor

CONCLUDED = {"incomplete", "vacuous"}

TREE = contract(
    """
    connection: {order: "$open, (p | s)*, $close"}
    p: {key: /k, order: "a, c*, b", rules: [{id: r, unique: /n, events: [c]}]}
    s: {key: /k, order: "d, (e & f), g?"}
    """.replace("\n    ", "\n  "),
    events="a: , b: , c: , d: , e: , f: , g: ",
)


def _words(keys: int) -> st.SearchStrategy[list[tuple[str, int, int]]]:
    return st.lists(st.tuples(st.sampled_from("abcdefg"), st.integers(1, keys), st.integers(1, 3)), max_size=14)


def _stream(word: list[tuple[str, int, int]]) -> list[Record]:
    records: list[Record] = [Opened(at=0.0, session="s")]
    for name, key, number in word:
        text = json.dumps({"t": name, "k": key, "n": number})
        records.append(Message(at=len(records) / 100, session="s", direction="received", text=text))
    return [*records, Closed(at=1.0, session="s", code=1000)]


def _made_on_the_way(finding: Finding) -> bool:
    owed = finding.event is None and finding.code in {"ask", "count"}
    return finding.code not in CONCLUDED and not owed


def _name(finding: Finding) -> tuple[Any, ...]:
    code = "missing" if finding.code == "out-of-order" else finding.code
    return (code, finding.rule, finding.scope, finding.key, finding.event and finding.event.index)


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row["name"])
def test_the_findings_of_a_prefix_are_a_prefix_of_the_findings(row: dict[str, Any]) -> None:
    loaded, records = parse_contract(row["contract"]), records_of(row)
    whole = [_name(finding) for finding in check(loaded, records).findings if _made_on_the_way(finding)]
    for length in range(len(records)):
        cut = check(loaded, records[:length], truncated=True).findings
        made = [_name(finding) for finding in cut if _made_on_the_way(finding)]
        assert made == whole[: len(made)]


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row["name"])
def test_a_cut_never_fails_what_a_longer_session_could_mend(row: dict[str, Any]) -> None:
    loaded, records = parse_contract(row["contract"]), records_of(row)
    whole = {_name(finding) for finding in check(loaded, records).findings if finding.verdict is Verdict.FAIL}
    for length in range(len(records)):
        cut = check(loaded, records[:length], truncated=True)
        assert cut.verdict is not Verdict.PASS
        assert {_name(finding) for finding in cut.findings if finding.verdict is Verdict.FAIL} <= whole


@given(_words(2))
def test_renaming_keys_renames_findings_and_nothing_else(word: list[tuple[str, int, int]]) -> None:
    renamed = [(name, key + 100, number) for name, key, number in word]
    before = [facts(finding) for finding in check(TREE, _stream(word)).findings]
    after = [facts(finding) for finding in check(TREE, _stream(renamed)).findings]
    for finding in before:
        finding["key"] = finding["key"] and [key + 100 for key in finding["key"]]
    assert after == before


@given(_words(1), _words(1), st.randoms())
def test_interleaving_instances_of_different_keys_changes_no_finding(
    first: list[tuple[str, int, int]], second: list[tuple[str, int, int]], random: Any
) -> None:
    second = [(name, 2, number) for name, _, number in second]
    merged, left, right = [], list(first), list(second)
    while left or right:
        merged.append((left if left and (not right or random.random() < 0.5) else right).pop(0))
    apart = sorted(_of_keys(first) + _of_keys(second))
    assert sorted(_of_keys(merged)) == apart


def _of_keys(word: list[tuple[str, int, int]]) -> list[str]:
    made = check(TREE, _stream(word)).findings
    return [f"{finding.code} {finding.scope} {finding.key} {finding.verdict}" for finding in made if finding.key]


@given(_words(2))
def test_checking_twice_gives_the_same(word: list[tuple[str, int, int]]) -> None:
    records = _stream(word)
    assert check(TREE, records) == check(TREE, records)


@given(_words(2))
def test_redaction_never_changes_a_verdict(word: list[tuple[str, int, int]]) -> None:
    records = _stream(word)
    redactor = Redactor((), [Pointer("/n"), Pointer("/secret")])
    redacted = [redactor.record(record) for record in records]
    plain, hidden = check(TREE, records), check(TREE, redacted)
    assert (plain.verdict, codes(plain)) == (hidden.verdict, codes(hidden))


@given(_words(2), st.sampled_from("abcdefg"))
def test_a_word_that_holds_has_one_root_finding_when_one_event_is_dropped(
    word: list[tuple[str, int, int]], dropped: str
) -> None:
    whole = [("a", 1, 1), ("c", 1, 2), ("d", 2, 1), ("e", 2, 1), ("b", 1, 1), ("f", 2, 1)]
    assert not codes(check(TREE, _stream(whole)))
    left = [event for event in whole if event[0] != dropped]
    made = codes(check(TREE, _stream(left)))
    assert len(made) <= 1, made


def test_a_session_that_is_replaced_by_a_shorter_one_is_never_green() -> None:
    records = _stream([])
    outcome = check(TREE, records)
    assert outcome.verdict is Verdict.NONE
    assert check(TREE, []).verdict is Verdict.NONE
    assert replace(outcome, why="").findings == outcome.findings


def test_what_opens_with_the_session_lies_in_a_connection_that_was_opened_first() -> None:
    ticker = contract('{connection: {order: "$open, p"}, p: {order: "$open, a"}}')
    assert codes(check(ticker, _stream([("a", 1, 1)]))) == []
