"""A `where`: what must stand at places of an event, or of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from wscheck.condition import Condition, compile_condition
from wscheck.pointer import Pointer, join
from wscheck.schema import compile_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One member of a ``where``: what must stand at ``pointer``.

    ``wanted`` is a JSON Schema where it is an object, "is there and is not null" where it is true, else a constant.
    ``path`` is its place in its document, a JSON Pointer.
    """

    pointer: Pointer
    wanted: Any
    path: str = ""


def build_where(where: Mapping[str, Any], path: str) -> tuple[Wanted, ...]:
    """Return the members of a ``where`` that stands at ``path``."""
    return tuple(
        Wanted(pointer=Pointer(pointer), wanted=wanted, path=join(path, pointer)) for pointer, wanted in where.items()
    )


def compile_where(where: Sequence[Wanted]) -> tuple[Condition, ...]:
    """Return ``where`` ready to be held against values. Raises SchemaError where a schema in it cannot be used."""
    return tuple(
        compile_condition(one.pointer.text, one.wanted, partial(compile_schema, folder=None, base=one.path))
        for one in where
    )
