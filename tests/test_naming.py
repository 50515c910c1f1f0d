"""What a name stands for, and which line of a table is an event's."""

from __future__ import annotations

import pytest

from wscheck.naming import ANY, spread, variants

DECLARED = ("status", "status.busy", "status.busy.hard", "statusbar", "stat", "$close", "$close.bad")

# A name, and what it stands for.
VARIANTS = [
    ("status", {"status", "status.busy", "status.busy.hard"}),
    ("status.busy", {"status.busy", "status.busy.hard"}),
    ("status.b", set()),
    ("stat", {"stat"}),
    ("sta", set()),
    ("status.", set()),
    ("$close", {"$close", "$close.bad"}),
    ("", set()),
]

# A table by name, and what it says of each declared event; events it says nothing of are left out.
TABLES: list[tuple[dict[str, int | None], dict[str, int | None]]] = [
    ({}, {}),
    ({"stat": 1}, {"stat": 1}),
    ({"status": 1}, {"status": 1, "status.busy": 1, "status.busy.hard": 1}),
    ({"status.busy": 2, "status": 1}, {"status": 1, "status.busy": 2, "status.busy.hard": 2}),
    ({"status.busy.hard": 3, "status": 1}, {"status": 1, "status.busy": 1, "status.busy.hard": 3}),
    (
        {"status": None, ANY: 0, "$close": 5},
        dict.fromkeys(DECLARED[:3]) | {"statusbar": 0, "stat": 0, "$close": 5, "$close.bad": 5},
    ),
    ({ANY: 0}, dict.fromkeys(DECLARED, 0)),
    ({"nope": 1}, {}),
]


@pytest.mark.parametrize(("name", "expected"), VARIANTS)
def test_a_name_stands_for_its_event_and_its_variants(name: str, expected: set[str]) -> None:
    assert variants(name, DECLARED) == expected


@pytest.mark.parametrize(("table", "expected"), TABLES)
def test_the_longest_listed_name_wins_and_then_any(
    table: dict[str, int | None], expected: dict[str, int | None]
) -> None:
    assert spread(table, DECLARED) == expected
