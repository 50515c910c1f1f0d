"""The rules: what no order can say, one law a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from wscheck.rules import ask, chain, count, counter, forbid, need, same, unique
from wscheck.rules.ask import AskMonitor
from wscheck.rules.count import CountMonitor
from wscheck.rules.rule import Deadline, Law, Meaning, Monitor, Offence, Rule

LAWS: Mapping[str, Callable[[Mapping[str, Any], Meaning], Law]] = {
    "need": need.read,
    "forbid": forbid.read,
    "ask": ask.read,
    "count": count.read,
    "counter": counter.read,
    "chain": chain.read,
    "same": same.read,
    "unique": unique.read,
}
"""By the keyword that a rule is written with, which is its finding code too: how to read it."""

OwedMonitor: TypeAlias = AskMonitor | CountMonitor
"""The monitors to which something may still be owed when their instance ends."""

__all__ = ["LAWS", "Deadline", "Law", "Meaning", "Monitor", "Offence", "OwedMonitor", "Rule"]
