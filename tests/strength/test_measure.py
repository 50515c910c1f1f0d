"""What is measured: faults seen, faults not counted, and survivors whose sentences and remedies are true."""

from __future__ import annotations

import json

import pytest

from tests.strength.feeds import CONTRACT, COUNTED, FEED, feed, find, kinds, measured, specimen
from tests.support.streams import session
from wscheck.contract.load import parse_contract
from wscheck.errors import CaptureError
from wscheck.finding import Verdict
from wscheck.strength import OPERATORS, as_json, as_lines, measure, read_specimen
from wscheck.strength.design import CONCURRENT, IGNORED, INTERLEAVED, OUTSIDE, RENAMED
from wscheck.strength.specimen import judge


def test_a_loss_that_nothing_counts_survives_and_says_so() -> None:
    survivor = find(measured(CONTRACT), "drop", "item")
    assert survivor.sentence == (
        "losing one `item` cannot be seen: the order of feed takes any number of it, and no counter, unique or count "
        "rule covers it."
    )
    assert (survivor.count, survivor.verdict) == (3, "pass")


def test_the_remedy_that_is_proposed_closes_the_blind_spot_when_it_is_put_in() -> None:
    remedy = find(measured(CONTRACT), "drop", "item").remedy
    assert remedy is not None
    rule = remedy.splitlines()[-1].strip().removeprefix("- ")
    assert rule == '{id: "item-counted", counter: "/n", events: ["item"], start: 1}'
    closed = measured(CONTRACT.replace("rules: []", f"rules: [{rule}]"))
    assert find(closed, "drop", "item").count == 1  # the last one, after which no other comes
    assert ("duplicate", "item") not in kinds(closed)


def test_the_last_of_what_is_counted_survives_for_its_own_reason() -> None:
    survivor = find(measured(COUNTED), "drop", "item")
    assert survivor.sentence == (
        "losing one `item` cannot be seen: the rule counted shows a gap only where another follows."
    )
    assert survivor.remedy is None


def test_what_may_be_left_out_is_not_said_to_come_any_number_of_times() -> None:
    assert find(measured(COUNTED), "drop", "note").why == (
        "the order of feed can do without it, and no counter, unique or count rule covers it"
    )


def test_a_counter_shows_repetition_and_disorder() -> None:
    weak, strong = measured(CONTRACT), measured(COUNTED)
    assert {("duplicate", "item"), ("swap", "item")} <= kinds(weak)
    assert kinds(strong, "duplicate", "swap", "reverse", "replay", "inject") == set()
    assert strong.score is not None
    assert weak.score is not None
    assert strong.score > weak.score


def test_what_is_interleaved_ignored_or_concurrent_breaks_nothing() -> None:
    both = [event for pair in zip(feed("a-feed"), feed("b-feed"), strict=True) for event in pair]
    strength = measured(COUNTED, {"type": "ping"}, *both)
    assert {CONCURRENT, IGNORED, INTERLEAVED} <= set(strength.allowed)
    assert ("swap", "note") not in kinds(strength)
    assert ("duplicate", "ping") not in kinds(strength)


def test_events_that_an_order_takes_either_way_without_saying_so_are_out_of_order_unseen() -> None:
    loose = COUNTED.replace("(item* & note?)", "(item | note)*")
    survivor = find(measured(loose), "swap", "note")
    assert survivor.sentence == (
        "`note` and `item` out of order cannot be seen: the order of feed takes them either way, though no & says that "
        "this is meant."
    )


def test_events_that_no_order_names_are_never_allowed_to_change_places() -> None:
    placeless = CONTRACT.replace("(item* & note?)", "item*").replace("  note:\n", "  note:\n  memo:\n")
    events = [*FEED[:4], {"type": "memo"}, *FEED[5:]]
    survivor = find(measured(placeless.replace("  note:\n", ""), *events), "swap", "memo")
    assert survivor.why == "no order names `memo`"


def test_what_belongs_to_no_instance_in_the_good_stream_either_is_let_be() -> None:
    lax = COUNTED.replace("    rules:", "    severity: {orphan: ignore}\n    rules:")
    strength = measured(lax, {"type": "item", "id": "another", "n": 7}, *FEED)
    assert strength.allowed[OUTSIDE] > 0


def test_a_mutant_that_is_the_same_stream_is_none() -> None:
    twice = [*FEED[:4], FEED[3], *FEED[5:]]
    swaps = [cell for cell in measured(CONTRACT, *twice).cells if (cell.operator, cell.event) == ("swap", "item")]
    assert [cell.mutants for cell in swaps] == [3]  # of four: the two that are alike, swapped, are what they were


def test_another_id_where_it_stands_nowhere_else_is_only_a_renaming() -> None:
    named = [*FEED[:4], FEED[4] | {"note_id": "seen-once"}, *FEED[5:]]
    strength = measured(CONTRACT, *named)
    assert RENAMED in strength.allowed
    assert ("ghost-id", "note") not in kinds(strength)


