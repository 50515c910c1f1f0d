"""One fault, one root finding, which names what is at fault."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.faults import (
    PART,
    conforms,
    lines_of,
    make_numbered,
    make_strict,
    speak,
    speak_numbers,
)
from tests.laws.keys import but_vacuous, facts
from tests.laws.made import FEWER, SEEDS, Document, Lines, Made, judge, made, records_of, without_time
from wscheck.contract.load import parse_contract
from wscheck.finding import Finding

NONSENSE: dict[str, dict[str, Any]] = {
    "unknown-event": {"text": '{"t": "nobody"}'},
    "not-json": {"text": '{"t": '},
    "not-text": {"binary": "AAA="},
    "not-utf8": {"binary": "/w==", "opcode": "text"},
    "too-deep": {"text": "[" * 129 + "]" * 129},
}


def _plain(document: Document) -> None:
    without_time(document)
    document.pop("severity", None)


@given(made(_plain), st.sampled_from(sorted(NONSENSE)), st.integers(0, 100))
@settings(FEWER)
def test_a_message_that_nobody_understands_is_one_finding_and_changes_no_other(one: Made, code: str, at: int) -> None:
    places = [place for place, line in enumerate(one.lines) if line["kind"] not in ("closed", "cut")]
    place = places[at % len(places)]
    ends = {name: one.lines[place].get(name, 1) for name in ("at", "session", "connection")}
    broken = {**ends, "kind": "message", "direction": "received", **NONSENSE[code]}
    mixed = [*one.lines[: place + 1], broken, *one.lines[place + 1 :]]
    indices = [index if index <= place + 1 else index + 1 for index in range(1, len(one.lines) + 1)]
    alone = [facts(each, indices) for each in judge(one.contract, one.records).findings]
    found = judge(one.contract, records_of(mixed)).findings
    here = [each for each in found if each.event and each.event.index == place + 2]
    assert [each.code for each in here] == [code]
    assert [facts(each, range(1, len(mixed) + 1)) for each in found if each not in here] == alone


@given(SEEDS, st.booleans())
@settings(FEWER)
def test_an_event_that_never_comes_is_one_finding_that_names_it(seed: int, parts: bool) -> None:
    rng = Random(seed)
    document = make_strict(rng, parts=parts)
    messages = speak(rng, document)
    place = rng.choice([place for place, each in enumerate(messages) if not (parts and _opens(document, each))])
    lost = messages.pop(place)
    [finding] = _found(document, messages)
    event, last = lost["t"], _orders(document)[-1]
    if event in (_orders(document)[0], PART[0]):
        assert finding.code == "orphan"
    elif event in (last, PART[-1]):
        assert finding.code == ("incomplete" if event == last else "child-open")
        assert finding.expected == (event,)
    else:
        assert (finding.code, finding.missing) == ("missing", (event,))
    assert finding.key == (lost.get("p") or lost["k"],)


@given(SEEDS, st.booleans())
@settings(FEWER)
def test_an_event_that_comes_again_is_one_finding_at_its_second_coming(seed: int, parts: bool) -> None:
    rng = Random(seed)
    document = make_strict(rng, parts=parts)
    messages = speak(rng, document)
    place = rng.randrange(len(messages))
    again = messages[place]
    own = [at for at, each in enumerate(messages) if (each["k"], each.get("p")) == (again["k"], again.get("p"))]
    opens = place == own[0]
    later = rng.randint(place + 1, own[-1] if opens else len(messages))  # an opening would open anew past the end
    [finding] = _found(document, [*messages[:later], again, *messages[later:]])
    assert finding.event is not None
    assert (finding.event.index, finding.event.name) == (later + 2, again["t"])
    assert finding.code == _name_of_repetition(own, place, later)


@given(SEEDS)
@settings(FEWER)
def test_an_event_that_comes_late_is_one_finding_whatever_came_before_it(seed: int) -> None:
    rng = Random(seed)
    document = make_strict(rng, parts=False)
    messages = speak(rng, document)
    place = rng.choice([place for place, each in enumerate(messages) if not _opens(document, each)])
    late = messages.pop(place)
    messages.insert(rng.randint(place, len(messages)), late)
    found = _found(document, messages)
    assert [finding.code for finding in found] == ["out-of-order"] * (not conforms(document, messages))
    assert all(late["t"] in [event.name for event in finding.related] for finding in found)


@given(SEEDS)
@settings(FEWER)
def test_an_event_that_comes_up_to_three_events_early_is_one_finding(seed: int) -> None:
    rng = Random(seed)
    document = make_strict(rng, parts=False)
    messages = speak(rng, document)
    place = rng.choice([place for place, each in enumerate(messages) if not _opens(document, each)])
    early = messages.pop(place)
    before = [at for at in range(place) if messages[at]["k"] == early["k"]]
    messages.insert(rng.randint(before[max(len(before) - 3, 1) :][0] if before[1:] else place, place), early)
    found = _found(document, messages)
    assert [finding.code for finding in found] == ["out-of-order"] * (not conforms(document, messages))
    assert all(finding.event and finding.event.name == early["t"] for finding in found)


@given(SEEDS, st.booleans())
@settings(FEWER)
def test_an_event_of_nobody_is_one_orphan(seed: int, parts: bool) -> None:
    rng = Random(seed)
    document = make_strict(rng, parts=parts)
    messages = speak(rng, document)
    stray = dict(rng.choice([each for each in messages if not _opens(document, each)]))
    stray["p" if "p" in stray else "k"] = "nobody"
    place = rng.randint(0, len(messages))
    messages[place:place] = [stray] * rng.randint(1, 3)
    [finding] = _found(document, messages)
    assert (finding.code, finding.key, finding.event and finding.event.index) == ("orphan", ("nobody",), place + 2)


@given(SEEDS, st.sampled_from(["lost", "repeated"]))
@settings(FEWER)
def test_a_fault_that_only_a_rule_can_see_is_one_finding_of_that_rule(seed: int, fault: str) -> None:
    rng = Random(seed)
    document, rule = make_numbered(rng)
    messages = speak_numbers(rng)
    assert _found(document, messages) == []
    items = [at for at, each in enumerate(messages) if each["t"] == "b"]
    inner = [at for at in items if any(_same_feed(messages, at, one) for one in items if one < at)]
    inner = [at for at in inner if any(_same_feed(messages, at, one) for one in items if one > at)]
    place = rng.choice(inner)
    key = messages[place]["k"]
    messages[place : place + 1] = [messages[place]] * 2 if fault == "repeated" else []
    seen = {"lost": {"counter", "chain"}, "repeated": {"counter", "chain", "unique"}}[fault]
    found = _found(document, messages)
    assert [(finding.code, finding.rule, finding.key) for finding in found] == [(rule, "r", (key,))] * (rule in seen)


def _same_feed(messages: Lines, one: int, other: int) -> bool:
    return bool(messages[one]["k"] == messages[other]["k"])


def _orders(document: Document) -> list[str]:
    return re.findall(r"[a-z]", document["scopes"]["job"]["order"])


def _opens(document: Document, message: dict[str, Any]) -> bool:
    return message["t"] in (_orders(document)[0], PART[0])


def _name_of_repetition(own: list[int], place: int, later: int) -> str:
    """What a repetition is: of the last event that came to the instance, of one before it, or of one that has ended."""
    if not any(place < at < later for at in own):
        return "duplicate"
    return "after-end" if later > own[-1] else "unexpected"


def _found(document: Document, messages: Lines) -> list[Finding]:
    return but_vacuous(judge(parse_contract(json.dumps(document)), records_of(lines_of(messages))).findings)
