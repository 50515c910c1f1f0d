"""What was due is found among thousands of deadlines that were kept, however many of them are forgotten meanwhile."""

from __future__ import annotations

import json
from random import Random

import pytest

from tests.laws.keys import but_vacuous
from tests.laws.made import judge
from wscheck.contract.load import parse_contract
from wscheck.record import Closed, Message, Opened, Pong

MANY, OPEN = 3000, 40
WITHIN = 250
"""Seconds: so many that thousands of deadlines that were kept are not over yet."""

CONTRACT = parse_contract(
    json.dumps(
        {
            "wscheck": 1,
            "name": "many-deadlines",
            "version": "1.0.0",
            "event_name": "/t",
            "events": {"a": None, "b": None},
            "scopes": {"s": {"key": "/k", "order": "a, b", "within": WITHIN}},
        }
    )
)


@pytest.mark.parametrize("seed", range(3))
def test_what_came_too_late_is_found_among_thousands_that_came_in_time(seed: int) -> None:
    rng = Random(seed)
    late = set(rng.sample(range(MANY), 25))
    said: list[tuple[float, str, int]] = []
    for key in range(MANY):
        begun = key / 10
        kept = rng.uniform(0.001, OPEN / 10)
        said += [(begun, "a", key), (begun + (WITHIN + kept if key in late else kept), "b", key)]
    records = [
        Message(at=at + 1, session="s", direction="received", text=json.dumps({"t": name, "k": key}))
        for at, name, key in sorted(said)
    ]
    last = records[-1].at
    ends = [
        Pong(at=last + 2 * WITHIN, session="s", latency=0.1),
        Closed(at=last + 2 * WITHIN + 1, session="s", code=1000),
    ]
    found = but_vacuous(judge(CONTRACT, [Opened(at=0.0, session="s"), *records, *ends]).findings)
    assert [finding.code for finding in found] == ["too-late"] * len(late)
    assert [finding.key for finding in found] == [(key,) for key in sorted(late)]
