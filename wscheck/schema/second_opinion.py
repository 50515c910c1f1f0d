"""What breaks a JSON Schema, as jsonschema tells it: the one file that imports it, and only when it is needed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from wscheck.schema.explanation import Failure
from wscheck.schema.file import SchemaDocument
from wscheck.schema.reference import Closure

MAX_FAILURES = 1000
"""Failures of one value that are looked at."""

MAX_CHECKS = 5000
"""Keywords that are looked at for one value: what is nested in anyOf doubles with every level."""

Judge: TypeAlias = Callable[[str, Any, Any], bool]
"""Whether a value is as a keyword, with its limit, asks for: ``judge("pattern", "^a", "b")``."""

Opinion: TypeAlias = Callable[[Any], tuple[Sequence[Failure], bool]]
"""What breaks the schema in a value, nothing where jsonschema cannot tell, and whether time was left for all of it."""


def get_ready() -> None:
    """Import what explains now: in the middle of a live session the import would be a stall of ours."""
    with _left_out("rfc3987_syntax"):
        importlib.import_module("jsonschema")
    importlib.import_module("referencing.jsonschema")


def second_opinion(closure: Closure, judge: Judge) -> Opinion:
    """Return jsonschema's opinion on values of a schema. Patterns, formats and multiples are left to ``judge``."""
    # There jsonschema would run patterns in Python's engine, which can take for ever.
    if closure.mixed or {"patternProperties", "unevaluatedProperties"} <= closure.keywords:
        return _no_opinion
    get_ready()
    import jsonschema  # noqa: PLC0415
    import referencing.exceptions  # noqa: PLC0415
    import referencing.jsonschema  # noqa: PLC0415

    root, *others = closure.documents
    number = root.draft.replace("-", "")
    plain: Any = getattr(jsonschema, f"Draft{number}Validator")
    draft: Any = getattr(referencing.jsonschema, f"DRAFT{number}")
    registry: Any = referencing.Registry()
    budget = _Budget()
    checks = {**plain.VALIDATORS, **_linear_checks(judge, jsonschema.ValidationError)}
    extend: Any = jsonschema.validators.extend
    kind = extend(plain, {keyword: _counted(keyword, check, budget) for keyword, check in checks.items()})
    resources = [(document.uri, draft.create_resource(_without_draft(document))) for document in others]
    validator = kind(schema=_without_draft(root), registry=registry.with_resources(resources))

    def opinion(value: Any) -> tuple[Sequence[Failure], bool]:
        budget.left = MAX_CHECKS
        found: list[Failure] = []
        try:
            found.extend(map(_failure, islice(validator.iter_errors(value), MAX_FAILURES)))
        except _TooMuchError:
            return found, False
        except (_PlaceLostError, RecursionError, referencing.exceptions.Unresolvable):
            return (), True
        return found, True

    return opinion


