"""One event, taken in by every scope that it concerns: opened outermost first, stepped and ruled innermost first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from wscheck.checker import telling
from wscheck.checker.giving import give
from wscheck.checker.instance import Instance
from wscheck.checker.lookup import find_open, open_for
from wscheck.checker.passage import Passage, outer
from wscheck.checker.plan import Route, ScopePlan
from wscheck.checker.stream import Stream
from wscheck.contract.model import CLOSE, CONNECTION
from wscheck.event import Event, Observation
from wscheck.order.progress import TAKEN, Missing, Paid
from wscheck.rules import Offence

_NOWHERE = Route()


def observe(stream: Stream, event: Event) -> Observation:
    """Let the connection take ``event`` in; its findings are left to be settled."""
    route = stream.plan.routes.get(event.name, _NOWHERE)
    if route.alone and (taker := _take_alone(stream, event, route.alone)):
        return Observation(event=event, given=(taker.identity,))
    passage = Passage(stream, event)
    give(passage, route)
    steps = passage.steps
    if event.name in stream.plan.root.scope.ordered:
        steps.append((stream.root, event.name, False))
    # Who hears it is decided before it ends anything: a closing goes to the rules of what it closes.
    hearers = _find_hearers(passage, route)
    if len(steps) > 1:
        # Innermost first; an instance is given the event itself before the inner scope that the event opens in it.
        steps.sort(key=lambda step: (*step[0].place, step[2]))
    for instance, symbol, opening in steps:
        if instance.open:
            _step(passage, instance, symbol, opening)
    ref = event.ref
    for instance, _, _ in steps:
        stream.touch(instance, ref)
    if not stream.root.progress:
        stream.touch(stream.root, ref)
    if hearers:
        _show_to_rules(passage, hearers)
    if stream.ending:
        passage.closed += stream.conclude_ended()
    stream.recent.append(ref)
    return Observation(
        event=event,
        given=tuple(dict.fromkeys([instance.identity for instance, _, _ in steps])),
        closed=tuple(passage.closed),
    )


def _take_alone(stream: Stream, event: Event, plan: ScopePlan) -> Instance | None:
    """Give ``event`` to the instance of its key, where the order goes on by it, which is all that it can do.

    This is what becomes of most events, and ``observe`` without all that does not concern them. Return the instance, or
    None, with nothing done, where it is not so.
    """
    instance, name = find_open(stream, plan, event), event.name
    progress = instance.progress if instance else None
    if not instance or not progress:
        return None
    before = progress.state
    if not progress.goes_on(name):
        return None
    stream.coverage.stepped(plan.scope.name, before, name)
    instance.seen.add(name)
    instance.accepted_once = instance.accepted_once or progress.accepted
    ref = event.ref
    stream.touch(instance, ref)
    root, hearers = stream.root, [instance, *outer(instance)]
    if hearers[-1] is not root:  # it lies in nothing that is open, and yet in the connection
        hearers.append(root)
    for hearer in hearers:
        if name in hearer.plan.watching:
            _show(stream, event, hearer, (name,))
            stream.touch(hearer, ref)
    if not root.progress:
        stream.touch(root, ref)
    stream.recent.append(ref)
    return instance


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
    hearers: dict[Instance, dict[str, None]] = {}
    root = passage.stream.root
    if name in root.plan.watching:
        hearers[root] = {name: None}
    takers = [(instance, symbol) for instance, symbol, _ in passage.steps]
    for instance, symbol in (*takers, *passage.opened) if passage.opened else takers:
        _hear(hearers, instance, symbol)
    within = [*[instance for instance, _ in takers], *passage.ruled]
    for instance in within:
        around = instance.parent
        while around:
            _hear(hearers, around, name)
            around = around.parent
    for instance in passage.ruled:
        _hear(hearers, instance, name)
    if route.opened or route.watched:
        linked = [root, *(one for one, _ in (*takers, *passage.opened))]
        linked += [around for instance in within for around in outer(instance)]
        known = {instance.plan.scope.name for instance in linked}
        elsewhere = [plan for plan in (*route.opened, *route.watched) if plan.scope.name not in known]
        for instance in _open_for(passage, elsewhere):
            _hear(hearers, instance, name)
    return hearers


def _hear(hearers: dict[Instance, dict[str, None]], instance: Instance, name: str) -> None:
    if name in instance.plan.watching:
        hearers.setdefault(instance, {})[name] = None


def _show_to_rules(passage: Passage, hearers: dict[Instance, dict[str, None]]) -> None:
    ref = passage.event.ref
    for instance in sorted(hearers, key=lambda one: one.place) if len(hearers) > 1 else hearers:
        if not passage.unruled:
            _show(passage.stream, passage.event, instance, hearers[instance])
        passage.stream.touch(instance, ref)


def _open_for(passage: Passage, plans: Iterable[ScopePlan]) -> Iterator[Instance]:
    for plan in plans:
        if passage.event.name.startswith("$"):
            yield from passage.stream.live(plan.scope.name).values()
        elif instance := open_for(passage.stream, plan, passage.event):
            yield instance


def _show(stream: Stream, event: Event, instance: Instance, names: Collection[str]) -> None:
    plan = instance.plan
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
