"""Goldens: what a report looked like when somebody last read it and found it good."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
_REWRITE = os.environ.get("WSCHECK_REWRITE_GOLDENS") == "1"


def golden(name: str, text: str, folder: Path = FOLDER) -> str:
    """Return the golden ``name``; with WSCHECK_REWRITE_GOLDENS=1, write ``text`` to it first."""
    path = folder / name
    if _REWRITE:
        folder.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")
