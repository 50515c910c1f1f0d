"""What is asked of members that are redacted: the checker sees a placeholder there, and never the value."""

from __future__ import annotations

from collections.abc import Iterator

from wscheck.json_text import canonical
from wscheck.lint.remark import Remark
from wscheck.lint.sites import Site, Sites, members
from wscheck.lint.subject import Subject, Written
from wscheck.pointer import Pointer
from wscheck.schema.file import shown
from wscheck.schema.keywords import ANNOTATIONS
from wscheck.text import safe

_KEPT = ANNOTATIONS | frozenset(
    "$ref additionalProperties allOf anyOf items maxItems maxProperties minItems minProperties oneOf patternProperties "
    "prefixItems properties required type".split()
)
"""Keywords that a placeholder breaks no more than the value: members and items stay, what is in them is replaced."""


def check_redacted(subject: Subject) -> Iterator[Remark]:
    """Remark on constraints that are held against a placeholder."""
    seen: set[object] = set()
    for written in subject.schemas():
        for pointer in subject.contract.redact:
            for place, keyword in _constraints(written, pointer):
                message = (
                    f"`{safe(keyword)}` looks at {shown(pointer.text)}, which is redacted, so that it judges a "
                    "placeholder and not the value: ask for nothing but a `type` there"
                )
                remark = subject.remark_in(written, place, "redacted-member", message)
                if (remark.position, pointer) not in seen:
                    seen.add((remark.position, pointer))
                    yield remark
    yield from _check_matches(subject)


def _check_matches(subject: Subject) -> Iterator[Remark]:
    for event in subject.contract.events:
        for condition in event.match or ():
            match condition.test:
                case (constant,) if _covered(subject, condition.pointer) and canonical(constant) != canonical(True):
                    message = (
                        f"`match` compares {shown(condition.pointer.text)}, which is redacted, with a placeholder, so "
                        f"that no message is {safe(event.name)}: tell it by another member, or by `true`"
                    )
                    path = f"{event.path}/match/{condition.pointer.text.replace('~', '~0').replace('/', '~1')}"
                    yield subject.remark("redacted-member", message, path)
                case _:
                    pass


def _covered(subject: Subject, pointer: Pointer) -> bool:
    return any(f"{pointer.text}/".startswith(f"{redacted.text}/") for redacted in subject.contract.redact)


def _constraints(written: Written, pointer: Pointer) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each keyword that constrains what stands at ``pointer``, or inside of it, with its place."""
    tokens = pointer.tokens
    if written.pointer is not None:
        inner = Pointer(written.pointer).tokens
        if tokens[: len(inner)] != inner:
            return
        tokens = tokens[len(inner) :]
    sites = Sites(written.schema)
    here = sites.perhaps([sites.root])
    for token in tokens:
        here = sites.perhaps([members(part)[token] for part in here if token in members(part)])
    for part in _inside(sites, here):
        if isinstance(part.value, dict) and part.place:
            for keyword in part.value:
                if keyword not in _KEPT:
                    yield (part.place[0], f"{part.place[1]}/{keyword.replace('~', '~0').replace('/', '~1')}"), keyword


def _inside(sites: Sites, parts: list[Site]) -> Iterator[Site]:
    waiting, seen = list(parts), set()
    while waiting:
        part = waiting.pop(0)
        if part.place in seen:
            continue
        seen.add(part.place)
        yield part
        waiting += sites.perhaps(list(members(part).values()))
