"""What each keyword of JSON Schema asks for, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wscheck.json_text import canonical
from wscheck.pointer import join
from wscheck.schema.explanation import REQUIRED_ONE, Failure, near, pick
from wscheck.text import safe, shorten

# What aliases repeat in a document may be far larger than the document.
_MOST_ENCODED = 4000
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_TYPES = {
    "array": "an array",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}
_FORMATS = {
    "date": "a date as in 2026-11-22 (RFC 3339, section 5.6)",
    "date-time": "a date and time with zone as in 2026-11-22T20:00:00Z (RFC 3339, section 5.6)",
    "time": "a time with zone as in 20:00:00Z (RFC 3339, section 5.6)",
    "duration": "a duration as in PT5M (RFC 3339, appendix A)",
    "email": "an e-mail address (RFC 5321, section 4.1.2)",
    "hostname": "a host name (RFC 1123, section 2.1)",
    "ipv4": "an IPv4 address (RFC 2673, section 3.2)",
    "ipv6": "an IPv6 address (RFC 4291, section 2.2)",
    "json-pointer": "a JSON Pointer (RFC 6901)",
    "regex": "a regular expression (ECMA-262)",
    "uri": "a URI with a scheme (RFC 3986)",
    "uri-reference": "a URI or a relative reference (RFC 3986)",
    "uuid": "a UUID (RFC 4122)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a value is not accepted. ``sentence`` says what is there and what is due; foreign text in it is safe.

    ``instance_path`` and ``schema_path`` are JSON Pointers (RFC 6901), the latter from the schema that was given and
    through its references, as in ``/properties/user/$ref/type``. ``reason`` is the sentence without its subject,
    ``failure`` what it was made of.
    """

    sentence: str
    instance_path: str
    schema_path: str
    reason: str
    failure: Failure


def tell(failures: Sequence[Failure]) -> Explanation:
    """Return the explanation of a value that has these ``failures``; without any, where they cannot be told."""
    nothing = Failure(keyword="schema", limit=None, instance=None)
    failure = pick(failures) if failures else nothing
    path = join("", *failure.instance_path)
    reason = say(failure)
    return Explanation(
        sentence=f"{safe(path) or 'the value'} {reason}",
        instance_path=path,
        schema_path=join("", *failure.schema_path),
        reason=reason,
        failure=failure,
    )


def say(failure: Failure) -> str:
    """Return what is wrong as the end of a sentence whose subject is the value, foreign text made safe."""
    words = _WORDS.get(failure.keyword)
    return words(failure) if words else f"breaks the keyword '{safe(failure.keyword)}'"


def show(value: Any) -> str:
    """Return a JSON value as its text, at most 120 characters of it."""
    text = ""
    for chunk in _ENCODER.iterencode(value):
        text += chunk
        if len(text) > _MOST_ENCODED:
            return f"{safe(text[:120])}…"
    return shorten(safe(text))


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as they stand in a sentence: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _quoted(names: Sequence[str]) -> list[str]:
    return [f"'{shorten(safe(name))}'" for name in names]


def _but(due: str) -> Callable[[Failure], str]:
    return lambda failure: f"must be {due} {show(failure.limit)}, but is {show(failure.instance)}"


def _sized(kind: str, due: str) -> Callable[[Failure], str]:
    def words(failure: Failure) -> str:
        unit = kind.removesuffix("s") if failure.limit == 1 else kind
        tail = f": {show(failure.instance)}" if isinstance(failure.instance, str) and failure.instance else ""
        return f"must have {due} {show(failure.limit)} {unit}, but has {len(failure.instance)}{tail}"

    return words


def _type(failure: Failure) -> str:
    types = [failure.limit] if isinstance(failure.limit, str) else failure.limit
    return f"must be {listed([_TYPES.get(name, name) for name in types], 'or')}, but is {show(failure.instance)}"


def _limit(inclusive: str, exclusive: str, flag: str) -> Callable[[Failure], str]:
    # Draft 4 makes a limit exclusive by a second member that is true.
    return lambda failure: _but(exclusive if failure.siblings.get(flag) is True else inclusive)(failure)


def _enum(failure: Failure) -> str:
    values = [show(value) for value in failure.limit]
    due = f"must be {'one of ' if len(values) > 1 else ''}{shorten(listed(values, 'or'), 400)}"
    hint = None
    if isinstance(failure.instance, str):
        hint = near(failure.instance, [value for value in failure.limit if isinstance(value, str)])
    return f"{due}, but is {show(failure.instance)}" + (f"; did you mean {show(hint)}?" if hint else "")


def _format(failure: Failure) -> str:
    due = _FORMATS.get(failure.limit, f"of the format '{safe(str(failure.limit))}'")
    return f"must be {due}, but is {show(failure.instance)}"


def _pattern(failure: Failure) -> str:
    return f"must match the pattern {show(failure.limit)}, but is {show(failure.instance)}"


