"""The ``where`` of an expect step, made ready to be held against events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wscheck.condition import Condition, compile_condition
from wscheck.scenario.model import Wanted
from wscheck.schema import compile_schema


def compile_where(where: Sequence[Wanted]) -> tuple[Condition, ...]:
    """Compile the members of a ``where``. Raises SchemaError where a schema cannot be used."""
    return tuple(
        compile_condition(one.pointer.text, one.wanted, partial(compile_schema, folder=None, base=one.path))
        for one in where
    )
