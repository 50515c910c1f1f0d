"""What must stand at a place of a message: `match` in a contract, `where` in a scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wscheck.json_text import canonical
from wscheck.pointer import MISSING, Pointer
from wscheck.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What ``pointer`` must find. ``test`` is a Schema, a one-element tuple with a constant, or None: anything."""

    pointer: Pointer
    test: Schema | tuple[Any] | None

    def is_met_by(self, value: Any) -> bool:
        """Whether ``value`` meets it. A pointer that finds nothing, or null, never does."""
        found = self.pointer.find(value)
        if found is MISSING or found is None:
            return False
        match self.test:
            case None:
                return True
            case (constant,):
                return canonical(found) == canonical(constant)
            case schema:
                return schema.accepts(found)

    def demands_other_text(self, text: str) -> bool:
        """Whether it is met by one string only, which is not ``text``."""
        return isinstance(self.test, tuple) and isinstance(self.test[0], str) and self.test[0] != text


def compile_condition(pointer: str, wanted: Any, compile_test: Callable[[Any], Schema]) -> Condition:
    """Compile one member as it is written: `true`, a JSON Schema (an object), or a constant."""
    if wanted is True:
        return Condition(pointer=Pointer(pointer), test=None)
    return Condition(pointer=Pointer(pointer), test=compile_test(wanted) if isinstance(wanted, dict) else (wanted,))
