"""How each rule of a scope was exercised: one that nothing came for is never taken for one that held."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.streams import check, contract, session
from wscheck.finding import Verdict

RULES = "{id: asked, ask: a, with: b, why: who asks waits}, {id: once, unique: /n}, {id: few, count: b, max: 3}"
CONTRACT = contract(f'{{s: {{order: "(a | b | c)*", rules: [{RULES}]}}}}')
STREAMS: list[tuple[str, list[dict[str, Any]], dict[str, Verdict]]] = [
    ("nothing of it came", [{"t": "d"}], {"asked": Verdict.NONE, "once": Verdict.NONE}),
    ("only what one rule looks at", [{"t": "c", "n": 1}], {"asked": Verdict.NONE, "once": Verdict.PASS}),
    ("both held", [{"t": "a", "n": 1}, {"t": "b", "n": 2}], {"asked": Verdict.PASS, "once": Verdict.PASS}),
    ("one broke", [{"t": "c", "n": 1}, {"t": "c", "n": 1}], {"asked": Verdict.NONE, "once": Verdict.FAIL}),
    ("an answer was owed", [{"t": "a", "n": 1}], {"asked": Verdict.FAIL, "once": Verdict.PASS}),
]


@pytest.mark.parametrize(("name", "events", "due"), STREAMS, ids=[name for name, _, _ in STREAMS])
def test_a_rule_has_the_verdict_of_what_it_saw(name: str, events: list[Any], due: dict[str, Verdict]) -> None:
    outcome = check(CONTRACT, session(*events))
    (scope,) = (scope for scope in outcome.scopes if scope.name == "s")
    counted = Verdict.PASS if scope.instances else Verdict.NONE
    assert {rule.id: rule.verdict for rule in scope.rules} == {**due, "few": counted}
    assert [(rule.kind, rule.why) for rule in scope.rules] == [
        ("ask", "who asks waits"),
        ("unique", None),
        ("count", None),
    ]
