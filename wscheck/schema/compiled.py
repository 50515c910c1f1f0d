"""A JSON Schema, compiled: here jsonschema-rs judges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from itertools import islice
from math import copysign, isinf
from pathlib import Path
from sys import float_info
from typing import Any

import jsonschema_rs

from wscheck.pointer import join
from wscheck.schema.explanation import Failure, pick
from wscheck.schema.file import SchemaDocument, SchemaError, shown
from wscheck.schema.reference import BASE, Closure, close
from wscheck.schema.second_opinion import MAX_FAILURES, Judge, Opinion, second_opinion
from wscheck.schema.words import Explanation, say, tell
from wscheck.text import safe

_JUDGES: Mapping[str, type[jsonschema_rs.Validator]] = {
    "4": jsonschema_rs.Draft4Validator,
    "6": jsonschema_rs.Draft6Validator,
    "7": jsonschema_rs.Draft7Validator,
    "2019-09": jsonschema_rs.Draft201909Validator,
    "2020-12": jsonschema_rs.Draft202012Validator,
}
_LINEAR = jsonschema_rs.RegexOptions()
_BACKTRACKING = jsonschema_rs.FancyRegexOptions()


@dataclass(frozen=True, kw_only=True, eq=False)
class Schema:
    """A JSON Schema, compiled. ``document`` is its value, ``files`` are the schema files it refers to."""

    document: Any
    files: tuple[Path, ...]
    closure: Closure = field(repr=False)
    judge: jsonschema_rs.Validator = field(repr=False)

    def accepts(self, value: Any) -> bool:
        """Return whether ``value``, as json_text.decode gives it, is as the schema says. Never raises.

        A number that is infinite as a double is judged as the greatest double there is.
        """
        return self.judge.is_valid(value) or (_holds_infinity(value) and self.judge.is_valid(_finite(value)))

    def explain(self, value: Any) -> Explanation:
        """Return why ``value``, which is not accepted, is not: one failure, the one that was probably meant."""
        value = _finite(value)
        opinion, whole = self._opinion(value)
        if not whole:  # the judge would take even longer
            return tell(opinion)
        judged = [_failure(error) for error in islice(self.judge.iter_errors(value), MAX_FAILURES)]
        # Where the two engines differ, the judge says what is broken.
        paths = {failure.instance_path for failure in judged}
        agreed = [_named(failure, judged) for failure in opinion if failure.instance_path in paths]
        return tell(agreed or judged)

    @cached_property
    def _opinion(self) -> Opinion:
        return second_opinion(self.closure, _judge_alone(self.closure.documents[0].draft))


def compile_schema(schema: object, *, folder: Path | None, base: str = "") -> Schema:
    """Compile a JSON Schema of draft 4, 6, 7, 2019-09 or 2020-12, which is told by ``$schema``; without it, 2020-12.

    References are resolved now, in ``folder`` only (without one, to no file at all), and nothing is ever fetched.
    Patterns run in linear time. ``base`` is the JSON Pointer (RFC 6901) where the schema stands in its document; it
    begins the pointer of every error. Raises SchemaError.
    """
    try:
        closure = close(schema, folder)
        for document in closure.documents:
            _hold_to_draft(document)
            _refuse_patterns(document)
        judge = _compiled(closure)
    except SchemaError as error:
        raise SchemaError(error.message, base + error.pointer) from None
    return Schema(document=schema, files=closure.files, closure=closure, judge=judge)


def engine() -> str:
    """Return the name and version of the engine that judges."""
    return f"jsonschema-rs {version('jsonschema-rs')}"


def _hold_to_draft(document: SchemaDocument) -> None:
    try:
        jsonschema_rs.meta.validate(document.value)
    except jsonschema_rs.ValidationError as error:
        failure = pick([_failure(error)])
        raise document.fail(say(failure), join("", *failure.instance_path)) from None


def _refuse_patterns(document: SchemaDocument) -> None:
    for pointer, pattern in document.patterns:
        if _runs(pattern, _LINEAR):
            continue
        why = "is no regular expression (ECMA-262), or too large a one"
        if _runs(pattern, _BACKTRACKING):
            why = "cannot be run in linear time: write it without lookaround, backreferences and large repetitions"
        raise document.fail(f"the pattern {shown(pattern)} {why}", pointer)


def _runs(pattern: str, options: jsonschema_rs.RegexOptions | jsonschema_rs.FancyRegexOptions) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
    except jsonschema_rs.ValidationError:
        return False
    return True


def _compiled(closure: Closure) -> jsonschema_rs.Validator:
    root, *others = closure.documents
    try:
        return _JUDGES[root.draft](
            root.redirected(),
            validate_formats=True,
            pattern_options=_LINEAR,
            registry=jsonschema_rs.Registry([(document.uri, document.redirected()) for document in others]),
            base_uri=BASE,
            offline=True,
        )
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        reason = safe(str(error).partition("\n")[0])
        raise SchemaError(f"this schema cannot be compiled: {reason}") from None


def _judge_alone(draft: str) -> Judge:
    """Return what judges one keyword alone; each keyword and limit is compiled once."""
    judges: dict[tuple[str, Any], Callable[[Any], bool]] = {}

    def judge(keyword: str, limit: Any, value: Any) -> bool:
        accepts = judges.get((keyword, limit))
        if accepts is None:
            schema = {keyword: limit}
            accepts = _JUDGES[draft](schema, validate_formats=True, pattern_options=_LINEAR, offline=True).is_valid
            judges[(keyword, limit)] = accepts
        return accepts(value)

    return judge


def _holds_infinity(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_infinity, value.values()))
    if isinstance(value, list):
        return any(map(_holds_infinity, value))
    return isinstance(value, float) and isinf(value)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return copysign(float_info.max, value) if isinstance(value, float) and isinf(value) else value


def _named(failure: Failure, judged: Sequence[Failure]) -> Failure:
    """Return ``failure`` with the names that only the judge tells."""
    if failure.names or failure.keyword != "unevaluatedProperties":
        return failure
    same = (f.names for f in judged if (f.keyword, f.instance_path) == (failure.keyword, failure.instance_path))
    return replace(failure, names=next(same, ()))


def _failure(error: jsonschema_rs.ValidationError) -> Failure:
    """Return an error of jsonschema_rs as a failure."""
    told = error.kind.as_dict()
    keyword = {"falseSchema": "false"}.get(error.kind.name, error.kind.name)
    path = error.evaluation_path
    if keyword == "required" and path and path[-1] in ("dependencies", "dependentRequired"):
        keyword = str(path[-1])
    branches = told.get("context", [])
    if keyword == "propertyNames" and "error" in told:
        branches = [[told["error"]]]
    return Failure(
        keyword=keyword,
        limit=next(iter(told.values()), None),
        instance=error.instance,
        instance_path=tuple(error.instance_path),
        schema_path=tuple(path),
        names=tuple(told["unexpected"] if "unexpected" in told else [told["property"]] if "property" in told else ()),
        branches=tuple(tuple(map(_failure, branch)) for branch in branches),
    )
