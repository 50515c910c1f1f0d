"""Streams at which the judges once differed, made small and kept: they are judged again by every test run."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.oracle.compare import differ
from tests.oracle.fuzz import shrink
from tests.oracle.subjects import on_the_spot
from wscheck.contract.load import parse_contract

FOLDER = Path(__file__).parent.parent / "corpus"


def keep(
    document: dict[str, Any], records: list[dict[str, Any]], ended: bool, *, found: str, folder: Path = FOLDER
) -> Path:
    """Make a disagreement small and write it down; ``decided`` is left for whoever reads the page on it."""
    small, few = shrink(document, records, ended, apart)
    entry = {
        "found": found,
        "apart": apart(small, few, ended),
        "decided": "",
        "contract": small,
        "ended": ended,
        "records": few,
    }
    text = json.dumps(entry, indent=2, ensure_ascii=False) + "\n"
    path = folder / f"{sha256(text.encode()).hexdigest()[:12]}.json"
    folder.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def apart(document: dict[str, Any], records: list[dict[str, Any]], ended: bool) -> list[str]:
    """In what the judges differ; nothing where they agree."""
    return differ(on_the_spot(document, parse_contract(json.dumps(document))), records, ended=ended)[2]
