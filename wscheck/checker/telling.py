"""What the passage of one event gives to report."""

from __future__ import annotations

from typing import Any

from wscheck.checker import sentences
from wscheck.checker.findings import Draft
from wscheck.checker.instance import Instance
from wscheck.checker.lookup import Answer, Ended, Never, NoKey, Outside, Unclear
from wscheck.checker.passage import Passage
from wscheck.checker.plan import ScopePlan
from wscheck.contract.model import Scope
from wscheck.event import Event
from wscheck.finding import Blame, Verdict
from wscheck.order.progress import AfterEnd, Debt, Duplicate, Missing, Paid, Step, Taken, Unexpected


def report_step(passage: Passage, instance: Instance, symbol: str, step: Step) -> None:
    """Report what an order made of the event."""
    match step:
        case Taken():
            return
        case Paid(debt):
            pay(passage, symbol, debt)
        case Duplicate():
            passage.unruled = True
            report_duplicate(passage, instance.plan.scope, instance)
        case AfterEnd():
            passage.unruled = True
            report_after_end(passage, instance.plan.scope, instance)
        case Missing(names, debt):
            debt.report = _report_order(
                passage, "missing", instance, f"came without {sentences.names(names, 'and')} before it", missing=names
            )
        case Unexpected(expected):
            _report_order(
                passage,
                "unexpected",
                instance,
                f"has no place here: {sentences.names(expected)} was due",
                expected=expected,
            )


def report_crowd(passage: Passage, instance: Instance) -> None:
    """Report that ``instance``, just opened, is one more than its scope lets be open at once in one parent."""
    scope, parent = instance.plan.scope, instance.parent
    if scope.max_open is None or parent is None:
        return
    number = sum(child.plan is instance.plan for child in parent.children.values())
    if number > scope.max_open:
        passage.stream.report(
            "too-many-open",
            f"{sentences.event(passage.event)} opens {sentences.instance(scope, instance.shown)} as number {number}, "
            f"where at most {scope.max_open} may be open at once",
            scope=scope,
            instance=instance,
            event=passage.event,
            path=f"{scope.path}/max_open",
        )


def _report_order(passage: Passage, code: str, instance: Instance, what: str, **members: Any) -> Draft | None:
    """Report a fault against the order of ``instance``."""
    scope = instance.plan.scope
    blame: Blame = passage.stream.blame(members["missing"]) if "missing" in members else _sender(passage.event)
    return passage.stream.report(
        code,
        f"{sentences.event(passage.event)} in {sentences.instance(scope, instance.shown)} {what}",
        scope=scope,
        instance=instance,
        event=passage.event,
        path=f"{scope.path}/order",
        blame=blame,
        verdict=None if passage.stream.conclusive else Verdict.INCONCLUSIVE,
        **members,
    )


def pay(passage: Passage, name: str, debt: Debt) -> None:
    """Amend the finding of what was skipped: ``name`` has come, too late."""
    draft = debt.report
    if not isinstance(draft, Draft):
        return
    finding, event, scope = draft.finding, passage.event, passage.stream.plan.scopes[draft.finding.scope or ""].scope
    still = list(finding.missing)
    if name in still:
        still.remove(name)
    late = sentences.names([sentences.event(ref) for ref in (*finding.related, event.ref)], "and")
    early = sentences.event(finding.event) if finding.event else "an event"
    passage.stream.findings.turn(
        draft,
        "out-of-order",
        related=(*finding.related, event.ref),
        missing=tuple(still),
        message=f"{early} in {sentences.instance(scope, finding.key)} came too early: {late} should have come before",
    )


def report_duplicate(passage: Passage, scope: Scope, late: Instance | Ended) -> None:
    """Report that the event repeats the last one."""
    passage.stream.report(
        "duplicate",
        f"{sentences.event(passage.event)} repeats the last event of {sentences.instance(scope, late.shown)}",
        scope=scope,
        event=passage.event,
        path=f"{scope.path}/order",
        **({"instance": late} if isinstance(late, Instance) else {"shown": late.shown}),
    )


def report_after_end(passage: Passage, scope: Scope, late: Instance | Ended) -> None:
    """Report that the event comes too late."""
    end = f"with {sentences.event(late.remains.end)}" if isinstance(late, Ended) else "and waits for what lies in it"
    passage.stream.report_once(
        "after-end",
        scope,
        late.key if scope.key else None,
        f"{sentences.event(passage.event)} for {sentences.instance(scope, late.shown)}, which had already ended {end}",
        event=passage.event,
        path=f"{scope.path}/order",
        **({"instance": late} if isinstance(late, Instance) else {"shown": late.shown}),
    )


def report_homeless(passage: Passage, plan: ScopePlan, answer: Answer) -> None:
    """Report that no instance is there for the event, and none opens."""
    scope = plan.scope
    if isinstance(answer, NoKey):
        pointers = (scope.key or {}).get(passage.event.name) or ()
        where = sentences.names(pointer.text for pointer in pointers) if pointers else "any place"
        passage.stream.report_once(
            "no-key",
            scope,
            passage.event.name,
            f"{sentences.event(passage.event)} holds no key of {scope.name} (at {where})",
            event=passage.event,
            path=f"{scope.path}/key",
        )
    elif isinstance(answer, Never):
        first = sentences.names(scope.order.moves[0]) if scope.order else "another event"
        passage.stream.report_once(
            "orphan",
            scope,
            answer.key if scope.key else None,
            f"{sentences.event(passage.event)} for {sentences.instance(scope, answer.shown)}, which was never opened "
            f"(it must start with {first})",
            event=passage.event,
            shown=answer.shown,
            expected=tuple(scope.order.moves[0]) if scope.order else (),
            path=f"{scope.path}/order",
        )


def report_unclear(passage: Passage, scope: Scope, unclear: Unclear) -> None:
    """Report that the event could belong to several instances."""
    passage.stream.report(
        "ambiguous",
        f"{sentences.event(passage.event)} could belong to any of {unclear.several} open instances of {scope.name}: "
        "it carries no key",
        scope=scope,
        event=passage.event,
        path=f"{scope.path}/key",
    )


def report_unclear_parent(passage: Passage, instance: Instance, unclear: Unclear) -> None:
    """Report that ``instance`` could lie in several others."""
    scope = instance.plan.scope
    passage.stream.report(
        "ambiguous",
        f"{sentences.instance(scope, instance.shown)}, opened by {sentences.event(passage.event)}, could lie in any of "
        f"{unclear.several} open instances of {scope.parent}: the event does not name one",
        scope=scope,
        instance=instance,
        event=passage.event,
        path=f"{scope.path}/in",
    )


def report_outside(passage: Passage, instance: Instance, outside: Outside) -> None:
    """Report that ``instance`` lies in none."""
    scope = instance.plan.scope
    passage.stream.report_once(
        "outside-parent",
        scope,
        outside.key,
        f"{sentences.event(passage.event)} opens {sentences.instance(scope, instance.shown)} where no {scope.parent} "
        "that it could lie in is open",
        instance=instance,
        event=passage.event,
        path=f"{scope.path}/{'parent_key' if scope.parent_key else 'in'}",
    )


def _sender(event: Event) -> Blame:
    return "client" if event.direction == "sent" else "server"
