"""Whether a value holds to a JSON Schema, as jsonschema says: wscheck asks jsonschema-rs."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import jsonschema
from jsonschema.validators import validator_for

from wscheck.schema import get_ready

get_ready()  # imports jsonschema without the slow grammar of a format that no contract uses


def accepts(schema: Any, value: Any) -> bool:
    """Whether ``schema`` accepts ``value``; formats are asserted, the draft is 2020-12 where it says none."""
    return _accepts(_Same(schema), json.dumps(value))


class _Same:
    """A schema that is equal to itself alone, so that a cache can know it."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.schema is other.schema

    def __hash__(self) -> int:
        return id(self.schema)


@lru_cache(maxsize=50_000)
def _accepts(schema: _Same, value: str) -> bool:
    return bool(_validator(schema).is_valid(json.loads(value)))


@lru_cache(maxsize=2_000)
def _validator(schema: _Same) -> Any:
    kind = validator_for(schema.schema, default=jsonschema.Draft202012Validator)
    return kind(schema.schema, format_checker=kind.FORMAT_CHECKER)
