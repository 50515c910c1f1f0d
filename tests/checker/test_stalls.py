"""A stall of a second or less: it excuses nothing but what fell due in it, which may have come and been read late."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.streams import contract
from wscheck.capture.jsonl import decode_record
from wscheck.checker import Checker
from wscheck.finding import Verdict

LATE = contract("{s: {key: /k, order: 'a, b', within: 1}}")
SILENT = contract("{s: {key: /k, order: 'a, b?', gap: 1}}")
UNASKED = contract("{s: {key: /k, order: 'a, b', rules: [{id: r, ask: a, with: b, within: 1, optional: true}]}}")

STALLS: dict[str, tuple[float, float, Verdict]] = {
    "over the deadline": (1.3, 0.5, Verdict.INCONCLUSIVE),
    "that ends with the deadline": (1.0, 0.5, Verdict.INCONCLUSIVE),
    "that begins with the deadline": (1.5, 0.5, Verdict.INCONCLUSIVE),
    "before the deadline": (0.9, 0.5, Verdict.FAIL),
    "after the deadline": (1.9, 0.5, Verdict.FAIL),
}


def records(stalled_at: float, seconds: float) -> list[dict[str, Any]]:
    base = {"session": "s"}
    return [
        {**base, "at": 0.0, "kind": "opened"},
        {**base, "at": 0.0, "kind": "message", "direction": "received", "text": '{"t": "a", "k": 1}'},
        {**base, "at": stalled_at, "kind": "stall", "seconds": seconds},
        {**base, "at": 2.0, "kind": "message", "direction": "received", "text": '{"t": "b", "k": 1}'},
    ]


@pytest.mark.parametrize("name", STALLS)
@pytest.mark.parametrize("which", ["within", "gap", "ask"])
def test_what_fell_due_while_we_stood_still_is_left_undecided(name: str, which: str) -> None:
    at, seconds, verdict = STALLS[name]
    checker = Checker({"within": LATE, "gap": SILENT, "ask": UNASKED}[which])
    for number, record in enumerate(records(at, seconds), 1):
        checker.observe(decode_record(json.dumps(record)), index=number)
    made = [
        (one.code, one.verdict) for one in checker.conclude().findings if one.code in ("too-late", "too-quiet", "ask")
    ]
    assert made == [({"within": "too-late", "gap": "too-quiet", "ask": "ask"}[which], verdict)]