def _required(failure: Failure) -> str:
    return f"lacks the required member{'s' * (len(failure.names) > 1)} {listed(_quoted(failure.names))}"


def _required_one(failure: Failure) -> str:
    return f"must have one of the members {listed(_quoted(failure.names), 'or')}, but has none of them"


def _unknown(failure: Failure) -> str:
    if not failure.names:
        return "holds members that are not allowed"
    for name in failure.names:
        if meant := near(name, failure.known):
            return f"has the unknown member {_quoted([name])[0]}; did you mean '{safe(meant)}'?"
    plural = "s" * (len(failure.names) > 1)
    return f"has the unknown member{plural} {shorten(listed(_quoted(failure.names)), 400)}"


def _dependent(failure: Failure) -> str:
    if not failure.names:
        return "lacks a member that another one needs"
    needs = failure.limit if isinstance(failure.limit, dict) else {}
    cause = next((name for name, due in needs.items() if name in failure.instance and failure.names[0] in due), None)
    due = f"due {f'beside {_quoted([cause])[0]}' if cause is not None else 'because of another member'}"
    return f"lacks the member{'s' * (len(failure.names) > 1)} {listed(_quoted(failure.names))}, {due}"


def _surplus(failure: Failure) -> str:
    return f"holds more items than its schema allows: it has {len(failure.instance)}"


def _unique(failure: Failure) -> str:
    seen: dict[Any, int] = {}
    for index, item in enumerate(failure.instance):
        first = seen.setdefault(canonical(item), index)
        if first != index:
            return f"must hold no item twice, but its items {first} and {index} are both {show(item)}"
    return "must hold no item twice"


def _contains(failure: Failure) -> str:
    most, least = failure.siblings.get("maxContains"), failure.siblings.get("minContains", 1)
    due = f"at least {least}" + (f" and at most {most}" if most is not None else "")
    return f"must hold {due} item{'s' * (due != 'at least 1')} as 'contains' asks for, but does not"


def _none_fits(failure: Failure) -> str:
    return f"fits none of the {len(failure.branches)} alternatives under '{failure.keyword}'"


def _one_of(failure: Failure) -> str:
    if failure.branches and all(failure.branches):
        return _none_fits(failure)
    names = _asked(failure.limit)
    there = [name for name in names if name in failure.instance] if isinstance(failure.instance, dict) else []
    if there:
        return f"must have only one of the members {listed(_quoted(names), 'or')}, but has {listed(_quoted(there))}"
    return "fits more than one of the alternatives under 'oneOf', but must fit exactly one"


def _asked(branches: Any) -> list[str]:
    """Return the members that the alternatives ask for, where each does only that."""
    asked = [branch.get("required", []) if isinstance(branch, dict) else [] for branch in branches]
    return [names[0] for names in asked] if all(len(names) == 1 for names in asked) else []


def _name(failure: Failure) -> str:
    inner = [f for branch in failure.branches for f in branch]
    if not inner:
        return "has a member whose name is not allowed"
    worst = pick(inner)
    return f"has the member {_quoted([str(worst.instance)])[0]}, whose name {say(worst)}"


_WORDS: Mapping[str, Callable[[Failure], str]] = {
    "additionalItems": _surplus,
    "additionalProperties": _unknown,
    "anyOf": _none_fits,
    "const": lambda failure: f"must be {show(failure.limit)}, but is {show(failure.instance)}",
    "contains": _contains,
    "contentEncoding": lambda failure: f"must be encoded as {show(failure.limit)}, but is {show(failure.instance)}",
    "contentMediaType": lambda failure: f"must hold {show(failure.limit)}, but is {show(failure.instance)}",
    "dependencies": _dependent,
    "dependentRequired": _dependent,
    "enum": _enum,
    "exclusiveMaximum": _but("less than"),
    "exclusiveMinimum": _but("greater than"),
    "false": lambda failure: f"is not allowed here, but is {show(failure.instance)}",
    "format": _format,
    "items": _surplus,
    "maxContains": _contains,
    "maxItems": _sized("items", "at most"),
    "maxLength": _sized("characters", "at most"),
    "maxProperties": _sized("members", "at most"),
    "maximum": _limit("at most", "less than", "exclusiveMaximum"),
    "minContains": _contains,
    "minItems": _sized("items", "at least"),
    "minLength": _sized("characters", "at least"),
    "minProperties": _sized("members", "at least"),
    "minimum": _limit("at least", "greater than", "exclusiveMinimum"),
    "multipleOf": _but("a multiple of"),
    "not": lambda failure: f"must not be as the schema under 'not' says, but is {show(failure.instance)}",
    "oneOf": _one_of,
    "pattern": _pattern,
    "propertyNames": _name,
    "required": _required,
    "schema": lambda _: "is not as its schema says, which has too many alternatives to tell where",
    REQUIRED_ONE: _required_one,
    "type": _type,
    "unevaluatedItems": _surplus,
    "unevaluatedProperties": _unknown,
    "uniqueItems": _unique,
}
