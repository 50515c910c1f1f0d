"""The page docs/transport.md, made from the table of the tests by `python -m tests.transport.page --write`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from tests.transport.rows import Fault, Kind, faults

PATH = Path(__file__).parents[2] / "docs" / "transport.md"

_OPENING = """\
# What happens on the way, and what wscheck makes of it

Look up here what you see: each fault of name, network, TLS, proxy, HTTP, WebSocket, JSON, contract, credentials and
disk that wscheck is tested with, what it is, what wscheck says, and the exit code. [Verdicts](verdicts.md) explains
phases, causes and exit codes; [the contract language](contract-language.md#finding-codes) the findings; and
`wscheck explain CODE` any of them.

`phase: cause` says where a session stopped and why; any other code is a finding that fails.

This page is made from the table that the tests make true, each row over real sockets and with a real process: change
`tests/transport/rows.yaml`, then run `python -m tests.transport.page --write`.

| it is | which means | exit code |
|---|---|---|
"""

_MEANING: dict[Kind, tuple[str, str]] = {
    "unavailable": ("the target could not be looked at; nothing is said of the contract", "3"),
    "authentication": ("the credentials were turned away, or could not be had", "3"),
    "nonconforming": ("the server broke the contract, RFC 6455 or JSON", "1"),
    "undecided": ("nothing was broken, but what had not come might still have come", "4"),
    "configuration": ("a URL, a file or an option cannot be used; nothing was opened", "2; 1 by `lint`"),
    "limit": ("a limit of wscheck's own, which says nothing of the server", "4; 3 before a session is open"),
    "interrupted": ("someone ended the run; what was captured is on disk", "130, 143, or that of who ended it"),
    "harmless": ("no fault: the verdict is what it is without it", "that of the rest, here 0"),
    "ours": ("a bug in wscheck; there is no verdict", "70"),
}


_OTHERWISE: dict[Kind, str] = {
    "configuration": "one sentence: what is wrong, where, and how to mend it",
    "harmless": "no finding",
    "ours": "that it is a bug, and where its trace is",
    "interrupted": "nothing, for it is gone",
    "undecided": "nothing, for nobody reads it",
}


def make_page() -> str:
    """Return the text of the page."""
    kinds = "".join(f"| {kind} | {means} | {code} |\n" for kind, (means, code) in _MEANING.items())
    return _OPENING + kinds + "".join(_part(part, rows) for part, rows in groupby(faults(), lambda one: one.part))


def _part(part: str, rows: Iterable[Fault]) -> str:
    head = f"\n## {part}\n\n| row | what happens | it is | wscheck says | exit code |\n|---|---|---|---|---|\n"
    return head + "".join(_lines(rows))


def _lines(rows: Iterable[Fault]) -> Iterator[str]:
    for row, found in groupby(rows, lambda one: one.row):
        for place, fault in enumerate(found):
            number = "" if place else str(row)
            exits = ", ".join(dict.fromkeys(str(one.exit) for one in fault.tries or (fault.due,)))
            yield f"| {number} | {fault.what} | {fault.kind} | {_says(fault)} | {exits.replace('-9', 'killed')} |\n"


def _says(fault: Fault) -> str:
    causes = fault.due.cause or ()
    said = [f"`{fault.due.phase}: {cause}`" for cause in ([causes] if isinstance(causes, str) else causes)]
    codes = dict.fromkeys(code for one in fault.tries or (fault.due,) for code in one.findings)
    told = [" or ".join(said)] * bool(said) + [f"`{code}`" for code in codes]
    told += [f"`{code}`, inconclusive" for code in fault.due.pending]
    return ", ".join(told) or _OTHERWISE.get(fault.kind, "")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PATH.write_text(make_page(), encoding="utf-8")
    else:
        sys.stdout.write(make_page())
