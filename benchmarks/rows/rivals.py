"""Checking a capture beside those who only validate the same events."""

from __future__ import annotations

from benchmarks.line import Bound, Line, compare
from benchmarks.measure import BenchmarkError, Costs, Subject, take_turns
from benchmarks.stream import Made, Wanted
from benchmarks.workshop import Workshop

CHECK = "wscheck check"
FLOOR = "orjson and jsonschema-rs"
FLOOR_ON_CAPTURE = "orjson and jsonschema-rs, from the capture's lines"
PLAIN = "json and jsonschema"
AJV = "JSON.parse and ajv, under node"


def measure_rivals(workshop: Workshop) -> list[Line]:
    """Measure `wscheck check` and every rival on the same events."""
    sizes = workshop.sizes
    made = workshop.make(Wanted(events=sizes.events))
    subjects = _gather(workshop, made)
    costs = take_turns(subjects, sizes.rounds)
    _hold_to_counts(costs, made, sizes.plain)
    check, start = costs[CHECK], costs["start-up"]
    event = check.each(made.events, less=start)
    floor = costs[FLOOR].each(made.events)
    lines = [
        compare(CHECK, event, FLOOR, floor, aim=Bound(most=2.5), limit=Bound(most=4)),
        compare("the same, with its start-up", check.each(made.events), FLOOR, floor),
        compare(CHECK, event, FLOOR_ON_CAPTURE, costs[FLOOR_ON_CAPTURE].each(made.events)),
        compare(CHECK, event, PLAIN, costs[PLAIN].each(sizes.plain), aim=Bound(most=0.05), limit=Bound(most=0.05)),
    ]
    if AJV in costs:
        lines.append(compare(CHECK, event, AJV, costs[AJV].each(made.events), aim=Bound(most=1)))
    return lines


def _gather(workshop: Workshop, made: Made) -> dict[str, Subject]:
    assert made.texts
    subjects = {
        CHECK: workshop.check(made),
        FLOOR: workshop.loop("floor", made.texts),
        "start-up": workshop.start_up(),
        FLOOR_ON_CAPTURE: workshop.loop("floor-on-capture", made.path),
        PLAIN: workshop.loop("plain", made.texts, workshop.sizes.plain),
    }
    if workshop.node:
        subjects[AJV] = workshop.ajv(workshop.node, made.texts)
    return subjects


def _hold_to_counts(costs: dict[str, Costs], made: Made, plain: int) -> None:
    """Raise BenchmarkError unless every rival found every event of the conforming stream valid."""
    for name, taken in costs.items():
        for cost in taken.rounds:
            due = min(plain, made.events) if name == PLAIN else made.events
            if cost.told.get("valid", due) != due:
                raise BenchmarkError(f"{name}: {cost.told['valid']} events are valid, where all {due} are")
