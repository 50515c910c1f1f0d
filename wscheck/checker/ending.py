"""What the end of a session decides."""

from __future__ import annotations

from wscheck.checker import sentences
from wscheck.checker.instance import Instance
from wscheck.checker.stream import Stream
from wscheck.contract.model import EventDefinition
from wscheck.record import Closed

UNAVAILABLE = (1006, 1012, 1013, 1014)
"""Close codes that say nothing about the stream: lost, restarting, try again, bad gateway (IANA, RFC 6455 7.4)."""


def is_conclusive(record: Closed, definition: EventDefinition | None) -> bool:
    """Say whether a closing proves that what has not come will not come."""
    if record.initiator == "tool" or record.code not in UNAVAILABLE:
        return True
    return definition is not None and definition.match is not None


def conclude_stream(stream: Stream, *, abnormal: bool) -> None:
    """Report what is pending or owed as the session ends; the findings are left to be settled.

    ``abnormal``: the closing itself was reported, and no order saw it.
    """
    live = [stream.root, *(one for instances in stream.open.values() for one in instances.values())]
    for instance in sorted(live, key=lambda one: one.place):
        stream.coverage.closed(instance)
    for instance in sorted(live, key=lambda one: (one.opening.index, one.opening.part, *one.plan.rank, one.number)):
        if instance.pending and not _is_excused(stream, instance, abnormal):
            _report_incomplete(stream, instance)
        if not (instance.settled or instance.late):
            stream.conclude_rules(instance)
        instance.open = False


def _is_excused(stream: Stream, instance: Instance, abnormal: bool) -> bool:
    confused = instance.progress is not None and instance.progress.confused
    return instance.late or confused or (abnormal and instance is stream.root)


def _report_incomplete(stream: Stream, instance: Instance) -> None:
    scope = instance.plan.scope
    expected = instance.progress.expected if instance.progress else ()
    instance.settled = True
    when = "the session ended" if stream.conclusive else "the stream broke off"
    stream.report(
        "incomplete",
        f"{sentences.instance(scope, instance.shown)}, opened by {sentences.event(instance.opening)}, was not complete "
        f"when {when}: {sentences.names(expected)} was due",
        scope=scope,
        instance=instance,
        since=instance.opening,
        path=f"{scope.path}/order",
        expected=expected,
        verdict=stream.judge_absence(instance.opening.index),
        blame=stream.blame(expected),
    )
