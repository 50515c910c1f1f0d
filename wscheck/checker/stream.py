"""One connection's state: which instances are open, which have ended, and how both come about."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from wscheck.checker import sentences
from wscheck.checker.clock import Clock
from wscheck.checker.coverage import Coverage
from wscheck.checker.findings import Draft, Findings, blame_for
from wscheck.checker.instance import RECENT, Instance, Key
from wscheck.checker.plan import Plan, ScopePlan
from wscheck.contract.model import Scope
from wscheck.event import Event
from wscheck.finding import EventRef, Verdict
from wscheck.order.progress import Progress, Remains
from wscheck.rules import Deadline, Offence, OwedMonitor, Rule
from wscheck.timing import has_passed

MEMORY = 10_000
"""Ended instances that are remembered, a scope and connection."""


@dataclass(slots=True, eq=False, kw_only=True)
class Stream:
    """One connection of one session, held against a plan.

    ``noted`` is the index of the last note of a limit that wscheck hit. ``conclusive``: what has not come by now was
    really not sent; it becomes false with a closing that does not prove that. ``overfull``: it is judged no further.
    ``identity`` is whose session it is, None where that is not known; ``alive`` counts the open instances, the
    connection left out; ``ending`` are those that the event being judged ended.
    """

    plan: Plan
    session: str
    connection: int
    identity: Any
    findings: Findings
    coverage: Coverage
    root: Instance = field(init=False)
    clock: Clock = field(default_factory=Clock)
    open: dict[str, dict[Key, Instance]] = field(default_factory=dict)
    ended: dict[str, OrderedDict[Key, Remains]] = field(default_factory=dict)
    recent: deque[EventRef] = field(default_factory=lambda: deque(maxlen=RECENT))
    noted: int = 0
    alive: int = 0
    conclusive: bool = True
    overfull: bool = False
    _numbers: Iterator[int] = field(default_factory=count)
    _once: dict[tuple[str, str, Key], Draft] = field(default_factory=dict)
    ending: list[Instance] = field(default_factory=list)

    def begin(self, opening: EventRef) -> None:
        """Open `connection`, which lives as long as the session."""
        self.root = self._instance(self.plan.root, (), None, opening, None)
        # It is open before any event of its order; any other instance has its first event at once.
        self.root.accepted_once = not self.root.pending

    def open_instance(
        self, plan: ScopePlan, key: Key, shown: tuple[Any, ...] | None, event: Event, parent: Instance | None
    ) -> Instance:
        """Open an instance by ``event``."""
        scope = plan.scope
        instance = self._instance(plan, key, shown, event.ref, parent)
        self.open.setdefault(scope.name, {})[key] = instance
        self.alive += 1
        if parent:
            parent.children[instance.number] = instance
        return instance

    def end(self, instance: Instance, event: Event, *, excuse: bool) -> None:
        """End ``instance`` at ``event``, and what is open inside it."""
        self.end_children(instance, event, excuse=excuse)
        self._close(instance, event)
        parent = instance.parent
        if parent and parent is not self.root and parent.open and not parent.children:
            progress = parent.progress
            if progress and progress.accepted and progress.exhausted:
                self.end(parent, event, excuse=False)

    def end_children(self, instance: Instance, event: Event, *, excuse: bool) -> None:
        """Close all that is open inside ``instance``; what is pending is reported, innermost first."""
        inside = sorted(instance.descendants(), key=lambda child: child.place)
        for child in inside:
            if child.pending and not child.late:
                self._report_left_open(child, instance, event, excuse)
            self._close(child, event)

    def conclude_ended(self) -> list[tuple[str, int]]:
        """Judge what the instances that this event ended still owe, innermost first; return which those were."""
        ended = [instance.identity for instance in self.ending]
        for instance in sorted(self.ending, key=lambda ended: ended.plan.rank):
            if not (instance.settled or instance.late):
                self.conclude_rules(instance)
        self.ending.clear()
        return ended

    def conclude_rules(self, instance: Instance) -> None:
        """Report what an instance's rules are still owed."""
        for rule, monitor in zip(instance.plan.scope.rules, instance.monitors, strict=True):
            if not isinstance(monitor, OwedMonitor):
                continue
            for offence in monitor.conclude(instance.opening):
                since = (offence.since or instance.opening).index
                verdict = self.judge_absence(since)
                self.report_offence(rule, offence, instance, verdict)

    def judge_absence(self, since: int) -> Verdict:
        """Return the verdict on what has not come since record ``since``."""
        return Verdict.FAIL if self.conclusive and self.noted <= since else Verdict.INCONCLUSIVE

    def report(self, code: str, message: str, **members: Any) -> Draft | None:
        """Make a finding about this connection."""
        if "instance" not in members:
            members.setdefault("recent", tuple(self.recent))
        return self.findings.make(code, message, session=self.session, connection=self.connection, **members)

    def report_once(self, code: str, scope: Scope, key: Key, message: str, **members: Any) -> None:
        """Make a finding the first time for ``key``; later only count it."""
        place = (code, scope.name, key)
        if place in self._once:
            self._once[place].count_one_more()
        elif draft := self.report(code, message, scope=scope, **members):
            self._once[place] = draft

    def report_offence(
        self, rule: Rule, offence: Offence, instance: Instance, verdict: Verdict | None = None
    ) -> Draft | None:
        """Make a finding of a broken rule."""
        scope = instance.plan.scope
        if verdict is None and offence.since:
            awake = offence.due is None or self.clock.was_awake(offence.due)
            undisturbed = awake and self.clock.is_undisturbed(offence.since.index)
            verdict = Verdict.FAIL if undisturbed else Verdict.INCONCLUSIVE
        where = "" if instance is self.root else f" in {sentences.instance(scope, instance.shown)}"
        return self.report(
            rule.keyword,
            offence.message + where,
            scope=scope,
            instance=instance,
            event=offence.event,
            since=offence.since,
            rule=rule,
            path=rule.path,
            missing=offence.missing,
            instance_path=offence.instance_path,
            verdict=verdict,
            blame=None if offence.event else self.blame(offence.missing),
        )

    def blame(self, names: Iterable[str]) -> Any:
        """Return the side that owed events of these names."""
        return blame_for(self.plan.contract, names)

    def remains(self, scope: str, key: Key) -> Remains | None:
        """Return what is kept of an ended instance."""
        return self.ended.get(scope, _NOTHING).get(key)

    def live(self, scope: str) -> Mapping[Key, Instance]:
        """Return the open instances of a scope."""
        return self.open.get(scope, {})

    def _instance(
        self,
        plan: ScopePlan,
        key: Key,
        shown: tuple[Any, ...] | None,
        opening: EventRef,
        parent: Instance | None,
    ) -> Instance:
        scope = plan.scope
        instance = Instance(
            plan=plan,
            key=key,
            shown=shown,
            number=next(self._numbers),
            opening=opening,
            parent=parent,
            progress=Progress(scope.order) if scope.order else None,
            monitors=tuple([rule.law.monitor() for rule in scope.rules]),
            latest=opening,
        )
        self.coverage.opened(scope.name)
        if scope.within is not None and instance.progress:
            due = opening.at + scope.within
            instance.alarms["within"] = self.clock.set(due, lambda _: self._too_late(instance))
        if scope.gap is not None:
            self._await_silence(instance)
        return instance

    def watch(self, instance: Instance, rule: Rule, deadline: Deadline) -> None:
        """Let a rule's deadline be found when it has passed."""

        def passed(_: float) -> None:
            offence = deadline.expire() if instance.open else None
            if offence:
                self.clock.judge_later(self.report_offence(rule, offence, instance), deadline.since.index, deadline.at)

        self.clock.set(deadline.at, passed)

    def touch(self, instance: Instance, event: EventRef) -> None:
        """Remember that ``event`` was given to ``instance``; after a silence that was reported, wait for the next."""
        for roused in instance.touch(event):
            roused.quiet = False
            self._await_silence(roused)

    def _await_silence(self, instance: Instance) -> None:
        due = instance.latest.at + (instance.plan.scope.gap or 0.0)
        instance.alarms["gap"] = self.clock.set(due, lambda now: self._too_quiet(instance, now))

    def _too_late(self, instance: Instance) -> None:
        scope, progress = instance.plan.scope, instance.progress
        if not instance.open or instance.accepted_once or not progress:
            return
        instance.late = True
        draft = self.report(
            "too-late",
            f"{sentences.instance(scope, instance.shown)}, opened by {sentences.event(instance.opening)}, was not "
            f"complete within {scope.within:g} s: {sentences.names(progress.expected)} was due",
            scope=scope,
            instance=instance,
            since=instance.opening,
            path=f"{scope.path}/within",
            expected=progress.expected,
            blame=self.blame(progress.expected),
        )
        self.clock.judge_later(draft, instance.opening.index, instance.opening.at + (scope.within or 0.0))

    def _too_quiet(self, instance: Instance, now: float) -> None:
        scope = instance.plan.scope
        if not instance.open or instance.quiet:
            return
        gap = scope.gap or 0.0
        if not has_passed(instance.latest.at + gap, now):
            self._await_silence(instance)
            return
        instance.quiet = True
        expected = instance.progress.expected if instance.progress else ()
        draft = self.report(
            "too-quiet",
            f"nothing came in {sentences.instance(scope, instance.shown)} for more than {gap:g} s after "
            f"{instance.latest.at:.3f} s",
            scope=scope,
            instance=instance,
            since=instance.opening,
            path=f"{scope.path}/gap",
            expected=expected,
            blame=self.blame(expected),
        )
        self.clock.judge_later(draft, instance.latest.index, instance.latest.at + gap)

    def _report_left_open(self, child: Instance, parent: Instance, event: Event, excuse: bool) -> None:
        scope = child.plan.scope
        expected = child.progress.expected if child.progress else ()
        child.settled = True
        verdict = None if excuse else self.judge_absence(child.opening.index)
        what = "was given up" if excuse else "was still open"
        self.report(
            "abandoned" if excuse else "child-open",
            f"{sentences.instance(scope, child.shown)} {what} when {sentences.event(event)} ended "
            f"{sentences.instance(parent.plan.scope, parent.shown)}: {sentences.names(expected)} had not come",
            scope=scope,
            instance=child,
            event=event,
            path=f"{scope.path}/order",
            expected=expected,
            verdict=verdict,
        )

    def _close(self, instance: Instance, event: Event) -> None:
        scope = instance.plan.scope
        instance.open = False
        for alarm in instance.alarms.values():
            self.clock.call_off(alarm)
        instance.alarms.clear()
        self.coverage.closed(instance)
        if instance.parent:
            instance.parent.children.pop(instance.number, None)
        if self.live(scope.name).get(instance.key) is instance:
            del self.open[scope.name][instance.key]
            self.alive -= 1
        if instance.progress:
            memory = self.ended.setdefault(scope.name, OrderedDict())
            memory.pop(instance.key, None)
            memory[instance.key] = Remains(
                instance.progress.last, instance.progress.owed, next(self._numbers), event.ref
            )
            if len(memory) > MEMORY:
                memory.popitem(last=False)
        self.ending.append(instance)


_NOTHING: OrderedDict[Key, Remains] = OrderedDict()
