"""The engine against the oracle on contracts and streams made by chance; as a program, it looks for disagreements."""

from __future__ import annotations

import argparse
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import lru_cache
from itertools import groupby
from random import Random
from time import monotonic
from typing import Any

from tests.oracle.contract import Contract
from tests.oracle.contracts import make_contract
from tests.oracle.judge import judge
from tests.oracle.streams import make_stream
from wscheck.capture.jsonl import decode_record
from wscheck.checker import Checker
from wscheck.contract.load import parse_contract
from wscheck.errors import WscheckError

Row = tuple[Any, ...]


def check(document: dict[str, Any], records: list[dict[str, Any]], ended: bool = True) -> list[Row]:
    """What the engine finds, written as the oracle writes it."""
    checker = Checker(_load(json.dumps(document)))
    for record in records:
        checker.observe(decode_record(json.dumps(record)))
    return [
        (
            each.code,
            each.rule,
            each.scope,
            None if each.key is None else [spell(part) for part in each.key],
            each.event.index if each.event else None,
            tuple(event.index for event in each.related),
            str(each.verdict),
        )
        for each in checker.conclude(truncated=not ended).findings
        if str(each.severity) != "ignore"
    ]


def spell(part: Any) -> Any:
    """A part of a key, as both judges write it: 1 and 1.0 are one key."""
    return int(part) if isinstance(part, float) and part.is_integer() else part


@lru_cache(maxsize=4)
def _load(text: str) -> Any:
    return parse_contract(text)


def disagree(
    document: dict[str, Any], records: list[dict[str, Any]], ended: bool
) -> tuple[list[Row], list[Row]] | None:
    """What the engine and the oracle find where they differ, else None."""
    theirs = check(document, records, ended)
    ours = [(*row[:3], row[3] and [spell(part) for part in row[3]], *row[4:]) for row in judge(document, records)]
    told = [json.dumps(settle(leave_silence(document, rows))) for rows in (theirs, ours)]
    return None if told[0] == told[1] else (theirs, ours)


def leave_silence(document: dict[str, Any], rows: list[Row]) -> list[Row]:
    """The rows up to where the language falls silent: an instance that has neither a key nor a known parent."""
    for place, row in enumerate(rows):
        scope = document["scopes"].get(row[2]) or {}
        if row[0] in ("outside-parent", "ambiguous") and "in" in scope and "key" not in scope:
            return rows[: place + 1]
    return rows


def settle(rows: list[Row]) -> list[Row]:
    """The rows, deadlines of one instance at one record in a fixed order: the language leaves theirs open."""
    settled: list[Row] = []
    for _, group in groupby(enumerate(rows), lambda pair: _deadline_of(*pair)):
        together = [row for _, row in group]
        settled += sorted(together, key=repr) if len(together) > 1 else together
    return settled


def _deadline_of(place: int, row: Row) -> Any:
    code, _, scope, key, index = row[:5]
    return (scope, repr(key)) if code in ("too-late", "too-quiet", "ask") and index is None else place


def samples(seed: int, streams: int) -> Iterator[tuple[dict[str, Any], list[tuple[list[dict[str, Any]], bool]]]]:
    """One contract of a seed, with so many streams for it; nothing where the contract is refused."""
    rng = Random(seed)
    document = make_contract(rng)
    try:
        parse_contract(json.dumps(document))
        contract = Contract(document)
    except (WscheckError, ValueError):
        return
    yield document, [make_stream(rng, contract) for _ in range(streams)]


