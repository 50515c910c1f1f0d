"""One event, taken in by every scope that it concerns: opened outermost first, stepped and ruled innermost first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from wscheck.checker import telling
from wscheck.checker.giving import give
from wscheck.checker.instance import Instance
from wscheck.checker.lookup import find_open, open_for
from wscheck.checker.passage import Passage
from wscheck.checker.plan import Route, ScopePlan
from wscheck.checker.stream import Stream
from wscheck.contract.model import CLOSE, CONNECTION
from wscheck.event import Event, Observation
from wscheck.order.progress import TAKEN, Missing, Paid
from wscheck.rules import Offence

_NOWHERE = Route()


def observe(stream: Stream, event: Event) -> Observation:
    """Let the connection take ``event`` in; its findings are left to be settled."""
    passage, steps = _send(stream, event)
    # Who hears it is decided before it ends anything: a closing goes to the rules of what it closes.
    hearers = _find_hearers(passage, stream.plan.routes.get(event.name, _NOWHERE))
    for instance, symbol, opening in steps:
        if instance.open:
            _step(passage, instance, symbol, opening)
    ref = event.ref
    for instance, _, _ in steps:
        stream.touch(instance, ref)
    if not stream.root.progress:
        stream.touch(stream.root, ref)
    for instance in sorted(hearers, key=lambda one: one.place) if len(hearers) > 1 else hearers:
        if not passage.unruled:
            _show(passage, instance, hearers[instance])
        stream.touch(instance, ref)
    if stream.ending:
        passage.closed += stream.conclude_ended()
    stream.recent.append(ref)
    given = [instance.identity for instance, _, _ in steps]
    return Observation(event=event, given=tuple(dict.fromkeys(given)), closed=tuple(passage.closed))


def _send(stream: Stream, event: Event) -> tuple[Passage, list[tuple[Instance, str, bool]]]:
    """Begin the passage of ``event``, and return with it the steps that it makes, in their order."""
    name, route = event.name, stream.plan.routes.get(event.name, _NOWHERE)
    passage = Passage(stream, event)
    steps = passage.steps
    taker = find_open(stream, route.alone, event) if route.alone else None
    if taker:
        steps.append((taker, name, False))  # as give() would, and what becomes of most events
        return passage, steps
    give(passage, route)
    if name in stream.plan.root.scope.ordered:
        steps.append((stream.root, name, False))
    if len(steps) > 1:
        # Innermost first; an instance is given the event itself before the inner scope that the event opens in it.
        steps.sort(key=lambda step: (*step[0].place, step[2]))
    return passage, steps


def _step(passage: Passage, instance: Instance, symbol: str, opening: bool) -> None:
    progress = instance.progress
    if progress is None:
        return
    before = progress.state
    step = progress.give(symbol, opening=opening)
    if step is TAKEN:
        passage.stream.coverage.stepped(instance.plan.scope.name, before, symbol)
        instance.seen.add(symbol)
    else:
        telling.report_step(passage, instance, symbol, step)
        if isinstance(step, Missing | Paid):
            instance.seen.add(symbol)
    if progress.accepted:
        instance.accepted_once = True
    if step is TAKEN or isinstance(step, Missing):
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
    """Return the instances to whose rules the event goes, and under which names that they watch."""
    name = passage.event.name
    linked = {passage.stream.root: None}
    for taker, _, _ in passage.steps:
        _link(linked, taker)
    for ruled in passage.ruled:
        _link(linked, ruled.parent)
    hearers = {one: {name: None} for one in (*linked, *passage.ruled) if name in one.plan.watching}
    for parent, symbol in passage.opened:
        if symbol in parent.plan.watching:
            hearers.setdefault(parent, {})[symbol] = None
    if route.opened or route.watched:
        known = {one.plan.scope.name for one in linked}
        elsewhere = [plan for plan in (*route.opened, *route.watched) if plan.scope.name not in known]
        for hearer in _open_for(passage, elsewhere):
            hearers.setdefault(hearer, {})[name] = None
    return hearers


def _link(linked: dict[Instance, None], instance: Instance | None) -> None:
    """Add ``instance`` and all that it lies in."""
    while instance and instance not in linked:
        linked[instance] = None
        instance = instance.parent


def _open_for(passage: Passage, plans: Iterable[ScopePlan]) -> Iterator[Instance]:
    for plan in plans:
        if passage.event.name.startswith("$"):
            yield from passage.stream.live(plan.scope.name).values()
        elif isinstance(found := open_for(passage.stream, plan, passage.event), Instance):
            yield found


def _show(passage: Passage, instance: Instance, names: Collection[str]) -> None:
    stream, event, plan = passage.stream, passage.event, instance.plan
    rules = plan.scope.rules
    for name in names:
        stream.coverage.shown(plan.scope.name, name)
    # A rule may be shown the event twice: for its own name, and for the inner scope that it opens.
    shown = [(place, name) for name in names for place in plan.watching[name]]
    for place, name in sorted(shown) if len(names) > 1 else shown:
        for answer in instance.monitors[place].see(name, event):
            if isinstance(answer, Offence):
                stream.report_offence(rules[place], answer, instance)
            else:
                stream.watch(instance, rules[place], answer)
