"""What an event costs where there are more of them, more at the same time, or broken ones among them."""

from __future__ import annotations

from benchmarks.line import Bound, Line, compare
from benchmarks.measure import Costs, Subject, take_turns
from benchmarks.stream import Wanted
from benchmarks.workshop import Workshop

_EQUAL = Bound(least=0.9, most=1.1)


def measure_length(workshop: Workshop) -> list[Line]:
    """Measure streams of three lengths: what an event costs must not grow with what came before it."""
    short, usual, long = (Wanted(events=events) for events in workshop.sizes.lengths)
    costs = _measure(workshop, {"short": short, "usual": usual, "long": long})
    workshop.drop(long)
    return [
        compare(
            f"an event of {other.events:,}", costs[name], f"of {usual.events:,}", costs["usual"], aim=_EQUAL,
            limit=_EQUAL,
        )
        for name, other in (("short", short), ("long", long))
    ]  # fmt: skip


def measure_open(workshop: Workshop) -> list[Line]:
    """Measure the same runs, with few of them open at the same time and with many."""
    few, many = workshop.sizes.open_runs
    streams = {str(runs): Wanted(events=workshop.sizes.events, open_runs=runs) for runs in (few, many)}
    costs = _measure(workshop, streams)
    return [
        compare(
            f"an event, {many:,} runs open", costs[str(many)], f"{few} runs open", costs[str(few)],
            aim=_EQUAL, limit=_EQUAL,
        )
    ]  # fmt: skip


def measure_faults(workshop: Workshop) -> list[Line]:
    """Measure a stream with one faulty event in a hundred: what goes wrong has to be explained, and costs more."""
    clean = Wanted(events=workshop.sizes.events)
    faulty = Wanted(events=workshop.sizes.events, faulty=1)
    costs = _measure(workshop, {"clean": clean, "faulty": faulty})
    half = Bound(most=2)
    return [compare("an event, 1 % faulty", costs["faulty"], "none faulty", costs["clean"], aim=half, limit=half)]


def _measure(workshop: Workshop, streams: dict[str, Wanted]) -> dict[str, Costs]:
    """Return, for each stream, what checking one event of it takes, without the start-up."""
    made = {name: workshop.make(wanted) for name, wanted in streams.items()}
    subjects: dict[str, Subject] = {name: workshop.check(each) for name, each in made.items()}
    costs = take_turns({**subjects, "start-up": workshop.start_up()}, workshop.sizes.few_rounds)
    return {name: costs[name].each(each.events, less=costs["start-up"]) for name, each in made.items()}
