"""Where the judges once differed, they agree now."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.oracle.cells import conforming
from tests.oracle.corpus import FOLDER, apart
from tests.oracle.fuzz import shrink
from tests.oracle.speaker import as_records
from tests.oracle.subjects import subject

ENTRIES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.stem)
def test_a_disagreement_of_the_past_stays_settled(path: Path) -> None:
    entry = json.loads(path.read_text(encoding="utf-8"))
    assert entry["decided"], "what the page says of it has to be written down"
    assert apart(entry["contract"], entry["records"], entry["ended"]) == []


def test_the_corpus_is_not_empty() -> None:
    assert ENTRIES


def test_what_is_kept_is_made_small_first() -> None:
    held = subject("tree")
    lines, ending = max((conforming(Random(seed), held) for seed in range(20)), key=lambda made: len(made[0]))

    def differs(document: Any, records: list[Any], ended: bool) -> bool:
        return ended and "scan" in document["scopes"] and any("parcel_sent" in str(record) for record in records)

    document, records = shrink(held.document, as_records(lines, held, ending), True, differs)
    assert len(lines) > 10
    assert [record["kind"] for record in records] == ["opened", "message"]
    assert len(document["scopes"]) < len(held.document["scopes"])
    assert "rules" not in document
