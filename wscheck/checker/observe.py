"""One event, taken in by every scope that it concerns: opened outermost first, stepped and ruled innermost first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wscheck.checker import telling
from wscheck.checker.giving import give
from wscheck.checker.instance import Instance
from wscheck.checker.lookup import open_for
from wscheck.checker.passage import Passage, outer
from wscheck.checker.plan import Route, ScopePlan
from wscheck.checker.stream import Stream
from wscheck.contract.model import CLOSE, CONNECTION
from wscheck.event import Event, Observation
from wscheck.order.progress import Missing, Paid, Taken
from wscheck.rules import Offence

_NOWHERE = Route()


def observe(stream: Stream, event: Event) -> Observation:
    """Let the connection take ``event`` in; its findings are left to be settled."""
    passage = Passage(stream, event)
    route = stream.plan.routes.get(event.name, _NOWHERE)
    give(passage, route)
    if event.name in stream.plan.root.scope.ordered:
        passage.steps.append((stream.root, event.name, False))
    # Who hears it is decided before it ends anything: a closing goes to the rules of what it closes.
    hearers = _find_hearers(passage, route)
    # Innermost first; an instance is given the event itself before the inner scope that the event opens in it.
    passage.steps.sort(key=lambda step: (*step[0].plan.rank, step[0].number, step[2]))
    for instance, symbol, opening in passage.steps:
        if instance.open:
            _step(passage, instance, symbol, opening)
    given = [instance for instance, _, _ in passage.steps]
    for instance in given if stream.root.progress else [*given, stream.root]:
        for touched in instance.touch(event):
            stream.rearm(touched)
    _show_to_rules(passage, hearers)
    passage.closed += stream.conclude_ended()
    stream.recent.append(event.ref)
    return Observation(
        event=event,
        given=tuple(dict.fromkeys(instance.identity for instance in given)),
        closed=tuple(passage.closed),
    )


def _step(passage: Passage, instance: Instance, symbol: str, opening: bool) -> None:
    progress = instance.progress
    if progress is None:
        return
    before = progress.state
    step = progress.give(symbol, opening=opening)
    if isinstance(step, Taken):
        passage.stream.coverage.stepped(instance.plan.scope.name, before, symbol)
    telling.report_step(passage, instance, symbol, step)
    if isinstance(step, Taken | Missing | Paid):
        instance.seen.add(symbol)
    if progress.accepted:
        instance.accepted_once = True
    if isinstance(step, Taken | Missing):
        _go_on(passage, instance, symbol, opening)


def _go_on(passage: Passage, instance: Instance, symbol: str, opening: bool) -> None:
    scope, progress, stream = instance.plan.scope, instance.progress, passage.stream
    excuse = symbol in scope.abandons
    over = progress is not None and progress.accepted and progress.exhausted
    if scope.name == CONNECTION:
        over = over and symbol.partition(".")[0] == CLOSE
    if over and not (opening and instance.children):
        if instance is stream.root:
            passage.closed.append(instance.identity)
            stream.end_children(instance, passage.event, excuse=excuse)
        else:
            stream.end(instance, passage.event, excuse=excuse)
    elif excuse or symbol in scope.ends:
        passage.closed.append(instance.identity)
        stream.end_children(instance, passage.event, excuse=excuse)


def _find_hearers(passage: Passage, route: Route) -> dict[Instance, dict[str, None]]:
    """Return the instances to whose rules the event goes, and under which names."""
    given = [instance for instance, _, _ in passage.steps]
    shown: dict[Instance, dict[str, None]] = {passage.stream.root: {passage.event.name: None}}
    for instance, symbol in [(instance, symbol) for instance, symbol, _ in passage.steps] + passage.opened:
        shown.setdefault(instance, {})[symbol] = None
    for instance in [*given, *passage.ruled]:
        for around in outer(instance):
            shown.setdefault(around, {})[passage.event.name] = None
    linked = {instance.plan.scope.name for instance in shown}
    elsewhere = [plan for plan in (*route.opened, *route.watched) if plan.scope.name not in linked]
    for instance in [*passage.ruled, *_open_for(passage, elsewhere)]:
        shown.setdefault(instance, {})[passage.event.name] = None
    return shown


def _show_to_rules(passage: Passage, shown: dict[Instance, dict[str, None]]) -> None:
    for instance in sorted(shown, key=lambda one: (*one.plan.rank, one.number)):
        names = tuple(shown[instance])
        if not passage.unruled:
            _show(passage, instance, names)
        if any(name in instance.plan.watching for name in names):
            for touched in instance.touch(passage.event):
                passage.stream.rearm(touched)


def _open_for(passage: Passage, plans: Iterable[ScopePlan]) -> Iterator[Instance]:
    for plan in plans:
        if passage.event.name.startswith("$"):
            yield from passage.stream.live(plan.scope.name).values()
        elif instance := open_for(passage.stream, plan, passage.event):
            yield instance


def _show(passage: Passage, instance: Instance, names: tuple[str, ...]) -> None:
    stream, rules, watching = passage.stream, instance.plan.scope.rules, instance.plan.watching
    # A rule may be shown the event twice: for its own name, and for the inner scope that it opens.
    for place, name in sorted((place, one) for one in names for place in watching.get(one, ())):
        stream.coverage.ruled(instance.plan.scope.name, rules[place].id)
        for answer in instance.monitors[place].see(name, passage.event):
            if isinstance(answer, Offence):
                stream.report_offence(rules[place], answer, instance)
            else:
                stream.watch(instance, rules[place], answer)
