"""What the end of a session decides."""

from __future__ import annotations

from wscheck.checker import sentences
from wscheck.checker.instance import Instance
from wscheck.checker.stream import Stream
from wscheck.contract.model import EventDefinition
from wscheck.finding import Verdict
from wscheck.record import Closed

UNAVAILABLE = (1006, 1012, 1013, 1014)
"""Close codes that say nothing about the stream: lost, restarting, try again, bad gateway (IANA, RFC 6455 7.4)."""


def is_conclusive(record: Closed, definition: EventDefinition | None) -> bool:
    """Say whether a closing proves that what has not come will not come."""
    if record.initiator == "tool" or record.code not in UNAVAILABLE:
        return True
    return definition is not None and definition.match is not None


def conclude_stream(stream: Stream, *, conclusive: bool, abnormal: bool) -> None:
    """Report what is pending or owed as the session ends; the findings are left to be settled.

    ``conclusive``: what has not come will not come. ``abnormal``: the closing itself was reported, and no order saw it.
    """
    live = [stream.root, *(one for instances in stream.open.values() for one in instances.values())]
    for instance in sorted(live, key=lambda one: (*one.plan.rank, one.number)):
        stream.coverage.closed(instance)
    for instance in sorted(live, key=lambda one: (one.opening.index, *one.plan.rank, one.number)):
        if instance.pending and not _is_excused(stream, instance, abnormal):
            _report_incomplete(stream, instance, conclusive)
        if not (instance.settled or instance.late):
            stream.conclude_rules(instance, conclusive=conclusive)
        instance.open = False


def _is_excused(stream: Stream, instance: Instance, abnormal: bool) -> bool:
    confused = instance.progress is not None and instance.progress.confused
    return instance.late or confused or (abnormal and instance is stream.root)


def _report_incomplete(stream: Stream, instance: Instance, conclusive: bool) -> None:
    scope = instance.plan.scope
    expected = instance.progress.expected if instance.progress else ()
    sure = conclusive and stream.noted <= instance.opening.index
    instance.settled = True
    stream.report(
        "incomplete",
        f"{sentences.instance(scope, instance.shown)}, opened by {sentences.event(instance.opening)}, was not complete "
        f"when {'the session ended' if conclusive else 'we stopped listening'}: {sentences.names(expected)} was due",
        scope=scope,
        instance=instance,
        since=instance.opening,
        path=f"{scope.path}/order",
        expected=expected,
        verdict=Verdict.FAIL if sure else Verdict.INCONCLUSIVE,
        blame=stream.blame(expected),
    )
