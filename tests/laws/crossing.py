"""Contracts whose rules look across scopes, and streams whose messages carry the keys of all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.laws.keys import ENDINGS
from tests.laws.made import Document, Lines
from tests.oracle.contract import Contract as Reading
from tests.oracle.contracts import make_contract
from tests.oracle.streams import make_stream
from wscheck.contract.load import parse_contract
from wscheck.errors import WscheckError


def crossed(seed: int, streams: int) -> Iterator[tuple[Document, list[tuple[Lines, bool]]]]:
    """Yield a contract of a seed, with so many streams, each with whether it is ended; nothing where it is refused."""
    rng = Random(seed)
    document = make_contract(rng)
    _add_rules(rng, document)
    try:
        parse_contract(json.dumps(document))
        contract = Reading(document)
    except (WscheckError, ValueError):
        return
    made = [make_stream(rng, contract) for _ in range(streams)]
    yield document, [(_add_keys(rng, lines, document), ended) for lines, ended in made]


def _add_rules(rng: Random, document: Document) -> None:
    """Have scopes look at events that only others place."""
    orders = " ".join(body.get("order", "") for body in document["scopes"].values())
    placed = set(re.split(r"[\s,|&()?*+{}]+", orders))
    names = sorted(name for name in document["events"] if name in placed and not name.startswith("$"))
    for scope, body in document["scopes"].items():
        if scope != "connection" and len(names) > 2 and rng.random() < 0.5:
            body["rules"] = [*body.get("rules", []), {"id": f"of {scope}", **_rule(rng, *rng.sample(names, 2))}]


def _rule(rng: Random, one: str, other: str) -> dict[str, Any]:
    return rng.choice(
        [
            {"need": one, "before": [other]},
            {"forbid": [one], "after": other},
            {"ask": one, "with": other, "unsolicited": "allow"},
            {"count": one, "max": 1},
            {"unique": "/n", "events": [one]},
            {"same": "/v", "events": [one, other]},
            {"counter": "/n", "events": [one, other]},
        ]
    )


def _add_keys(rng: Random, lines: Lines, document: Document) -> Lines:
    """Give most messages a key for scopes that they say nothing of."""
    keyed = []
    for line in lines:
        try:
            value = json.loads(line.get("text") or "")
        except ValueError:
            value = None
        if isinstance(value, dict):
            for member in [name + end for name in document["scopes"] for end in ENDINGS]:
                if member not in value and rng.random() < 0.8:
                    value[member] = 7 if member.endswith("2") else rng.choice([1, 1, 2])
        keyed.append({**line, "text": json.dumps(value)} if isinstance(value, dict) else line)
    return keyed
