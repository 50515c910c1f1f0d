"""Keywords and formats that decide nothing: misspelt, of another draft, or where they can never apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wscheck.finding import Severity
from wscheck.lint.remark import Remark
from wscheck.lint.sites import Site, Sites
from wscheck.lint.subject import Subject, Written
from wscheck.schema.explanation import near
from wscheck.schema.file import shown
from wscheck.schema.keywords import ANNOTATIONS, FORMATS, KEYWORDS, LOOKS_AT, NEEDS

_OLD = ("4", "6", "7")
_ANY = frozenset[str]().union(*KEYWORDS.values()) - {"id"}
_PLAIN = frozenset("array boolean integer null number object string".split())


def check_keywords(subject: Subject) -> Iterator[Remark]:
    """Remark on the keywords of every schema; those of a file once, however many events refer to it."""
    seen: set[tuple[object, str]] = set()
    for written in subject.schemas():
        for site in Sites(written.schema).all():
            if not isinstance(site.value, dict) or site.place is None:
                continue
            file = site.place[0]
            home = _path(written, file) if file else written.path
            if (home, site.place[1]) not in seen:
                seen.add((home, site.place[1]))
                for code, keyword, message, severity in _faults(site):
                    place = (file, f"{site.place[1]}/{keyword.replace('~', '~0').replace('/', '~1')}")
                    yield subject.remark_in(written, place, code, message, severity)


def _path(written: Written, file: str) -> object:
    closure = written.schema.closure
    return closure.files[[document.file for document in closure.documents[1:]].index(file)]


def _faults(site: Site) -> Iterator[tuple[str, str, str, Severity]]:
    """Yield a code, the keyword it is about, a sentence and a severity."""
    schema, draft = site.value, site.draft
    unseen = "$ref" in schema and draft in _OLD
    for keyword in schema:
        if unseen and keyword != "$ref":
            if keyword not in ANNOTATIONS:
                message = (
                    f"draft {draft} overlooks {shown(keyword)} beside `$ref`, so that it refuses nothing: put both "
                    "into an `allOf`, or say a newer draft in `$schema`"
                )
                yield "idle-keyword", keyword, message, Severity.ERROR
        elif keyword not in KEYWORDS[draft]:
            if not keyword.startswith("x-"):
                message, severity = _unknown(keyword, draft)
                yield "unknown-keyword", keyword, message, severity
        elif reason := _idle(keyword, schema):
            yield "idle-keyword", keyword, f"{shown(keyword)} refuses nothing: {reason}", Severity.WARNING
        elif keyword == "format" and isinstance(schema["format"], str) and schema["format"] not in FORMATS[draft]:
            message, severity = _unknown_format(schema["format"], draft)
            yield "unknown-format", keyword, message, severity


def _unknown(keyword: str, draft: str) -> tuple[str, Severity]:
    nothing = "so that it refuses nothing and what it was to catch passes"
    if keyword in _ANY:
        others = [other for other in KEYWORDS if keyword in KEYWORDS[other]]
        mend = f"say draft {' or '.join(others)} in `$schema`, or write it as draft {draft} does"
        severity = Severity.WARNING if keyword in ANNOTATIONS else Severity.ERROR
        return f"{shown(keyword)} is no keyword of draft {draft}, {nothing}: {mend}", severity
    meant = near(keyword, KEYWORDS[draft])
    if meant and meant not in ANNOTATIONS:
        return f"{shown(keyword)} is no keyword, {nothing}; did you mean '{meant}'?", Severity.ERROR
    hint = f"; did you mean '{meant}'?" if meant else ": if it is a note of your own, begin it with `x-`"
    return f"{shown(keyword)} is no keyword of draft {draft}, {nothing}{hint}", Severity.WARNING


def _unknown_format(name: str, draft: str) -> tuple[str, Severity]:
    nothing = "so that any string passes"
    others = [other for other, formats in FORMATS.items() if name in formats]
    if others:
        message = f"the format {shown(name)} is asserted from draft {others[0]} on, not in draft {draft}, {nothing}"
        return f"{message}: say a newer draft in `$schema`", Severity.ERROR
    if meant := near(name, FORMATS[draft]):
        return f"the format {shown(name)} is not known, {nothing}; did you mean '{meant}'?", Severity.ERROR
    return f"the format {shown(name)} is not known, {nothing}: give a `pattern` instead", Severity.WARNING


def _idle(keyword: str, schema: Mapping[str, Any]) -> str | None:
    """Return why ``keyword`` can never refuse anything in ``schema``."""
    needed = NEEDS.get(keyword)
    if needed and needed not in schema:
        return f"there is no `{needed}` beside it, which it goes with; add one, or take it out"
    if keyword == "additionalItems" and not isinstance(schema["items"], list):
        return "`items` is one schema for all items, so that there are no others; take it out"
    if keyword == "if" and not {"then", "else", "unevaluatedProperties", "unevaluatedItems"}.intersection(schema):
        return "there is neither `then` nor `else` beside it; add one, or take it out"
    types = schema.get("type")
    allowed = {types} if isinstance(types, str) else set(types) if isinstance(types, list) else set(_PLAIN)
    looked_at = LOOKS_AT.get(keyword, _PLAIN)
    if "number" in allowed:
        allowed.add("integer")
    if allowed and not allowed & looked_at:
        names = " or ".join(sorted(allowed - ({"integer"} if "number" in allowed else set())))
        return (
            f"it looks at {' and '.join(sorted(looked_at))} values alone, and `type` allows {names}; mend one of them"
        )
    return None
