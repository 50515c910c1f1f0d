"""Rules made by chance."""

from __future__ import annotations

from random import Random
from typing import Any

COUNTERS: list[dict[str, Any]] = [
    {},
    {"start": 1},
    {"step": 2},
    {"mode": "increasing"},
    {"mode": "increasing", "as": "hex"},
    {"as": "hex"},
    {"last": "/m"},
]
COUNTS = [{"min": 1}, {"min": 2}, {"max": 1}, {"max": 2}, {"min": 1, "max": 2}]
WITHOUT_VALUE = ("need", "forbid", "ask", "count")
WITH_VALUE = ("counter", "chain", "same", "unique")


def make_rules(
    rng: Random, names: list[str], inner: list[str], closing: list[str], *, first: int, opening: bool = False
) -> list[Any]:
    """Return one or two rules over events, inner scopes and closings; ``opening``: each is to name its events."""
    names = [name for name in names if not name.startswith("$")] + (["x"] if rng.random() < 0.3 else [])
    rules = []
    for number in range(first, first + rng.randint(1, 2)):
        one, other = rng.choice(names), rng.choice(names)
        kind = rng.choice([*WITHOUT_VALUE, *WITH_VALUE])
        rule: dict[str, Any] = {"id": f"r{number}"}
        if kind in WITHOUT_VALUE:
            rule |= _make_plain(rng, kind, rng.choice([one, *closing]), other, inner)
        else:
            rule |= make_value_rule(rng, kind)
            if opening or rng.random() < 0.7 or isinstance(rule.get("same"), dict):
                rule["events"] = sorted({one, other})
                rule |= {"optional": True} if rng.random() < 0.3 else {}
        rule |= {"severity": "warning"} if rng.random() < 0.1 else {}
        rules.append(rule)
    return rules


def make_value_rule(rng: Random, kind: str) -> dict[str, Any]:
    """Return a rule over values, without its id and its events."""
    match kind:
        case "counter":
            rule = {"counter": "/n", **rng.choice(COUNTERS)}
        case "chain":
            rule = {"chain": "/n", "previous": "/m"}
        case "same":
            return {"same": rng.choice(["/v", "/v", {"*": "/v"}, {"st": "/s", "*": "/v"}])}
        case _:
            return {"unique": "/n", **rng.choice([{}, {"window": 1}, {"window": 2}])}
    return rule | ({"per": "/v"} if rng.random() < 0.2 else {})


def _make_plain(rng: Random, kind: str, one: str, other: str, inner: list[str]) -> dict[str, Any]:
    match kind:
        case "need":
            return {"need": other, "before": [one]}
        case "forbid":
            return {"forbid": [one], "after": other}
        case "count":
            return {"count": rng.choice([*inner, one]), **rng.choice(COUNTS)}
        case _:
            rule: dict[str, Any] = {"ask": one, "with": other if other != one else "xy"[one == "x"]}
            # Whether the answer to an optional question can be too late, the language does not say.
            more = [
                {"within": 2},
                {"within": 2, "unsolicited": "allow"},
                {"unsolicited": "allow"},
                {"optional": True},
                {},
            ]
            return rule | rng.choice(more)
