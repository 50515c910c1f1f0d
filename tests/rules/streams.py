"""A rule held against a small stream: what the tables of the rules' tests are run by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from wscheck.event import Event
from wscheck.json_text import decode
from wscheck.naming import variants
from wscheck.rules import LAWS, Deadline, Law, Meaning, Monitor, Offence, OwedMonitor

DECLARED = ("a", "b", "c", "st.on", "st.off")
SCOPES = ("tool",)

Stream: TypeAlias = str | Iterable[str]
"""Events as `NAME`, `NAME {JSON}` or `NAME@SECONDS`; in one text, by blanks. They come one a second from 1."""


def read(members: Mapping[str, Any], *, looked_at: Iterable[str] = DECLARED) -> Law:
    """Read a rule as a contract would that declares the events DECLARED."""

    def expand(names: str | Iterable[str], known: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(variants(name, known) for name in ([names] if isinstance(names, str) else names)))

    meaning = Meaning(
        names=lambda member: expand(members[member], DECLARED),
        names_or_scopes=lambda member: expand(members[member], (*DECLARED, *SCOPES)),
        table=members.__getitem__,
        looked_at=frozenset(looked_at),
    )
    keyword = next(keyword for keyword in LAWS if keyword in members)
    return LAWS[keyword](members, meaning)


def events(stream: Stream) -> list[Event]:
    """Return the events of ``stream``."""
    texts = stream.split() if isinstance(stream, str) else list(stream)
    found = []
    for index, text in enumerate(texts, start=1):
        name, _, value = text.partition(" ")
        name, _, at = name.partition("@")
        found.append(
            Event(
                name=name,
                value=decode(value).value if value else {},
                index=index,
                at=float(at or index),
                direction="received",
                session="s",
            )
        )
    return found


def offences(members: Mapping[str, Any], stream: Stream, **how: Any) -> list[Offence]:
    """Return every offence of ``stream``, which is one instance from its opening to its end."""
    law = read(members, **how)
    monitor = law.monitor()
    came = events(stream)
    found: list[Offence] = []
    due: list[Deadline] = []
    for event in came:
        found += _expired(due, event.at)
        said = list(monitor.see(event.name, event)) if event.name in law.watches else []
        due += [one for one in said if isinstance(one, Deadline)]
        found += [one for one in said if isinstance(one, Offence)]
    return [*found, *concluded(monitor, came)]


def concluded(monitor: Monitor, came: list[Event]) -> list[Offence]:
    """Return what ``monitor`` is still owed."""
    return list(monitor.conclude(came[0].ref)) if came and isinstance(monitor, OwedMonitor) else []


def told(found: Iterable[Offence]) -> list[str]:
    """Return offences as their sentences; `since` stands before those about what did not come."""
    return [
        offence.message
        if offence.event
        else f"since #{offence.since.index if offence.since else '?'}: {offence.message}"
        for offence in found
    ]


def _expired(due: list[Deadline], now: float) -> list[Offence]:
    passed = [deadline for deadline in due if now > deadline.at + 1e-9]
    for deadline in passed:
        due.remove(deadline)
    return [offence for deadline in passed if (offence := deadline.expire())]