def test_an_id_that_stands_elsewhere_and_that_nothing_looks_at_survives() -> None:
    thread = [event | {"thread_id": "t-1"} for event in FEED]
    survivor = find(measured(CONTRACT, *thread), "ghost-id", "done")
    assert survivor.sentence == (
        "an id that nobody gave out at /thread_id of `done` cannot be seen: no key and no rule of the contract looks "
        "at it."
    )
    assert survivor.remedy is not None
    assert 'same: "/thread_id"' in survivor.remedy


def test_what_is_only_a_warning_is_not_seen_and_the_severity_would_close_it() -> None:
    survivor = find(measured(CONTRACT + "severity: {unknown-event: warning}\n"), "unknown", "note")
    assert survivor.why == "all it makes is `unknown-event`, a warning"
    assert survivor.remedy == "severity: {unknown-event: error}"


@pytest.mark.parametrize(
    ("operator", "words", "schema"),
    [
        ("wrong-type", "another type at /text of `note`", {"properties": {"text": {"type": "string"}}}),
        ("missing-member", "`note` without /text", {"required": ["text"]}),
    ],
)
def test_what_no_schema_asks_for_survives_with_a_schema_that_does(
    operator: str, words: str, schema: dict[str, object]
) -> None:
    survivor = find(measured(CONTRACT), operator, "note")
    assert survivor.sentence == f"{words} cannot be seen: it has no schema."
    assert survivor.remedy is not None
    assert json.loads(survivor.remedy.partition("schema: ")[2]) == schema


def test_an_event_is_delayed_past_the_deadlines_that_speak_of_it() -> None:
    timed = COUNTED.replace("    rules:", "    gap: 2\n    rules:")
    strength = measured(timed)
    delays = {cell.event: cell for cell in strength.cells if cell.operator == "delay"}
    assert set(delays) == {"begun", "item", "note", "done"}
    assert delays["item"].seen == 3
    assert find(strength, "delay", "begun").sentence == (
        "`begun` coming 3 s late cannot be seen: no `within`, `gap` or `ask` was running then."
    )


def test_what_no_deadline_speaks_of_is_named_and_not_counted() -> None:
    strength = measured(CONTRACT)
    assert "delay" not in {cell.operator for cell in strength.cells}
    assert "no deadline of the contract speaks of begun, done, item, note" in strength.untried[0]


def test_the_same_seed_gives_the_same_and_another_draws_others() -> None:
    events = [*FEED[:2], *({"type": "item", "id": "a-feed", "n": n} for n in range(1, 30)), FEED[-1]]
    one, again, other = (as_json(measured(COUNTED, *events, seed=seed, most=3)) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    assert max(cell["mutants"] for cell in one["cells"]) == 3


def test_where_a_capture_lies_changes_nothing_that_is_drawn() -> None:
    contract, records = parse_contract(CONTRACT), session(*FEED)
    here, there = (measure(contract, [read_specimen(contract, name, records)], most=2) for name in ("a", "/tmp/b/a"))
    assert as_json(here)["cells"] == as_json(there)["cells"]


def test_every_mutant_is_seen_allowed_or_told() -> None:
    strength = measured(CONTRACT)
    assert {cell.operator for cell in strength.cells} <= set(OPERATORS)
    assert sum(cell.survived for cell in strength.cells) == sum(one.count for one in strength.survivors)
    assert sum(cell.allowed for cell in strength.cells) == sum(strength.allowed.values())
    told = as_json(strength)
    assert told["faults"] == told["seen"] + sum(cell["survived"] for cell in told["cells"])


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ("lines", "\n".join(map(json.dumps, FEED))),
        ("array", json.dumps(list(FEED))),
    ],
)
def test_events_that_come_in_one_message_are_broken_one_by_one(frame: str, text: str) -> None:
    contract = parse_contract(COUNTED + f"frame: {frame}\n")
    good = specimen(contract, records=session(text))
    assert [place.event.name for place in good.places] == [event["type"] for event in FEED]
    assert {place.index for place in good.places} == {2}
    alone = as_json(measured(COUNTED))
    told = as_json(measure(contract, [good]))
    assert [told[name] for name in ("score", "faults", "cells")] == [
        alone[name] for name in ("score", "faults", "cells")
    ]


def test_a_capture_that_does_not_pass_shows_nothing() -> None:
    with pytest.raises(CaptureError, match=r"good.jsonl does not itself pass \(fail: incomplete: .*\), so breaking it"):
        specimen(parse_contract(CONTRACT), *FEED[:-1])


def test_where_nothing_can_be_broken_nothing_is_known() -> None:
    strength = measure(parse_contract(CONTRACT), [])
    assert (strength.faults, strength.score) == (0, None)
    assert "nothing could be broken" in "".join(span.text for line in as_lines(strength) for span in line)


def test_a_specimen_is_judged_as_the_capture_was() -> None:
    contract = parse_contract(COUNTED)
    good = specimen(contract)
    assert judge(contract, good.records, ()).verdict is Verdict.PASS
