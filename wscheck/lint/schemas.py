"""Schemas that nothing satisfies, alone or with what their event is known by, and schema files that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wscheck.errors import Position
from wscheck.lint.emptiness import Emptiness
from wscheck.lint.remark import CODES, Remark
from wscheck.lint.sites import Site, Sites
from wscheck.lint.subject import Subject, Written
from wscheck.pointer import Pointer
from wscheck.text import safe

_NOT_NULL = ("array", "boolean", "number", "object", "string")


def check_schemas(subject: Subject) -> Iterator[Remark]:
    """Remark on each schema that nothing satisfies, at the innermost place where that is so."""
    seen: set[Position] = set()
    for written in subject.schemas():
        empty = list(_empty_places(written))
        for place in empty:
            remark = subject.remark_in(written, place, "unsatisfiable", _say(written, place))
            if remark.position not in seen:
                seen.add(remark.position)
                yield remark
        if not empty and written.pointer is None and _contradicts(subject, written):
            what = "`match`" if written.event.match else "name"
            message = (
                f"no message that is known as {safe(written.event.name)} by its {what} satisfies this schema, so that "
                "each one that comes is a finding: it may be the schema of another event"
            )
            yield subject.remark("unsatisfiable", message, written.path)


def check_files(subject: Subject) -> Iterator[Remark]:
    """Remark on each schema file beside those of the contract that nothing refers to."""
    for file in subject.unused:
        message = (
            "no event of the contract refers to this schema, so that nothing is held against it: name it in the "
            "`schema` of its event, or delete it"
        )
        position = Position(file=safe(str(file)), line=1, column=1, pointer="")
        yield Remark(code="unused-schema", severity=CODES["unused-schema"], message=message, position=position)


def _empty_places(written: Written) -> Iterator[tuple[str, str]]:
    sites = Sites(written.schema)
    emptiness = Emptiness(sites)
    # What is written as false is meant; an empty part makes what is around it empty, which says no more.
    empty = [site for site in sites.all() if not _is_plain_no(site.value) and emptiness.holds([site])]
    for site in empty:
        around = [one for one in empty if one is not site and _within(one, site)]
        if site.place and not around:
            yield site.place


def _within(inner: Site, outer: Site) -> bool:
    if not inner.place or not outer.place or inner.place[0] != outer.place[0]:
        return False
    return inner.place[1].startswith(f"{outer.place[1]}/")


def _is_plain_no(value: Any) -> bool:
    return value is False or value in ({"not": {}}, {"not": True})


def _say(written: Written, place: tuple[str, str]) -> str:
    whole = place == ("", "")
    if whole and written.pointer is not None:
        return (
            f"nothing satisfies this schema, so that no message is ever {safe(written.event.name)}: its keywords "
            "contradict one another, mend one of them"
        )
    if whole:
        return (
            f"nothing satisfies this schema, so that each {safe(written.event.name)} that comes is a finding: its "
            "keywords contradict one another, mend one of them"
        )
    return (
        "nothing satisfies this schema: its keywords contradict one another; mend one, or write false where that is "
        "meant"
    )


def _contradicts(subject: Subject, written: Written) -> bool:
    known = list(_known_by(subject, written))
    sites = Sites(written.schema)
    return bool(known) and Emptiness(sites).holds([sites.root, *known])


def _known_by(subject: Subject, written: Written) -> Iterator[Site]:
    """Yield what a message must be to be known as the event, as schemas."""
    event, names = written.event, subject.contract.event_name
    if event.match is None:
        if len(names) == 1:
            yield from _inside(names[0], {"enum": _spellings(event.name)})
        return
    for condition in event.match:
        match condition.test:
            case (constant,):
                yield from _inside(condition.pointer, {"enum": [constant]})
            case None:
                yield from _inside(condition.pointer, {"type": list(_NOT_NULL)})
            case _:
                pass  # a schema of its own, with references of its own


def _spellings(name: str) -> list[Any]:
    return [name, int(name)] if name.isascii() and name.isdigit() and str(int(name)) == name else [name]


def _inside(pointer: Pointer, schema: Any) -> Iterator[Site]:
    if any(token.isdigit() for token in pointer.tokens):
        return  # it may be an array that is meant
    for token in reversed(pointer.tokens):
        schema = {"type": "object", "required": [token], "properties": {token: schema}}
    yield Site(None, schema)
