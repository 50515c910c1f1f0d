"""Contracts that are refused, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.checker.test_rows import BROKEN

ORDERS = (
    "a,", ",a", "a b", "(a", "a)", "()", "a{", "a{}", "a{2", "a{2,1}", "a{,2}", "a{x}", "a**", "a?+", "a | b, a",
    "a & b | a", "nobody", "a, # said\\n  nobody", "# only said", "", "a,\\n b,\\n c d", "a{9999}",
    "(a{40} & b{40} & c{40})", "a,\\n(a{40} & b{40} & c{40})", "s", "$close, a", "a | a", "*", "a{1,2}{3}",
)  # fmt: skip
"""Orders in which something is wrong, or of which it is said that nothing is."""


def refusals() -> Iterator[tuple[str, str]]:
    """Yield a name and a contract for each."""
    yield from ((row["name"], row["contract"]) for row in BROKEN)
    for order in ORDERS:
        lines = ["wscheck: 1", "name: t", 'version: "1.0.0"', "event_name: /t", "events: {a: , b: , c: }"]
        lines += ["scopes:", "  s:", "    key: /k", f'    order: "{order}"']
        yield f"the order {order!r}", "\n".join(lines)
