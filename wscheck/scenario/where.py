"""The ``where`` of an expect step, made ready to be held against events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wscheck.json_text import canonical
from wscheck.pointer import MISSING, Pointer
from wscheck.scenario.model import Condition
from wscheck.schema import compile_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What an event's value must hold: each pointer with its test, as ``match`` has them in a contract."""

    tests: tuple[tuple[Pointer, Callable[[Any], bool]], ...] = ()

    def met_by(self, value: Any) -> bool:
        """Whether every pointer finds in ``value`` what is wanted there. Nothing and null never do."""
        return all(_is_there(found := pointer.find(value)) and test(found) for pointer, test in self.tests)

    @property
    def pointers(self) -> tuple[str, ...]:
        """The text of each pointer, in the order given."""
        return tuple(pointer.text for pointer, _ in self.tests)


def compile_where(conditions: Sequence[Condition]) -> Where:
    """Compile ``conditions``. Raises SchemaError where a schema cannot be used."""
    return Where(tests=tuple((condition.pointer, _compile_test(condition)) for condition in conditions))


def _compile_test(condition: Condition) -> Callable[[Any], bool]:
    wanted = condition.wanted
    if wanted is True:
        return _is_there
    if isinstance(wanted, dict):
        return compile_schema(wanted, folder=None, base=condition.path).accepts
    constant = canonical(wanted)
    return lambda found: canonical(found) == constant


def _is_there(found: Any) -> bool:
    return found is not MISSING and found is not None
