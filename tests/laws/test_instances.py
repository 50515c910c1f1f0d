"""What happens in one instance or session is nothing to the others, and nobody cares what its key is called."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.keys import as_session, but_vacuous, facts, filled, keyed, rename, shuffle_in
from tests.laws.made import FEWER, SEEDS, Document, Made, judge, made, records_of, stream_for, without_time
from wscheck.finding import Finding


@given(made())
@settings(FEWER)
def test_renaming_keys_renames_findings_and_nothing_else(one: Made) -> None:
    before = judge(one.contract, one.records, truncated=not one.ended)
    other = records_of(rename(one.lines, one.document, "k"))
    after = judge(one.contract, other, truncated=not one.ended)
    indices = range(1, len(one.lines) + 1)
    assert [facts(each, indices) for each in after.findings] == [facts(each, indices, "k") for each in before.findings]
    assert (after.places, after.outcome.verdict) == (before.places, before.outcome.verdict)
    assert after.outcome.scopes == before.outcome.scopes


def _apart(document: Document) -> None:
    keyed(document)
    without_time(document)


@given(made(_apart), SEEDS, st.integers(2, 3))
@settings(FEWER)
def test_interleaving_instances_of_different_keys_changes_no_finding(one: Made, seed: int, streams: int) -> None:
    rng = Random(seed)
    made_apart = [one.lines, *(stream_for(one, rng) for _ in range(streams - 1))]
    apart = [
        rename(filled(each, one.document), one.document, name) for each, name in zip(made_apart, "klm", strict=False)
    ]
    mixed, places = shuffle_in(rng, *apart)
    together = but_vacuous(judge(one.contract, records_of(as_session(mixed))).findings)
    left = len(together)
    for name, lines, taken in zip("klm", apart, places, strict=False):
        alone = but_vacuous(judge(one.contract, records_of(as_session(lines))).findings)
        indices = [1, *(place + 1 for place in taken), len(mixed) + 2]
        here = [each for each in together if _is_of(each, name, indices)]
        assert [facts(each, range(1, len(mixed) + 3)) for each in here] == [facts(each, indices) for each in alone]
        left -= len(here)
    assert left == 0


def _is_of(finding: Finding, name: str, indices: list[int]) -> bool:
    """Whether a finding is about a stream: about a key of it, or about a message of it where it is about no key."""
    if finding.key is None:
        return finding.event is not None and finding.event.index in indices
    return str(finding.key[0]).startswith(name)


def _without_isolation(document: Document) -> None:
    document.pop("isolate", None)


@given(made(_without_isolation), SEEDS)
@settings(FEWER)
def test_sessions_side_by_side_are_judged_as_each_alone(one: Made, seed: int) -> None:
    rng = Random(seed)
    first = [{**line, "session": "a" + line["session"]} for line in one.lines]
    second = [{**line, "session": "b" + line["session"]} for line in stream_for(one, rng)]
    mixed, places = shuffle_in(rng, first, second)
    together = but_vacuous(judge(one.contract, records_of(mixed)).findings)
    for name, lines, taken in zip("ab", (first, second), places, strict=True):
        alone = but_vacuous(judge(one.contract, records_of(lines)).findings)
        here = [each for each in together if (each.session or "")[:1] == name]
        assert [facts(each, range(1, len(mixed) + 1)) for each in here] == [facts(each, taken) for each in alone]
