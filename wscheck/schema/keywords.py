"""What each draft of JSON Schema knows: its keywords, what they look at, and the formats that are asserted in it."""

from __future__ import annotations

from collections.abc import Mapping

_FIRST = frozenset(
    "$ref $schema additionalItems additionalProperties allOf anyOf default definitions dependencies description enum "
    "exclusiveMaximum exclusiveMinimum format items maxItems maxLength maxProperties maximum minItems minLength "
    "minProperties minimum multipleOf not oneOf pattern patternProperties properties required title type "
    "uniqueItems".split()
)
_SIXTH = _FIRST | frozenset("$id const contains examples propertyNames".split())
_SEVENTH = _SIXTH | frozenset("$comment contentEncoding contentMediaType else if readOnly then writeOnly".split())
_OF_2019 = _SEVENTH | frozenset(
    "$anchor $defs $recursiveAnchor $recursiveRef $vocabulary contentSchema dependentRequired dependentSchemas "
    "deprecated maxContains minContains unevaluatedItems unevaluatedProperties".split()
)
_OF_2020 = (_OF_2019 | frozenset("$dynamicAnchor $dynamicRef prefixItems".split())) - frozenset(
    "$recursiveAnchor $recursiveRef additionalItems".split()
)

KEYWORDS: Mapping[str, frozenset[str]] = {
    "4": _FIRST | {"id"},
    "6": _SIXTH,
    "7": _SEVENTH,
    "2019-09": _OF_2019,
    "2020-12": _OF_2020,
}
"""The keywords of each draft."""

ANNOTATIONS = frozenset(
    "$anchor $comment $defs $dynamicAnchor $id $recursiveAnchor $schema $vocabulary contentSchema default definitions "
    "deprecated description examples id readOnly title writeOnly".split()
)
"""The keywords by which no value is refused, in any draft."""

_OLD_FORMATS = frozenset("date date-time email hostname idn-email ipv4 ipv6 regex time uri".split())
_SIXTH_FORMATS = _OLD_FORMATS | frozenset("json-pointer uri-reference uri-template".split())
_SEVENTH_FORMATS = _SIXTH_FORMATS | frozenset("idn-hostname iri iri-reference relative-json-pointer".split())

FORMATS: Mapping[str, frozenset[str]] = {
    "4": _OLD_FORMATS,
    "6": _SIXTH_FORMATS,
    "7": _SEVENTH_FORMATS,
    "2019-09": _SEVENTH_FORMATS | {"duration", "uuid"},
    "2020-12": _SEVENTH_FORMATS | {"duration", "uuid"},
}
"""The formats that are asserted, by draft."""

LOOKS_AT: Mapping[str, frozenset[str]] = {
    keyword: frozenset(types.split())
    for types, keywords in {
        "integer number": "exclusiveMaximum exclusiveMinimum maximum minimum multipleOf",
        "string": "contentEncoding contentMediaType format maxLength minLength pattern",
        "array": "additionalItems contains items maxContains maxItems minContains minItems prefixItems "
        "unevaluatedItems uniqueItems",
        "object": "additionalProperties dependencies dependentRequired dependentSchemas maxProperties minProperties "
        "patternProperties properties propertyNames required unevaluatedProperties",
    }.items()
    for keyword in keywords.split()
}
"""The types of value that a keyword looks at; one that is not here looks at all."""

NEEDS: Mapping[str, str] = {
    "then": "if",
    "else": "if",
    "minContains": "contains",
    "maxContains": "contains",
    "additionalItems": "items",
}
"""By keyword: the one without which, in the same schema, it decides nothing."""
