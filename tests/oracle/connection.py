"""One connection: what the orders and the rules of its instances make of an event, of time, and of its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.contract import Contract, plain
from tests.oracle.expression import accepts, after, allowed, names_in, shortest_way
from tests.oracle.instance import Finding, Instance
from tests.oracle.places import find_places, takes
from tests.oracle.rules import Event
from tests.oracle.state import State

PAID, TAKEN, DUPLICATE, AFTER_END, UNEXPECTED = "paid", "taken", "duplicate", "after-end", "unexpected"


@dataclass(frozen=True)
class Step:
    """A name that an order is given; ``opening``: it is an inner scope, of which an instance opens."""

    instance: Instance
    name: str
    opening: bool = False


class Connection:
    """A connection, judged event by event."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.state = State(contract)

    def open(self, event: Event, *, known: bool) -> list[Finding]:
        """The opening handshake; ``known``: a definition takes it."""
        self.state.root = self.state.open(self.contract.scopes["connection"], None, event, None)
        return self.take(event) if known else []

    def take(self, event: Event) -> list[Finding]:
        """Give one event to every scope that names it; return the findings, in their order."""
        state, steps = self.state, list[Step]()
        places = find_places(state, event)
        hearers = [place.instance for place in places if place.instance]
        openings = [place.instance for place in places if place.instance and place.opens]
        steps += [Step(each.instance, event.name) for each in places if each.instance and not each.for_rules]
        steps += [Step(each.parent, each.scope.name, opening=True) for each in openings if each.parent]
        whole = [state.root] if state.root and state.root.scope.order is None else []
        for hearer in [each for each in [*hearers, *whole] if not each.ended]:
            for around in hearer.chain():
                around.heard, around.quiet = event, False
        outcomes = set()
        for step in sorted(steps, key=lambda each: each.instance.scope.rank):
            if step.instance.scope.order is not None and step.name in names_in(step.instance.scope.order):
                outcomes.add(self._step(step, event))
        if not outcomes & {DUPLICATE, AFTER_END}:
            self._show_rules(event, hearers, openings)
        state.conclude_ended()
        return state.take_findings()

    def finish(self, verdict: str, *, unfit: bool) -> list[tuple[Any, Finding]]:
        """The end of the session: what is pending is incomplete, what is owed to rules is judged.

        ``unfit``: no definition took the closing. Each finding comes with what sorts it, its opening event first.
        """
        concluded: list[tuple[Any, Finding]] = []
        for place, instance in enumerate(self.state.instances):
            if instance.ended or instance.too_late:
                continue
            since = instance.opening.index
            rank = (since, instance.opening.part, -instance.scope.depth, place)
            if instance.pending and not instance.unexpected and not (unfit and instance is self.state.root):
                absent = self.state.absent(since, verdict)
                findings = [self.state.finding("incomplete", instance.scope, instance.key, absent, since=since)]
            else:
                findings = self.state.owed_to_rules(instance, verdict)
            concluded += [(rank, finding) for finding in findings]
        return sorted(concluded, key=lambda pair: pair[0])

    def overdue(self, at: float) -> list[tuple[Finding, int, float]]:
        """The deadlines found to have passed by now, each with the record that its waiting began at, and its time."""
        found: list[tuple[Any, Finding, int, float]] = []
        for instance in [each for each in self.state.instances if not each.ended]:
            for due, code, rule, since, start in _deadlines(instance, at):
                finding = self.state.finding(
                    code, instance.scope, instance.key, "undecided", rule=rule, since=since.index
                )
                found.append(((instance.scope.rank, instance.opening.index, due), finding, start.index, due))
        return [(finding, start, due) for _, finding, start, due in sorted(found, key=lambda each: each[0])]

    def _step(self, step: Step, event: Event) -> str:
        instance, was_ended = step.instance, bool(step.instance.ended)
        outcome = self._outcome(step, event)
        if not was_ended:
            instance.last = step.name
            instance.unexpected = outcome == UNEXPECTED or (instance.unexpected and outcome == DUPLICATE)
        if outcome == TAKEN:
            self._go_on(step, event)
        return outcome

    def _outcome(self, step: Step, event: Event) -> str:
        instance, name = step.instance, step.name
        scope, key = instance.scope, instance.key
        debt = next((each for each in instance.owed if each[0] == name), None)
        if debt:
            instance.owed.remove(debt)
            debt[1].code = "out-of-order"
            debt[1].ignored = self.contract.severity("out-of-order", scope) == "ignore"
            debt[1].related.append(event.index)
            return PAID
        if not instance.ended and name in allowed(instance.left):
            instance.left = after(instance.left, name)
            return TAKEN
        if instance.last == name and not step.opening:
            self.state.report("duplicate", scope, key, event)
            return DUPLICATE
        if instance.ended or instance.exhausted:
            self.state.report_once("after-end", plain(key), scope, key, event)
            return AFTER_END
        return self._repair(step, event)

    def _repair(self, step: Step, event: Event) -> str:
        instance, scope = step.instance, step.instance.scope
        way = shortest_way(instance.left, step.name, lambda name: (self.contract.is_clients(name), name), 3)
        if way is None:
            self.state.report("unexpected", scope, instance.key, event)
            return UNEXPECTED
        finding = self.state.report("missing", scope, instance.key, event)
        for name in way:
            instance.left = after(instance.left, name)
            instance.owed.append((name, finding))
        instance.left = after(instance.left, step.name)
        return TAKEN

    def _go_on(self, step: Step, event: Event) -> None:
        """What follows from a name that was taken: children closed, the instance ended."""
        instance, scope = step.instance, step.instance.scope
        instance.accepted |= accepts(instance.left)
        instance.awaits_children = instance.exhausted and step.opening
        closes = step.name in scope.ends | scope.abandons or (scope.parent is None and step.name.startswith("$close"))
        if closes and not step.opening:
            self.state.close_children(instance, event)
        if instance.exhausted and scope.parent and not (step.opening and self.state.children(instance)):
            self.state.end(instance, event)

    def _show_rules(self, event: Event, hearers: list[Instance], openings: list[Instance]) -> None:
        """Show the event to the rules of all that it went to, by the link where an inner instance takes it."""
        present = [each for each in hearers if not each.ended or each in self.state.ending]
        shown = {each.scope: [one for one in present if one.scope is each.scope] for each in present}
        for hearer in sorted(present, key=lambda each: each.scope.rank):
            if takes(hearer.scope, event.name):
                shown |= {around.scope: [around] for around in hearer.chain()[1:]}
        for opening in openings:
            shown.setdefault(opening.parent.scope if opening.parent else opening.scope, [])
        everyone = [each for scope in sorted(shown, key=lambda one: one.rank) for each in shown[scope]]
        everyone += [each.parent for each in openings if each.parent and each.parent not in everyone]
        for instance in everyone:
            inside = [each.scope.name for each in openings if each.parent is instance]
            is_shown = instance in shown[instance.scope]
            for monitor in instance.monitors:
                broken = [monitor.observe(event)] if is_shown else []
                broken += [monitor.observe_opening(name) for name in inside]
                for _ in filter(None, broken):
                    self.state.report(monitor.kind, instance.scope, instance.key, event, rule=monitor.rule)


def _deadlines(instance: Instance, at: float) -> list[tuple[float, str, dict[str, Any] | None, Event, Event]]:
    """What has passed at an instance, each told once: when due, code, rule, the event it is about, and its start."""
    passed: list[tuple[float, str, dict[str, Any] | None, Event, Event]] = []
    opening, heard = instance.opening, instance.heard
    within, gap = instance.scope.document.get("within"), instance.scope.document.get("gap")
    if within is not None and not instance.accepted and not instance.too_late and at - opening.at > within:
        instance.too_late = True
        passed.append((opening.at + within, "too-late", None, opening, opening))
    if gap is not None and not instance.quiet and at - heard.at > gap:
        instance.quiet = True
        passed.append((heard.at + gap, "too-quiet", None, opening, heard))
    for monitor in instance.monitors:
        late = monitor.overdue(at)
        passed += [(each.at + monitor.rule["within"], "ask", monitor.rule, each, each) for each in late]
    return passed
