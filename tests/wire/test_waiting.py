"""The table of what waiting may mend: it names what there is, says the same as the documents, and no certificate."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from wscheck.record import PHASES
from wscheck.wire.waiting import (
    LONGEST_ASKED_FOR,
    MENDABLE,
    MENDABLE_CODES,
    MENDABLE_STATUSES,
    UNDECIDED,
    asked_to_wait,
    is_mendable,
    pause_after,
)

VERDICTS = (Path(__file__).parents[2] / "docs" / "verdicts.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return VERDICTS.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def documented_causes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    phase = ""
    for first, second in re.findall(r"^\|([^|]*)\|([^|]*)\|", section("Phases and causes"), re.MULTILINE)[2:]:
        phase = first.strip(" `") or phase
        found.setdefault(phase, set()).update(re.findall(r"`([^`]+)`", second))
    return found


def test_every_phase_has_its_row_and_every_cause_in_it_is_one_of_that_phase() -> None:
    assert tuple(MENDABLE) == PHASES
    known = documented_causes()
    assert {phase: set(causes) - known[phase] for phase, causes in MENDABLE.items() if phase != "open"} == {
        phase: set() for phase in PHASES if phase != "open"
    }


def test_the_documents_say_what_is_tried_again() -> None:
    rows = dict(re.findall(r"^\| `([a-z]+)` \|(.*)\|$", section("What is tried again"), re.MULTILINE))
    said = {phase: set(re.findall(r"`([a-z][a-z-]+)`", row)) for phase, row in rows.items()}
    assert said == {phase: set(causes) for phase, causes in MENDABLE.items() if causes or phase in MENDABLE_CODES}
    assert set(map(int, re.findall(r"\d+", rows["handshake"]))) == set(MENDABLE_STATUSES)
    codes = {phase: set(map(int, re.findall(r"\d{4}", rows[phase]))) for phase in MENDABLE_CODES}
    assert codes == {phase: set(row) for phase, row in MENDABLE_CODES.items()}


NEVER = [
    ("dns", "name-not-found"),
    ("tcp", "too-many-files"),
    ("proxy", "proxy-auth"),
    ("tls", "tls-expired"),
    ("tls", "tls-untrusted"),
    ("tls", "tls-hostname"),
    ("tls", "not-tls"),
    ("auth", "token-service-refused"),
    ("auth", "token-expired"),
    ("handshake", "unauthorized"),
    ("handshake", "not-websocket"),
    ("handshake", "handshake-limit"),
    ("welcome", "auth-rejected"),
    ("open", "auth-expired"),
    ("open", "limit"),
]


@pytest.mark.parametrize(("phase", "cause"), NEVER)
def test_what_is_the_same_in_a_minute_is_not_tried_again(phase: str, cause: str) -> None:
    assert not is_mendable(phase, cause)  # type: ignore[arg-type]
    assert cause not in UNDECIDED.get(phase, ())  # type: ignore[call-overload]


def test_who_said_no_is_never_asked_again() -> None:
    assert {200, 301, 400, 401, 403, 404, 426} & set(MENDABLE_STATUSES) == set()
    assert {1000, 1002, 1008, 1011, 4401} & {code for codes in MENDABLE_CODES.values() for code in codes} == set()


def test_pauses_grow_up_to_the_longest() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 2000)]
    assert all(before <= after for before, after in pairwise(pauses))
    assert (pauses[0], pauses[1], pauses[-1]) == (0.1, 0.2, 5.0)
    assert pause_after(100, longest=2.0) == 2.0


def in_seconds(seconds: float) -> str:
    return format_datetime(datetime.now(tz=UTC) + timedelta(seconds=seconds), usegmt=True)


ASKED = {
    "seconds": ("7", 7.0, 7.0),
    "nothing": ("", 0.0, 0.0),
    "an hour": ("3600", LONGEST_ASKED_FOR, LONGEST_ASKED_FOR),
    "as many digits as there are": ("9" * 5000, LONGEST_ASKED_FOR, LONGEST_ASKED_FOR),
    "a date of tomorrow": (in_seconds(86400), LONGEST_ASKED_FOR, LONGEST_ASKED_FOR),
    "a date that is over": (in_seconds(-60), 0.0, 0.0),
    "a date without a zone": ("Mon, 23 Nov 2020 06:00:00", 0.0, 0.0),
    "another number": ("-1", 0.0, 0.0),
    "digits of another script": ("٣", 0.0, 0.0),
    "words": ("soon", 0.0, 0.0),
    "a year that is none": ("Mon, 01 Jan 99999999999 00:00:00 GMT", 0.0, 0.0),
    "a zone that is none": ("Mon, 01 Jan 2030 00:00:00 +99999999999999", 0.0, 0.0),
}


@pytest.mark.parametrize(("given", "least", "most"), ASKED.values(), ids=ASKED)
def test_a_retry_after_is_heeded_up_to_a_limit(given: str, least: float, most: float) -> None:
    assert least <= asked_to_wait({"retry-after": given}) <= most
    assert asked_to_wait({}) == 0.0


def test_a_retry_after_may_be_a_date() -> None:
    assert 3.0 < asked_to_wait({"retry-after": in_seconds(8)}) <= 8.0
