"""The engine and the oracle find the same where scopes have events, rules and keys in common."""

from __future__ import annotations

import pytest

from tests.laws.crossing import crossed
from tests.oracle.fuzz import disagree, show

SEEDS, STREAMS = range(120), 3


@pytest.mark.parametrize("block", range(0, len(SEEDS), 30), ids=lambda first: f"seeds-from-{first}")
def test_the_judges_agree_where_scopes_look_at_the_same_events(block: int) -> None:
    streams = 0
    for seed in SEEDS[block : block + 30]:
        for document, made in crossed(seed, STREAMS):
            for lines, ended in made:
                streams += 1
                assert disagree(document, lines, ended) is None, f"seed {seed}\n{show(document, lines, ended)}"
    assert streams, "not one contract of these seeds could be loaded"