def shrink(
    document: Any, records: list[Any], ended: bool, differs: Callable[[Any, list[Any], bool], Any] = disagree
) -> tuple[Any, list[Any]]:
    """Take away what the disagreement does not need; ``differs``: whether there still is one."""

    def still(a_document: Any, some: list[Any]) -> bool:
        try:
            Contract(a_document)
            parse_contract(json.dumps(a_document))
            return bool(differs(a_document, some, ended))
        except Exception:  # noqa: BLE001  a smaller example that cannot be judged is no smaller example
            return False

    until = monotonic() + 40
    smaller = True
    while smaller and monotonic() < until:
        smaller = False
        for place in reversed(range(len(records))):
            fewer = records[:place] + records[place + 1 :]
            if records[place]["kind"] != "opened" and still(document, fewer):
                records, smaller = fewer, True
        tried, candidates = 0, list(_less(document))
        while tried < len(candidates) and monotonic() < until:
            if still(candidates[tried], records):
                document, smaller = candidates[tried], True
                candidates = list(_less(document))
            else:
                tried += 1
        for place, record in enumerate(records):
            if record["kind"] == "message":
                value = json.loads(record["text"])
                for member in list(value):
                    rest = {name: each for name, each in value.items() if name != member}
                    some = [*records[:place], {**record, "text": json.dumps(rest)}, *records[place + 1 :]]
                    if still(document, some):
                        records, value, smaller = some, rest, True
    return document, records


def _less(document: Any) -> Iterator[Any]:
    def walk(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, inner in items:
            yield (*path, name)
            yield from walk(inner, (*path, name))

    for path in list(walk(document, ())):
        if path[0] in ("wscheck", "name", "version", "event_name", "events"):
            continue
        less = deepcopy(document)
        holder = less
        for name in path[:-1]:
            holder = holder[name]
        if path[-1] == "order" and isinstance(holder["order"], str):
            tokens = re.findall(r"\{[^}]*\}|[,|&()?*+]|[^\s,|&()?*+{}]+", holder["order"])
            for start in range(len(tokens)):
                for length in (5, 4, 3, 2, 1):
                    holder["order"] = " ".join(tokens[:start] + tokens[start + length :])
                    yield deepcopy(less)
        del holder[path[-1]]
        yield less


def show(document: Any, records: list[Any], ended: bool) -> str:
    """A disagreement as a person reads it."""
    lines = ["events: " + ", ".join(document.get("events", {}))]
    lines += [
        f"{k}: {v}"
        for k, v in document.items()
        if k not in ("wscheck", "name", "version", "events", "scopes", "event_name")
    ]
    lines += [f"  {name}: {json.dumps(body)}" for name, body in document.get("scopes", {}).items()]
    for index, record in enumerate(records, 1):
        rest = {
            k: v for k, v in record.items() if k not in ("at", "kind", "session", "headers", "uri", "direction", "text")
        }
        sign = {"received": "<", "sent": ">"}.get(record.get("direction", ""), record["kind"])
        lines.append(f"  {index:3} {record['at']:7} {record['session']} {sign} {record.get('text', '')} {rest or ''}")
    try:
        found = disagree(document, records, ended)
    except Exception:  # noqa: BLE001
        return "\n".join([*lines, traceback.format_exc()])
    if found:
        lines += ["  engine:", *(f"    {'  ' if row in found[1] else '! '}{row}" for row in found[0])]
        lines += ["  oracle:", *(f"    {'  ' if row in found[0] else '! '}{row}" for row in found[1])]
    return "\n".join(lines)


def main() -> None:
    """Look for disagreements and print each, made small."""
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--contracts", type=int, default=500)
    options.add_argument("--streams", type=int, default=20)
    options.add_argument("--most", type=int, default=5)
    chosen = options.parse_args()
    run = made = bad = 0
    for seed in range(chosen.seed, chosen.seed + chosen.contracts):
        for document, streams in samples(seed, chosen.streams):
            made += 1
            for records, ended in streams:
                run += 1
                try:
                    differs = disagree(document, records, ended) is not None
                except Exception:  # noqa: BLE001
                    traceback.print_exc()
                    differs = True
                if differs:
                    bad += 1
                    if bad <= chosen.most:
                        less, some = shrink(document, records, ended)
                        sys.stdout.write(f"=== seed {seed} ended={ended}\n{show(less, some, ended)}\n")
                    break
        if bad >= chosen.most:
            break
    sys.stdout.write(f"{made} contracts, {run} streams, {bad} contracts with a disagreement\n")


if __name__ == "__main__":
    main()
