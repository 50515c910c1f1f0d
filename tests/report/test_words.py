"""Endings in words, as a table."""

from __future__ import annotations

from typing import Any

import pytest

from wscheck.record import Blocked, Closed, Cut, Ending, Refused
from wscheck.report.terminal.words import counted, describe_ending, describe_status, times

BASE: dict[str, Any] = {"at": 1.0, "session": "ada"}
ENDINGS: tuple[tuple[Ending | None, str], ...] = (
    (Closed(**BASE, code=1000), "closed by the server with 1000 (normal closure)"),
    (Closed(**BASE, code=1000, initiator="tool"), "closed by wscheck with 1000 (normal closure)"),
    (Closed(**BASE, code=1011, reason="oops"), 'closed by the server with 1011 (internal error), reason "oops"'),
    (Closed(**BASE, code=4401, reason=""), "closed by the server with 4401"),
    (Closed(**BASE, code=1005), "closed by the server with a close frame without a code (1005)"),
    (Closed(**BASE, code=1006), "lost without a close frame (1006)"),
    (Refused(**BASE, status=403), "the server refused the opening handshake with 403 Forbidden"),
    (
        Refused(**BASE, status=401, expected=True),
        "the server refused the opening handshake with 401 Unauthorized, as the scenario expects",
    ),
    (Blocked(**BASE, phase="dns", cause="name-not-found"), "never opened: dns, name-not-found"),
    (Blocked(**BASE, phase="tcp", cause="unreachable", text="no route"), "never opened: tcp, unreachable: no route"),
    (
        Cut(**BASE, cause="limit", awaiting="run", text="a message of 2 MiB"),
        "wscheck stopped listening: a limit of its own was hit while it waited for run; a message of 2 MiB",
    ),
    (Cut(**BASE, cause="interrupted"), "wscheck stopped listening: it was interrupted"),
    (None, "none: what is there breaks off before the session's end"),
)


@pytest.mark.parametrize(("ending", "words"), ENDINGS)
def test_an_ending_is_told_in_words(ending: Ending | None, words: str) -> None:
    assert describe_ending(ending) == words


def test_a_status_without_a_name_is_its_number() -> None:
    assert describe_status(418) == "418"


def test_counts_are_told_as_a_person_would() -> None:
    assert (times(1), times(1200)) == ("once", "1,200 times")
    assert (counted(1, "record"), counted(0, "record")) == ("1 record", "0 records")
