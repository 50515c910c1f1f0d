"""A broken order or rule is told at its member, and at the item of a list."""

from __future__ import annotations

import pytest

from tests.contract.small import EVENTS, HEAD, refusal

# What is written below the events (from line 6 on), and what is told: line, column, pointer and sentence.
ORDERS = [
    (
        "scopes: {s: {order: 'alpha, beta | gamma'}}",
        "6:14: at /scopes/s/order: ',' and '|' are mixed at one level: put one of them in parentheses",
    ),
    ("scopes: {s: {order: '# nothing'}}", "6:14: at /scopes/s/order: a name or '(' is due at the end"),
    (
        "scopes:\n  s:\n    order: |\n      alpha,\n      ( beta | nope )",
        "8:5: at /scopes/s/order: 'nope' is no event or group of this contract (line 2 of the order)",
    ),
    (
        "scopes: {s: {order: 'alpha, too'}, tool: {in: s}}",
        "6:14: at /scopes/s/order: 'too' is no event, group or inner scope of this contract; did you mean 'tool'?",
    ),
    (
        "scopes: {s: {order: 'alpha, tool'}, tool: }",
        "6:14: at /scopes/s/order: the scope 'tool' does not lie in 's', so its order cannot name it",
    ),
    (
        "scopes: {s: {order: 'alpha, s'}}",
        "6:14: at /scopes/s/order: the scope 's' does not lie in 's', so its order cannot name it",
    ),
    (
        "ignore: [st]\nscopes: {s: {order: 'alpha, st.on'}}",
        "7:14: at /scopes/s/order: 'st.on' is ignored, so no order can name it",
    ),
    (
        "scopes: {p: {order: 'alpha?, s'}, s: {in: p, order: beta}}",
        "6:14: at /scopes/p/order: the order begins with the scope 's'; only the order of 'connection' may",
    ),
    (
        "scopes: {p: {order: 'alpha, s, st'}, s: {in: p, order: 'beta, st.on'}}",
        (
            "6:49: at /scopes/s/order: 'st.on' stands in the orders of both 'p' and 's', which lies inside it: "
            "let the outer order name the scope 's' instead"
        ),
    ),
    (
        "scopes: {p: {order: 'alpha, s'}, s: {in: p, order: 'beta, t'}, t: {in: s, order: 'gamma, alpha'}}",
        (
            "6:75: at /scopes/t/order: 'alpha' stands in the orders of both 'p' and 't', which lies inside it: "
            "let the outer order name the scope 's' instead"
        ),
    ),
    (
        "scopes: {s: {order: 'alpha{4096}'}}",
        "6:14: at /scopes/s/order: the order needs more than 4096 states: alpha{4096}",
    ),
]
RULES = [
    (
        "scopes:\n  s:\n    rules:\n      - id: r\n        need: alpha\n        before:\n        - beta\n        - bta",
        "13:11: at /scopes/s/rules/0/before/1: 'bta' is no event or group of this contract; did you mean 'beta'?",
    ),
    (
        "scopes:\n  s:\n    rules:\n      - id: r\n        forbid: beta\n        after: bta",
        "11:9: at /scopes/s/rules/0/after: 'bta' is no event or group of this contract; did you mean 'beta'?",
    ),
    (
        "scopes:\n  s:\n    rules:\n      - id: r\n        ask: beta\n        with: bta",
        "11:9: at /scopes/s/rules/0/with: 'bta' is no event or group of this contract; did you mean 'beta'?",
    ),
    (
        "scopes: {s: {rules: [{id: r, count: nope, max: 1}]}}",
        "6:30: at /scopes/s/rules/0/count: 'nope' is no event or group of this contract",
    ),
    (
        "scopes: {s: {rules: [{id: r, need: tool, before: alpha}]}, tool: {in: s}}",
        "6:30: at /scopes/s/rules/0/need: 'tool' is no event or group of this contract",
    ),
    (
        "scopes: {s: {rules: [{id: r, unique: /u, events: [bta]}]}}",
        "6:51: at /scopes/s/rules/0/events/0: 'bta' is no event or group of this contract; did you mean 'beta'?",
    ),
    (
        "scopes: {s: {rules: [{id: r, same: {alpha: /u, bta: /v}}]}}",
        "6:48: at /scopes/s/rules/0/same/bta: 'bta' is no event of this contract; did you mean 'beta'?",
    ),
    (
        "scopes: {s: {rules: [{id: r, unique: /u}, {id: r, same: /u}]}}",
        "6:44: at /scopes/s/rules/1/id: there is already a rule 'r' in 's'",
    ),
]


@pytest.mark.parametrize(("below", "told"), [*ORDERS, *RULES])
def test_a_broken_order_or_rule_is_told_where_and_why(below: str, told: str) -> None:
    assert refusal(HEAD + EVENTS + below) == told