@contextmanager
def _left_out(name: str) -> Iterator[None]:
    """Let the module ``name`` not be imported by another: jsonschema builds a grammar with it, for formats of its own.

    That takes seconds wherever somebody else's package has brought it, and formats are not asked of jsonschema.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # what Python itself takes for "is not there"
    try:
        yield
    finally:
        del sys.modules[name]


class _TooMuchError(Exception):
    """More than MAX_CHECKS keywords were looked at."""


class _PlaceLostError(Exception):
    """jsonschema does not tell which of several alternatives fails: it does not where one is just ``false``."""


@dataclass(slots=True)
class _Budget:
    """How many keywords may still be looked at for one value."""

    left: int = 0

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _TooMuchError


def _no_opinion(_: Any) -> tuple[Sequence[Failure], bool]:
    return (), True


def _without_draft(document: SchemaDocument) -> Any:
    """Return the document without ``$schema``, by which jsonschema would go back to its own, unbounded checks."""
    value = document.redirected()
    return {name: value[name] for name in value if name != "$schema"} if isinstance(value, dict) else value


def _counted(keyword: str, check: Any, budget: _Budget) -> Any:
    def counted(validator: Any, limit: Any, instance: Any, schema: Any) -> Iterator[Any]:
        budget.spend()
        for error in check(validator, limit, instance, schema) or ():
            if keyword == "$ref":  # jsonschema leaves it out of its paths
                error.schema_path.appendleft(keyword)
            yield error

    return counted


def _linear_checks(judge: Judge, error_kind: Any) -> Mapping[str, Any]:
    """Return the checks that jsonschema would do by Python's patterns, by doubles, or by formats of its own."""

    def assertion(keyword: str) -> Any:
        def check(_validator: Any, limit: Any, instance: Any, _schema: Any) -> Iterator[Any]:
            if not judge(keyword, limit, instance):
                yield error_kind("")

        return check

    def properties(validator: Any, limit: Any, instance: Any, _schema: Any) -> Iterator[Any]:
        for name, inner in limit.items() if isinstance(instance, dict) else ():
            if name in instance:
                yield from _descend(validator, instance[name], inner, path=name, schema_path=name)

    def pattern_properties(validator: Any, limit: Any, instance: Any, _schema: Any) -> Iterator[Any]:
        for pattern, inner in limit.items() if isinstance(instance, dict) else ():
            for name in instance:
                if judge("pattern", pattern, name):
                    yield from _descend(validator, instance[name], inner, path=name, schema_path=pattern)

    def additional_properties(validator: Any, limit: Any, instance: Any, schema: Any) -> Iterator[Any]:
        extras = _extras(instance, schema, judge)
        if limit is False and extras:
            # The names travel in the context, for the error itself has no place for them.
            yield error_kind("", context=[error_kind("", instance=extras)])
        elif limit is not False:
            for name in extras:
                yield from validator.descend(instance[name], limit, path=name)

    def property_names(validator: Any, limit: Any, instance: Any, _schema: Any) -> Iterator[Any]:
        for name in instance if isinstance(instance, dict) else ():
            for error in validator.descend(name, limit):
                yield error_kind("", context=[error])

    return {
        **{keyword: assertion(keyword) for keyword in ("format", "multipleOf", "pattern")},
        "additionalProperties": additional_properties,
        "patternProperties": pattern_properties,
        "properties": properties,
        "propertyNames": property_names,
    }


def _descend(validator: Any, instance: Any, schema: Any, *, path: str, schema_path: str) -> Iterator[Any]:
    for error in validator.descend(instance, schema, path=path, schema_path=schema_path):
        if schema is False:  # of this one jsonschema does not say where it stands
            error.path.appendleft(path)
            error.schema_path.appendleft(schema_path)
        yield error


def _extras(instance: Any, schema: Mapping[str, Any], judge: Judge) -> list[str]:
    if not isinstance(instance, dict):
        return []
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    return [
        name for name in instance if name not in known and not any(judge("pattern", each, name) for each in patterns)
    ]


def _failure(error: Any) -> Failure:
    """Return an error of jsonschema as a failure."""
    schema = error.schema if isinstance(error.schema, dict) else {}
    return Failure(
        keyword=error.validator or "false",
        limit=error.validator_value,
        instance=error.instance,
        instance_path=tuple(error.absolute_path),
        schema_path=tuple(error.absolute_schema_path),
        names=tuple(_names(error)),
        known=tuple(schema.get("properties", ())),
        siblings=schema,
        branches=tuple(tuple(map(_failure, branch)) for branch in _branches(error)),
    )


def _names(error: Any) -> Sequence[str]:
    """Return the members that an error is about."""
    limit, instance = error.validator_value, error.instance
    if error.validator == "required":
        return [name for name in limit if name not in instance]
    if error.validator == "additionalProperties" and error.context:
        return list(error.context[0].instance)
    if error.validator in ("dependencies", "dependentRequired"):
        needs = [need for name, need in limit.items() if name in instance and isinstance(need, list)]
        return [name for need in needs for name in need if name not in instance]
    return []


def _branches(error: Any) -> Sequence[Sequence[Any]]:
    if error.validator == "propertyNames":
        return [error.context]
    if error.validator not in ("anyOf", "oneOf"):
        return []
    branches: list[list[Any]] = [[] for _ in error.validator_value]
    for inner in error.context:
        if not inner.relative_schema_path:
            raise _PlaceLostError
        branches[inner.relative_schema_path[0]].append(inner)
    return branches
