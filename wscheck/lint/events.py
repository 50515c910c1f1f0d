"""Events that can never be told, that stand in each other's way, or that stand nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from wscheck.condition import Condition
from wscheck.contract.model import CLOSE, OPEN, Contract, EventDefinition
from wscheck.json_text import canonical
from wscheck.lint.remark import Remark
from wscheck.lint.subject import Subject
from wscheck.naming import variants
from wscheck.pointer import Pointer
from wscheck.schema import Schema
from wscheck.text import safe


def check_alternatives(subject: Subject) -> Iterator[Remark]:
    """Remark on definitions that an earlier one leaves nothing, and on those that may take from later ones."""
    events = [event for event in subject.contract.events if event.match is not None or not event.name.startswith("$")]
    shadowed = dict(_find_shadows(subject.contract, events))
    for name, shadow in shadowed.items():
        message = (
            f"nothing is ever {safe(name)}: {safe(shadow)}, which stands before it, fits all that it fits, and the "
            "first that fits wins; move it up, or narrow the other"
        )
        yield subject.remark("shadowed", message, subject.contract.definitions[name].path)
    for place, event in enumerate(events):
        others = [later for later in events[place + 1 :] if later.name not in shadowed and _same_kind(event, later)]
        both = [later.name for later in others if _takes_some(subject.contract, event, later)]
        if both and event.name not in shadowed:
            message = (
                f"what fits {safe(event.name)} may fit {_listed(both)} too, and is {safe(event.name)} then, for that "
                "stands first; see that you mean this order"
            )
            yield subject.remark("overlap", message, event.path)


def check_places(subject: Subject) -> Iterator[Remark]:
    """Remark on events that no order and no rule names."""
    contract = subject.contract
    placed = set(contract.ignore)
    for scope in contract.scopes.values():
        placed |= scope.ordered.union(*(rule.names for rule in scope.rules))
    for event in contract.events:
        name = event.name
        # Where no order speaks of the ends of a session, a definition only says that there is such an end.
        if name in placed or name in (OPEN, CLOSE):
            continue
        if name.startswith("$") and not variants(name.partition(".")[0], placed):
            continue
        if name.startswith("$"):
            message = (
                f"no order and no rule names {safe(name)}, so that this end of a session is let pass, whatever else "
                "was due: name it in the order of `connection`, or take it out"
            )
        else:
            message = (
                f"no order and no rule names {safe(name)}, so that it may come at any time, any number of times, or "
                "never: give it a place in an order, or list it in `ignore` if that is meant"
            )
        yield subject.remark("unplaced", message, event.path)


def _find_shadows(contract: Contract, events: Sequence[EventDefinition]) -> Iterator[tuple[str, str]]:
    """Yield the name of each event that an earlier one leaves nothing, and that of the earlier one."""
    for place, later in enumerate(events):
        for event in events[:place]:
            if _same_kind(event, later) and _takes_all(contract, event, later):
                yield later.name, event.name
                break


def _same_kind(event: EventDefinition, later: EventDefinition) -> bool:
    if "$" in (event.name[0], later.name[0]):
        return event.name.partition(".")[0] == later.name.partition(".")[0]
    return "either" in (event.sender, later.sender) or event.sender == later.sender


def _takes_all(contract: Contract, event: EventDefinition, later: EventDefinition) -> bool:
    if event.sender not in ("either", later.sender):
        return False
    mine, theirs = _conditions(contract, event), _conditions(contract, later)
    if mine is None or theirs is None:
        return False
    return all(any(_implies(given, wanted) for given in theirs) for wanted in mine)


def _takes_some(contract: Contract, event: EventDefinition, later: EventDefinition) -> bool:
    """Whether a message that fits both is sure to be possible, and each fits some that the other does not."""
    mine, theirs = _conditions(contract, event), _conditions(contract, later)
    if mine is None or theirs is None or _takes_all(contract, later, event):
        return False
    return all(_can_meet(one, other) for one, other in product(mine, theirs))


def _conditions(contract: Contract, event: EventDefinition) -> tuple[Condition, ...] | None:
    """Return what ``event`` is known by, None where that cannot be said of one pointer."""
    if event.match is not None:
        return event.match
    if len(contract.event_name) != 1 or event.name.isdigit():
        return None
    return (Condition(pointer=contract.event_name[0], test=(event.name,)),)


def _implies(given: Condition, wanted: Condition) -> bool:
    """Whether it is certain that whatever meets ``given`` meets ``wanted``."""
    if wanted.test is None:
        return given.pointer.text == wanted.pointer.text or given.pointer.text.startswith(f"{wanted.pointer.text}/")
    if given.pointer != wanted.pointer:
        return False
    match given.test, wanted.test:
        case (mine,), (due,):
            return canonical(mine) == canonical(due)
        case (mine,), Schema() as due:
            return due.accepts(mine)
        case Schema() as mine, Schema() as due:
            return canonical(mine.document) == canonical(due.document)
        case Schema() as mine, (due,):
            only = mine.document.get("const", mine.document) if isinstance(mine.document, dict) else None
            return only is not mine.document and canonical(only) == canonical(due)
        case _:
            return False


def _can_meet(one: Condition, other: Condition) -> bool:
    """Whether it is certain that one message can meet both."""
    if _nested(one.pointer, other.pointer):
        return one.test is None or other.test is None
    if one.pointer != other.pointer:
        return True
    match one.test, other.test:
        case (None, _) | (_, None):
            return True
        case (mine,), (due,):
            return canonical(mine) == canonical(due)
        case ((constant,), Schema() as schema) | (Schema() as schema, (constant,)):
            return schema.accepts(constant)
        case _:
            return one.test is other.test or canonical(_document(one)) == canonical(_document(other))


def _document(condition: Condition) -> object:
    return condition.test.document if isinstance(condition.test, Schema) else None


def _nested(one: Pointer, other: Pointer) -> bool:
    return one != other and (one.text.startswith(f"{other.text}/") or other.text.startswith(f"{one.text}/"))


def _listed(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(map(safe, names[:-1])), safe(names[-1]))))
