"""Who gets an event: the open instances that it belongs to, and those that it opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wscheck.checker import sentences, telling
from wscheck.checker.instance import Instance
from wscheck.checker.lookup import (
    Answer,
    Ended,
    Never,
    NoKey,
    Opens,
    Outside,
    Unclear,
    find_parent,
    key_in,
    look_up,
    look_up_without_order,
    open_for,
)
from wscheck.checker.passage import Passage, outer
from wscheck.checker.plan import Route, ScopePlan
from wscheck.contract.model import Scope
from wscheck.order.progress import AfterEnd, Duplicate, Paid


def give(passage: Passage, route: Route) -> None:
    """Find the instances that the event goes to, and open those that it opens, outermost first."""
    if passage.event.name.startswith("$"):
        _give_to_all(passage, route)
    else:
        _give_by_key(passage, route)


def _give_to_all(passage: Passage, route: Route) -> None:
    for plan in (plan for siblings in route.siblings for plan in siblings):
        live = list(passage.stream.live(plan.scope.name).values())
        if not live and plan.scope.key is None and plan.scope.order and plan.scope.order.starts(passage.event.name):
            _open(passage, plan, Opens(None, None))
        else:
            passage.steps += [(instance, passage.event.name, False) for instance in live]


def _give_by_key(passage: Passage, route: Route) -> None:
    stream, event = passage.stream, passage.event
    answers = [[(plan, look_up(stream, plan, event)) for plan in siblings] for siblings in route.siblings]
    openings: list[tuple[ScopePlan, Opens]] = []
    for siblings in answers:
        openings += _give_to_siblings(passage, siblings)
    if route.opened:
        openings += list(_openings_by_rules(passage, route, openings))
    if len(openings) > 1:
        openings.sort(key=lambda opening: (opening[0].scope.depth, opening[0].scope.position))
    for plan, opens in openings:
        _open(passage, plan, opens)


def _give_to_siblings(passage: Passage, siblings: list[tuple[ScopePlan, Answer]]) -> list[tuple[ScopePlan, Opens]]:
    # Among scopes with one parent whose orders name the event, one that has it open speaks for all.
    taken = False
    openings: list[tuple[ScopePlan, Opens]] = []
    late: list[tuple[ScopePlan, Ended]] = []
    for plan, answer in siblings:
        match answer:
            case Instance():
                taken = True
                passage.steps.append((answer, passage.event.name, False))
            case Opens():
                taken = True
                openings.append((plan, answer))
            case Unclear():
                taken = True
                telling.report_unclear(passage, plan.scope, answer)
            case Ended(remains=remains) if passage.event.name in remains.owed:
                taken = True
                _give_to_ended(passage, plan.scope, answer)
            case Ended():
                late.append((plan, answer))
            case Never() | NoKey():
                pass
    if not taken and late:
        plan, last = max(late, key=lambda one: one[1].remains.ended)
        _give_to_ended(passage, plan.scope, last)
    elif not taken:
        telling.report_homeless(passage, *siblings[0])
    return openings


def _give_to_ended(passage: Passage, scope: Scope, ended: Ended) -> None:
    match ended.remains.give(passage.event.name):
        case Paid(debt):
            telling.pay(passage, passage.event.name, debt)
        case Duplicate():
            passage.unruled = True
            telling.report_duplicate(passage, scope, ended)
        case AfterEnd():
            passage.unruled = True
            telling.report_after_end(passage, scope, ended)


def _openings_by_rules(
    passage: Passage, route: Route, openings: list[tuple[ScopePlan, Opens]]
) -> Iterator[tuple[ScopePlan, Opens]]:
    answers = {plan.scope.name: look_up_without_order(passage.stream, plan, passage.event) for plan in route.opened}
    linked = set(_linked(passage, answers.values(), openings))
    # Where a scope with an order and the same parent names the event, that one has taken it or has reported it.
    spoken_for = {plan.scope.parent for siblings in route.siblings for plan in siblings}
    homeless: list[tuple[ScopePlan, Answer]] = []
    for plan in route.opened:
        answer = answers[plan.scope.name]
        if isinstance(answer, Never | NoKey | Ended) and plan.scope.name not in linked:
            homeless.append((plan, answer))
            continue
        spoken_for.add(plan.scope.parent)
        if plan.scope.name in linked:
            continue
        if isinstance(answer, Opens):
            yield plan, answer
        elif isinstance(answer, Instance):
            passage.ruled.append(answer)
        elif isinstance(answer, Unclear):
            telling.report_unclear(passage, plan.scope, answer)
    if homeless:  # one that only watches it, and is open for it, speaks for its siblings too
        watching = (plan for plan in route.watched if open_for(passage.stream, plan, passage.event))
        spoken_for.update(plan.scope.parent for plan in watching)
    for plan, answer in homeless:
        if plan.scope.parent not in spoken_for:
            spoken_for.add(plan.scope.parent)
            telling.report_homeless(passage, plan, answer)


def _linked(passage: Passage, answers: Iterable[Answer], openings: list[tuple[ScopePlan, Opens]]) -> Iterator[str]:
    """Yield the scopes in which something lies that takes the event: it goes to them by that link, not by its key."""
    takers = [instance for instance, _, _ in passage.steps]
    takers += [answer for answer in answers if isinstance(answer, Instance)]
    yield from (one.plan.scope.name for instance in takers for one in outer(instance))
    for plan, _ in openings:
        parent = find_parent(passage.stream, plan, passage.event)
        if isinstance(parent, Instance):
            yield from (one.plan.scope.name for one in (parent, *outer(parent)))


def _open(passage: Passage, plan: ScopePlan, opens: Opens) -> None:
    stream, event, scope = passage.stream, passage.event, plan.scope
    excuse = event.name in scope.abandons
    if opens.instead:
        stream.end(opens.instead, event, excuse=excuse)
    reused = scope.key is not None and stream.remains(scope.name, opens.key) is not None
    found = find_parent(stream, plan, event)
    parent = found if isinstance(found, Instance) else None
    key = key_in(parent) if scope.key is None else opens.key
    if scope.key is None and (there := stream.live(scope.name).get(key)):
        if not (there.progress and there.progress.gives_way_to(event.name)):
            passage.steps.append((there, event.name, False))
            return
        stream.end(there, event, excuse=excuse)
    instance = stream.open_instance(plan, key, opens.shown, event, parent)
    telling.report_crowd(passage, instance)
    if isinstance(found, Unclear):
        telling.report_unclear_parent(passage, instance, found)
    elif isinstance(found, Outside):
        telling.report_outside(passage, instance, found)
    if reused:
        stream.report(
            "reused-key",
            f"{sentences.event(event)} opens {sentences.instance(scope, opens.shown)} again",
            scope=scope,
            instance=instance,
            event=event,
            path=f"{scope.path}/key",
        )
    if scope.order:
        passage.steps.append((instance, event.name, False))
    else:
        passage.ruled.append(instance)
    if not parent:
        return
    passage.opened.append((parent, scope.name))
    if parent.plan.scope.order and scope.name in parent.plan.scope.order.alphabet:
        passage.steps.append((parent, scope.name, True))
