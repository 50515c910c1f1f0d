"""What was done to a stream, in words: one fault, or several of a kind at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wscheck.strength.model import Operator
from wscheck.text import safe

KINDS: Mapping[Operator, str] = {
    "drop": "losing one {events}",
    "duplicate": "{events} once more",
    "replay": "{events} once more",
    "inject": "{events} once more",
    "swap": "{details} out of order",
    "move": "{details} out of order",
    "reverse": "{details} out of order",
    "truncate": "losing everything from {events} on",
    "delay": "{events} coming {details} s late",
    "retype": "{events} told as {details}",
    "unknown": "a name that no event has in place of {events}",
    "wrong-type": "another type at {details} of {events}",
    "missing-member": "{events} without {details}",
    "null-id": "null at {details} of {events}",
    "ghost-id": "an id that nobody gave out at {details} of {events}",
    "crossed-id": "the id of another at {details} of {events}",
}
"""By operator: what it does. Operators that do the same in different places have the same words."""

_MOST_NAMED = 12


def describe(operator: Operator, events: Sequence[str], details: Sequence[str]) -> str:
    """Say what the operator did to ``events``; ``details`` as a mutant has them."""
    told = [f"`{one}`" for one in details] if operator == "retype" else [safe(one) for one in details]
    return KINDS[operator].format(events=_listed([f"`{event}`" for event in events]), details=_listed(told))


def name_pair(one: str, other: str) -> str:
    """Name two events that are out of order."""
    return f"two `{one}`" if one == other else f"`{one}` and `{other}`"


def _listed(names: Sequence[str]) -> str:
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} or {len(names) - _MOST_NAMED} more"
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
