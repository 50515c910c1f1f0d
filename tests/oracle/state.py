"""The instances of one connection: how they open and end, and how findings about them are made."""

from __future__ import annotations

from typing import Any

from tests.oracle.contract import NO_KEY, UNDECLARED, Contract, Scope, key_of, plain
from tests.oracle.expression import DONE
from tests.oracle.instance import Finding, Instance, Place
from tests.oracle.rules import Event, Monitor, kind_of


class State:
    """What one connection came to so far. ``noted`` is the record of the tool's last note about itself."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.instances: list[Instance] = []
        self.root: Instance | None = None
        self.noted = 0
        self.ending: list[Instance] = []
        self._batch: list[tuple[tuple[int, int], Finding]] = []
        self._told: set[Any] = set()
        self._endings = 0

    # which instances

    def of(self, scope: Scope) -> list[Instance]:
        """The instances of a scope, open and ended, oldest first."""
        return [each for each in self.instances if each.scope is scope]

    def open_of(self, scope: Scope) -> list[Instance]:
        """The open ones."""
        return [each for each in self.of(scope) if not each.ended]

    def children(self, instance: Instance, scope: Scope | None = None) -> list[Instance]:
        """The open instances right inside one; of one scope, where that is given."""
        inside = [each for each in self.instances if each.parent is instance and not each.ended]
        return [each for each in inside if scope is None or each.scope is scope]

    def parent_of(self, scope: Scope, event: Event) -> tuple[Instance | None, str | None, Any]:
        """The open parent of what ``event`` opens in a scope; else the code of what is wrong, and the parent's key."""
        around = scope.parent
        if around is None or around.parent is None:
            return self.root, None, None
        declared = scope.document.get("parent_key")
        wanted = key_of(declared, event.name, event.value) if declared is not None else NO_KEY
        if wanted is NO_KEY or wanted is UNDECLARED:
            open_ones = self.open_of(around)
            if len(open_ones) == 1:
                return open_ones[0], None, None
            return None, "ambiguous" if open_ones else "outside-parent", None
        named = [each for each in self.open_of(around) if each.has_key(wanted)]
        return (named[0], None, None) if named else (None, "outside-parent", wanted)

    # opening and ending

    def open_place(self, place: Place, event: Event) -> None:
        """Open the instance that the event opens there, and say what is wrong with that."""
        scope, key = place.scope, place.key
        again = scope.keyed and any(each.has_key(key) for each in self.of(scope))
        if place.instead is not None:
            self.end(place.instead, event)
        parent, code, parent_key = self.parent_of(scope, event)
        if code == "ambiguous":
            self.report(code, scope, key, event)
        elif code is not None:
            self.report_once(code, plain(parent_key), scope, key, event)
        place.instance = self.open(scope, key, event, parent)
        most = scope.document.get("max_open")
        if most is not None and parent is not None and len(self.children(parent, scope)) > most:
            self.report("too-many-open", scope, key, event)
        if again:
            self.report("reused-key", scope, key, event)

    def open(self, scope: Scope, key: Any, event: Event, parent: Instance | None) -> Instance:
        """Open an instance."""
        monitors = [Monitor(self.contract, scope, rule, kind_of(rule)) for rule in scope.rules]
        left = scope.order if scope.order is not None else DONE
        instance = Instance(
            scope=scope, key=key, opening=event, parent=parent, left=left, monitors=monitors, heard=event
        )
        instance.accepted = not instance.pending
        self.instances.append(instance)
        return instance

    def end(self, instance: Instance, event: Event) -> None:
        """End an instance, what is open inside it, and what waited only for it."""
        self.close_children(instance, event)
        self._shut(instance)

    def close_children(self, instance: Instance, event: Event) -> None:
        """Close all that is open inside an instance; what is pending is reported, innermost first."""
        code = "abandoned" if event.name in instance.scope.abandons else "child-open"
        inside = [each for each in self.instances if not each.ended and instance in each.chain()[1:]]
        for each in sorted(inside, key=lambda one: one.scope.rank):
            if each.pending and not each.too_late:
                each.excused = True
                verdict = "none" if code == "abandoned" else self.absent(each.opening.index, "fail")
                self.report(code, each.scope, each.key, event, verdict)
            self._mark(each)

    def _shut(self, instance: Instance) -> None:
        self._mark(instance)
        parent = instance.parent
        waits = parent is not None and parent is not self.root and not parent.ended and parent.awaits_children
        if parent and waits and not self.children(parent):
            self._shut(parent)

    def _mark(self, instance: Instance) -> None:
        self._endings += 1
        instance.ended = self._endings
        self.ending.append(instance)

    # findings

    def report(
        self,
        code: str,
        scope: Scope,
        key: Any,
        event: Event,
        verdict: str = "fail",
        *,
        rule: dict[str, Any] | None = None,
    ) -> Finding:
        """Make a finding at an event."""
        finding = self.finding(code, scope, key, verdict, rule=rule)
        finding.index = event.index
        self._batch.append((scope.rank, finding))
        return finding

    def report_once(self, code: str, once: Any, scope: Scope, key: Any, event: Event) -> None:
        """Make a finding, the first time for ``once``."""
        if (code, scope.name, once) not in self._told:
            self._told.add((code, scope.name, once))
            self.report(code, scope, key, event)

    def finding(
        self, code: str, scope: Scope, key: Any, verdict: str, *, rule: dict[str, Any] | None = None, since: int = 0
    ) -> Finding:
        """Return a finding; ``since`` is the record that it is related to."""
        return Finding(
            code=code,
            scope=scope.name,
            key=key,
            related=[since] if since else [],
            verdict="inconclusive" if code == "ambiguous" else verdict,
            rule=rule["id"] if rule else None,
            ignored=self.contract.severity(code, scope, rule) == "ignore",
        )

    def owed_to_rules(self, instance: Instance, verdict: str) -> list[Finding]:
        """What the rules of an instance that is over are still owed."""
        findings = []
        for monitor in instance.monitors:
            related = [question.index for question in monitor.unanswered()]
            related += [instance.opening.index] if monitor.too_few() else []
            for since in related:
                absent = self.absent(since, verdict)
                scope, key = instance.scope, instance.key
                findings.append(self.finding(monitor.kind, scope, key, absent, rule=monitor.rule, since=since))
        return findings

    def absent(self, since: int, verdict: str) -> str:
        """The verdict of what did not come since a record: open where the tool may have lost something."""
        return "inconclusive" if self.noted > since else verdict

    def conclude_ended(self) -> None:
        """Judge the rules of what has ended at this event."""
        for instance in self.ending:
            if not instance.excused and not instance.too_late:
                self._batch += [(instance.scope.rank, each) for each in self.owed_to_rules(instance, "fail")]
        self.ending = []

    def take_findings(self) -> list[Finding]:
        """The findings of one event, innermost scope first."""
        found = [finding for _, finding in sorted(self._batch, key=lambda each: each[0])]
        self._batch = []
        return found
