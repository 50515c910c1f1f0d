"""Payloads before two engines of JSON Schema: jsonschema-rs, by which wscheck judges, and jsonschema."""

from __future__ import annotations

from random import Random

import pytest

from tests.oracle.operators import OPERATORS
from tests.oracle.payload_judge import accepts
from tests.oracle.payloads import Sampler
from tests.oracle.speaker import Line
from tests.oracle.subjects import names, subject

BROKEN = ("wrong type", "missing member")


@pytest.mark.parametrize("contract", names())
def test_both_engines_accept_the_same_payloads(contract: str) -> None:
    held = subject(contract)
    accepted = refused = 0
    for event in [each for each in held.loaded.events if each.schema is not None]:
        rng = Random(f"{contract} {event.name}")
        schema = held.document["events"][event.name]["schema"]
        for number in range(16):
            value = Sampler(rng, schema).sample(rng.choice([0, 0.3, 0.6]))
            line = Line("s", "received", value, event.name)
            for operator in rng.choices(BROKEN, k=number % 4):
                OPERATORS[operator](rng, held, [line])
            due = accepts(schema, line.value)
            assert event.schema.accepts(line.value) is due, f"{event.name}: {line.value}"
            accepted, refused = accepted + due, refused + (not due)
    assert min(accepted, refused) >= 10
